// Keeps this tab up to date with what the server would answer now.
(() => {
  const script = document.currentScript;
  // A frame whose document may not know its site cannot be kept up to date from here:
  // the page around it does that.
  if (self.origin === "null") return;
  // What the tab shows, as described by the server: see `with_client` there.
  let shown = { ...script.dataset };
  let path = location.pathname;
  let wait = 100;
  let updating = Promise.resolve();
  let socket = null;

  // A document in a frame of another page of the site has no controls of its own, but
  // those that a review shows beside each other.
  const isInside = (() => {
    try {
      return parent !== window && parent.location.origin === location.origin && !new URLSearchParams(location.search).has("proofroom-embedded");
    } catch { return false; }
  })();
  if (isInside || shown.proofroomRaw !== undefined) {
    for (const one of document.querySelectorAll("html > [data-proofroom]")) one.style.setProperty("display", "none", "important");
  }

  const log = (text) => console.info(`[proofroom] ${text}`);
  // The reason is told once the page is there again: the console forgets what is said
  // before.
  const reload = (why) => {
    proofroomReader.save(why);
    proofroomCaches.forget([location.href, ...proofroomLoads.addresses()]).then(() => location.reload());
  };

  const fetched = async (cache) => {
    const answer = await fetch(location.href, { headers: { accept: "text/html", "proofroom-client": "1" }, cache });
    return proofroomMorph.parse(await answer.text());
  };

  // The page as the server sent it, before any script changed it. It is still in
  // the browser's cache, unless a script has fetched it too.
  async function sent() {
    const cached = await fetched("force-cache");
    return cached.client ? cached : fetched("no-store");
  }
  let base = sent();
  base.catch(() => {});

  function tell(now) {
    shown = now;
    proofroomEditor.show(shown.proofroomSource);
    proofroomReview.show(shown);
    if (!isInside) proofroomDesk.show(shown);
  }

  // What a patch cannot change: scripts that have run, and what they have read.
  const loads = (tree) => [...tree.querySelectorAll("script[src]")].map((one) => one.getAttribute("src")).join("\n");
  const settings = (tree) => tree.querySelector("script#__config")?.textContent ?? "";

  async function update() {
    const before = await base.catch(() => null);
    await proofroomCaches.forget([location.href]);
    const next = await fetched("no-store");
    if (!next.client) return;
    if (next.client.proofroomFingerprint === shown.proofroomFingerprint) return;
    if (before?.client?.proofroomFingerprint !== shown.proofroomFingerprint) return reload("it changed while it was loading");
    if (loads(before.tree) !== loads(next.tree)) return reload("it loads other scripts now");
    if (settings(before.tree) !== settings(next.tree)) return reload("the configuration of the theme changed");
    const scripts = await proofroomDrawings.scripts(before.tree);
    const survey = proofroomDrawings.survey(before.tree);
    if (proofroomDrawings.isRedrawn(before.tree, next.tree, survey)) return reload("a script that has drawn something changed");
    const kept = proofroomReader.remember();
    const resume = proofroomTyping.remember();
    const stay = proofroomReader.hold();
    // What a script has declared, it cannot declare once more: browsers say so as it is read.
    let failed = false;
    const hear = ({ error }) => { failed ||= error?.name === "SyntaxError"; };
    addEventListener("error", hear);
    const writing = proofroomScripts.refuseWriting();
    const done = proofroomMorph.apply(before.tree, next.tree, survey.isDrawn);
    removeEventListener("error", hear);
    if (writing.end()) return reload("a script writes into the page while it is read");
    if (failed) return reload("a script of the page cannot run a second time");
    if (done.read) return reload("data that scripts of the page read changed");
    if (done.shuffled) return reload("a script has put what changed into another order");
    proofroomReader.restore(kept, next.tree);
    tell({ ...next.client });
    base = Promise.resolve(next);
    const wanted = proofroomDrawings.wanted(done, survey);
    for (const one of proofroomDrawings.lookedFor(done, before.tree, scripts)) if (!wanted.has(one)) wanted.set(one, []);
    const drawing = proofroomDrawings.watch(wanted);
    const again = proofroomScripts.again(done, before.tree, next.tree, [...wanted.keys()], drawing);
    resume();
    stay();
    const blocks = blocksOf(done);
    flash(blocks);
    document.dispatchEvent(new CustomEvent("proofroom:update", { detail: { blocks, again, revision: Number(shown.proofroomRevision) } }));
    const [undrawn] = await drawing.end(proofroomScripts.mayBeLate([...wanted.keys()]));
    if (undrawn) return reload(`a script draws ${proofroomDrawings.describe(undrawn)}, which is new or changed`);
  }

  // The blocks that changed, without those inside of another one.
  function blocksOf({ changed, added }) {
    const nodes = [...changed, ...added].map((node) => node.closest?.("[data-src]") ?? (node.closest?.("article") && added.includes(node) ? node : null));
    const blocks = new Set(nodes.filter((node) => node?.isConnected));
    return [...blocks].filter((block) => !blocks.has(block.parentElement?.closest("[data-src]")));
  }

  function flash(blocks) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const mark = { backgroundColor: "#f2b84b59", boxShadow: "0 0 0 4px #f2b84b59" };
    for (const block of blocks) block.animate([mark, mark, {}], { duration: 1200, easing: "ease-out", id: "proofroom" });
  }

  async function exchange(assets) {
    await proofroomCaches.forget(assets.map(encodeURI));
    document.dispatchEvent(new CustomEvent("proofroom:assets", { detail: { assets } }));
    const [read] = proofroomLoads.exchange(assets);
    if (read) reload(`${read} changed, which a script reads`);
  }

  const later = (work) => {
    updating = updating.then(work).catch((error) => log(`the update failed: ${error}`));
  };

  const hear = {
    connected: (event) => {
      proofroomEditor.allow(event.editor, event.fix);
      proofroomFollow.set(event.follow);
    },
    follow: (event) => later(() => proofroomFollow.go(event, shown.proofroomSource)),
    page: (event) => (event.reload ? reload(event.reload) : later(update)),
    style: (event) => later(() => exchange(event.assets)),
    problem: (event) => proofroomOverlay.show(event.problems),
  };

  function connect() {
    const own = (socket = new WebSocket(proofroomAddresses.live()));
    own.onopen = () => {
      wait = 100;
      own.send(JSON.stringify({ address: shown.proofroomAddress, fingerprint: shown.proofroomFingerprint, follow: isInside ? false : proofroomFollow.wanted() }));
      proofroomLoads.begin((message) => {
        if (own.readyState === WebSocket.OPEN) own.send(JSON.stringify(message));
        return own.readyState === WebSocket.OPEN;
      });
    };
    own.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      document.documentElement.dataset.proofroomRevision = event.revision;
      hear[event.kind]?.(event);
    };
    own.onclose = () => {
      if (own !== socket) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 3000);
    };
  }

  // A theme may replace the page by another one without loading it.
  async function settle() {
    path = location.pathname;
    base = sent();
    const { client } = await base;
    if (client) tell({ ...client });
    const old = socket;
    connect();
    old?.close();
  }
  window.document$?.subscribe?.(() => {
    if (location.pathname !== path) later(settle);
  });

  const why = proofroomReader.resume();
  if (why) log(`loaded the page anew: ${why}`);
  tell(shown);
  if (!isInside) proofroomFollow.arrive(shown.proofroomSource);
  proofroomFollow.whenToggled((follow) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ follow })));

  // A page restored from the browser's history may be out of date.
  addEventListener("pageshow", (event) => { if (event.persisted) later(update); });
  connect();
})();
