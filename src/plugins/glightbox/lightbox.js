// Opens images in a box above the page, in place of the library GLightbox where that is
// not installed: `GLightbox(settings)` with the settings that its plugin for MkDocs passes
// on, and `reload()`. Links are found when they are clicked, so pages may change.
window.GLightbox = (settings = {}) => {
  let box, links = [], at = 0;

  const make = (tag, name, parent) => {
    const element = document.createElement(tag);
    element.className = name;
    parent?.append(element);
    return element;
  };

  const build = () => {
    box = make("dialog", "lightbox", document.body);
    box.toggleAttribute("data-zoomable", settings.zoomable !== false);
    const figure = make("figure", "gslide-image", box);
    const media = make("div", "gslide-media", figure);
    const image = make("img", "", media);
    make("figcaption", "gslide-description", figure);
    for (const [name, sign, label, act] of [
      ["is-close", "×", "Close", () => box.close()],
      ["is-previous", "‹", "Previous", () => go(-1)],
      ["is-next", "›", "Next", () => go(1)],
    ]) {
      const button = make("button", name, box);
      button.type = "button";
      button.textContent = sign;
      button.ariaLabel = label;
      button.addEventListener("click", act);
    }
    box.addEventListener("click", event => {
      if (event.target === image && settings.zoomable !== false) {
        box.classList.toggle("is-zoomed");
      } else if (event.target === box || event.target === figure) {
        box.close();
      }
    });
    box.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step && !box.classList.contains("is-zoomed")) {
        event.preventDefault();
        go(step);
      }
    });
    box.addEventListener("close", () => {
      document.documentElement.classList.remove("glightbox-open");
      box.classList.remove("is-zoomed");
    });
    if (settings.touchNavigation !== false) {
      followTouches(image);
    }
    if (settings.draggable !== false) {
      followDrags(image);
    }
  };

  // A swipe goes on to the next image.
  const followTouches = image => {
    let start = null;
    image.addEventListener("touchstart", event => {
      const isOne = event.touches.length === 1 && !box.classList.contains("is-zoomed");
      start = isOne ? event.touches[0].clientX : null;
    }, { passive: true });
    image.addEventListener("touchend", event => {
      const moved = start === null ? 0 : event.changedTouches[0].clientX - start;
      if (Math.abs(moved) > 50) {
        go(moved > 0 ? -1 : 1);
      }
    });
  };

  // A large image is moved by the mouse.
  const followDrags = image => {
    image.draggable = false;
    image.addEventListener("pointermove", event => {
      if (event.pointerType === "mouse" && event.buttons === 1) {
        image.parentElement.scrollBy(-event.movementX, -event.movementY);
      }
    });
  };

  const show = (to, effect) => {
    at = to;
    const { dataset, href } = links[at];
    const shown = links[at].querySelector("img");
    const old = box.querySelector(".gslide-media");
    const media = old.cloneNode(false);
    const image = old.firstElementChild;
    box.dataset.effect = effect ?? "zoom";
    box.dataset.caption = dataset.descPosition ?? "bottom";
    box.classList.remove("is-zoomed");
    image.src = href;
    image.alt = shown?.alt ?? "";
    for (const side of ["width", "height"]) {
      image.style[side] = dataset[side] ?? "auto";
    }
    media.append(image);
    // A new element shows the effect again.
    old.replaceWith(media);
    const caption = box.querySelector("figcaption");
    caption.replaceChildren();
    if (dataset.title || dataset.description) {
      const inner = make("div", "gdesc-inner", caption);
      for (const [name, text] of [["gslide-title", dataset.title], ["gslide-desc", dataset.description]]) {
        if (text) {
          make("p", name, inner).textContent = text;
        }
      }
    }
    const isFirst = at === 0 && !settings.loop, isLast = at === links.length - 1 && !settings.loop;
    box.querySelector(".is-previous").hidden = isFirst || links.length < 2;
    box.querySelector(".is-next").hidden = isLast || links.length < 2;
  };

  const go = step => {
    let to = at + step;
    if (settings.loop) {
      to = (to + links.length) % links.length;
    }
    if (to !== at && links[to]) {
      show(to, settings.slideEffect);
    }
  };

  document.addEventListener("click", event => {
    const link = event.target.closest?.("a.glightbox");
    if (!link?.href || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    if (!box?.isConnected) {
      build();
    }
    const gallery = link.dataset.gallery ?? "";
    links = [...document.querySelectorAll("a.glightbox")]
      .filter(it => (it.dataset.gallery ?? "") === gallery && it.getClientRects().length);
    document.documentElement.classList.add("glightbox-open");
    show(Math.max(links.indexOf(link), 0), settings.openEffect);
    box.showModal();
  });

  return { reload() {}, close() { box?.close(); } };
};
