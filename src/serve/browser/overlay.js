"use strict";
// The server's messages on a page: problems, shown over the last good page; a
// badge that counts warnings; a few switches. All of it is inserted as text,
// never as markup, because it quotes files.
const proofroomOverlay = (() => {
  const style = `
    :host { all: initial } @media print { :host { display: none } }
    div { position: fixed; inset: auto 1rem calc(1rem + var(--proofroom-above, 0px)) 1rem; z-index: 2147483647; display: flex; flex-direction: column; align-items: flex-end; gap: 8px;
      pointer-events: none; font: 14px/1.5 ui-monospace, monospace; color: #f4efe6; direction: ltr; text-align: left }
    div > * { pointer-events: auto }
    section { position: relative; align-self: stretch; max-height: 60vh; overflow: auto; background: #26211cf5; border-radius: 6px;
      border-top: 4px solid #d9a441; padding: 12px 16px; box-shadow: 0 6px 30px #0007 }
    section.error { border-color: #e0533d }
    h2 { font: inherit; font-weight: 700; margin: 8px 0 2px } h2 b { color: #d9a441 } h2.error b { color: #ff7a62 }
    p { margin: 2px 0; color: #cfc6b8 } pre { font: inherit; margin: 4px 0; padding: 6px 8px; background: #0004; overflow: auto }
    pre i { font-style: normal; color: #8d8375; user-select: none } mark { background: none; color: #ff7a62; font-weight: 700 }
    button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer }
    button:focus-visible { outline: 2px solid #d9a441; outline-offset: 2px }
    button.close { position: absolute; inset: 8px 10px auto auto } button.place { text-decoration: underline; text-underline-offset: 3px }
    nav { display: flex; gap: 8px } nav button, output { background: #26211c; border-radius: 999px; padding: 4px 12px }
    nav button[aria-pressed] { opacity: .35 } nav button[aria-pressed]:hover, nav button:focus-visible, nav button[aria-pressed=true] { opacity: 1 }
    button.badge { border-inline-start: 4px solid #d9a441 } button.badge.error { border-color: #e0533d }
    output:empty, section:empty { display: none }`;

  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  const host = make("proofroom-overlay");
  host.dataset.proofroom = "";
  const stack = make("div");
  const panel = make("section");
  const message = make("output");
  const bar = make("nav");
  const badge = make("button", "", "badge");
  bar.append(badge);
  stack.append(panel, message, bar);
  host.attachShadow({ mode: "open" }).append(make("style", style), stack);
  document.documentElement.append(host);

  let problems = [];
  let closed = "";
  let opened = false;

  // The line with the problem marked; columns count characters, not UTF-16 units.
  function excerpt({ line, column, end, excerpt }) {
    const text = [...excerpt];
    const stop = end?.line === line ? end.column - 1 : text.length;
    const length = end ? stop - (column - 1) : 0;
    const start = length ? column - 1 : text.length;
    const shown = make("pre");
    shown.append(make("i", `${line} │ `), text.slice(0, start).join(""));
    shown.append(make("mark", text.slice(start, start + length).join("")), text.slice(start + length).join(""));
    return shown;
  }

  function entry({ rule, severity, message, span, help }) {
    const part = document.createDocumentFragment();
    const title = make("h2", "", severity);
    title.append(make("b", `${severity}[${rule}]`), ` ${message}`);
    part.append(title);
    if (span) {
      const place = `${span.path}:${span.line}:${span.column}`;
      const line = make("p", proofroomEditor.isAllowed() ? "" : place);
      if (proofroomEditor.isAllowed()) {
        const link = make("button", place, "place");
        link.onclick = () => proofroomEditor.open(span);
        line.append(link);
      }
      part.append(line, excerpt(span));
    }
    if (help) part.append(make("p", `help: ${help}`));
    return part;
  }

  function draw() {
    const failed = problems.some((problem) => problem.severity === "error");
    const warned = problems.some((problem) => problem.severity === "warning");
    const kind = failed ? "error" : warned ? "warning" : "note";
    // At the end of the line; another switch is at its start.
    stack.style.alignItems = getComputedStyle(document.documentElement).direction === "rtl" ? "flex-start" : "flex-end";
    const shown = problems.length > 0 && (opened || (failed && closed !== JSON.stringify(problems)));
    panel.className = kind;
    panel.setAttribute("role", failed ? "alert" : "status");
    panel.replaceChildren();
    badge.hidden = shown || !problems.length;
    badge.className = `badge ${kind}`;
    const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
    const words = (severity) => (count(severity) ? `${count(severity)} ${severity}${count(severity) > 1 ? "s" : ""}` : "");
    badge.textContent = [words("error"), words("warning"), words("note")].filter(Boolean).join(", ");
    if (!shown) return;
    const close = make("button", "×", "close");
    close.setAttribute("aria-label", "Close");
    close.onclick = () => {
      closed = JSON.stringify(problems);
      opened = false;
      draw();
      badge.focus();
    };
    panel.append(close, ...problems.map(entry));
  }

  badge.onclick = () => {
    opened = true;
    draw();
    panel.querySelector("button").focus();
  };
  panel.onkeydown = ({ key }) => key === "Escape" && panel.querySelector(".close").click();

  draw();
  let quiet = 0;
  return {
    // Shows the current problems; an empty list hides the panel.
    show(list) {
      problems = list;
      if (!list.length) opened = false;
      draw();
    },
    // Shows a message for a moment.
    say(text) {
      message.textContent = text;
      clearTimeout(quiet);
      quiet = setTimeout(() => { message.textContent = ""; }, 3000);
    },
    // Adds a switch (a button) before the badge.
    add: (button) => bar.insertBefore(button, badge),
  };
})();
