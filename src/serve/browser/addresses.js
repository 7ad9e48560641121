"use strict";
// Where the browser finds the server. A proxy may put the site below another path than
// the one that the server knows, so everything begins from where this script is.
const proofroomAddresses = (() => {
  const script = document.currentScript;
  const own = new URL(".", script.src);
  // The path of the site as the server knows it.
  const known = script.dataset.proofroomRoot ?? "/";
  const above = new URL("..", own);
  const root = above.pathname === "/" ? new URL(known, above) : above;

  return {
    // One of the server's own addresses.
    own: (rest) => new URL(rest, own).href,
    // The address of a path of the server.
    of: (path) => new URL(path.startsWith(known) ? `./${path.slice(known.length)}` : path, root).href,
    // The path by which the server knows an address of the site.
    pathOf(address) {
      const { pathname } = new URL(address, location.href);
      if (pathname.startsWith(own.pathname)) return `/__proofroom/${pathname.slice(own.pathname.length)}`;
      return pathname.startsWith(root.pathname) ? known + pathname.slice(root.pathname.length) : pathname;
    },
    live: () => new URL("live", own).href.replace(/^http/, "ws"),
  };
})();
