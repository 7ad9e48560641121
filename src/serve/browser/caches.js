// What service workers keep of the site. One that answers from its cache would show a page
// as it was before a save, even if the page is loaded anew.
const proofroomCaches = (() => {
  // Has the caches of the site forget addresses that have changed. Without a service worker
  // nobody answers from them.
  async function forget(addresses) {
    if (!navigator.serviceWorker?.controller) return;
    try {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const address of addresses) await cache.delete(address, { ignoreSearch: true, ignoreVary: true });
      }
    } catch { /* the browser does not let them be read */ }
  }

  return { forget };
})();
