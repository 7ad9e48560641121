"use strict";
// The place of the server on a page: one small button, and a panel with the problems of
// the page and the switches of what else there is. Problems are shown over the last good
// page. All of it is inserted as text, never as markup, because it quotes files.
const proofroomOverlay = (() => {
  const { make, isWriting } = proofroomLook;
  const root = document.documentElement;
  const KEY = "h";
  const OFF = "proofroom-off";

  const host = make("proofroom-overlay");
  host.dataset.proofroom = "";
  const corner = make("div", "corner");
  corner.setAttribute("role", "region");
  corner.setAttribute("aria-label", "proofroom");
  const panel = make("section", "panel");
  const list = make("div", "problems");
  const switches = make("div", "switches");
  const message = make("output");
  // Screen readers hear of problems when they come and go.
  const said = make("div", "said");
  said.setAttribute("role", "status");
  const opener = make("button", "opener");
  const sign = make("span", "sign");
  const badge = make("span", "badge");
  sign.ariaHidden = "true";
  opener.type = "button";
  opener.append(sign, badge);
  panel.id = "panel";
  opener.setAttribute("aria-controls", "panel");
  const hide = button("Hide", "hide", KEY, "Hide all of this, or show it again");
  const close = button("×", "close", "", "Close");
  hide.onclick = () => turn(true);
  switches.append(hide, close);
  panel.append(list, switches);
  const foot = make("div", "foot", opener);
  corner.append(panel, message, said, foot);
  const shadow = host.attachShadow({ mode: "open" });
  proofroomLook.style(shadow, proofroomStyles.overlay);
  proofroomLook.style(document, proofroomStyles.page);
  shadow.append(corner);
  root.append(host);
  proofroomLook.follow(host);

  let problems = [];
  let closed = "";
  let opened = false;
  // The part of the panel that it was opened for.
  let unfolded = null;

  function button(text, name, key, title) {
    const one = make("button", name, text);
    one.type = "button";
    one.name = name;
    one.title = key ? `${title} (key ${key})` : title;
    if (text.length < 2) one.setAttribute("aria-label", title);
    if (key) {
      one.append(make("kbd", "", key));
      one.lastChild.ariaHidden = "true";
      one.setAttribute("aria-keyshortcuts", key);
    }
    return one;
  }

  // The line with the problem marked; columns count characters, not UTF-16 units.
  function excerpt({ line, column, end, excerpt }) {
    const text = [...excerpt];
    const stop = end?.line === line ? end.column - 1 : text.length;
    const length = end ? stop - (column - 1) : 0;
    const start = length ? column - 1 : text.length;
    const shown = make("pre", "", make("i", "", `${line} │ `), text.slice(0, start).join(""));
    shown.append(make("mark", "", text.slice(start, start + length).join("")), text.slice(start + length).join(""));
    return shown;
  }

  function entry(problem) {
    const { rule, severity, message, span, help } = problem;
    const part = document.createDocumentFragment();
    part.append(make("h2", severity, make("b", "", `${severity}[${rule}]`), ` ${message}`));
    if (span) {
      const where = `${span.path}:${span.line}:${span.column}`;
      const line = make("p", "", proofroomEditor.isAllowed() ? "" : where);
      if (proofroomEditor.isAllowed()) {
        const link = make("button", "place", where);
        link.type = "button";
        link.onclick = () => proofroomEditor.open(span);
        line.append(link);
      }
      part.append(line, excerpt(span));
    }
    if (help) part.append(make("p", "", `help: ${help}`));
    if (problem.fix && proofroomEditor.mayFix()) {
      const fix = button("Fix", "fix", "", `Write ${problem.fix.text} into ${problem.fix.span.path}`);
      fix.onclick = () => {
        fix.disabled = true;
        proofroomEditor.fix(problem).catch((error) => say(`${error}`)).finally(() => { fix.disabled = false; });
      };
      part.append(fix);
    }
    return part;
  }

  // The page in place of one that cannot be rendered lists them already, and is read where
  // it stands; here they get what scripts add.
  const ofPage = () => document.querySelector("ul[data-proofroom-problems]");

  const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
  const worded = (severity) => (count(severity) ? `${count(severity)} ${severity}${count(severity) > 1 ? "s" : ""}` : "");

  function draw() {
    const kind = count("error") ? "error" : count("warning") ? "warning" : "quiet";
    const words = ["error", "warning", "note"].map(worded).filter(Boolean).join(", ");
    const place = ofPage();
    const isOpen = opened || (kind === "error" && !place && closed !== JSON.stringify(problems));
    panel.hidden = !isOpen;
    // Problems are not what it was opened for.
    list.hidden = Boolean(place) || (unfolded !== null && kind !== "error");
    panel.classList.toggle("full", problems.length > 0 && !list.hidden);
    corner.classList.toggle("open", isOpen);
    list.className = `problems ${kind}`;
    list.replaceChildren(...(place ? [] : problems.map(entry)));
    if (place && problems.length) place.replaceChildren(...problems.map((problem) => make("li", "", entry(problem))));
    opener.className = `opener ${kind}`;
    opener.setAttribute("aria-expanded", String(isOpen));
    // Notes alone are no reason to look.
    badge.hidden = kind === "quiet";
    badge.textContent = badge.hidden ? "" : words;
    badge.dataset.short = String(count("error") + count("warning"));
    opener.setAttribute("aria-label", words ? `proofroom: ${words}` : "proofroom");
    opener.title = words || "What proofroom can show of this page";
    const heard = words && `${words} on this page`;
    said.setAttribute("role", kind === "error" ? "alert" : "status");
    if (said.textContent !== heard) said.textContent = heard;
    settle();
  }

  function open(yes) {
    const hadFocus = shadow.activeElement !== null;
    if (!yes) closed = JSON.stringify(problems);
    opened = yes;
    unfolded = null;
    draw();
    if (yes) panel.querySelector("button").focus();
    else if (hadFocus) opener.focus();
  }
  opener.onclick = () => open(panel.hidden);
  close.onclick = () => open(false);
  shadow.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    open(false);
  });

  // Stays above the footer of the page, where it would cover links to other pages.
  let asked = 0;
  function settle() {
    asked = 0;
    const footer = [...document.querySelectorAll("footer, [role=contentinfo]")].filter((one) => one.offsetHeight).at(-1);
    const covered = footer ? innerHeight - footer.getBoundingClientRect().top : 0;
    const isFree = panel.hidden && covered < innerHeight / 2;
    host.style.setProperty("--lift", `${isFree ? Math.max(0, covered) : 0}px`);
  }
  const later = () => { asked ||= requestAnimationFrame(settle); };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  new ResizeObserver(later).observe(document.body);

  // Hides everything of the server's own, or shows it again; browsers remember it.
  const isOff = () => root.hasAttribute("data-proofroom-off");
  function turn(off) {
    root.toggleAttribute("data-proofroom-off", off);
    proofroomLook.write(OFF, off ? "1" : "");
  }
  root.toggleAttribute("data-proofroom-off", Boolean(proofroomLook.read(OFF)));
  addEventListener("keydown", (event) => {
    if (event.key !== KEY || isWriting(event) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    turn(!isOff());
  });
  addEventListener("storage", ({ key, newValue }) => {
    if (key === OFF) root.toggleAttribute("data-proofroom-off", Boolean(newValue));
  });

  draw();
  let quiet = 0;
  // Shows a message for a moment.
  function say(text) {
    message.textContent = text;
    clearTimeout(quiet);
    quiet = setTimeout(() => { message.textContent = ""; }, 3000);
  }
  return {
    // Shows the current problems; an empty list closes what they opened.
    show(all) {
      if (!all.length && problems.length) opened = false;
      // What keeps the page from being shown comes first.
      problems = ["error", "warning", "note"].flatMap((kind) => all.filter((one) => one.severity === kind));
      for (const { rule, message } of isOff() ? all.filter((one) => one.severity === "error") : []) console.error(`[proofroom] error[${rule}] ${message}`);
      draw();
    },
    say,
    // Adds a switch; returns its button.
    add(text, name, key, title) {
      const one = button(text, name, key, title);
      switches.insertBefore(one, hide);
      return one;
    },
    // Adds a part above the switches.
    put: (part) => panel.insertBefore(part, switches),
    // Puts a part beside the button.
    beside: (part) => foot.insertBefore(part, opener),
    // Shows or hides such a part. The panel opens for it, unless it would cover the text.
    unfold(part, yes) {
      part.hidden = !yes;
      if (yes && panel.hidden && matchMedia("(min-width: 48em)").matches) [opened, unfolded] = [true, part];
      else if (!yes && unfolded === part) [opened, unfolded] = [false, null];
      draw();
    },
    // Closes the panel.
    close: () => open(false),
    focus: () => opener.focus(),
  };
})();
