// Notes beside the text: annotations, tooltips, footnotes where they are referred to, and
// lines of code to point to. Loaded only by pages that have some of it.
(() => {
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const on = (type, handle, options) => document.addEventListener(type, handle, options)
  const config = () => JSON.parse($("#__config")?.textContent || "{}")
  const word = (key) => config().translations?.[key] || key
  const feature = (name) => window.__feature(name)

  // Places a box below what it is about, or above it where there is no room.
  function place(box, about) {
    const at = about.getBoundingClientRect(), gap = 6
    box.style.maxHeight = ""
    const { width, height } = box.getBoundingClientRect()
    const left = Math.max(gap, Math.min(at.left + at.width / 2 - Math.min(width / 2, 120), innerWidth - width - gap))
    const below = innerHeight - at.bottom - 2 * gap, above = at.top - 2 * gap
    const isBelow = height <= below || below >= above
    box.style.left = left + "px"
    box.style.top = isBelow ? at.bottom + gap + "px" : Math.max(gap, at.top - gap - Math.min(height, above)) + "px"
    box.style.maxHeight = Math.max(isBelow ? below : above, 80) + "px"
  }

  // Annotations. A marker is a button, and the item of the list that it stands for opens
  // above the page; on paper, and without scripts, the list is still there.
  let last = 0
  const listOf = (block) => {
    let next = block.nextElementSibling
    while (next?.tagName == "P" && !next.children.length) next = next.nextElementSibling
    return next?.tagName == "OL" ? next : undefined
  }
  function hosts(block) {
    if (block.tagName != "CODE") return [block]
    const comments = [".c", ".c1", ".cm"], chosen = config().annotate || {}
    for (const name of block.closest("[class|=language], [class*=' language-']")?.classList ?? [])
      if (name.startsWith("language-")) comments.push(...(chosen[name.slice(9)] ?? []))
    return $$(comments.join(), block)
  }
  function marker(number, item) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "md-annotation"
    button.textContent = number
    button.setAttribute("aria-label", word("annotation").replace("#", number))
    button.dataset.mdAnnotation = item.id
    if (HTMLElement.prototype.togglePopover) button.popoverTargetElement = item
    return button
  }
  function annotate(block, list) {
    let found = false
    for (const host of hosts(block)) {
      const texts = [], walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".md-annotation, script, style")) texts.push(walker.currentNode)
      for (let text of texts)
        for (let match; (match = /\((\d+)\)(!)?/.exec(text.data)); ) {
          const item = list.children[match[1] - 1]
          const rest = text.splitText(match.index)
          text = rest.splitText(match[2] && block.tagName == "CODE" ? rest.length : match[0].length)
          if (item?.tagName != "LI") continue
          item.id ||= `__annotation_${++last}`
          if ("popover" in item) item.popover = "auto"
          list.classList.add("md-annotation-list")
          // With `!`, the note stands for all of its comment.
          if (match[2] && block.tagName == "CODE") host.replaceChildren(marker(match[1], item), text)
          else rest.replaceWith(marker(match[1], item))
          found = true
        }
    }
    return found
  }
  function annotations() {
    for (const block of $$(".md-typeset .annotate:not(.highlight)")) {
      const list = listOf(block)
      if (list) annotate(block, list)
    }
    for (const block of $$(".md-typeset .highlight")) {
      if (!block.matches(".annotate") && !feature("content.code.annotate")) continue
      const list = listOf(block)
      if (list) for (const code of $$("pre > code", block)) annotate(code, list)
    }
  }
  on("toggle", ({ target, newState }) => {
    if (!target.matches?.(".md-annotation-list > li")) return
    for (const button of $$(`[data-md-annotation="${CSS.escape(target.id)}"]`)) button.toggleAttribute("data-open", newState == "open")
  }, true)
  on("beforetoggle", ({ target, newState }) => {
    if (newState == "open" && target.matches?.(".md-annotation-list > li")) requestAnimationFrame(follow)
  }, true)
  function follow() {
    for (const item of $$(".md-annotation-list > li[popover]")) {
      if (!item.matches(":popover-open")) continue
      const button = $(`[data-md-annotation="${CSS.escape(item.id)}"]`)
      if (button) place(item, button)
    }
    if (about && tip?.matches(":popover-open")) place(tip, about)
  }
  on("scroll", ({ target }) => { if (!target.matches?.("[popover]")) follow() }, { passive: true, capture: true })
  addEventListener("resize", follow)
  addEventListener("beforeprint", () => { for (const item of $$(".md-annotation-list > :popover-open")) item.hidePopover() })

  // Tooltips: one box for the title of an element, or for a footnote
  let tip, about, waiting
  const isFootnote = (element) => element?.matches?.(".footnote-ref") && feature("content.footnote.tooltips")
  const shortened = (element) => {
    const text = element?.matches?.(".md-nav__link, .md-header__topic") && $(".md-ellipsis", element)
    return text && text.scrollWidth > text.clientWidth + 1 ? text.innerText : undefined
  }
  // Links to parts of the site, which are shown while they are pointed at
  const isPreviewed = (element) => {
    if (!element?.matches?.(".md-content a[href]:not(.headerlink, .footnote-ref, .footnote-backref, .md-content__button)")) return false
    const url = new URL(element.href)
    const isOfSite = /^https?:$/.test(url.protocol) && url.href.startsWith(__md_scope.href) && /(\/|\.html?|\/[^./]+)$/.test(url.pathname)
    return isOfSite && (element.hasAttribute("data-preview") || feature("navigation.instant.preview"))
  }
  const pages = new Map()
  async function pageOf(address) {
    if (address == location.href.split("#")[0]) return document
    if (pages.size > 30) pages.clear()
    if (!pages.has(address))
      pages.set(address, fetch(address, { headers: { accept: "text/html" } }).then(async (answer) => {
        // What is saved meanwhile is shown the next time.
        setTimeout(() => pages.delete(address), 5000)
        if (!answer.ok) throw new Error(answer.status)
        return new DOMParser().parseFromString(await answer.text(), "text/html")
      }))
    return pages.get(address)
  }
  // A heading and what is below it, up to the next one.
  async function partOf(link) {
    const url = new URL(link.href), address = url.href.split("#")[0]
    const page = await pageOf(address), id = url.hash && decodeURIComponent(url.hash.slice(1))
    const start = id ? page.getElementById(id) : $("article h1", page)
    if (!start) return []
    const isHeading = (element) => /^H[1-6]$/.test(element.tagName)
    const part = [start]
    if (isHeading(start)) for (let next = start.nextElementSibling; next && !isHeading(next) && part.length < 8; next = next.nextElementSibling) part.push(next)
    return part.map((element) => {
      let copy = document.importNode(element, true)
      for (const one of $$("script, .headerlink, .md-clipboard, .md-code__select, .md-content__button", copy)) one.remove()
      for (const one of $$(".md-annotation", copy)) one.replaceWith(`(${one.textContent})`)
      for (const one of [copy, ...$$("*", copy)]) {
        for (const name of ["id", "name", "popover", "data-src"]) one.removeAttribute(name)
        for (const name of ["href", "src"]) if (one.hasAttribute(name)) one.setAttribute(name, new URL(one.getAttribute(name), address))
      }
      if (isHeading(copy)) { const title = document.createElement("p"), strong = document.createElement("strong"); strong.append(...copy.childNodes); title.append(strong); copy = title }
      return copy
    })
  }
  async function preview(link) {
    hide()
    about = link
    const part = await partOf(link).catch(() => [])
    if (about != link || !part.length) return
    // The browser would show it too.
    if (link.title) { link.dataset.mdTitle = link.title; link.removeAttribute("title") }
    open(link, "md-tooltip md-tooltip--rich md-typeset", part)
  }

  function subject(target) {
    const note = target.closest?.(".footnote-ref")
    if (isFootnote(note)) return note
    const link = target.closest?.("a")
    if (isPreviewed(link)) return link
    if (!feature("content.tooltips")) return
    const element = target.closest?.("[title], [data-md-title], .md-nav__link")
    return element && (element.title || element.dataset.mdTitle || shortened(element)) && !element.matches("iframe, svg *") ? element : undefined
  }
  function open(element, name, content) {
    tip ||= Object.assign(document.createElement("div"), { id: "__tooltip" })
    if (!tip.showPopover) return
    ;(element.closest("header, nav, main, footer, aside") || document.body).append(tip)
    tip.popover = "manual"
    tip.className = name
    tip.replaceChildren(...content)
    about = element
    tip.showPopover()
    place(tip, element)
  }
  function show(element) {
    if (isPreviewed(element)) return preview(element)
    hide()
    const title = element.title || shortened(element)
    if (isFootnote(element)) {
      const note = document.getElementById(decodeURIComponent(element.hash.slice(1)))
      if (!note) return
      const copy = note.cloneNode(true)
      for (const link of $$(".footnote-backref, [id]", copy)) link.matches(".footnote-backref") ? link.remove() : link.removeAttribute("id")
      return open(element, "md-tooltip md-tooltip--rich md-typeset", [...copy.childNodes])
    }
    // The browser would show it too.
    if (element.title) { element.dataset.mdTitle = element.title; element.removeAttribute("title") }
    open(element, "md-tooltip", [title])
    tip?.setAttribute("role", "tooltip")
    element.setAttribute("aria-describedby", "__tooltip")
  }
  function hide() {
    clearTimeout(waiting)
    if (!about) return
    if (about.dataset.mdTitle) { about.title = about.dataset.mdTitle; delete about.dataset.mdTitle }
    if (about.getAttribute("aria-describedby") == "__tooltip") about.removeAttribute("aria-describedby")
    about = undefined
    tip?.removeAttribute("role")
    tip?.matches(":popover-open") && tip.hidePopover()
  }
  const later = (run, time) => { clearTimeout(waiting); waiting = setTimeout(run, time) }
  on("pointerover", ({ target, pointerType }) => {
    if (pointerType == "touch") return
    if (tip?.contains(target)) return clearTimeout(waiting)
    const element = subject(target)
    if (element === about) return clearTimeout(waiting)
    if (element) later(() => show(element), about ? 60 : 250)
    else later(hide, 150)
  })
  on("focusin", ({ target }) => { const element = target.matches?.(":focus-visible") && subject(target); if (element) show(element); else if (!tip?.contains(target)) hide() })
  on("keydown", ({ key }) => { if (key == "Escape") hide() })
  on("click", ({ target }) => { if (!tip?.contains(target)) hide() })

  // Lines of code to point to: `#__codelineno-0-2` is one, `#__codelineno-0-2:5` are four.
  const lines = (code) => $$(":scope > span[id]", code)
  const name = (line) => $("a[id]", line)?.id ?? line.id
  const number = (line) => +line.id.match(/\d+$/)?.[0]
  function selectors() {
    for (const code of $$(".md-typeset .highlight pre > code")) {
      const pre = code.parentElement
      const is = code.closest(".select") || (feature("content.code.select") && !code.closest(".no-select"))
      if (!is || !lines(code).length || $(".md-code__select", pre)) continue
      const button = pre.appendChild(document.createElement("button"))
      button.type = "button"
      button.className = "md-code__select"
      button.title = word("code.select")
      button.setAttribute("aria-label", button.title)
      button.setAttribute("aria-pressed", "false")
    }
  }
  const codeOf = (button) => $("code", button.closest("pre"))
  function point(code, from, to = from) {
    const all = lines(code), [first, end] = from <= to ? [from, to] : [to, from]
    if (!all[first] || !all[end]) return
    history.replaceState(history.state, "", `#${name(all[first])}${end > first ? ":" + number(all[end]) : ""}`)
    code.dataset.mdFrom = from
    code.dataset.mdTo = to
    mark()
  }
  function mark(scrolls) {
    const [id, to] = decodeURIComponent(location.hash.slice(1)).split(":")
    const start = id && document.getElementById(id)?.closest("code > span[id]")
    for (const line of $$(".md-code__line--selected")) line.classList.remove("md-code__line--selected")
    if (!start) return
    const end = to ? +to : number(start)
    for (const line of lines(start.parentElement)) if (number(line) >= number(start) && number(line) <= end) line.classList.add("md-code__line--selected")
    if (scrolls && to) start.scrollIntoView({ block: "center" })
  }
  on("click", ({ target, shiftKey }) => {
    const button = target.closest?.(".md-code__select")
    if (button) return button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") != "true")
    const line = target.closest?.("pre:has([aria-pressed=true]) > code > span[id]")
    if (!line || target.closest(".md-annotation")) return
    const code = line.parentElement, at = lines(code).indexOf(line)
    point(code, shiftKey && code.dataset.mdFrom ? +code.dataset.mdFrom : at, at)
  })
  on("mousedown", (event) => { if (event.shiftKey && event.target.closest?.("pre:has([aria-pressed=true]) > code")) event.preventDefault() })
  on("keydown", (event) => {
    const button = event.target.closest?.(".md-code__select[aria-pressed=true]")
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!button || !step) return
    event.preventDefault()
    const code = codeOf(button), to = +(code.dataset.mdTo ?? -1) + step
    if (to >= 0 && to < lines(code).length) point(code, event.shiftKey ? +(code.dataset.mdFrom ?? to) : to, to)
  })
  addEventListener("hashchange", () => mark(true))

  // Called by the script of the theme once and after each update.
  let isNew = true
  window.__notes = () => { annotations(); selectors(); mark(isNew); isNew = false }
  // On a page that came in place of another, the script of the theme is there already.
  if (window.__feature) window.__notes()
  on("proofroom:update", () => { if (about && !about.isConnected) hide() })
})()
