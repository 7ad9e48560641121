"use strict";
// Follow mode: the tab goes to what was just saved. A tab remembers whether it
// does; one that was never told does as the server was started.
const proofroomFollow = (() => {
  const own = "proofroom-follow";
  const goal = "proofroom-goal";
  const toggle = document.createElement("button");
  toggle.textContent = "follow";
  toggle.title = "Go to what is saved";
  let told = () => {};

  function set(follow) {
    toggle.setAttribute("aria-pressed", String(follow));
  }
  toggle.onclick = () => {
    const follow = toggle.getAttribute("aria-pressed") !== "true";
    sessionStorage.setItem(own, follow ? "yes" : "no");
    set(follow);
    told(follow);
  };
  set(false);
  proofroomOverlay.add(toggle);

  // The smallest block that begins at the line or last before it.
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

  // Shows the block of a line, unless it is in view.
  function show(line) {
    const block = blockAt(line);
    if (!block) return;
    const { top, bottom } = block.getBoundingClientRect();
    if (top >= 64 && bottom <= innerHeight) return;
    // At once: a way that takes time is given up when something else moves.
    block.scrollIntoView({ block: "center", behavior: "instant" });
  }

  return {
    set,
    // What this tab was told; undefined where it was not.
    wanted: () => ({ yes: true, no: false })[sessionStorage.getItem(own)],
    whenToggled(tell) { told = tell; },
    // Goes to a line of a page, which may be another than the one shown.
    go({ path, source, line }, shown) {
      if (source === shown) return show(line);
      sessionStorage.setItem(goal, JSON.stringify({ source, line }));
      location.href = path;
    },
    // Ends a way that began on another page.
    arrive(shown) {
      const { source, line } = JSON.parse(sessionStorage.getItem(goal) ?? "{}");
      if (source !== undefined) sessionStorage.removeItem(goal);
      if (source !== shown) return;
      show(line);
      // What is loaded later may move it.
      addEventListener("load", () => show(line), { once: true });
    },
  };
})();
