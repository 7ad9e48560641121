"use strict";
// Applies an author's changes to the page in place.
//
// This is a merge of three trees: `live` is the page, `base` is what the server
// sent for it, `next` is what the server sends now. Only the differences between
// `base` and `next` are applied to `live`. What the reader did and what scripts
// added is in neither of them, so it stays.
const proofroomMorph = (() => {
  const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
  const isBlank = (node) => !isElement(node) && !node.nodeValue.trim();

  // Source lines change with every edit above them, although the page looks the
  // same. So they are kept out of the trees that are compared.
  const LINES = /^\d+(-\d+)?( |$)/;
  const places = new WeakMap();
  const placeOf = (node) => places.get(node) ?? (isElement(node) ? node.getAttribute("data-src") : null);

  // Parses an answer of the server, without the client's own script.
  function parse(html) {
    const tree = new DOMParser().parseFromString(html, "text/html");
    const client = tree.querySelector("script[data-proofroom-address]");
    client?.remove();
    for (const node of tree.querySelectorAll("[data-src]")) {
      // Authors have other uses for it, such as pictures that are loaded later.
      if (!LINES.test(node.getAttribute("data-src"))) continue;
      places.set(node, node.getAttribute("data-src"));
      node.removeAttribute("data-src");
    }
    return { tree, client: client?.dataset };
  }

  // Elements that have an effect only when they are inserted as a whole.
  const whole = (node) => ["SCRIPT", "NOSCRIPT", "TEMPLATE"].includes(node.nodeName);

  // The elements that the server sent for new and patched ones of the page.
  const sources = new WeakMap();

  // Copies a node for the page. Scripts are created anew, because a copied script
  // does not run.
  function fresh(node) {
    if (node.nodeName === "TEMPLATE") return document.importNode(node, true);
    const isScript = node.nodeName === "SCRIPT";
    const copy = isScript ? document.createElement("script") : document.importNode(node, false);
    if (isScript) {
      for (const { name, value } of node.attributes) copy.setAttribute(name, value);
      copy.async = node.hasAttribute("async");
    }
    if (places.has(node)) copy.setAttribute("data-src", places.get(node));
    sources.set(copy, node);
    if (node.nodeName === "NOSCRIPT") copy.textContent = node.innerHTML;
    else for (const child of node.childNodes) copy.appendChild(fresh(child));
    return copy;
  }

  // Pairs two lists of siblings by keys, the most reliable first; each key is
  // tried on the nodes that are left. A node whose key is null stays unpaired.
  function pair(olds, news, keys) {
    const pairs = new Map();
    const taken = new Set();
    const match = (old, now) => pairs.set(now, old) && taken.add(old);
    for (const key of keys) {
      const pool = new Map();
      const sides = [
        [olds, (node) => taken.has(node), (node) => node],
        [news, (node) => pairs.has(node), (node) => pairs.get(node)],
      ];
      for (const [list, isPaired, partner] of sides) {
        // The last paired sibling identifies the gap that a node is in.
        let gap = null;
        for (const node of list) {
          if (isPaired(node)) {
            gap = partner(node);
            continue;
          }
          const name = key(node, gap);
          if (name === null) continue;
          if (list === olds) pool.set(name, pool.get(name) ?? []).get(name).push(node);
          else if (pool.get(name)?.length) match(pool.get(name).shift(), node);
        }
      }
    }
    return pairs;
  }

  const gaps = new WeakMap();
  let counted = 0;
  const gapName = (gap) => {
    if (gap && !gaps.has(gap)) gaps.set(gap, ++counted);
    return gap ? gaps.get(gap) : 0;
  };
  const inGap = (node, gap) => `${node.nodeName} ${gapName(gap)}`;
  const byId = (node) => (isElement(node) && node.id ? `${node.nodeName}#${node.id}` : null);

  // Maps each child of `next` to the child of `base` that it was.
  function successors(base, next) {
    const olds = [...base.childNodes];
    const news = [...next.childNodes];
    const pairs = new Map();
    while (olds.length && news.length && olds[0].isEqualNode(news[0])) pairs.set(news.shift(), olds.shift());
    const tail = [];
    while (olds.length && news.length && olds.at(-1).isEqualNode(news.at(-1))) tail.push([news.pop(), olds.pop()]);
    const exactly = (node) => (isElement(node) ? node.outerHTML : isBlank(node) ? null : node.nodeValue);
    const byText = (part) => (node) => {
      const text = isElement(node) ? part(node.textContent.trim()) : "";
      return text ? `${node.nodeName} ${text}` : null;
    };
    const texts = [byText((text) => text), byText((text) => text.slice(0, 24)), byText((text) => text.slice(-24))];
    const single = olds.length === 1 && news.length === 1;
    for (const entry of pair(olds, news, single ? [inGap] : [exactly, ...texts, byId, inGap])) pairs.set(...entry);
    for (const entry of tail) pairs.set(...entry);
    for (const [now, old] of pairs) if (whole(now) && !now.isEqualNode(old)) pairs.delete(now);
    return pairs;
  }

  // What identifies an element regardless of what scripts did to it.
  function features(node) {
    if (!isElement(node)) return `${node.nodeName} ${node.nodeValue}`;
    const link = typeof node.href === "string" ? node.href : typeof node.src === "string" ? node.src : "";
    const named = ["id", "data-md-component", "name", "property", "for", "type"].map((name) => node.getAttribute(name) ?? "");
    return [node.nodeName, placeOf(node) ?? "", node.classList[0] ?? "", link, ...named].join(" ");
  }

  // The nodes of the page that correspond to each child of `base`: mostly one; if
  // a script rewrote it, everything between its neighbours. `node` is the one
  // that can be changed in place, which a script may have wrapped.
  function homes(live, base) {
    const olds = [...base.childNodes];
    const there = [...live.childNodes].filter((node) => node.dataset?.proofroom === undefined);
    const alike = olds.length === there.length && olds.every((old, at) => old.nodeName === there[at].nodeName);
    const located = alike
      ? new Map(olds.map((old, at) => [old, there[at]]))
      : pair(there, olds, [features, byId, (node, gap) => (isElement(node) ? inGap(node, gap) : null)]);
    const known = new Set(located.values());
    const homes = new Map();
    let from = 0;
    for (const old of olds) {
      const node = located.get(old);
      if (node) {
        homes.set(old, { node, all: [node] });
        from = there.indexOf(node) + 1;
      } else if (isBlank(old)) {
        homes.set(old, { node: null, all: [] });
      } else {
        const start = from;
        while (from < there.length && !known.has(there[from])) from++;
        const all = there.slice(start, from);
        homes.set(old, { node: wrapped(old, all), all });
      }
    }
    return homes;
  }

  // Whether a script has put the children into another order, such as rows of a table:
  // they are found by their positions, and so cannot be changed in place.
  function isShuffled(home) {
    const pairs = [...home].filter(([old, { node }]) => node && isElement(old));
    const texts = pairs.map(([old, { node }]) => [old.textContent, node.textContent]);
    if (texts.every(([was, is]) => was === is)) return false;
    const sorted = (side) => JSON.stringify(texts.map((both) => both[side]).sort());
    return sorted(0) === sorted(1);
  }

  // A script that is read by others and not run.
  const isRead = (node) => node.nodeName === "SCRIPT" && Boolean(node.type) && !/^(module|(text|application)\/(x-)?(java|ecma)script|application\/ld\+json)$/i.test(node.type);

  function wrapped(old, all) {
    const place = places.get(old);
    if (place === undefined) return null;
    const css = `${old.localName}[data-src="${CSS.escape(place)}"]`;
    const found = all.filter(isElement).map((one) => one.querySelector(css));
    return found.find((one) => one !== null) ?? null;
  }

  // The longest subsequence of indexes that is in order already: those stay.
  function steady(indexes) {
    const ends = [];
    const before = indexes.map(() => -1);
    indexes.forEach((index, at) => {
      let low = 0;
      for (let high = ends.length; low < high; ) {
        const middle = (low + high) >> 1;
        if (indexes[ends[middle]] < index) low = middle + 1;
        else high = middle;
      }
      before[at] = low ? ends[low - 1] : -1;
      ends[low] = at;
    });
    const run = new Set();
    for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]) run.add(indexes[at]);
    return run;
  }

  function put(parent, node, anchor) {
    // `moveBefore` preserves playback, focus and the content of frames.
    if (node.isConnected && parent.moveBefore) parent.moveBefore(node, anchor);
    else parent.insertBefore(node, anchor);
  }

  // Attributes that readers change, or that scripts change only in part.
  const SHARED = ["class", "style", "open", "id", "checked", "selected", "value"];

  function attributes(live, base, next, done) {
    let changed = false;
    for (const name of new Set([...base.getAttributeNames(), ...next.getAttributeNames()])) {
      const was = base.getAttribute(name);
      const is = next.getAttribute(name);
      if (was === is) continue;
      changed = true;
      const has = live.getAttribute(name);
      const isOfScript = has !== was && (has === null || proofroomLoads.plain(has) !== was);
      if (!SHARED.includes(name) && (isOfScript || done.isDrawn(base, name.startsWith("data-") && live))) done.touched.push(live);
      if (name === "class" && was !== null && is !== null) {
        live.classList.remove(...base.classList);
        live.classList.add(...next.classList);
      } else if (is === null) live.removeAttribute(name);
      else live.setAttribute(name, is);
    }
    return changed;
  }

  function ownPlace(live, base, next) {
    if (places.has(next)) live.setAttribute("data-src", places.get(next));
    else if (places.has(base)) live.removeAttribute("data-src");
  }

  // Updates the source lines inside of a part that stays.
  function place(live, base, next) {
    if (!isElement(live) || !isElement(base)) return;
    const moved = new Map();
    const news = [next, ...next.querySelectorAll("*")];
    [base, ...base.querySelectorAll("*")].forEach((old, at) => {
      const [was, is] = [places.get(old), places.get(news[at])];
      if (was !== is && was !== undefined && is !== undefined) moved.set(was, is);
    });
    if (!moved.size) return;
    for (const node of [live, ...live.querySelectorAll("[data-src]")]) {
      const is = moved.get(node.getAttribute("data-src"));
      if (is !== undefined) node.setAttribute("data-src", is);
    }
  }

  // Changes as little of a text as possible, to preserve selections.
  function retype(live, text) {
    const was = live.nodeValue;
    let start = 0;
    while (start < was.length && was[start] === text[start]) start++;
    let end = 0;
    while (end < Math.min(was.length, text.length) - start && was.at(-1 - end) === text.at(-1 - end)) end++;
    live.replaceData(start, was.length - start - end, text.slice(start, text.length - end));
  }

  function children(live, base, next, done) {
    const pairs = successors(base, next);
    const home = homes(live, base);
    if (isShuffled(home)) done.shuffled = true;
    const order = new Map([...base.childNodes].map((old, at) => [old, at]));
    const remain = new Set();
    for (const [now, old] of pairs) {
      // What a script rewrote cannot be changed in place.
      if (home.get(old).node || old.isEqualNode(now)) remain.add(old);
      else pairs.delete(now);
    }
    for (const [old, { node, all }] of home) {
      if (remain.has(old)) continue;
      if (!node && all.some(isElement)) done.undone = true;
      if (!node && !isBlank(old) && !whole(old)) done.touched.push(live);
      if (isRead(old)) done.read = true;
      if (!isBlank(old) && !whole(old)) done.changed.push(live);
      for (const gone of all) {
        // It may be where the reader is writing; see `rescue`.
        if (gone.contains(done.writing)) done.leaving.push(gone);
        else gone.remove();
      }
    }
    const news = [...next.childNodes];
    const stay = steady(news.filter((now) => pairs.has(now)).map((now) => order.get(pairs.get(now))));
    const stays = (now) => pairs.has(now) && stay.has(order.get(pairs.get(now)));
    const last = news.filter(stays).flatMap((now) => home.get(pairs.get(now)).all).at(-1);
    let anchor = last ? last.nextSibling : null;
    for (const now of news.reverse()) {
      const old = pairs.get(now);
      if (!old) {
        if (isRead(now)) done.read = true;
        const added = fresh(now);
        live.insertBefore(added, anchor);
        anchor = added;
        if (isElement(added)) {
          done.changed.push(added);
          done.added.push(added);
        } else if (!isBlank(added)) done.changed.push(live);
        continue;
      }
      const { node, all } = home.get(old);
      if (!stays(now)) for (const one of all) put(live, one, anchor);
      if (old.isEqualNode(now)) {
        all.forEach((one) => place(one, old, now));
        if (node && isElement(node)) ownPlace(node, old, now);
      }
      else merge(node, old, now, done);
      anchor = all[0] ?? anchor;
    }
  }

  // Applies the differences between `base` and `next` to `live`. `done` collects
  // what changed, what was added, and whether anything that a script had made of a
  // node was removed (`undone`); the elements that a script had rewritten where they
  // changed (`touched`), texts before and after, and whether data for scripts changed.
  function merge(live, base, next, done) {
    if (!isElement(live)) {
      // What the reader has written stays.
      if (live.parentElement?.isContentEditable && live.nodeValue !== base.nodeValue) return;
      if (live.nodeValue.trim() !== base.nodeValue.trim()) done.touched.push(live.parentNode);
      done.texts.push([live.parentNode, base.nodeValue, next.nodeValue]);
      retype(live, next.nodeValue);
      done.changed.push(live.parentNode);
      return;
    }
    ownPlace(live, base, next);
    sources.set(live, next);
    if (attributes(live, base, next, done)) done.changed.push(live);
    // What a script has hidden, it shows in another form.
    if ((live.hidden && !base.hidden) || (live.style?.display === "none" && base.style.display !== "none")) done.touched.push(live);
    children(live, base, next, done);
  }

  // Moves what the reader is writing into to where a part that was made anew has it.
  function rescue({ writing, leaving, added }) {
    const twin = leaving.length ? proofroomTyping.twin(writing, added) : null;
    if (twin) {
      put(twin.parentNode, writing, twin);
      twin.remove();
    }
    for (const gone of leaving) if (gone !== writing || !twin) gone.remove();
  }

  return {
    parse,
    placeOf,
    sourceOf: (node) => sources.get(node),
    fresh,
    homes,
    // `isDrawn` tells whether a script has drawn something in an element of `base`, or
    // for an attribute that it may have read, of the element as it is now.
    apply(base, next, isDrawn = () => false) {
      const done = { changed: [], added: [], undone: false, touched: [], texts: [], read: false, shuffled: false, isDrawn, leaving: [], writing: proofroomTyping.focused() };
      // On the way, renamed radio buttons may clash with others of their new name.
      const inputs = [...document.querySelectorAll("input")].map((input) => [input, input.checked]);
      merge(document.documentElement, base.documentElement, next.documentElement, done);
      rescue(done);
      for (const [input, checked] of inputs) if (input.isConnected && input.checked !== checked) input.checked = checked;
      return done;
    },
  };
})();
