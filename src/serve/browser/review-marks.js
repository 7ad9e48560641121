"use strict";
// The marks of a review in the page: which of them are shown, seen and current, and
// how to get to one that the page hides. Only attributes of ours are set.
const proofroomMarks = (() => {
  const root = document.documentElement;
  const GONE = ["removed", "moved-away"];

  const all = () => [...document.querySelectorAll("[data-proofroom-change]")];
  const isText = (mark) => ["INS", "DEL", "SPAN"].includes(mark.nodeName);
  const isVisible = (mark) => (mark.checkVisibility?.() ?? true) && mark.getClientRects().length > 0;

  // The elements of a change, what it is now before what it was.
  function of(key) {
    const marks = all().filter((mark) => mark.dataset.proofroomChange === key);
    const isOld = (mark) => Number(mark.dataset.proofroomMark === "moved-away");
    return marks.sort((one, other) => isOld(one) - isOld(other));
  }

  // The text of a node at one side: without what the other side has.
  function textOf(node, side) {
    const others = side === "base" ? ["added", "moved"] : side === "now" ? GONE : [];
    const inner = document.createTreeWalker(node, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (it) => {
      if (it.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      const isOut = it.dataset.proofroom !== undefined || others.includes(it.dataset.proofroomMark) || ["SCRIPT", "STYLE", "BUTTON"].includes(it.nodeName);
      return isOut ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    });
    if (others.includes(node.closest("[data-proofroom-mark]")?.dataset.proofroomMark)) return "";
    let text = "";
    while (inner.nextNode()) text += inner.currentNode.nodeValue;
    return text.replace(/\s+/g, " ").trim();
  }

  // The label and the radio button of the innermost tab around a node.
  function tabOf(node) {
    const block = node.closest(".tabbed-block, .tabbed-set > .tabbed-content:not(:has(> .tabbed-block))");
    const set = block?.closest(".tabbed-set");
    if (!set) return null;
    let input = null;
    if (block.matches(".tabbed-block")) input = pairsOf(set).find((it) => it.block === block)?.input;
    else {
      let before = block.previousElementSibling;
      while (before && !(before.nodeName === "LABEL" && before.htmlFor)) before = before.previousElementSibling;
      input = before && document.getElementById(before.htmlFor);
    }
    const label = input && [...set.querySelectorAll("label[for]")].find((it) => it.htmlFor === input.id);
    return { set, block, input, label };
  }

  // The tabs of a set, as far as they are still there.
  function pairsOf(set) {
    const inputs = [...set.querySelectorAll(":scope > input[type=radio][id], :scope > [data-proofroom-mark] > input[type=radio][id]")];
    const blocks = [...set.querySelectorAll(":scope > .tabbed-content > .tabbed-block")];
    const there = blocks.filter((block) => !GONE.includes(block.dataset.proofroomMark));
    return there.map((block, nth) => ({ block, input: inputs[nth] }));
  }

  // Style sheets pair tabs with their labels by position, which removed ones shift.
  function pairTabs() {
    for (const set of document.querySelectorAll(".tabbed-set:has(> .tabbed-content > .tabbed-block:is([data-proofroom-mark=removed], [data-proofroom-mark=moved-away]))")) {
      for (const { block, input } of pairsOf(set)) block.dataset.proofroomTab = input?.checked ? "shown" : "hidden";
    }
  }

  // Labels of tabs count the changes that they hide.
  function countTabs() {
    const counts = new Map();
    for (const mark of all()) {
      if (mark.hasAttribute("data-proofroom-off") || mark.hasAttribute("data-proofroom-seen")) continue;
      for (let tab = tabOf(mark); tab; tab = tab.set.parentElement && tabOf(tab.set.parentElement)) {
        if (!tab.label) continue;
        const keys = counts.get(tab.label) ?? new Set();
        counts.set(tab.label, keys.add(mark.dataset.proofroomChange));
      }
    }
    for (const label of document.querySelectorAll("label[data-proofroom-inside]")) if (!counts.has(label)) delete label.dataset.proofroomInside;
    for (const [label, keys] of counts) label.dataset.proofroomInside = `± ${keys.size}`;
  }

  // Opens what is folded around changes, once: readers may fold it again.
  const opened = new WeakSet();
  function unfold() {
    for (const details of document.querySelectorAll("details:not([open]):has([data-proofroom-change])")) {
      if (opened.has(details) || details.dataset.proofroom !== undefined) continue;
      opened.add(details);
      details.open = true;
    }
  }

  // Opens everything around an element.
  function reveal(mark) {
    for (let up = mark; up; up = up.parentElement) if (up.nodeName === "DETAILS") up.open = true;
    const tabs = [];
    for (let tab = tabOf(mark); tab; tab = tab.set.parentElement && tabOf(tab.set.parentElement)) tabs.unshift(tab);
    for (const { input, label } of tabs) {
      if (!input || input.checked) continue;
      if (label) label.click();
      if (!input.checked) {
        input.checked = true;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    pairTabs();
  }

  // Shows the marks as the reader wishes.
  function draw({ changes, off, seen, current }) {
    const levels = new Map(changes.map(({ key, level }) => [key, level]));
    for (const mark of all()) {
      const key = mark.dataset.proofroomChange;
      mark.toggleAttribute("data-proofroom-off", off.has(levels.get(key)));
      mark.toggleAttribute("data-proofroom-seen", seen.has(key));
      mark.toggleAttribute("data-proofroom-current", key === current);
    }
    pairTabs();
    countTabs();
    unfold();
  }

  // Goes to a change; false if the page does not show it.
  function go(key, focus) {
    const marks = of(key);
    if (!marks.length) return false;
    const visible = () => marks.find(isVisible) ?? proofroomPictures.of(key);
    if (!visible()) reveal(marks[0]);
    const mark = visible();
    if (!mark) return false;
    // Instantly: smooth scrolling is aborted when anything else moves.
    mark.scrollIntoView({ block: mark.offsetHeight > innerHeight * 0.7 ? "start" : "center", behavior: "instant" });
    if (focus) {
      // Screen readers go on from there.
      const isOwn = mark.hasAttribute("tabindex");
      if (!isOwn) mark.tabIndex = -1;
      mark.focus({ preventScroll: true });
      if (!isOwn) mark.addEventListener("blur", () => mark.removeAttribute("tabindex"), { once: true });
    }
    return true;
  }

  // Begins to style marks.
  function start() {
    proofroomLook.style(document, proofroomStyles.marks);
    proofroomLook.follow(root, (one, dark) => {
      const name = dark ? "dark" : "light";
      if (one.dataset.proofroomReview !== name) one.dataset.proofroomReview = name;
    });
    document.addEventListener("change", pairTabs);
  }

  return { start, draw, go, of, all, isText, isVisible, textOf, GONE };
})();
