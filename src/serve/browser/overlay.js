// What is wrong, over the last good page. Text only, never markup: it shows
// what files say.
const proofroomOverlay = (() => {
  const style = `
    :host { all: initial }
    section { position: fixed; inset: auto 1rem 1rem 1rem; max-height: 60vh; overflow: auto; z-index: 2147483647;
      font: 14px/1.5 ui-monospace, monospace; color: #f4efe6; background: #26211cf5; border-radius: 6px;
      border-top: 4px solid #d9a441; padding: 12px 16px; box-shadow: 0 6px 30px #0007; direction: ltr; text-align: left }
    section.error { border-color: #e0533d }
    h2 { font: inherit; font-weight: 700; margin: 8px 0 2px } h2 b { color: #d9a441 } h2.error b { color: #ff7a62 }
    p { margin: 2px 0; color: #cfc6b8 } pre { margin: 4px 0; padding: 6px 8px; background: #0004; overflow: auto }
    pre i { font-style: normal; color: #8d8375; user-select: none } mark { background: none; color: #ff7a62; font-weight: 700 }
    button { position: absolute; inset: 8px 10px auto auto; font: inherit; color: inherit; background: none; border: 0; cursor: pointer }
    button:focus-visible { outline: 2px solid #d9a441 }
    button.badge { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483647; background: #26211c; color: #f4efe6;
      border-radius: 999px; padding: 4px 12px; border-inline-start: 4px solid #d9a441 }`;
  let host = null;
  let closed = "";

  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    if (name) element.className = name;
    return element;
  };

  function entry({ rule, severity, message, span, help }) {
    const part = document.createDocumentFragment();
    const title = make("h2", "", severity);
    title.append(make("b", `${severity}[${rule}]`), ` ${message}`);
    part.append(title);
    if (span) {
      part.append(make("p", `${span.path}:${span.line}:${span.column}`));
      const line = make("pre");
      const text = [...span.excerpt];
      const start = span.length ? span.column - 1 : text.length;
      line.append(make("i", `${span.line} │ `), text.slice(0, start).join(""));
      line.append(make("mark", text.slice(start, start + span.length).join("")));
      line.append(text.slice(start + span.length).join(""));
      part.append(line);
    }
    if (help) part.append(make("p", `help: ${help}`));
    return part;
  }

  return function show(problems) {
    host?.remove();
    host = null;
    if (!problems.length) return;
    host = make("proofroom-overlay");
    host.dataset.proofroom = "";
    const root = host.attachShadow({ mode: "open" });
    const failed = problems.some((problem) => problem.severity === "error");
    const name = JSON.stringify(problems);
    const panel = () => {
      const panel = make("section", "", failed ? "error" : "");
      panel.setAttribute("role", failed ? "alert" : "status");
      const close = make("button", "×");
      close.setAttribute("aria-label", "Close");
      close.onclick = () => {
        closed = name;
        show(problems);
      };
      panel.append(close, ...problems.map(entry));
      return panel;
    };
    if (failed && closed !== name) {
      root.append(panel());
    } else {
      const badge = make("button", `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`, "badge");
      badge.onclick = () => badge.replaceWith(panel());
      root.append(badge);
    }
    const sheet = make("style", style);
    root.prepend(sheet);
    document.documentElement.append(host);
  };
})();
