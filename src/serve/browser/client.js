// Keeps this tab up to date with what the server would answer now.
(() => {
  const script = document.currentScript;
  // What the tab shows, as described by the server: see `with_client` there.
  let shown = { ...script.dataset };
  let path = location.pathname;
  let wait = 100;
  let updating = Promise.resolve();
  let socket = null;

  const log = (text) => console.info(`[proofroom] ${text}`);
  const reload = (why) => {
    log(`reloading the page: ${why}`);
    location.reload();
  };

  const fetched = async (cache) => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache });
    return proofroomMorph.parse(await answer.text());
  };

  // The page as the server sent it, before any script changed it. It is still in
  // the browser's cache.
  let base = fetched("force-cache");
  base.catch(() => {});

  function tell(now) {
    shown = now;
    proofroomEditor.show(shown.proofroomSource);
    proofroomReview.show(shown);
  }

  // What a patch cannot change: scripts that have run, and what they have read.
  const loads = (tree) => [...tree.querySelectorAll("script[src]")].map((one) => one.getAttribute("src")).join("\n");
  const settings = (tree) => tree.querySelector("script#__config")?.textContent ?? "";

  async function update() {
    const before = await base.catch(() => null);
    const next = await fetched("no-store");
    if (!next.client) return;
    if (next.client.proofroomFingerprint === shown.proofroomFingerprint) return;
    if (before?.client?.proofroomFingerprint !== shown.proofroomFingerprint) return reload("it changed while it was loading");
    if (loads(before.tree) !== loads(next.tree)) return reload("it loads other scripts now");
    if (settings(before.tree) !== settings(next.tree)) return reload("the configuration of the theme changed");
    const kept = proofroomReader.remember();
    let failed = "";
    const hear = ({ message }) => { failed ||= message; };
    addEventListener("error", hear);
    const done = proofroomMorph.apply(before.tree, next.tree);
    removeEventListener("error", hear);
    if (failed.includes("already been declared")) return reload("a script of the page cannot run a second time");
    proofroomReader.restore(kept, next.tree);
    tell({ ...next.client });
    base = Promise.resolve(next);
    const again = proofroomScripts(done, next.tree);
    const blocks = blocksOf(done);
    flash(blocks);
    document.dispatchEvent(new CustomEvent("proofroom:update", { detail: { blocks, again, revision: Number(shown.proofroomRevision) } }));
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

  function restyle(assets) {
    const ends = (url) => assets.some((asset) => decodeURI(new URL(url, location.href).pathname).endsWith(`/${asset}`));
    const fresh = (url) => {
      const changed = new URL(url, location.href);
      changed.searchParams.set("proofroom", String(Date.now()));
      return changed.href;
    };
    for (const link of document.querySelectorAll("link[rel~=stylesheet][href]")) {
      if (!ends(link.href)) continue;
      // The old sheet stays until the new one has loaded, so that the page is never
      // unstyled.
      const next = link.cloneNode();
      next.href = fresh(link.href);
      next.onload = next.onerror = () => link.remove();
      link.after(next);
    }
    document.dispatchEvent(new CustomEvent("proofroom:assets", { detail: { assets } }));
    for (const image of document.querySelectorAll("img[src]")) if (ends(image.src)) image.src = fresh(image.src);
  }

  const later = (work) => {
    updating = updating.then(work).catch((error) => log(`the update failed: ${error}`));
  };

  const hear = {
    connected: (event) => {
      proofroomEditor.allow(event.editor);
      proofroomFollow.set(event.follow);
    },
    follow: (event) => later(() => proofroomFollow.go(event, shown.proofroomSource)),
    page: (event) => (event.reload ? reload(event.reload) : later(update)),
    style: (event) => restyle(event.assets),
    problem: (event) => proofroomOverlay.show(event.problems),
  };

  function connect() {
    const own = (socket = new WebSocket(proofroomAddresses.live()));
    own.onopen = () => {
      wait = 100;
      own.send(JSON.stringify({ address: shown.proofroomAddress, fingerprint: shown.proofroomFingerprint, follow: proofroomFollow.wanted() }));
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
    base = fetched("force-cache");
    const { client } = await base;
    if (client) tell({ ...client });
    const old = socket;
    connect();
    old?.close();
  }
  window.document$?.subscribe?.(() => {
    if (location.pathname !== path) later(settle);
  });

  tell(shown);
  proofroomFollow.arrive(shown.proofroomSource);
  proofroomFollow.whenToggled((follow) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ follow })));

  // A page restored from the browser's history may be out of date.
  addEventListener("pageshow", (event) => { if (event.persisted) later(update); });
  connect();
})();
