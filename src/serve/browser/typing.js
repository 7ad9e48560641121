"use strict";
// What the reader is selecting or writing while a patch changes the page around it.
const proofroomTyping = (() => {
  const FIELDS = "input, textarea, select";
  // How much of the text before a selection tells it from the same words elsewhere.
  const CONTEXT = 40;

  // The text of the article, with the nodes that it is made of.
  function textOf(article) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
      if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
      return node.dataset?.proofroom !== undefined || ["SCRIPT", "STYLE"].includes(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
    });
    const nodes = [];
    let text = "";
    while (walker.nextNode()) {
      nodes.push({ node: walker.currentNode, start: text.length });
      text += walker.currentNode.nodeValue;
    }
    return { text, nodes };
  }

  // Where a boundary of a range is in the text.
  function offsetOf({ nodes, text }, container, offset) {
    const own = nodes.find(({ node }) => node === container);
    if (own) return own.start + offset;
    const child = container.childNodes[offset];
    const next = nodes.find(({ node }) => {
      if (child) return child === node || child.contains(node) || child.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
      return container.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && !container.contains(node);
    });
    return next?.start ?? text.length;
  }

  // The node at an offset; at the end of one and the start of the next, that which the
  // range is in.
  function placeAt({ nodes }, offset, isEnd) {
    const at = nodes.findLast(({ start }) => (isEnd ? start < offset : start <= offset)) ?? nodes[0];
    return [at.node, offset - at.start];
  }

  function selection() {
    const chosen = getSelection();
    const article = proofroomLook.article();
    if (!chosen.rangeCount || chosen.isCollapsed || !article) return () => {};
    const range = chosen.getRangeAt(0);
    const words = range.toString();
    if (!article.contains(range.commonAncestorContainer) || !words) return () => {};
    const before = textOf(article);
    const start = offsetOf(before, range.startContainer, range.startOffset);
    const context = before.text.slice(Math.max(0, start - CONTEXT), start);
    const isBackward = chosen.anchorNode !== range.startContainer || chosen.anchorOffset !== range.startOffset;
    return () => {
      const now = getSelection();
      if (now.rangeCount && now.getRangeAt(0).toString() === words) return;
      const after = textOf(proofroomLook.article());
      // The same words with most of the same text before them; of several, the nearest.
      let best = null;
      for (let at = after.text.indexOf(words); at >= 0; at = after.text.indexOf(words, at + 1)) {
        let same = 0;
        while (same < Math.min(context.length, at) && context.at(-1 - same) === after.text[at - 1 - same]) same++;
        if (!best || same > best.same || (same === best.same && Math.abs(at - start) < Math.abs(best.at - start))) best = { at, same };
      }
      if (!best) return;
      const [from, to] = [placeAt(after, best.at, false), placeAt(after, best.at + words.length, true)];
      if (isBackward) now.setBaseAndExtent(...to, ...from);
      else now.setBaseAndExtent(...from, ...to);
    };
  }

  // What is written into: a field, or an element that can be edited as a whole.
  function focused() {
    const active = document.activeElement;
    return active?.matches(FIELDS) || active?.isContentEditable ? active : null;
  }

  // Fields that a patch has to make anew are found again by what they are.
  const identity = (field) => `${field.localName} ${["id", "name", "type", "placeholder", "aria-label"].map((name) => field.getAttribute(name) ?? "").join(" ")}`;
  function twin(field, trees) {
    const own = identity(field);
    const found = trees.flatMap((tree) => [tree, ...tree.querySelectorAll(field.localName)]).filter((one) => one !== field && identity(one) === own);
    return found.length === 1 ? found[0] : null;
  }

  function field() {
    const own = focused();
    if (!own) return () => {};
    const [start, end, direction] = [own.selectionStart, own.selectionEnd, own.selectionDirection];
    return () => {
      if (!own.isConnected || document.activeElement === own) return;
      own.focus({ preventScroll: true });
      // Not every field has a selection.
      if (typeof start === "number") own.setSelectionRange(start, end, direction);
    };
  }

  return {
    focused,
    twin,
    // Remembers both; what is returned restores them as far as the page has them still.
    remember() {
      const all = [selection(), field()];
      return () => all.forEach((restore) => restore());
    },
  };
})();
