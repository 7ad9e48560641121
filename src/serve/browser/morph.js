"use strict";
// Makes one node tree like another, in place: what stays equal keeps its
// identity, and with it scroll position, focus, form input, playing media.
const proofroomMorph = (() => {
  // Attributes that hold what the reader did, not what the author wrote.
  const readers = { DETAILS: ["open"], INPUT: ["checked", "value"], DIALOG: ["open"] };
  const isReaders = (node, name) =>
    readers[node.nodeName]?.includes(name) || name.startsWith("data-md-color");

  const key = (node) =>
    node.nodeType === Node.ELEMENT_NODE
      ? node.id
        ? `${node.nodeName}#${node.id}`
        : node.nodeName
      : `${node.nodeType}`;

  const same = (a, b) => a.isEqualNode(b);

  function attributes(from, to) {
    for (const { name } of [...from.attributes]) {
      if (!to.hasAttribute(name) && !isReaders(from, name)) from.removeAttribute(name);
    }
    for (const { name, value } of [...to.attributes]) {
      if (from.getAttribute(name) !== value && !isReaders(from, name)) from.setAttribute(name, value);
    }
  }

  // Pairs the children of two nodes: equal ones first, then by name and id in
  // order, so that an insertion does not shift all that follows.
  function children(from, to, changed) {
    const wanted = [...to.childNodes];
    const pool = new Map();
    for (const child of from.childNodes) {
      const list = pool.get(key(child)) ?? [];
      list.push(child);
      pool.set(key(child), list);
    }
    const pairs = new Map();
    for (const node of wanted) {
      const list = pool.get(key(node)) ?? [];
      const equal = list.findIndex((child) => same(child, node));
      if (equal >= 0) pairs.set(node, list.splice(equal, 1)[0]);
    }
    let next = from.firstChild;
    for (const node of wanted) {
      let child = pairs.get(node);
      if (!child) {
        child = (pool.get(key(node)) ?? []).shift();
        if (child) morph(child, node, changed);
        else {
          child = document.importNode(node, true);
          changed.push(child);
        }
      }
      if (child === next) next = next.nextSibling;
      else from.insertBefore(child, next);
    }
    for (const rest of pool.values()) {
      for (const child of rest) if (!child.dataset || child.dataset.proofroom === undefined) child.remove();
    }
  }

  function morph(from, to, changed) {
    if (same(from, to)) return;
    if (from.nodeType !== Node.ELEMENT_NODE) {
      if (from.nodeValue !== to.nodeValue) {
        from.nodeValue = to.nodeValue;
        if (from.parentElement) changed.push(from.parentElement);
      }
      return;
    }
    if (from.nodeName === "SCRIPT") {
      // A script runs when it is put in anew, not when it is changed.
      const fresh = document.createElement("script");
      for (const { name, value } of to.attributes) fresh.setAttribute(name, value);
      fresh.textContent = to.textContent;
      from.replaceWith(fresh);
      return;
    }
    attributes(from, to);
    children(from, to, changed);
  }

  return (from, to) => {
    const changed = [];
    morph(from, to, changed);
    return changed;
  };
})();

// Takes the source lines off a tree, which move with every edit above and say
// nothing of what is shown. Returns a function that gives them to its like.
const proofroomPlaces = (root) => {
  const all = [...root.querySelectorAll("*")].filter((node) => node.dataset?.proofroom === undefined);
  const places = all.map((node) => node.getAttribute("data-src"));
  all.forEach((node) => node.removeAttribute("data-src"));
  return (other) => {
    const like = [...other.querySelectorAll("*")].filter((node) => node.dataset?.proofroom === undefined);
    places.forEach((place, at) => place !== null && like[at]?.setAttribute("data-src", place));
  };
};
