// Loads the parts of a large nav. A page has the top level, the sections around it and
// the names of their neighbours; what is in these comes from `assets/nav/`, when a reader
// points to one or opens it. Parts are scripts, because a page that was opened from disk
// cannot fetch anything.
(() => {
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const primary = ".md-sidebar--primary"
  // The part that each filled list came from, and the names of all that are wanted.
  const origin = new WeakMap(), wanted = new Set()

  const parts = (path) => path.split("/").filter((part) => part && part != ".")
  // Addresses in parts start at the root of the site; in a page they are relative to it.
  function address(written) {
    if (!written.startsWith("./")) return written
    const base = JSON.parse(document.querySelector("#__config").textContent).base
    const target = written.slice(2)
    if (base.startsWith("/")) return base.replace(/\/*$/, "/") + target
    const up = parts(base).length, goal = parts(target)
    const folder = parts(location.pathname.slice(__md_scope.pathname.length)).slice(0, up)
    let shared = 0
    while (shared < up && shared < goal.length && folder[shared] == goal[shared]) shared++
    const link = [...Array(up - shared).fill(".."), ...goal.slice(shared)].join("/") || "."
    return target.endsWith("/") ? link + "/" : link
  }

  window.__nav = (name, html) => {
    const tree = document.createElement("template")
    tree.innerHTML = html
    for (const link of $$("a[href]", tree.content)) link.setAttribute("href", address(link.getAttribute("href")))
    const lists = $$(`${primary} .md-nav__list`)
    for (const list of lists.filter((list) => list.isConnected && (list.dataset.mdPart == name || origin.get(list) == name))) {
      const label = list.getAttribute("aria-labelledby")
      const found = $$(".md-nav__list", tree.content).find((one) => one.getAttribute("aria-labelledby") == label)
      if (found) fill(list, found.cloneNode(true), name)
    }
    prepare()
  }

  // Fills a list, and keeps the items that it has: the page knows more of them.
  function fill(list, full, name) {
    const box = list.closest(".md-sidebar__scrollwrap")
    const link = list.querySelector("[aria-current=page]")
    const top = link?.getBoundingClientRect().top
    const target = (item) => item.querySelector("a")?.getAttribute("href") ?? item.querySelector("[id]")?.id
    const open = new Map($$(":scope > li", list).filter((item) => item.querySelector("details[open], [aria-current=page]")).map((item) => [target(item), item]))
    const kept = (item) => open.get(target(item)) ?? item
    list.replaceChildren(...[...full.childNodes].map((node) => node.nodeName == "LI" ? kept(node) : node))
    delete list.dataset.mdPart
    origin.set(list, name)
    if (link?.isConnected && box) box.scrollTop += link.getBoundingClientRect().top - top
  }

  function load(name, again) {
    if (wanted.has(name) && !again) return
    wanted.add(name)
    const script = document.createElement("script")
    script.src = new URL(`assets/nav/${name}.js`, __md_scope) + (again ? `?${Date.now()}` : "")
    // Without it, the link to the first page of the section is still there.
    script.onerror = () => wanted.delete(name)
    script.onload = () => script.remove()
    document.head.append(script)
  }
  const complete = () => {
    for (const more of $$(`${primary} [data-md-part] > [data-md-more]`)) load(more.parentElement.dataset.mdPart)
  }

  // A title that is a link for readers without scripts opens its section for others.
  function prepare() {
    for (const link of $$(`${primary} [data-md-first]`)) link.replaceWith(...link.childNodes)
    for (const section of $$(`${primary} details[open]`)) {
      const list = section.querySelector(":scope > [data-md-part]")
      if (list) load(list.dataset.mdPart)
    }
  }

  const on = (type, handle) => document.addEventListener(type, handle, { capture: true, passive: true })
  for (const type of ["pointerover", "focusin", "toggle"])
    on(type, ({ target }) => {
      if (!target.closest?.(primary)) return
      const section = target.matches("details") ? target.open && target : target.closest("summary, .md-nav__link")?.parentElement.closest("details, li")
      const list = section && section.querySelector(":scope > [data-md-part], :scope > details > [data-md-part]")
      if (list) load(list.dataset.mdPart)
      // A list that is cut is completed once its reader comes near it.
      complete()
    })
  // Phones show the nav in a drawer.
  on("change", ({ target }) => { if (target.id == "__drawer" && target.checked) complete() })
  on("proofroom:update", prepare)
  on("theme:page", () => { wanted.clear(); prepare() })
  on("proofroom:assets", ({ detail }) => {
    for (const name of wanted) if (detail.assets.includes(`assets/nav/${name}.js`)) load(name, true)
  })
  prepare()
})()
