"use strict";
// Pictures that were exchanged: the old and the new one side by side, or one above
// the other with a slider between them.
const proofroomPictures = (() => {
  const { make } = proofroomLook;
  const style = `
    :host { all: initial; display: block; margin-block: 1em; font: 13px/1.45 system-ui, sans-serif; color-scheme: light }
    :host(.dark) { color-scheme: dark }
    section { color: light-dark(#26211c, #ece6db); background: light-dark(#fffdf9, #26211c); border: 1px solid light-dark(#d9d3c7, #4a443c); border-radius: 6px; padding: .6rem }
    .choice { display: flex; gap: .4rem; margin-block-end: .6rem }
    button { font: inherit; color: inherit; background: none; border: 1px solid light-dark(#b9b2a5, #6b645a); border-radius: 4px; padding: .15rem .6rem; cursor: pointer }
    button[aria-pressed=true] { background: light-dark(#26211c, #ece6db); color: light-dark(#fffdf9, #26211c) }
    .both { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); gap: .6rem }
    figure { margin: 0; min-inline-size: 0 } img { display: block; max-inline-size: 100%; block-size: auto; background: repeating-conic-gradient(#8882 0 25%, transparent 0 50%) 0 0 / 16px 16px }
    figcaption { font-weight: 600; margin-block-end: .25rem } figcaption.old::before { content: "− " } figcaption.new::before { content: "+ " }
    .stack { display: grid; position: relative; inline-size: fit-content; max-inline-size: 100%; direction: ltr; justify-items: start } .stack img { grid-area: 1 / 1 }
    .stack .old { clip-path: inset(0 calc(100% - var(--at)) 0 0) }
    .stack::after { content: ""; position: absolute; inset-block: 0; left: var(--at); width: 2px; background: #e0533d; box-shadow: 0 0 0 1px #fff }
    label { display: block } input { inline-size: 100%; margin: .5rem 0 0; direction: ltr; accent-color: #e0533d } [hidden] { display: none !important }
    :focus-visible { outline: 2px solid light-dark(#1c5fb8, #7db4ff); outline-offset: 2px }`;

  const onlyPicture = (mark) => {
    const pictures = mark.querySelectorAll("img");
    return pictures.length === 1 && !mark.textContent.trim() ? pictures[0] : null;
  };

  // The elements that a picture was in and is in.
  function pairs() {
    const found = [];
    for (const del of document.querySelectorAll("del[data-proofroom-mark=removed]:not([data-proofroom-off]):has(img)")) {
      const was = onlyPicture(del);
      if (!was) continue;
      const key = del.dataset.proofroomChange;
      const own = proofroomMarks.of(key).find((mark) => mark.nodeName === "INS" && onlyPicture(mark));
      // A paragraph that is nothing but a picture is exchanged as a whole.
      const around = del.closest(":not(del)[data-proofroom-mark=removed]");
      const next = around?.nextElementSibling;
      const beside = next?.dataset.proofroomMark === "added" && !around.textContent.trim() && onlyPicture(next) ? next : null;
      const now = own ?? beside;
      if (now) found.push({ was, is: onlyPicture(now), hidden: [own ? del : around, now] });
    }
    return found;
  }

  function figure(picture, name, title) {
    const copy = make("img", name);
    copy.src = picture.currentSrc || picture.src;
    copy.alt = picture.alt;
    const caption = make("figcaption", name, title);
    copy.onerror = () => caption.append(" (not available)");
    return { caption, copy };
  }

  function widget({ was, is }) {
    const host = make("proofroom-pictures");
    host.dataset.proofroom = "";
    const both = make("div", "both");
    for (const { caption, copy } of [figure(was, "old", "Base"), figure(is, "new", "Now")]) both.append(make("figure", "", caption, copy));
    const stack = make("div", "stack", figure(is, "new", "").copy, figure(was, "old", "").copy);
    const range = make("input");
    range.type = "range";
    range.value = 50;
    const slide = () => stack.style.setProperty("--at", `${range.value}%`);
    range.oninput = slide;
    slide();
    const over = make("div", "over", stack, make("label", "", "How much of the base is shown", range));
    const choice = make("div", "choice");
    const choose = (name) => {
      both.hidden = name !== "both";
      over.hidden = name === "both";
      for (const button of choice.children) button.setAttribute("aria-pressed", String(button.name === name));
    };
    for (const [name, title] of [["both", "Side by side"], ["over", "Slider"]]) {
      const button = make("button", "", title);
      button.type = "button";
      button.name = name;
      button.onclick = () => choose(name);
      choice.append(button);
    }
    choose("both");
    const section = make("section", "", choice, both, over);
    section.setAttribute("aria-label", "A picture that was exchanged");
    const shadow = host.attachShadow({ mode: "open" });
    proofroomLook.style(shadow, style);
    shadow.append(section);
    proofroomLook.follow(host);
    return host;
  }

  let shown = [];
  // Shows the pictures that are exchanged now; those that stay are left alone.
  function draw(current) {
    const before = shown;
    const isSame = (one, other) => one.was === other.was && one.is === other.is && one.sources === other.sources;
    shown = pairs().map((pair) => {
      const now = { ...pair, sources: `${pair.was.src} ${pair.is.src}` };
      const known = before.find((it) => isSame(it, now) && it.host.isConnected);
      return known ?? { ...now, host: widget(now) };
    });
    for (const gone of before.filter((it) => !shown.includes(it))) {
      gone.host.remove();
      proofroomLook.unfollow(gone.host);
      for (const part of gone.hidden) part.removeAttribute("data-proofroom-exchanged");
    }
    for (const { hidden, host } of shown) {
      for (const part of hidden) part.setAttribute("data-proofroom-exchanged", "");
      if (!host.isConnected) hidden[1].after(host);
      host.toggleAttribute("data-proofroom-current", hidden.some((part) => part.dataset.proofroomChange === current));
    }
  }

  // The picture that stands for a change.
  const of = (key) => shown.find(({ hidden }) => hidden.some((part) => part.dataset.proofroomChange === key))?.host;

  return { draw, of };
})();
