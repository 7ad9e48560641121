"use strict";
// The bar of a review: what it shows, and what the reader asks of it.
const proofroomBar = (() => {
  const { make } = proofroomLook;
  const BLOCKS = { pagetitle: "title of the page", head: "settings of the page", other: "text", item: "list item", line: "line of code", code: "code block", cell: "table cell", row: "table row", label: "label of a tab", rule: "line across the page" };
  const LEVELS = { text: "Text", markup: "Markup", outside: "Outside of the article" };
  const MODES = { now: "Now", difference: "Difference", base: "Base" };

  const host = make("proofroom-review");
  host.dataset.proofroom = "";
  const shadow = host.attachShadow({ mode: "open" });
  const status = make("div", "status");
  status.setAttribute("role", "status");
  const card = make("section", "box card");
  const panel = make("section", "box panel");
  const bar = make("nav", "box bar");
  bar.setAttribute("aria-label", "Review");
  card.setAttribute("aria-label", "The current change");
  const dock = make("div", "dock", panel, card, bar);
  proofroomLook.style(shadow, proofroomStyles.bar);
  shadow.append(status, dock);

  let ask = {};
  // Begins a review.
  let open = null;
  let shown = {};
  // The panel that is open: `compare`, `levels` or `problems`.
  let opened = "";

  const named = (block) => BLOCKS[block] ?? block;
  const title = (change) => `${named(change.block)} ${change.kind}${change.level === "markup" ? " (markup)" : ""}`;

  function button(text, name, does, key) {
    const one = make("button", "", text);
    one.type = "button";
    one.name = name;
    one.onclick = does;
    if (key) one.title = `${one.title || name} (key ${key})`;
    return one;
  }
  const labelled = (one, label, key) => {
    one.setAttribute("aria-label", label);
    one.title = key ? `${label} (key ${key})` : label;
    if (key) one.setAttribute("aria-keyshortcuts", key.length === 1 && key !== key.toLowerCase() ? `Shift+${key}` : key);
    return one;
  };
  const group = (name, ...inner) => make("div", `group ${name}`, ...inner);
  const spoken = (text, tag, name) => {
    const one = make(tag, name, text);
    one.dir = "auto";
    return one;
  };

  function toggle(name) {
    opened = opened === name ? "" : name;
    draw(shown);
    if (opened) panel.querySelector("input, button, a")?.focus();
    if (opened === "compare") ask.bases().then((bases) => { if (opened === "compare") offer(bases); }).catch(() => {});
  }
  const opener = (text, name, label) => {
    const one = labelled(button(text, name, () => toggle(name)), label);
    one.setAttribute("aria-expanded", String(opened === name));
    return one;
  };

  function drawBar() {
    const { mode, answer, changes, at, off, sides, collapsed } = shown;
    bar.replaceChildren();
    const fold = labelled(button(collapsed ? "▴" : "▾", "fold", () => ask.collapse(!collapsed)), collapsed ? "Show the bar of the review" : "Hide the bar of the review");
    fold.setAttribute("aria-expanded", String(!collapsed));
    const unseen = changes.filter((change) => !shown.seen.has(change.key)).length;
    const count = make("span", "count", !answer ? "…" : at < 0 ? `${changes.length} change${changes.length === 1 ? "" : "s"}` : `${at + 1} / ${changes.length}`);
    if (answer) count.title = `${unseen} not seen yet`;
    if (collapsed) return bar.append(count, fold);
    if (mode !== "list") {
      const modes = group("modes");
      modes.setAttribute("role", "group");
      modes.setAttribute("aria-label", "What is shown");
      for (const [name, text] of Object.entries(MODES)) {
        const one = button(text, name, () => ask.go(name), "d");
        one.setAttribute("aria-pressed", String(name === mode));
        one.disabled = name !== mode && ((name === "now" && answer?.status === "removed") || (name === "base" && answer?.status === "added"));
        modes.append(one);
      }
      bar.append(modes);
    }
    if (mode === "difference") {
      const back = labelled(button("‹", "previous", () => ask.step(-1)), "Previous change", "p");
      const next = labelled(button("›", "next", () => ask.step(1)), "Next change", "n");
      back.disabled = next.disabled = !changes.length;
      bar.append(group("", back, count, next));
    } else if (mode !== "list") bar.append(count);
    if (mode !== "list") {
      const before = labelled(button("«", "previous-page", () => ask.turn("previous")), "Previous changed page", "P");
      const after = labelled(button("»", "next-page", () => ask.turn("next")), "Next changed page", "N");
      before.disabled = !answer?.previous;
      after.disabled = !answer?.next;
      const list = make("a", "button", "All pages");
      list.href = ask.list();
      bar.append(group("", before, list, after));
    }
    if (mode === "difference") {
      const outside = answer?.changes.filter((change) => change.level === "outside" && !off.has("outside")).length;
      const switches = opener(outside ? `Levels +${outside}` : "Levels", "levels", "Which changes are shown, and those outside of the article");
      bar.append(switches);
      const both = labelled(button("Side by side", "sides", () => ask.sides(!sides)), "Side by side", "b");
      both.className = "wide";
      both.hidden = !ask.isWide();
      both.setAttribute("aria-pressed", String(sides));
      bar.append(both);
    }
    if (answer?.problems?.length) {
      const many = answer.problems.length;
      const problems = opener(`⚠ ${many} new`, "problems", `${many} problem${many === 1 ? "" : "s"} new since the base`);
      problems.classList.add("alarm");
      bar.append(problems);
    }
    if (!ask.isFixed) bar.append(opener("Compare…", "compare", `Compared with ${answer?.base?.title ?? "the base"}`));
    bar.append(fold);
  }

  function place(line, path) {
    const link = button(`line ${line}`, "line", () => proofroomEditor.open({ path, line, column: 1 }));
    link.className = "link";
    return link;
  }
  const link = (text, href, name = "") => {
    const one = make("a", name, text);
    one.href = href;
    return one;
  };

  function values(change) {
    const list = make("dl", "values");
    const { before, after } = change;
    // What both have at their ends is not marked.
    let start = 0;
    while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
    let end = 0;
    while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
    const line = (sign, text, tag, name) => {
      if (!text) return;
      const isPart = change.level !== "outside" && before && after;
      const inner = isPart ? [text.slice(0, start), make(tag, "", text.slice(start, text.length - end)), text.slice(text.length - end)] : [text];
      const value = make("dd", name, ...inner);
      value.dir = "auto";
      list.append(make("dt", "", sign), value);
    };
    line("−", before, "del", "old");
    line("+", after, "ins", "new");
    return list;
  }

  function drawCard() {
    const { changes, at, seen, collapsed, source, age, hidden } = shown;
    const change = changes[at];
    card.hidden = !change || collapsed || shown.mode !== "difference";
    if (card.hidden) return card.replaceChildren();
    const isGone = change.kind === "removed";
    const head = make("header", "", make("b", "", title(change)));
    if (change.line) head.append(isGone || !source ? make("span", "soft", `line ${change.line}${isGone ? " of the base" : ""}`) : place(change.line, source));
    if (change.forge) head.append(link("Source", change.forge));
    if (age) head.append(spoken(age, "span", "soft"));
    const box = make("input");
    box.type = "checkbox";
    box.name = "seen";
    box.checked = seen.has(change.key);
    box.onchange = () => ask.see(box.checked);
    head.append(make("label", "", box, "Seen", make("kbd", "", "s")));
    const parts = [head];
    if (hidden) parts.push(make("p", "soft", "The page does not show this text now."));
    if (change.level !== "text" || hidden) parts.push(values(change));
    const focused = shadow.activeElement?.name;
    card.replaceChildren(...parts);
    if (focused === "seen") box.focus();
  }

  function drawLevels() {
    const { answer, off } = shown;
    const levels = make("fieldset", "", make("legend", "", "Show"));
    for (const [name, text] of Object.entries(LEVELS)) {
      const box = make("input");
      box.type = "checkbox";
      box.name = name;
      box.checked = !off.has(name);
      box.onchange = () => ask.level(name, box.checked);
      const many = answer?.changes.filter((change) => change.level === name).length ?? 0;
      levels.append(make("label", "", box, `${text} (${many})`));
    }
    const outside = answer?.changes.filter((change) => change.level === "outside" && !off.has("outside")) ?? [];
    const list = make("ul");
    for (const change of outside) {
      const entry = make("li", "", make("b", "", title(change)), values(change));
      list.append(entry);
    }
    panel.replaceChildren(levels, list);
    if (answer?.reasons?.length) {
      const why = answer.reasons.map(({ kind, path }) => (path ? `${kind} (${path})` : kind)).join(", ");
      panel.append(spoken(`Why the page changed: ${why}`, "p", "soft"));
    }
    if (answer?.from) panel.append(spoken(`Renamed from ${answer.from}`, "p", "soft"));
  }

  function drawProblems() {
    const list = make("ul");
    for (const { rule, severity, message, span, help } of shown.answer?.problems ?? []) {
      const entry = make("li", "", make("b", severity === "error" ? "alarm" : "", `${severity}[${rule}]`), ` ${message}`);
      if (span) {
        const open = button(`${span.path}:${span.line}`, "place", () => proofroomEditor.open(span));
        open.className = "link";
        entry.append(make("p", "", open));
      }
      if (help) entry.append(make("p", "soft", `help: ${help}`));
      entry.dir = "auto";
      list.append(entry);
    }
    panel.replaceChildren(make("h2", "", "New problems since the base"), list);
  }

  // A form for the base; the names come later.
  function drawBase() {
    const text = make("input");
    text.type = "text";
    text.name = "base";
    text.placeholder = "branch, tag or commit";
    text.setAttribute("aria-label", "Branch, tag or commit to compare with");
    text.autocomplete = "off";
    text.spellcheck = false;
    text.setAttribute("list", "bases");
    const names = make("datalist");
    names.id = "bases";
    const said = make("p", "alarm");
    said.setAttribute("role", "alert");
    const wish = (base) => ask.open(base).catch((error) => { said.textContent = error.message; });
    const form = make("form", "", text, names, make("div", "", button("Compare", "use", null), button("Where this branch began", "default", () => wish(""))), said);
    form.querySelector("[name=use]").type = "submit";
    form.onsubmit = (event) => {
      event.preventDefault();
      if (text.value.trim()) wish(text.value.trim());
    };
    const base = shown.answer?.base;
    panel.replaceChildren(make("h2", "", "Compare with"));
    if (base) panel.append(spoken(`Now: ${base.title} (${base.commit.slice(0, 10)})`, "p", "soft"));
    for (const note of base?.notes ?? []) panel.append(spoken(note, "p", "soft"));
    panel.append(form);
    if (shown.mode) form.querySelector("div").append(button("End the review", "close", () => wish(null)));
  }

  function offer({ branches = [], remote_branches: remote = [], tags = [] }) {
    const names = panel.querySelector("datalist");
    for (const [kind, list] of [["branch", branches], ["remote branch", remote], ["tag", tags]]) {
      for (const name of list) {
        const option = make("option", "", kind);
        option.value = name;
        names?.append(option);
      }
    }
  }

  const panels = { compare: drawBase, levels: drawLevels, problems: drawProblems };
  let drawn = "";

  // Shows the state of the review. A form that is open stays as it is.
  function draw(now) {
    shown = now;
    const isReview = Boolean(now.mode);
    open.hidden = isReview;
    bar.hidden = !isReview;
    const focused = shadow.activeElement?.name;
    const inBar = bar.contains(shadow.activeElement);
    if (isReview) drawBar();
    if (inBar) bar.querySelector(`[name="${focused}"]`)?.focus();
    drawCard();
    if (now.collapsed) opened = "";
    panel.hidden = !opened;
    if (opened && !(opened === "compare" && drawn === "compare")) {
      const inPanel = panel.contains(shadow.activeElement);
      panels[opened]();
      if (inPanel) panel.querySelector(`[name="${focused}"]`)?.focus();
    }
    drawn = opened;
    settle();
  }

  const switches = () => document.querySelector("proofroom-overlay")?.shadowRoot.querySelector(".opener");

  // Leaves room for the bar, and the other controls of ours beside it or above it.
  function settle() {
    const height = bar.hidden ? 0 : dock.offsetHeight;
    proofroomSides.reserve(height && bar.offsetHeight + 10);
    const beside = (switches()?.offsetWidth ?? 0) + 32;
    const isBeside = innerWidth - bar.offsetWidth > 2 * beside;
    document.querySelector("proofroom-overlay")?.style.setProperty("--proofroom-above", `${isBeside ? 0 : height}px`);
  }

  shadow.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened) return;
    const name = opened;
    toggle("");
    const opener = bar.querySelector(`[name="${name}"]`);
    if (opener) opener.focus();
    else proofroomOverlay.focus();
  });

  return {
    draw,
    title,
    // Begins to show it; `asked` has a function for each wish of the reader.
    start(asked) {
      ask = asked;
      document.documentElement.append(host);
      open = proofroomOverlay.add("Review…", "review", "", "Show what changed since another version");
      open.onclick = () => {
        proofroomOverlay.close();
        toggle("compare");
        panel.querySelector("[name=base]")?.focus();
      };
      proofroomLook.follow(host);
      addEventListener("resize", settle);
      // The count of problems comes and goes.
      const size = new ResizeObserver(settle);
      for (const part of [dock, switches()]) if (part) size.observe(part);
    },
    // Has screen readers say something.
    say(text) { status.textContent = text; },
    // Whether the reader works in the bar.
    hasFocus: () => shadow.activeElement !== null,
  };
})();
