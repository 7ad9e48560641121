// Keeps this tab at what the server would answer now.
(() => {
  const script = document.currentScript;
  const { proofroomAddress: address } = script.dataset;
  let fingerprint = script.dataset.proofroomFingerprint;
  let revision = Number(script.dataset.proofroomRevision);
  let wait = 100;
  let updating = Promise.resolve();

  const log = (text) => console.info(`[proofroom] ${text}`);

  async function update() {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const client = next.querySelector("script[data-proofroom-address]");
    if (!client || answer.status >= 500) return;
    fingerprint = client.dataset.proofroomFingerprint;
    revision = Number(client.dataset.proofroomRevision);
    client.remove();
    // The running script stays where it is: taken out while the tree is compared.
    script.remove();
    proofroomMorph(document.head, next.head);
    const placed = proofroomPlaces(next.body);
    const root = document.documentElement;
    for (const { name, value } of next.documentElement.attributes) {
      if (name !== "class" && !name.startsWith("data-md-")) root.setAttribute(name, value);
    }
    proofroomPlaces(document.body);
    const changed = proofroomMorph(document.body, next.body);
    placed(document.body);
    document.body.append(script);
    document.dispatchEvent(new CustomEvent("proofroom:update", { detail: { changed, revision } }));
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
      // The old sheet stays until the new one is there: no flash without style.
      const next = link.cloneNode();
      next.href = fresh(link.href);
      next.onload = next.onerror = () => link.remove();
      link.after(next);
    }
    for (const image of document.querySelectorAll("img[src]")) if (ends(image.src)) image.src = fresh(image.src);
  }

  const hear = {
    connected: (event) => { revision = event.revision; },
    page: (event) => {
      if (event.reload) {
        log(`loading the page anew: ${event.reload}`);
        location.reload();
        return;
      }
      updating = updating.then(update).catch((error) => log(`the update failed: ${error}`));
    },
    style: (event) => restyle(event.assets),
    problem: (event) => proofroomOverlay(event.problems),
  };

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/__proofroom/live`);
    socket.onopen = () => {
      wait = 100;
      socket.send(JSON.stringify({ address, fingerprint, revision }));
    };
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      document.documentElement.dataset.proofroomRevision = event.revision;
      hear[event.kind]?.(event);
    };
    socket.onclose = () => {
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 3000);
    };
  }

  // A page taken from the browser's history may be older than its revision.
  addEventListener("pageshow", (event) => { if (event.persisted) updating = updating.then(update); });
  connect();
})();
