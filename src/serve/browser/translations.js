"use strict";
// The table of all pages: a click on a column sorts by it, another one the other way round.
let sorted = null;
const sort = () => {
  const { column, descends } = sorted;
  const body = document.querySelector(".matrix tbody:not(.total)");
  const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
  const compare = (one, other) => {
    const [a, b] = [value(one), value(other)];
    const order = column ? a - b : a.localeCompare(b);
    return descends ? -order : order;
  };
  body.append(...[...body.rows].sort(compare));
};
addEventListener("click", (event) => {
  const head = event.target.closest?.(".matrix thead button")?.parentElement;
  if (!head) return;
  const descends = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descends ? "descending" : "ascending");
  sorted = { column: head.cellIndex, descends };
  sort();
});
// What is still being looked for is filled in as it is found.
const fill = async () => {
  const answer = await fetch(location.href).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.querySelector("main");
  if (fresh) {
    const focused = document.activeElement?.closest?.(".matrix a")?.getAttribute("href");
    const bodies = [...document.querySelectorAll(".matrix tbody")];
    const now = [...fresh.querySelectorAll(".matrix tbody")];
    document.querySelector("header").replaceWith(fresh.querySelector("header"));
    const found = fresh.querySelector("main");
    main.toggleAttribute("data-looking", found.hasAttribute("data-looking"));
    // The heads of columns stay, and with them the focus and how far the table is scrolled.
    const heads = (of) => of.querySelector(".matrix thead tr")?.cells.length;
    if (bodies.length && heads(main) === heads(found)) bodies.forEach((body, nth) => body.replaceWith(now[nth]));
    else main.replaceChildren(...found.childNodes);
    if (sorted && main.querySelector(".matrix")) sort();
    if (focused) document.querySelector(`.matrix a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  if (main.hasAttribute("data-looking")) setTimeout(fill, fresh ? 200 : 3000);
};
if (document.querySelector("main[data-looking]")) fill();
else if (document.querySelector(".matrix")) addEventListener("visibilitychange", () => { if (!document.hidden) fill(); });
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
// What the history has of passages that are not translated.
const lost = document.getElementById("lost");
const made = (tag, name, text) => Object.assign(document.createElement(tag), { className: name, textContent: text });
function offer(row, { text, date, author, commit, written, said }) {
  const part = made("div", "held", "");
  const from = made("p", "", `${date} · ${author}`);
  from.dir = "auto";
  const shown = made("div", "text", text);
  const put = made("button", "", "Put it back");
  const why = made("output", "", "");
  part.append(from, shown);
  if (said) part.append(made("p", "note", "The source said then:"), made("div", "text", said));
  part.append(put, why);
  put.onclick = async () => {
    put.disabled = true;
    const line = Number(row.querySelector("td + td .place").dataset.line);
    const body = JSON.stringify({ ...lost.dataset, line, written, commit });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(new URL("recover", own), { method: "POST", headers, body }).catch(() => null);
    why.textContent = answer?.ok ? "Put back. If it comes from a platform for translators, enter it there too." : ((await answer?.text()) ?? "the server does not answer");
    put.disabled = Boolean(answer?.ok);
  };
  row.querySelector("td + td").append(part);
}
if (lost) {
  lost.onclick = async () => {
    lost.disabled = true;
    const of = lost.dataset.of.split("/").map(encodeURIComponent).join("/");
    const answer = await fetch(new URL(`lost/${encodeURIComponent(lost.dataset.language)}/${of}`, own)).catch(() => null);
    const found = answer?.ok ? await answer.json() : {};
    for (const row of document.querySelectorAll(".sides .untranslated")) {
      const held = found[row.querySelector("td + td .place")?.dataset.line];
      if (held) offer(row, held);
    }
    const count = Object.keys(found).length;
    lost.textContent = !answer?.ok ? "The history cannot be read" : count ? `The history has ${count}` : "The history has none";
  };
}
// The live client tells of changes of the translation. Those of the source are told in the same
// way, and commits are seen when one comes back to this page.
const main = document.querySelector("main[data-source]");
if (main) {
  const again = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const now = document.querySelector("main");
    const shownNow = now.cloneNode(true);
    for (const part of shownNow.querySelectorAll(".held")) part.remove();
    if (fresh && shownNow.innerHTML !== fresh.innerHTML) location.reload();
  };
  addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  const listen = () => {
    const socket = new WebSocket(new URL("live", own).href.replace(/^http/, "ws"));
    socket.onopen = () => socket.send(JSON.stringify({ address: main.dataset.source, fingerprint: main.dataset.fingerprint, follow: false }));
    socket.onmessage = ({ data }) => { if (JSON.parse(data).kind === "page") again(); };
    socket.onclose = () => setTimeout(listen, 3000);
  };
  if (document.querySelector("script[data-proofroom-root]")) listen();
}
