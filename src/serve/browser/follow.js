"use strict";
// Follow mode: the tab goes to the page that was just saved. A tab remembers the
// reader's choice; without one, it does what the server was started with.
const proofroomFollow = (() => {
  const own = "proofroom-follow";
  const goal = "proofroom-goal";
  const toggle = proofroomOverlay.add("Follow", "follow", "", "Go to the page that was just saved");
  let chosen = { yes: true, no: false }[proofroomLook.read(own, true)];
  let told = () => {};

  function set(follow) {
    toggle.setAttribute("aria-pressed", String(follow));
  }
  toggle.onclick = () => {
    const follow = toggle.getAttribute("aria-pressed") !== "true";
    proofroomLook.write(own, follow ? "yes" : "no", true);
    chosen = follow;
    set(follow);
    told(follow);
  };
  set(false);

  // The smallest of the blocks that begin at the line or most closely before it.
  function blockAt(line) {
    let best = null;
    for (const block of document.querySelectorAll("[data-src]")) {
      const [, start, end = start] = /^(\d+)(?:-(\d+))?(?: |$)/.exec(block.dataset.src)?.map(Number) ?? [];
      if (!(start <= line)) continue;
      const last = Number.isNaN(end) ? start : end;
      if (!best || start > best.start || (start === best.start && last <= best.last)) best = { block, start, last };
    }
    return best?.block;
  }

  // Scrolls to the block of a line, unless it is in view.
  function show(line) {
    const block = blockAt(line);
    if (!block) return;
    const { top, bottom } = block.getBoundingClientRect();
    if (top >= 64 && bottom <= innerHeight) return;
    // Instantly: smooth scrolling is aborted when anything else moves.
    block.scrollIntoView({ block: "center", behavior: "instant" });
  }

  return {
    set,
    // The reader's choice for this tab; undefined if there is none.
    wanted: () => chosen,
    whenToggled(tell) { told = tell; },
    // Goes to a line of a page, which may be a different page.
    go({ path, source, line }, shown) {
      if (source === shown) return show(line);
      proofroomLook.write(goal, JSON.stringify({ source, line }), true);
      location.href = proofroomAddresses.of(path);
    },
    // Finishes a move that began on another page.
    arrive(shown) {
      const { source, line } = JSON.parse(proofroomLook.read(goal, true) ?? "{}");
      if (source !== undefined) proofroomLook.forget(goal, true);
      if (source !== shown) return;
      show(line);
      // What loads later may move it.
      addEventListener("load", () => show(line), { once: true });
    },
  };
})();
