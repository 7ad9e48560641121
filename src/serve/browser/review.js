"use strict";
// A review in the browser: the changes of the page as the server found them, and
// what the reader does with them. `proofroomMarks`, `proofroomMap`, `proofroomSides`
// and `proofroomBar` show it.
const proofroomReview = (() => {
  const root = document.documentElement;
  const side = new URLSearchParams(location.search).get("proofroom-embedded");
  const MODES = ["now", "difference", "base"];
  const SEEN = "proofroom-seen";
  const WISHES = "proofroom-review";
  const PLACE = "proofroom-place";
  // Without a server, the page holds what it would be asked for.
  const given = JSON.parse(document.querySelector("script[data-proofroom-changes]")?.textContent ?? "null");
  const HASH = /^#proofroom-change=([\w-]+)$/;
  // How many marks are kept; the oldest are forgotten.
  const MOST = 20000;

  const read = (name, otherwise, isOfTab) => {
    try { return JSON.parse(proofroomLook.read(name, isOfTab)) ?? otherwise; } catch { return otherwise; }
  };
  const write = (name, value, isOfTab) => proofroomLook.write(name, JSON.stringify(value), isOfTab);

  let mode = "";
  let page = "";
  let source = "";
  let answer = null;
  let current = null;
  let ages = null;
  let asking = 0;
  let isHidden = false;
  let seen = new Set(read(SEEN, []));
  const wishes = { off: [], sides: false, collapsed: false, ...read(WISHES, {}) };

  const off = () => new Set(wishes.off);
  // The changes that can be gone through.
  const changes = () => (answer?.changes ?? []).filter(({ level }) => level !== "outside" && !wishes.off.includes(level));
  const at = () => changes().findIndex(({ key }) => key === current);
  const isAside = () => mode === "difference" && wishes.sides && proofroomSides.isWide();

  function wish(more) {
    Object.assign(wishes, more);
    write(WISHES, wishes);
  }

  // How old the line of a change is: of one that is gone, at the base.
  function age() {
    const change = changes()[at()];
    const known = change && (change.kind === "removed" ? ages?.base : ages?.now);
    if (!known?.files) return "";
    const mark = proofroomMarks.of(change.key)[0];
    const block = mark?.closest(change.kind === "removed" ? "[data-proofroom-base-src]" : "[data-src]");
    const told = (commit) => `${commit.at_least ? "≤ " : ""}${commit.day} · ${commit.author}`;
    // Lines of an included file are told by their block only.
    if (block && proofroomAges.written(block).includes(" ")) {
      const { edited, newest } = proofroomAges.of(block, known);
      return edited ? "not committed yet" : newest ? told(newest) : "";
    }
    const run = known.files[""]?.runs.find(([first, last]) => first <= change.line && change.line <= last);
    if (!run) return "";
    return run[2] < 0 ? "not committed yet" : told(known.commits[run[2]]);
  }

  // Asks how old the changed lines are.
  async function askAges() {
    const turn = asking;
    const has = (is) => answer.changes.some(({ kind, level }) => level !== "outside" && (kind === "removed") === is);
    const found = {
      now: has(false) ? await proofroomAges.fetched("now") : null,
      base: has(true) ? await proofroomAges.fetched("base") : null,
    };
    if (turn !== asking) return;
    ages = found;
    draw();
  }

  function draw(goes) {
    const state = { changes: (answer?.changes ?? []).map((change) => ({ ...change, title: proofroomBar.title(change) })), off: off(), seen, current };
    if (mode === "difference") {
      proofroomMarks.draw(state);
      proofroomPictures.draw(current);
      proofroomMap.draw(state);
      if (isAside()) proofroomSides.open(address("difference"), { key });
      else proofroomSides.close();
      proofroomSides.draw({ ...state, goes });
    }
    proofroomBar.draw({ mode, page, source, answer, changes: changes(), at: at(), off: off(), seen, sides: isAside(), collapsed: wishes.collapsed, age: age(), hidden: isHidden });
  }

  function address(which, path = page) {
    if (given?.addresses[which]) return given.addresses[which];
    const quoted = path.split("/").map(encodeURIComponent).join("/");
    return which === "now" ? proofroomAddresses.of(quoted) : proofroomAddresses.own(`${which}${quoted}`);
  }

  function see(is) {
    const change = changes()[at()];
    if (!change) return;
    // Another tab may have added some.
    seen = new Set(read(SEEN, []));
    if (is) seen.add(change.key);
    else seen.delete(change.key);
    write(SEEN, [...seen].slice(-MOST));
    proofroomBar.say(is ? "Seen" : "Not seen");
    draw();
  }

  function go(key, focus) {
    const change = changes().find((it) => it.key === key);
    if (!change) return;
    current = key;
    history.replaceState(history.state, "", `#proofroom-change=${key}`);
    // The tab or fold around it is opened before its place is known.
    isHidden = !proofroomMarks.go(key, focus) && change.level === "text";
    draw(true);
    const { before, after } = change;
    const text = change.kind === "removed" ? before : after;
    proofroomBar.say(`Change ${at() + 1} of ${changes().length}: ${proofroomBar.title(change)}. ${text.slice(0, 200)}`);
  }

  // Goes to the next change, or to the previous one.
  function step(by, focus) {
    const all = changes();
    if (!all.length) return;
    let to = at() + by;
    if (at() < 0) {
      const inView = (change) => proofroomMarks.of(change.key).some((mark) => proofroomMarks.isVisible(mark) && mark.getBoundingClientRect().bottom > 0);
      to = by > 0 ? all.findIndex(inView) : all.findLastIndex((change) => !inView(change));
      if (to < 0) to = by > 0 ? 0 : all.length - 1;
    }
    if (to < 0 || to >= all.length) {
      const is = to < 0 ? "first" : "last";
      const name = to < 0 ? "P" : "N";
      const more = to < 0 ? answer.previous : answer.next;
      return proofroomOverlay.say(`the ${is} change of this page${more ? `; ${name} goes to the ${to < 0 ? "previous" : "next"} changed page` : ""}`);
    }
    go(all[to].key, focus);
  }

  // Goes to another changed page.
  function turn(to) {
    if (answer?.[to]) location.href = given ? answer[to] : address(MODES.includes(mode) ? mode : "difference", answer[to]);
  }

  // Shows the page in another mode, at the same place.
  function change(to) {
    if (to === mode || !MODES.includes(to) || (given && !given.addresses[to])) return;
    write(PLACE, { page, places: proofroomPlace.remember(mode) }, true);
    const key = to === "difference" && current ? `#proofroom-change=${current}` : "";
    location.replace(address(to) + key);
  }

  function cycle() {
    const can = { now: answer?.status !== "removed", difference: true, base: given ? Boolean(given.addresses.base) : answer?.status !== "added" };
    let to = mode;
    do to = MODES[(MODES.indexOf(to) + 1) % MODES.length]; while (!can[to]);
    change(to);
  }

  function aside(yes) {
    wish({ sides: yes });
    draw(true);
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || proofroomLook.isWriting(event)) return;
    // Letters are where they are on a keyboard with Latin ones.
    const latin = /^[a-z]$/i.test(event.key) ? event.key : /^Key[A-Z]$/.test(event.code ?? "") ? (event.shiftKey ? event.code[3] : event.code[3].toLowerCase()) : event.key;
    const focus = !proofroomBar.hasFocus();
    const always = { d: cycle, N: () => turn("next"), P: () => turn("previous") };
    const inDifference = { n: () => step(1, focus), p: () => step(-1, focus), s: () => see(!seen.has(current)), b: () => proofroomSides.isWide() && aside(!wishes.sides) };
    const does = always[latin] ?? (mode === "difference" ? inDifference[latin] : undefined);
    if (!does || !MODES.includes(mode)) return;
    // Themes have keys of their own.
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat || "np".includes(latin)) does();
  }

  async function fetched(path) {
    const found = await fetch(path, { cache: "no-store" });
    if (!found.ok) throw new Error((await found.text()) || found.statusText);
    return found.json();
  }

  // Asks for the changes again, and shows them.
  async function refresh() {
    if (mode === "list") return proofroomList.count(seen);
    const turn = ++asking;
    const found = given ? given.answer : await fetched(proofroomAddresses.own(`changes?page=${encodeURIComponent(page)}`));
    if (turn !== asking) return;
    const isFirst = !answer;
    answer = found;
    if (current && at() < 0) current = null;
    draw();
    if (isFirst) arrive();
    root.dataset.proofroomChanges = String(found.changes.length);
    // Without them, nothing is said of ages.
    if (mode === "difference" && !given) askAges().catch(() => {});
  }
  const again = () => refresh().catch((error) => proofroomOverlay.say(error.message));

  function arrive() {
    const [, key] = HASH.exec(location.hash) ?? [];
    if (!key || mode !== "difference") return;
    if (changes().some((change) => change.key === key)) go(key);
    else proofroomOverlay.say("that change is not on this page any more");
  }

  async function open(base) {
    const answered = await fetch(proofroomAddresses.own("review"), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ base }) });
    if (!answered.ok) throw new Error(await answered.text());
    if (base === null) location.href = address("now", page || "/");
    else if (mode === "difference" || mode === "list") location.reload();
    else location.href = address("difference");
  }

  // What the tab shows, as described by the server. Themes may replace a page
  // without loading it.
  function show({ proofroomMode = "", proofroomPage, proofroomAddress, proofroomSource = "" }) {
    const now = proofroomPage ?? proofroomAddress;
    const isOther = now !== page || proofroomMode !== mode;
    [mode, page, source] = [proofroomMode, now, proofroomSource];
    if (side || !isOther) return;
    answer = current = ages = null;
    draw();
    if (mode) again();
  }

  if (side) {
    proofroomMarks.start();
    proofroomSides.embed(side);
    return { show };
  }
  const isOwnPage = root.dataset.proofroomView !== undefined && !document.querySelector("script[data-proofroom-mode]");
  if (isOwnPage) return { show() {} };
  if (document.querySelector("script[data-proofroom-mode=difference]")) {
    proofroomMarks.start();
    proofroomMap.start((key) => go(key));
  }
  proofroomBar.start({
    go: change, step: (by) => step(by), turn, see, open,
    list: () => given?.list ?? proofroomAddresses.own("review"),
    isFixed: given !== null,
    isWide: proofroomSides.isWide,
    bases: () => fetched(proofroomAddresses.own("bases")),
    sides: aside,
    collapse: (yes) => { wish({ collapsed: yes }); draw(); },
    level(name, is) {
      wish({ off: is ? wishes.off.filter((it) => it !== name) : [...wishes.off, name] });
      if (at() < 0) current = null;
      draw();
    },
  });
  const kept = read(PLACE, null, true);
  window.proofroomKey = key;
  if (!document.querySelector("script[src$='__proofroom/review-keys.js']")) addEventListener("keydown", key, true);
  addEventListener("hashchange", arrive);
  addEventListener("storage", ({ key }) => {
    if (key !== SEEN) return;
    seen = new Set(read(SEEN, []));
    draw();
    if (mode === "list") again();
  });
  proofroomSides.whenWide(() => draw());
  document.addEventListener("proofroom:update", () => {
    if (!mode) return;
    draw();
    again();
  });
  if (kept) {
    proofroomLook.forget(PLACE, true);
    const restore = () => { if (kept.page === page && !HASH.test(location.hash)) proofroomPlace.restore(kept.places); };
    queueMicrotask(restore);
    // What loads later may move it.
    addEventListener("load", restore, { once: true });
  }
  return { show };
})();
