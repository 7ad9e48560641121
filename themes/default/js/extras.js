// What only sites with settings for it have: versions, consent, analytics, feedback and the
// facts of the repository.
(() => {
  const $ = (css, from = document) => from.querySelector(css)
  const $$ = (css, from = document) => [...from.querySelectorAll(css)]
  const config = () => JSON.parse($("#__config").textContent)

  // The versions of the site, as mike lists them beside this one
  let versions
  const own = __md_scope.pathname.split("/").filter(Boolean).pop()
  const title = ({ title, aliases = [] }) => aliases.length && config().version.alias ? `${title} ${aliases[0]}` : title
  async function listVersions() {
    const settings = config().version
    if (!settings?.provider) return
    versions ||= fetch(new URL("../versions.json", __md_scope)).then((answer) => answer.ok ? answer.json() : [], () => [])
    const list = await versions
    if (!Array.isArray(list) || !list.length) return
    const here = list.find(({ version, aliases = [] }) => version == own || aliases.includes(own)) || list[0]
    const latest = [settings.default || "latest"].flat()
    const names = [here.version, ...here.aliases || []]
    const isOutdated = !latest.some((one) => names.some((name) => new RegExp(one, "i").test(name)))
    __md_set("__outdated", isOutdated, sessionStorage)
    for (const box of $$("[data-md-component=outdated]")) box.hidden = !isOutdated
    const place = $(".md-header__title")
    if (!place || $(".md-version")) return
    const menu = document.createElement("details")
    menu.className = "md-select md-version"
    menu.dataset.mdComponent = "version"
    const summary = menu.appendChild(document.createElement("summary"))
    summary.className = "md-header__button md-version__current"
    summary.textContent = title(here)
    summary.setAttribute("aria-label", `${config().translations["select.version"]}: ${title(here)}`)
    const items = menu.appendChild(document.createElement("div"))
    items.className = "md-select__inner"
    const ul = items.appendChild(document.createElement("ul"))
    ul.className = "md-select__list"
    for (const one of list) {
      if (one.properties?.hidden) continue
      const link = ul.appendChild(document.createElement("li")).appendChild(document.createElement("a"))
      link.className = "md-select__link"
      link.textContent = title(one)
      link.href = new URL(`../${one.version}/`, __md_scope)
      if (one == here) link.setAttribute("aria-current", "true")
    }
    place.after(menu)
  }
  // Another version of the page, if there is one.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.(".md-version a")
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const page = new URL(location.pathname.slice(__md_scope.pathname.length), link.href)
    const exists = await fetch(page, { method: "HEAD" }).then((answer) => answer.ok, () => false)
    if (exists) page.hash = location.hash
    location.assign(exists ? page : link.href)
  })

  // Consent: what a reader has not allowed is not loaded
  const given = () => __md_get("__consent")
  function consent() {
    const box = $("[data-md-component=consent]"), form = document.forms.consent
    if (!form) return
    const before = given()
    for (const input of form.elements) if (input.name && before) input.checked = !!before[input.name]
    box.hidden = !!before && location.hash != "#__consent" || location.protocol == "file:"
    for (const script of $$("script[data-md-consent]")) {
      if (!before?.[script.dataset.mdConsent]) continue
      const alive = document.createElement("script")
      for (const { name, value } of script.attributes) if (!/^(type|data-md-consent)$/.test(name)) alive.setAttribute(name, value)
      alive.textContent = script.textContent
      script.replaceWith(alive)
    }
  }
  for (const type of ["submit", "reset"])
    document.addEventListener(type, (event) => {
      if (event.target.name != "consent") return
      event.preventDefault()
      const names = type == "submit" ? [...new FormData(event.target).keys()] : []
      __md_set("__consent", Object.fromEntries(names.map((name) => [name, true])))
      history.replaceState(history.state, "", location.pathname + location.search)
      location.reload()
    })
  addEventListener("hashchange", consent)

  // Feedback and searches are told to the service that counts, if there is one
  const tell = (...what) => window.gtag?.("event", ...what)
  function feedback() { const form = document.forms.feedback; if (form) form.hidden = false }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("form[name=feedback] [type=submit]")
    if (!button) return
    event.preventDefault()
    const form = button.form, data = button.dataset.mdValue
    form.elements[0].disabled = true
    const note = $(`.md-feedback__note [data-md-value="${CSS.escape(data)}"]`, form)
    if (note) note.hidden = false
    tell("feedback", { page: location.pathname, data })
    document.dispatchEvent(new CustomEvent("theme:feedback", { detail: { page: location.pathname, data } }))
  })
  document.addEventListener("focusout", ({ target }) => {
    if (target.matches?.("[data-md-component=search-query]") && target.value) tell("search", { search_term: target.value })
  })
  document.addEventListener("theme:page", () => tell("page_view", { page_location: location.href, page_title: document.title }))

  // What the repository's host says of it, asked once in a visit
  async function facts() {
    const places = $$("[data-md-facts]")
    if (!places.length || (document.forms.consent && !given()?.github)) return
    const address = places[0].dataset.mdFacts
    const ask = (url) => fetch(url).then((answer) => answer.ok ? answer.json() : {}, () => ({}))
    let known = __md_get("__facts", sessionStorage)
    if (known?.address != address) {
      const isLab = address.includes("/api/v4/"), isRepository = address.includes("/repos/")
      const release = isLab ? ask(`${address}/releases/permalink/latest`) : isRepository ? ask(`${address}/releases/latest`) : {}
      const [about, { tag_name: version }] = await Promise.all([ask(address), release])
      const { stargazers_count, star_count, forks_count: forks, public_repos: repositories } = about
      known = { address, version, stars: stargazers_count ?? star_count, forks, repositories }
      __md_set("__facts", known, sessionStorage)
    }
    const count = new Intl.NumberFormat(document.documentElement.lang || "en", { notation: "compact", maximumFractionDigits: 1 })
    const shown = ["version", "stars", "forks", "repositories"].filter((name) => known[name] || known[name] === 0)
    for (const place of places) {
      if (!shown.length || $(".md-source__facts", place)) continue
      const box = $(".md-source__repository", place) ?? place
      const list = box.appendChild(document.createElement("span"))
      list.className = "md-source__facts"
      for (const name of shown) {
        const fact = list.appendChild(document.createElement("span"))
        fact.className = `md-source__fact md-source__fact--${name}`
        fact.textContent = typeof known[name] == "number" ? count.format(known[name]) : known[name]
      }
    }
  }

  // The Markdown of the page
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-md-copy]")
    if (!button) return
    const text = fetch(new URL(button.dataset.mdCopy, location)).then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status))
    try {
      await navigator.clipboard.writeText(await text)
      document.dispatchEvent(new CustomEvent("theme:say", { detail: config().translations["clipboard.copied"] }))
    } catch { location.assign(button.dataset.mdCopy) }
  })

  const begin = () => { consent(); feedback(); listVersions(); facts() }
  begin()
  for (const type of ["theme:page", "proofroom:update"]) document.addEventListener(type, begin)
})()
