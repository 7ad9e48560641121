// What CSS alone cannot do. All listeners are on the document and look at the
// current page, so parts of it may be replaced at any time. What must be set up
// again afterwards is done in `init`, which may run any number of times.
(() => {
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const on = (type, handle, options) => document.addEventListener(type, handle, options)
  const config = () => JSON.parse($("#__config")?.textContent || "{}")
  const word = (key) => config().translations?.[key] || key
  const feature = (name) => config().features?.includes(name)
  window.__feature = feature

  // Scripts written for Material subscribe to this to run on every page.
  const subscribers = []
  window.document$ = window.document$ || {
    subscribe(run) { subscribers.push(run); if (document.readyState != "loading") run(document) },
    get observed() { return subscribers.length > 0 },
  }

  // Palette
  function palette(index) {
    if (!window.__md_palette) return
    const [chosen, shown] = __md_palette(__md_options, index)
    $$("[data-md-component=palette] input").forEach((input, i) => {
      input.checked = i == chosen
      const label = input.nextElementSibling
      if (label?.tagName == "LABEL") label.hidden = i != chosen
    })
    if (index != null) __md_set("__palette", { index, color: { media: "", primary: "", accent: "", ...shown, toggle: undefined } })
  }
  on("change", ({ target }) => {
    if (target.matches("[data-md-component=palette] input")) palette($$("[data-md-component=palette] input").indexOf(target))
  })
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => palette())

  // Tabbed sets with the same labels move together
  const label = (input) => $(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim()
  function choose(name, except) {
    for (const input of $$(".tabbed-set > input"))
      if (input.parentElement != except && !input.checked && label(input) == name) input.checked = true
  }
  on("change", ({ target }) => {
    if (!target.matches(".tabbed-set > input") || !feature("content.tabs.link")) return
    const name = label(target), y = target.parentElement.getBoundingClientRect().top
    choose(name, target.parentElement)
    scrollBy({ top: target.parentElement.getBoundingClientRect().top - y, behavior: "instant" })
    __md_set("__tabs", [name, ...(__md_get("__tabs") || []).filter((other) => other != name)].slice(0, 8))
  })

  // Copy buttons
  on("click", async ({ target }) => {
    const button = target.closest?.(".md-clipboard")
    if (!button) return
    const code = $("code", button.parentElement).cloneNode(true)
    $$(".linenos, .md-annotation", code).forEach((node) => node.remove())
    try {
      await navigator.clipboard.writeText(code.textContent.replace(/\n+$/, ""))
      button.dataset.done = ""
      say(word("clipboard.copied"))
      setTimeout(() => delete button.dataset.done, 1500)
    } catch { getSelection().selectAllChildren($("code", button.parentElement)) }
  })
  let quiet
  function say(text) {
    const dialog = $("[data-md-component=dialog]")
    if (!dialog) return
    dialog.textContent = text
    dialog.hidden = false
    clearTimeout(quiet)
    quiet = setTimeout(() => { dialog.hidden = true }, 1500)
  }

  // Reading position
  // The element of a fragment. One with a bare `%` cannot be decoded.
  function target(fragment) {
    try { return document.getElementById(decodeURIComponent(fragment)) } catch { return document.getElementById(fragment) }
  }
  // The address follows a reader who scrolls, and not what else moves the page: a link
  // that was followed leads to where it says.
  let waiting, last = 0, isReader = false
  const scrolls = /^(Arrow(Up|Down)|Page(Up|Down)|Home|End| )$/
  on("wheel", () => { isReader = true }, { passive: true })
  on("touchmove", () => { isReader = true }, { passive: true })
  on("keydown", ({ key, target }) => { if (scrolls.test(key) && !target.closest?.("input, textarea, select, button, [contenteditable]")) isReader = true })
  // The bar beside the page.
  on("pointerdown", ({ target }) => { isReader = target == document.documentElement })
  addEventListener("hashchange", () => { isReader = false })
  // What is animated while a page loads keeps its reader waiting.
  const soften = () => requestAnimationFrame(() => document.documentElement.classList.add("md-smooth"))
  if (document.readyState == "complete") soften()
  else addEventListener("load", soften)
  function look() {
    waiting = false
    const links = $$(".md-nav--secondary [data-md-component=toc] a[href*='#']")
    const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 24
    const bottom = scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && scrollY > 0
    let here
    for (const link of links) {
      const heading = target(link.hash.slice(1))
      const top = heading?.getBoundingClientRect().top
      if (heading && (top <= line || (bottom && top < innerHeight && link.hash == location.hash))) here = link
    }
    for (const link of links) {
      const active = link == here
      if (active == link.classList.contains("md-nav__link--active")) continue
      link.classList.toggle("md-nav__link--active", active)
      if (!active) link.removeAttribute("aria-current")
      else { link.setAttribute("aria-current", "location"); reveal(link) }
    }
    if (here && feature("navigation.tracking") && here.hash != location.hash && scrollY != last && isReader)
      history.replaceState(history.state, "", here.hash)
    if (feature("header.autohide") && scrollY != last) $(".md-header")?.classList.toggle("md-header--hidden", scrollY > last && scrollY > 200)
    const top = $("[data-md-component=top]")
    if (top && Math.abs(scrollY - last) > 4) top.hidden = scrollY > last || scrollY < innerHeight
    last = scrollY
  }
  function reveal(link) {
    const box = link.closest(".md-sidebar__scrollwrap")
    if (!box || box.scrollHeight <= box.clientHeight) return
    const a = link.getBoundingClientRect(), b = box.getBoundingClientRect()
    if (a.top < b.top + 40 || a.bottom > b.bottom - 40) box.scrollTop += a.top - b.top - b.height / 3
  }
  on("scroll", () => { if (!waiting) waiting = requestAnimationFrame(look) }, { passive: true })

  // The keys, listed by `?`
  function keys() {
    const rows = [["/", "s", "f", "Ctrl K"], "search", ["n", "."], "footer.next", ["p", ","], "footer.previous", ["Esc"], "keys.close", ["?"], "keys"]
    const dialog = document.body.appendChild(document.createElement("dialog"))
    dialog.className = "md-keys"
    dialog.setAttribute("aria-label", word("keys"))
    const list = dialog.appendChild(document.createElement("dl"))
    for (let row = 0; row < rows.length; row += 2) {
      list.appendChild(document.createElement("dt")).append(...rows[row].map((key) => Object.assign(document.createElement("kbd"), { textContent: key })))
      list.appendChild(document.createElement("dd")).textContent = word(rows[row + 1])
    }
    dialog.onclick = ({ target }) => { if (target == dialog) dialog.close() }
    dialog.onclose = () => dialog.remove()
    dialog.showModal()
  }

  // Drawer, menus and search field
  let before
  const toggle = (box, on) => { box.checked = on; box.dispatchEvent(new Event("change", { bubbles: true })); return true }
  const close = (id) => { const box = $("#" + id); return box?.checked && toggle(box, false) }
  // What is behind an open drawer can be neither reached nor read.
  const narrow = matchMedia("(max-width: 76.2499em)")
  let behind = []
  function drawer() {
    for (const element of behind) element.inert = false
    behind = []
    const side = $(".md-sidebar--primary")
    if (!$("#__drawer")?.checked || !narrow.matches || !side) return
    for (let element = side; element.parentElement && element != document.body; element = element.parentElement)
      behind.push(...[...element.parentElement.children].filter((other) => other != element && !other.inert && !other.matches("#__drawer, .md-overlay, script, style, [data-md-component=dialog]") && !other.localName.includes("-")))
    for (const element of behind) element.inert = true
    side.querySelector("a, summary, [tabindex='0']")?.focus({ preventScroll: true })
  }
  // The boxes that open drawer and search work without scripts; with them, what is in their
  // labels is a button.
  const opener = (id) => $(`.md-header label.md-header__button[for=${id}] > [role=button]`)
  function buttons() {
    for (const id of ["__drawer", "__search"]) {
      const box = $("#" + id)
      for (const label of $$(`.md-header label.md-header__button[for=${id}], label.md-nav__button[for=${id}]`)) {
        if (!box) continue
        let button = $("[role=button]", label)
        if (!button) {
          button = document.createElement("span")
          button.append(...label.childNodes)
          label.append(button)
          button.setAttribute("role", "button")
          button.setAttribute("aria-label", label.title || box.getAttribute("aria-label") || id.slice(2))
          button.tabIndex = 0
        }
        button.setAttribute("aria-expanded", box.checked)
        box.tabIndex = -1
        box.setAttribute("aria-hidden", "true")
      }
    }
  }
  narrow.addEventListener("change", drawer)
  on("click", ({ target }) => {
    if (!target.closest) return
    if (target.closest(".md-sidebar--primary a")) close("__drawer")
    for (const menu of $$("details.md-select[open]")) if (!menu.contains(target)) menu.open = false
    const banner = target.closest(".md-banner__button")?.closest(".md-banner")
    if (banner) { banner.hidden = true; __md_set("__announce", +(banner.dataset.mdHash ?? __md_hash($(".md-typeset", banner).innerHTML))) }
    if (!target.closest("[data-md-component=search]")) results(false)
  })
  on("keydown", (event) => {
    if (event.key == "Escape") {
      for (const menu of $$("details.md-select[open]")) { menu.open = false; $("summary", menu).focus() }
      results(false)
      if (event.target.matches?.("[data-md-component=search-query]") && before?.isConnected) { event.target.blur(); before.focus({ preventScroll: true }) }
      for (const id of ["__drawer", "__search"]) if (close(id)) (opener(id) || $("#" + id)).focus()
    }
    // To the browser, Enter sends a form; these boxes work as buttons.
    if (event.key == "Enter" && event.target.matches?.(".md-toggle, .md-nav__toggle")) { event.preventDefault(); toggle(event.target, !event.target.checked) }
    if (/^(Enter| )$/.test(event.key) && event.target.matches?.("label > [role=button]")) { event.preventDefault(); event.target.click() }
    const field = $("[data-md-component=search-query]")
    const isTyped = event.target.closest?.("input:not(.md-toggle, .md-option), textarea, select, [contenteditable]")
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !isTyped && !event.defaultPrevented
    if (field && ((isPlain && /^[/sf]$/.test(event.key)) || ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key == "k"))) {
      event.preventDefault()
      if (document.activeElement != field) before = document.activeElement
      if ($("#__search")) toggle($("#__search"), true)
      field.focus()
    } else if (isPlain && /^[np.,]$/.test(event.key)) {
      const rel = /[n.]/.test(event.key) ? "next" : "prev"
      const link = $(`a[rel=${rel}]`) || $(`link[rel=${rel}]`)
      if (link) {
        event.preventDefault()
        const way = Object.assign(document.createElement("a"), { href: link.href, hidden: true })
        document.body.append(way)
        way.click()
        way.remove()
      }
    } else if (isPlain && event.key == "?") { event.preventDefault(); keys() }
    if (/^Arrow(Down|Up)$/.test(event.key) && event.target.closest?.("[data-md-component=search]")) {
      const stops = [field, ...$$(".md-search-result__link, .md-search-result__more > summary, .md-search-result__next").filter((it) => it.checkVisibility?.() ?? true)]
      const next = stops[stops.indexOf(document.activeElement) + (event.key == "ArrowDown" ? 1 : -1)]
      if (next) { event.preventDefault(); next.focus() }
    }
  })
  on("change", ({ target }) => {
    if (target.id == "__search" && target.checked) $("[data-md-component=search-query]")?.focus()
    if (target.id == "__drawer") drawer()
    if (target.matches(".md-toggle")) buttons()
  })

  // Search, loaded when it is first needed
  let search
  const results = (show) => { const box = $("[data-md-component=search-result]"); if (box) box.hidden = !show; return box }
  function searches() {
    if (search) return
    search = document.createElement("script")
    search.src = new URL(config().assets?.["search-box.js"] || "assets/theme/js/search-box.js", __md_scope)
    search.onload = () => __search_box.begin()
    // The reader may try again.
    search.onerror = () => { search = undefined; unavailable() }
    document.head.append(search)
  }
  function unavailable() { const box = results(true); if (box) $(".md-search-result__meta", box).textContent = word("search.unavailable") }
  for (const type of ["focusin", "input"])
    on(type, ({ target }) => { if (target.matches?.("[data-md-component=search-query]")) searches() })
  on("theme:say", ({ detail }) => say(detail))
  on("submit", (event) => {
    if (event.target.matches(".md-search__form")) { event.preventDefault(); $(".md-search-result__link")?.click() }
  })
  if (/[?&](q|h)=/.test(location.search) && $("[data-md-component=search]")) searches()

  // Tab stops: what scrolls sideways, so that arrow keys move it, and not each line of code
  const boxes = ".md-typeset pre > code, .md-typeset table, .md-typeset .arithmatex"
  const stop = (box) => {
    const is = box.scrollWidth > box.clientWidth + 1
    if (is == (box.dataset.mdScrolls != null)) return
    is ? box.dataset.mdScrolls = "" : delete box.dataset.mdScrolls
    is ? box.tabIndex = 0 : box.removeAttribute("tabindex")
  }
  const sizes = window.ResizeObserver && new ResizeObserver((entries) => entries.forEach(({ target }) => stop(target)))
  function stops() {
    for (const line of $$(".md-typeset pre a[href^='#']:empty, .md-typeset .linenos a, .md-typeset .linenodiv a")) {
      line.tabIndex = -1
      if (!line.firstChild) line.setAttribute("aria-hidden", "true")
    }
    // Boxes of lists of tasks are called as what is to do.
    for (const box of $$(".task-list-item input[type=checkbox]:not([aria-label])")) box.setAttribute("aria-label", box.closest("li").innerText.trim().split("\n")[0])
    for (const box of $$(boxes)) { sizes?.observe(box); stop(box) }
  }

  // Setup, once and after each live update
  function init() {
    palette()
    const copies = feature("content.code.copy")
    for (const code of $$(".md-typeset pre > code")) {
      const pre = code.parentElement
      if ($(".md-clipboard", pre) || pre.matches(".mermaid")) continue
      if (!(copies && !code.closest(".no-copy")) && !code.closest(".copy")) continue
      const button = pre.appendChild(document.createElement("button"))
      button.type = "button"
      button.className = "md-clipboard"
      button.title = word("clipboard.copy")
      button.setAttribute("aria-label", button.title)
    }
    stops()
    buttons()
    // Notes beside the text, which few pages have
    window.__notes?.()
    drawer()
    look()
  }
  init()
  // What the reader chose on other pages, and where the page is in the nav
  function remembered() {
    if (feature("content.tabs.link"))
      for (const name of (__md_get("__tabs") || []).reverse()) choose(name)
    const current = $(".md-sidebar--primary [aria-current=page]")
    if (current) reveal(current)
    const tab = $(".md-tabs__item--active"), tabs = tab?.parentElement
    if (tabs?.scrollWidth > tabs?.clientWidth) tabs.scrollLeft += tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left - tabs.clientWidth / 3
  }
  remembered()
  const ready = () => subscribers.forEach((run) => run(document))
  if (document.readyState == "loading") on("DOMContentLoaded", ready)
  on("proofroom:update", ({ detail }) => { init(); if (detail.again) ready() })
  // Another page stands here now.
  on("theme:page", () => { isReader = false; last = scrollY; init(); remembered(); ready() })
})()
