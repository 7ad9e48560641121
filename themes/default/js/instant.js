// `navigation.instant`: a link to another page of the site exchanges what differs, and the
// page is not loaded. Whatever cannot be exchanged is loaded as usual.
(() => {
  if (!/^https?:$/.test(location.protocol) || !history.pushState) return
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const feature = (name) => window.__feature(name)
  // What of a page is exchanged as a whole.
  const PARTS = ["announce", "outdated", "header", "container"]
  const HEAD = "title, meta[name], meta[property], link[rel=canonical], link[rel=prev], link[rel=next], link[rel=alternate], link[rel=icon]"
  const plain = (url) => url.href.split("#")[0]

  // The page that a link leads to, if it is one of this site.
  function target(link) {
    if (!link || link.target && link.target != "_self" || link.hasAttribute("download") || link.closest("[data-md-instant=off]")) return
    const url = new URL(link.href, location)
    const inside = url.origin == location.origin && url.pathname.startsWith(__md_scope.pathname)
    return inside && /(\/|\.html?|\/[^./]+)$/.test(url.pathname) ? url : undefined
  }

  // Pages that were loaded ahead are used for a short time only: they may change.
  let ahead, wanted = 0
  async function read(url) {
    if (ahead?.href == plain(url) && Date.now() - ahead.at < 10000) return ahead.page
    const answer = await fetch(plain(url), { headers: { accept: "text/html" }, credentials: "same-origin" })
    if (!answer.ok || !/text\/html/.test(answer.headers.get("content-type"))) throw new Error(`${answer.status}`)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const base = answer.url || plain(url)
    // Another site, or another theme.
    if (!new URL(base).href.startsWith(__md_scope.href) || !$("#__config", page) || !$("[data-md-component=container]", page)) throw new Error("another theme")
    if ($("meta[http-equiv=refresh]", page)) throw new Error("it leads on")
    return { page, base }
  }
  function prefetch(url) {
    if (ahead?.href == plain(url) || plain(url) == plain(location)) return
    ahead = { href: plain(url), at: Date.now(), page: read(url) }
    ahead.page.catch(() => { ahead = undefined })
  }

  // Where what is loaded came from: the addresses that elements have are relative to the page,
  // which is another one soon.
  const sources = new WeakMap()
  const source = (one) => {
    if (!sources.has(one)) sources.set(one, one.sheet?.href || one.href || one.src)
    return sources.get(one)
  }
  const note = () => $$("link[rel=stylesheet], script[src]").forEach(source)
  note()
  const ofPages = new Set($$("link[rel=stylesheet]").map(source).filter((address) => !address.includes("/assets/theme/")))
  const loaded = (script) => new Promise((done) => { script.onload = script.onerror = done })
  // A script that was parsed does not run; a new one does.
  function alive(script) {
    const own = document.createElement("script")
    for (const { name, value } of script.attributes) own.setAttribute(name, value)
    own.textContent = script.textContent
    return own
  }
  // Elements of the head and the end of the page that load something, by what they load.
  async function resources(page, base) {
    const address = (one, from) => new URL(one.getAttribute("src") ?? one.getAttribute("href"), from).href
    const known = (css) => new Set($$(css).map(source))
    const sheets = "link[rel=stylesheet]", scripts = "script[src]:not([data-proofroom], [data-proofroom-address])"
    const here = known(sheets), waiting = []
    // To a parser, scripts are off: what stands in for them is not meant.
    const meant = (css) => $$(css, page).filter((one) => !one.closest("noscript"))
    const kept = new Set(meant(sheets).map((one) => address(one, base)))
    for (const one of meant(sheets)) {
      if (here.has(address(one, base))) continue
      const own = one.cloneNode()
      own.href = address(one, base)
      ofPages.add(own.href)
      if (!own.media || matchMedia(own.media).matches) waiting.push(loaded(own))
      document.head.append(own)
    }
    await Promise.all(waiting)
    const runs = known(scripts)
    const more = meant(scripts).filter((one) => !one.closest("[data-md-component=container]") && !runs.has(address(one, base)))
    return {
      // Those of other pages go, but not those that scripts have added.
      drop: () => { for (const one of $$(sheets, document.head)) if (ofPages.has(source(one)) && !kept.has(source(one))) one.remove() },
      async run() {
        for (const one of more) {
          const own = alive(one)
          own.src = address(one, base)
          own.async = false
          const done = loaded(own)
          document.head.append(own)
          await done
        }
      },
    }
  }

  function exchange(page) {
    const root = document.documentElement
    for (const name of ["lang", "dir"]) root.setAttribute(name, page.documentElement.getAttribute(name) ?? "")
    const head = $$(HEAD, page.head)
    for (const one of $$(HEAD, document.head)) one.remove()
    document.head.prepend(...head)
    $("#__config").textContent = $("#__config", page).textContent
    // Sections that the reader has opened stay open.
    const open = new Set($$(".md-sidebar--primary details[open]").map((one) => one.id))
    const scroll = $(".md-sidebar--primary .md-sidebar__scrollwrap")?.scrollTop
    let before
    for (const name of PARTS) {
      const old = $(`[data-md-component=${name}]`), now = $(`[data-md-component=${name}]`, page)
      if (now) {
        document.adoptNode(now)
        // Frames of other servers are the same ones.
        old ? old.replaceWith(now) : before?.after(now)
        for (const script of $$("script", now)) script.replaceWith(alive(script))
        before = now
      } else old?.remove()
    }
    for (const one of $$(".md-sidebar--primary details")) if (open.has(one.id)) one.open = true
    const box = $(".md-sidebar--primary .md-sidebar__scrollwrap")
    if (box && scroll) box.scrollTop = scroll
    for (const id of ["__drawer", "__search"]) { const one = $("#" + id); if (one?.checked) { one.checked = false; one.dispatchEvent(new Event("change", { bubbles: true })) } }
  }

  function arrive(url, y) {
    let heading
    try { heading = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1))) } catch { heading = document.getElementById(url.hash.slice(1)) }
    if (y != null) scrollTo({ top: y, behavior: "instant" })
    else if (heading) heading.scrollIntoView({ behavior: "instant" })
    else scrollTo({ top: 0, behavior: "instant" })
  }
  const progress = (is) => {
    if (!feature("navigation.instant.progress")) return
    let bar = $(".md-progress")
    if (!bar && is) { bar = document.body.appendChild(document.createElement("div")); bar.className = "md-progress"; bar.setAttribute("role", "progressbar") }
    if (bar) bar.hidden = !is
  }

  let shown = plain(location)
  async function go(url, { y, isBack } = {}) {
    const turn = ++wanted
    const slow = setTimeout(() => progress(true), 300)
    try {
      const { page, base } = await read(url)
      ahead = undefined
      if (turn != wanted) return
      // Where the server says that the page is: its links are relative to that.
      const hash = url.hash
      url = new URL(base)
      url.hash = hash
      const { drop, run } = await resources(page, base)
      if (turn != wanted) return
      if (!isBack) {
        remember()
        note()
        history.pushState({ mdY: 0 }, "", url)
      }
      shown = plain(url)
      exchange(page)
      drop()
      await run()
      if (turn != wanted) return
      arrive(url, y)
      document.dispatchEvent(new CustomEvent("theme:page"))
      note()
      $("#__content")?.focus({ preventScroll: true })
      arrive(url, y)
    } catch {
      if (turn == wanted) isBack ? location.reload() : location.assign(url)
    } finally {
      clearTimeout(slow)
      if (turn == wanted) progress(false)
    }
  }
  const remember = () => history.replaceState({ ...history.state, mdY: scrollY }, "")

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const url = target(event.target.closest?.("a[href]"))
    if (!url || (plain(url) == shown && url.hash)) return
    event.preventDefault()
    if (plain(url) == shown) return arrive(url)
    go(url)
  })
  for (const type of ["pointerover", "focusin"])
    document.addEventListener(type, ({ target: element }) => {
      if (!feature("navigation.instant.prefetch")) return
      const url = target(element.closest?.("a[href]"))
      if (url) prefetch(url)
    }, { passive: true })
  history.scrollRestoration = "manual"
  addEventListener("pagehide", () => { remember(); history.scrollRestoration = "auto" })
  addEventListener("pageshow", () => { history.scrollRestoration = "manual" })
  let settled
  addEventListener("scroll", () => { clearTimeout(settled); settled = setTimeout(remember, 200) }, { passive: true })
  addEventListener("popstate", ({ state }) => {
    clearTimeout(settled)
    if (plain(location) == shown) return state?.mdY != null ? arrive(location, state.mdY) : undefined
    go(new URL(location), { y: state?.mdY, isBack: true })
  })
})()
