// How old the translation on this page is, or what its translations are: a badge that leads to
// both texts side by side. None of it is part of the page's HTML.
const proofroomDesk = (() => {
  const script = document.currentScript;
  const { make, isWriting } = proofroomLook;
  const KEYS = { j: 1, k: -1 };
  let page = "";
  let work = [];
  let at = -1;
  let asking = 0;
  const part = make("div", "translations");
  part.hidden = true;
  const chip = make("a", "chip");
  chip.hidden = true;

  const counted = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
  const link = (address, ...inner) => {
    const found = make("a", "", ...inner);
    found.href = proofroomAddresses.of(address);
    return found;
  };

  function ofTranslation({ language, share, open, stale, untranslated, missing, unknown, address }) {
    const parts = [[stale, "out of date"], [untranslated, "not translated"], [missing, "missing"]];
    const words = parts.filter(([count]) => count).map(([count, what]) => `${count} ${what}`);
    chip.href = proofroomAddresses.of(address);
    chip.textContent = unknown && !open ? language : `${language} ${share}${open ? ` · ${open} to do` : ""}`;
    chip.title = unknown ? `What is out of date is not known: ${unknown}` : `${share} of the passages are current${words.length ? `; ${words.join(", ")}` : ""}. Shows them beside their source.`;
    part.replaceChildren(make("h2", "", `This translation: ${share} current`));
    if (words.length) part.append(make("p", "", words.join(", ")));
    if (unknown) part.append(make("p", "", `What is out of date is not known: ${unknown}.`));
    const keys = make("p", "", link(address, "Beside its source"));
    if (work.length) keys.append(" · ", make("kbd", "", "j"), " ", make("kbd", "", "k"), " next and previous passage to do");
    part.append(keys);
  }

  function ofSource({ languages, translated, share, is_edited: isEdited, since, loses, typos }) {
    chip.href = proofroomAddresses.own("translations");
    const losing = languages.filter((one) => one.loses);
    const whole = `${counted(translated, "translation")}${share ? ` · ${share}` : ""}`;
    chip.textContent = loses ? `−${loses} in ${counted(losing.length, "translation")}` : whole;
    chip.title = !isEdited ? `${whole} current`
      : loses ? `What changed since ${since} puts ${counted(loses, "passage")} of translations out of date: ${losing.map((one) => `${one.language} ${one.loses}`).join(", ")}`
      : typos ? `What changed since ${since} are only typos and marks for translations`
      : `What changed since ${since} puts no translation out of date`;
    const rows = languages.map((one) => {
      const row = make("li", "", link(one.address, one.language), " ", one.is_translated ? one.share : "not translated");
      if (one.loses) row.append(" ", make("b", "", `−${one.loses}`));
      if (one.typos) row.append(` (${counted(one.typos, "typo")})`);
      return row;
    });
    part.replaceChildren(make("h2", "", `Translations of this page${share ? `: ${share} current` : ""}`));
    if (isEdited) part.append(make("p", "", chip.title));
    part.append(make("ol", "", ...rows));
  }

  async function ask() {
    const turn = ++asking;
    const answer = await fetch(proofroomAddresses.own(`translated?page=${encodeURIComponent(page)}`), { cache: "no-store" });
    if (!answer.ok) return;
    const found = await answer.json();
    if (turn !== asking) return;
    work = found.work ?? [];
    at = -1;
    const is = Boolean(found.language ?? found.languages?.length);
    chip.hidden = part.hidden = !is;
    if (found.language) ofTranslation(found);
    else if (is) ofSource(found);
    document.documentElement.dataset.proofroomTranslated = is ? chip.textContent : "";
  }
  const again = () => { if (page) ask().catch(() => {}); };

  // The innermost block that begins in these lines, or that they begin in.
  function blockOf([first, last]) {
    let best = null;
    for (const block of document.querySelectorAll("[data-src]")) {
      const [from, to = from] = (/^[\d-]+/.exec(block.dataset.src)?.[0] ?? "").split("-").map(Number);
      if (!from || to < first || from > last) continue;
      const width = Math.abs(from - first) + (to - from);
      if (!best || width < best.width) best = { block, width };
    }
    return best?.block;
  }

  function jump(by) {
    const seen = work.map((one) => [one, blockOf(one)]).filter(([, block]) => block);
    if (!seen.length) return;
    at = at < 0 ? (by > 0 ? 0 : seen.length - 1) : (at + by + seen.length) % seen.length;
    const [[, , state], block] = seen[at];
    for (let up = block; up; up = up.parentElement) if (up.nodeName === "DETAILS") up.open = true;
    block.scrollIntoView({ block: "center" });
    block.animate?.([{ outline: "3px solid #df6f1f" }, { outline: "3px solid transparent" }], { duration: 1600 });
    proofroomOverlay.say(`${at + 1} of ${seen.length}: ${state === "stale" ? "out of date" : "not translated"}`);
  }

  if (script.dataset.proofroomLanguages !== undefined && document.documentElement.dataset.proofroomView === undefined) {
    proofroomOverlay.put(part);
    proofroomOverlay.beside(chip);
    addEventListener("focus", again);
    addEventListener("keydown", (event) => {
      if (!(event.key in KEYS) || !work.length || isWriting(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      jump(KEYS[event.key]);
    });
  }
  return {
    // Shows what is known of the page that the tab shows now.
    show({ proofroomAddress, proofroomPage = proofroomAddress, proofroomLanguages, proofroomMode }) {
      if (proofroomLanguages === undefined || proofroomMode === "base" || proofroomMode === "list") return;
      page = proofroomPage;
      again();
    },
  };
})();
