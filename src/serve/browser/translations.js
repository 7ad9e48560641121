"use strict";
// The table of all pages: a click on a column sorts by it, another one the other way round.
for (const button of document.querySelectorAll(".matrix thead button")) {
  button.onclick = () => {
    const head = button.parentElement;
    const column = head.cellIndex;
    const descends = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descends ? "descending" : "ascending");
    const body = document.querySelector(".matrix tbody:not(.total)");
    const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const compare = (one, other) => {
      const [a, b] = [value(one), value(other)];
      const order = column ? a - b : a.localeCompare(b);
      return descends ? -order : order;
    };
    body.append(...[...body.rows].sort(compare));
  };
}
// The next passage that needs work, from the one that was shown last.
const open = [...document.querySelectorAll(".sides .open")];
let shown = -1;
const next = () => {
  if (!open.length) return;
  shown = (shown + 1) % open.length;
  open[shown].tabIndex = -1;
  open[shown].focus({ preventScroll: true });
  open[shown].scrollIntoView({ block: "center" });
};
const button = document.getElementById("next");
if (button) {
  button.disabled = !open.length;
  button.onclick = next;
  addEventListener("keydown", (event) => {
    const types = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "n" && !event.ctrlKey && !event.metaKey && !event.altKey && !types) next();
  });
}
// Opens a passage in the editor.
const own = document.currentScript?.src ?? document.querySelector("script[src$='translations.js']").src;
addEventListener("click", async (event) => {
  const place = event.target.closest?.("button.place");
  if (!place) return;
  const body = JSON.stringify({ path: place.dataset.file, line: Number(place.dataset.line) });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(new URL("edit", own), { method: "POST", headers, body }).catch(() => null);
  if (!answer?.ok) {
    place.title = answer ? await answer.text() : "the server does not answer";
    place.textContent = `${place.dataset.line} ✗`;
    return;
  }
  const address = (await answer.json()).open;
  if (address) location.href = address;
});
// Changes of the source are seen when one comes back to this page; those of the translation
// at once, by the live client.
if (button) {
  addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, before] = [fresh.querySelector("main"), document.querySelector("main")];
    if (now && before && now.innerHTML !== before.innerHTML) location.reload();
  });
}
