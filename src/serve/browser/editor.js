"use strict";
// Opens the source of a block in the editor: Alt-click on it, or Alt+E.
const proofroomEditor = (() => {
  let allowed = false;
  let fixes = false;
  let source = "";

  // Opens a file at a line.
  async function open({ path, line, column }) {
    const answer = await fetch(proofroomAddresses.own("edit"), { method: "POST", body: JSON.stringify({ path, line, column }) });
    if (!answer.ok) return proofroomOverlay.say(await answer.text());
    const { open } = await answer.json();
    if (open) {
      const link = document.createElement("a");
      link.href = open;
      link.click();
    }
    proofroomOverlay.say(`${path}:${line}`);
  }

  // Applies the fix of a problem to its file.
  async function fix({ rule, fix: { span: { path, line, column, excerpt }, text } }) {
    const answer = await fetch(proofroomAddresses.own("fix"), { method: "POST", body: JSON.stringify({ rule, path, line, column, excerpt, text }) });
    proofroomOverlay.say(answer.ok ? `fixed ${path}:${line}` : await answer.text());
  }

  // The place that a block comes from: `12-14` are lines of the page's source,
  // `12 part.md:3-4` lines of a file that it includes there.
  function placeOf(block) {
    const [own, included] = (block?.dataset.src ?? "").split(" ");
    const [, path, first] = /^(.+):(\d+)/.exec(included ?? "") ?? [];
    if (path) return { path: decodeURIComponent(path), line: Number(first), column: 1 };
    const line = parseInt(own, 10);
    return line > 0 && source ? { path: source, line, column: 1 } : null;
  }

  // The block that Alt+E refers to: the one of the selection, the one under the
  // pointer, or the first in view.
  function meant() {
    const selection = getSelection();
    const anchor = selection.isCollapsed ? null : selection.anchorNode;
    const chosen = (anchor?.closest ? anchor : anchor?.parentElement)?.closest("[data-src]");
    const under = [...document.querySelectorAll(":hover")].at(-1)?.closest("[data-src]");
    const inView = (block) => block.getBoundingClientRect().bottom > 96;
    return chosen || under || [...document.querySelectorAll("[data-src]")].find(inView);
  }

  function handle(event, block) {
    const place = allowed && placeOf(block);
    if (!place) return;
    event.preventDefault();
    event.stopPropagation();
    open(place).catch((error) => proofroomOverlay.say(`${error}`));
  }

  addEventListener("click", (event) => {
    if (event.altKey && event.button === 0) handle(event, event.target.closest?.("[data-src]"));
  }, true);
  addEventListener("keydown", (event) => {
    const others = event.ctrlKey || event.metaKey || event.shiftKey;
    if (event.altKey && event.code === "KeyE" && !others) handle(event, meant());
  }, true);

  return {
    open,
    fix,
    isAllowed: () => allowed,
    mayFix: () => fixes,
    allow(opens, writes) { [allowed, fixes] = [opens, writes]; },
    // Sets the source file of the page.
    show(path) { source = path; },
  };
})();
