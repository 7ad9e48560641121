// What templates written for Material for MkDocs expect of scripts: loaded only where a
// site has some, before the script of the theme.
(() => {
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const on = (type, handle, options) => document.addEventListener(type, handle, options)
  const field = ".md-search__inner [data-md-component=search-query]"

  // The search is open while its field is used.
  const open = (is) => {
    const box = $("#__search")
    if (!box || box.checked == is || !$(field)) return
    box.checked = is
    box.dispatchEvent(new Event("change", { bubbles: true }))
  }
  on("focusin", ({ target }) => { if (target.matches?.(field)) open(true) })
  on("click", ({ target }) => {
    // Labels tell the box by themselves.
    if (target.isConnected && !target.closest("[data-md-component=search], label[for=__search], #__search")) open(false)
    if (target.closest(".md-search__overlay, label.md-search__icon")) $(field)?.blur()
  })
  on("keydown", ({ key, target }) => { if (key == "Escape" && target.matches?.(field)) target.blur() })
  on("reset", ({ target }) => {
    if (!target.matches(".md-search__form")) return
    const input = $(field, target.parentElement.parentElement)
    // The field is still as it was.
    setTimeout(() => { input?.dispatchEvent(new Event("input", { bubbles: true })); input?.focus() })
  })

  // Labels that fold sections are used with the keyboard, too.
  on("keydown", (event) => {
    if (event.key != "Enter" || !event.target.matches?.("label[tabindex]")) return
    event.preventDefault()
    event.target.click()
  })
  on("change", ({ target }) => { if (target.matches?.(".md-toggle--indeterminate")) { target.classList.remove("md-toggle--indeterminate"); target.checked = false } })

  // The header has the title of the page once its heading is out of sight.
  let waiting
  const title = () => {
    waiting = false
    const heading = $(".md-content h1"), header = $(".md-header")
    if (heading && header) $("[data-md-component=header-title]")?.classList.toggle("md-header__title--active", heading.getBoundingClientRect().bottom < header.getBoundingClientRect().bottom)
  }
  on("scroll", () => { waiting ||= requestAnimationFrame(title) }, { passive: true })

  // A copy of the script that applies colours before the first paint does not say which there
  // are; the boxes to choose them by do.
  const boxes = $$("[data-md-component=palette] input")
  if (!window.__md_palette && boxes.length) {
    window.__md_options = boxes.map(({ dataset: { mdColorMedia: media, mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent } }) => ({ media, scheme, primary, accent }))
    window.__md_palette = (options, index) => {
      const matches = ({ media }) => matchMedia(media || "all").matches
      const chosen = __md_get("__palette")?.index
      const at = index ?? (chosen in options ? chosen : Math.max(0, options.findIndex(matches)))
      const isAuto = options[at].media == "(prefers-color-scheme)"
      const colours = isAuto ? options.find((one) => /: (light|dark)/.test(one.media) && matches(one)) || options[at] : options[at]
      for (const [name, value] of Object.entries({ Scheme: colours.scheme || "default", Primary: colours.primary, Accent: colours.accent }))
        value ? document.body.dataset["mdColor" + name] = value : delete document.body.dataset["mdColor" + name]
      return [at, colours]
    }
  }

  const init = () => {
    const input = $(field), results = $(".md-search__inner [data-md-component=search-result]")
    if (results && !input?.value.trim()) results.hidden = true
    // A table of contents without a box has nothing to open it in small windows.
    if (!$("#__toc"))
      for (const label of $$("label.md-nav__title[for=__toc]")) {
        const box = document.createElement("input")
        Object.assign(box, { type: "checkbox", id: "__toc", className: "md-toggle", autocomplete: "off" })
        box.setAttribute("aria-label", label.textContent.trim())
        label.before(box)
        break
      }
    title()
  }
  init()
  on("proofroom:update", init)
  on("theme:page", init)
})()
