// What the views of a review expect of a server, in a page that has none.
const proofroomOverlay = { say: (text) => proofroomBar.say(text), add: () => document.createElement("button"), close() {}, focus() {} };
const proofroomEditor = { open() {} };
// Browsers keep files from looking into each other.
if (location.protocol === "file:") proofroomSides.isWide = () => false;
// The page as it is now is its difference without the marks.
if (new URLSearchParams(location.search).get("proofroom") === "now") {
  document.querySelector("script[data-proofroom-mode]").dataset.proofroomMode = "now";
  for (const gone of document.querySelectorAll("[data-proofroom-mark=removed], [data-proofroom-mark=moved-away]")) gone.remove();
  for (const mark of document.querySelectorAll("[data-proofroom-mark]")) {
    if (proofroomMarks.isText(mark)) mark.replaceWith(...mark.childNodes);
    else for (const name of ["mark", "change"]) mark.removeAttribute(`data-proofroom-${name}`);
  }
}
