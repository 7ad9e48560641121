// The search box: asks `search.js` and shows what it finds. `theme.js` loads this when
// a reader first enters the field, or opens an address with a query.
(() => {
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const config = () => JSON.parse($("#__config")?.textContent || "{}")
  const word = (key) => config().translations?.[key] ?? key
  const field = () => $("[data-md-component=search-query]")
  const box = () => $("[data-md-component=search-result]")
  const make = (name, className, ...inside) => {
    const element = document.createElement(name)
    if (className) element.className = className
    element.append(...inside)
    return element
  }
  // How many pages are shown at first, and how many more at a time.
  const FEW = 6, MORE = 12
  // How many sections of a page are shown without being asked for.
  const SECTIONS = 3

  // Loaded once. After a failure it is loaded again when the reader comes back to the
  // field, not at each key.
  let engine, lost, asked = 0
  const scripts = {}
  const script = (path) => scripts[path] ||= new Promise((done, failed) => {
    const element = document.createElement("script")
    element.src = new URL(path, __md_scope)
    element.onload = done
    element.onerror = () => { delete scripts[path]; failed(new Error(`${element.src} cannot be loaded`)) }
    document.head.append(element)
  })
  async function open() {
    await script(config().assets?.["search.js"] || "assets/theme/js/search.js")
    const folder = new URL(config().search || "search/", __md_scope)
    if (typeof proofroomAddresses === "undefined") return __search.openIndex(folder)
    return __search.openServer(new URL(proofroomAddresses.own("search?at=" + encodeURIComponent(proofroomAddresses.pathOf(folder)))))
  }
  const ready = () => engine ||= open()

  const literalOf = (text) => text.toLowerCase().split(/\s+/).filter((chunk) => /[^\p{L}\p{N}\p{M}]/u.test(chunk))

  // The address of a section, with the words to mark there.
  function address(url, id, marked) {
    const target = new URL(url || ".", __md_scope)
    if (config().features?.includes("search.highlight") && marked.length) target.searchParams.set("h", marked.join(" "))
    if (id) target.hash = id
    return target.href
  }

  function link(className, title, text, found, href) {
    const element = make("a", "md-search-result__link " + className)
    element.href = href
    // Its edge is where its text begins.
    element.dir = "auto"
    const heading = make("b", "md-search-result__title")
    heading.innerHTML = __search.marked(title, __search.marks(title, found.words, found.literal))
    element.append(heading)
    if (text) {
      const excerpt = make("span", "md-search-result__excerpt")
      excerpt.dir = "auto"
      excerpt.innerHTML = __search.excerpt(text, found.words, found.literal)
      element.append(excerpt)
    }
    return element
  }

  // A page, with those of its sections where something was found.
  function item([[url, title, sections], numbers], found) {
    const here = numbers.map((number) => sections[number]).filter(Boolean)
    const text = here.map(([, heading, text]) => `${heading} ${text}`).join(" ")
    const inText = __search.marks(`${title} ${text}`, found.words).map(([from, to]) => `${title} ${text}`.slice(from, to).toLowerCase())
    const marked = [...new Set([...inText, ...found.literal])].slice(0, 10)
    const top = sections[0], isTop = (section) => section === top
    const rest = here.filter((section) => !isTop(section))
    const topText = here.some(isTop) || !rest.length ? top?.[2] : ""
    const entry = make("li", "md-search-result__item", link("md-search-result__page", title || url, topText, found, address(url, "", marked)))
    const entries = rest.map(([id, heading, text]) => make("li", "", link("md-search-result__section", heading, text, found, address(url, id, marked))))
    if (entries.length) entry.append(make("ol", "md-search-result__sections", ...entries.slice(0, SECTIONS)))
    const hidden = entries.slice(SECTIONS)
    if (hidden.length) {
      const summary = make("summary", "", word("search.more." + (hidden.length == 1 ? "one" : "other")).replace("#", hidden.length))
      entry.append(make("details", "md-search-result__more", summary, make("ol", "md-search-result__sections", ...hidden)))
    }
    return entry
  }

  const hide = () => { if (box()) box().hidden = true; suggest("") }

  // The completion of the last word, behind what was typed.
  function suggest(text) {
    const element = $("[data-md-component=search-suggest]")
    if (element) element.textContent = text
  }
  // A word of the pages that were found, as they spell it.
  function spelled(completion, pages) {
    const words = pages.flatMap(([[, title, sections]]) => [title, ...sections.map((section) => section.join(" "))].join(" ").match(/[\p{L}\p{N}\p{M}]+/gu) || [])
    return words.find((it) => __search.fold(it.normalize("NFKC")) == completion)?.toLowerCase() ?? completion
  }

  async function search(input) {
    const turn = ++asked, text = input.value
    share(text)
    if (!text.trim()) return hide()
    suggest("")
    let answer, pages = [], failed
    try {
      if (lost) throw lost
      answer = await (await ready())(text)
      pages = await answer.take(0, FEW)
    } catch (error) { lost = error; failed = true; console.error(error) }
    if (turn != asked || !box()) return
    const count = answer?.count ?? 0, found = { words: new Set(answer?.words), literal: literalOf(text) }
    $(".md-search-result__meta", box()).textContent = failed ? word("search.unavailable")
      : word("search.result." + (count ? (count == 1 ? "one" : "other") : "none")).replace("#", count)
    const list = $(".md-search-result__list", box())
    list.replaceChildren(...pages.map((page) => item(page, found)))
    box().hidden = false
    box().scrollTop = 0
    more(list, answer, found, pages.length, turn)
    if (config().features?.includes("search.suggest") && answer?.completion) {
      const typed = text.match(/[\p{L}\p{N}\p{M}]+$/u)?.[0], whole = spelled(answer.completion, pages)
      if (typed && whole.startsWith(typed.toLowerCase())) suggest(text + whole.slice(typed.length))
    }
  }
  function more(list, answer, found, shown, turn) {
    $(".md-search-result__next", box())?.remove()
    if (!answer || shown >= answer.count) return
    const button = make("button", "md-search-result__next", word("search.more.pages"))
    button.type = "button"
    button.onclick = async () => {
      button.disabled = true
      const pages = await answer.take(shown, shown + MORE).catch((error) => { console.error(error); return [] })
      if (turn != asked) return
      const items = pages.map((page) => item(page, found))
      list.append(...items)
      more(list, answer, found, pages.length ? shown + MORE : answer.count, turn)
      $("a", items[0] || list)?.focus()
    }
    box().append(button)
  }

  // The link to this search, and words to mark on the page that it leads to
  function share(text) {
    const element = $("[data-md-component=search-share]")
    if (!element) return
    const target = new URL(location.href)
    target.hash = ""
    target.searchParams.delete("h")
    target.searchParams.set("q", text)
    element.href = target.href
    element.hidden = !text.trim()
  }

  function show(text) {
    const toggle = $("#__search")
    if (toggle) toggle.checked = true
    field().value = text
    field().focus()
    search(field())
  }

  // Marks words on the page, which the address has from the results.
  function mark(text) {
    const article = $("article")
    if (!article) return
    const words = new Set(text.split(" ").map((it) => __search.fold(it.normalize("NFKC").replace(/[-_.':\u2010\u2011\u2019]/g, "")))), literal = literalOf(text)
    for (const it of text.split(" ")) words.add(__search.fold(it.normalize("NFKC")))
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT), nodes = []
    while (walker.nextNode()) nodes.push(walker.currentNode)
    let first
    for (const node of nodes) {
      if (node.parentElement.closest("script, style, svg, textarea, .headerlink, .mermaid, .arithmatex, mark[data-md-highlight]")) continue
      for (const [from, to] of __search.marks(node.data, words, literal).reverse()) {
        const range = new Range(), element = make("mark")
        element.dataset.mdHighlight = ""
        range.setStart(node, from)
        range.setEnd(node, to)
        range.surroundContents(element)
        first = element
      }
    }
    return first
  }

  document.addEventListener("input", ({ target }) => { if (target === field()) search(target) })
  document.addEventListener("focusin", ({ target }) => {
    if (target !== field()) return
    if (lost) engine = lost = undefined
    // Loads ahead: whoever enters the field is about to type.
    ready().catch(() => {})
    if (target.value.trim() && box()?.hidden) search(target)
  })
  document.addEventListener("keydown", (event) => {
    const input = field(), element = $("[data-md-component=search-suggest]")
    const completion = element?.textContent
    const forward = getComputedStyle(input || document.body).direction == "rtl" ? "ArrowLeft" : "ArrowRight"
    if (event.target !== input || event.key != forward || !completion || input.selectionStart < input.value.length) return
    event.preventDefault()
    input.value = completion
    search(input)
  })
  document.addEventListener("click", async (event) => {
    const target = event.target.closest?.("[data-md-component=search-share]")
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    try {
      await navigator.clipboard.writeText(target.href)
      target.dataset.done = ""
      document.dispatchEvent(new CustomEvent("theme:say", { detail: word("clipboard.copied") }))
      setTimeout(() => delete target.dataset.done, 1500)
    } catch { location.href = target.href }
  })
  // In a preview, an edit may be found by now.
  document.addEventListener("proofroom:update", () => { if (field()?.value.trim() && !box()?.hidden) search(field()) })

  window.__search_box = {
    // What the reader typed before this was loaded, and what the address asks for.
    begin() {
      const input = field(), asks = new URLSearchParams(location.search)
      if (input && input === document.activeElement) ready().catch(() => {})
      if (input?.value.trim()) search(input)
      if (asks.get("q") && input) show(asks.get("q"))
      if (asks.get("h")) script(config().assets?.["search.js"] || "assets/theme/js/search.js").then(() => mark(asks.get("h")), console.error)
    },
    hide,
  }
})()
