// Finds pages in `search/search_index.json`. Languages written without blanks
// need no dictionary: a word is searched for as it is and, if that finds nothing,
// by pairs of its characters.
(() => {
  const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
  const plain = (text) => text.normalize("NFKC").toLowerCase()
  // A text as a part of a regular expression. With the flag `u`, only characters
  // of its syntax may be escaped: `\-` is an error.
  const literal = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
  const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
  const bare = (html) => new DOMParser().parseFromString(html.replace(/<\/(p|li|pre)>/g, " $&"), "text/html").body.textContent

  // A page opened from disk may load scripts, but not fetch anything.
  const load = (address) => location.protocol == "file:"
    ? new Promise((done, failed) => {
        const script = document.createElement("script")
        script.src = address.href.replace(/json$/, "js")
        script.onload = () => done(window.__index)
        script.onerror = failed
        document.head.append(script)
      })
    : fetch(address).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status))

  async function open(base) {
    const index = await load(new URL("search/search_index.json", base))
    const pages = new Map()
    for (const doc of index.docs) {
      const [address] = doc.location.split("#")
      const section = { location: doc.location, title: bare(doc.title), text: bare(doc.text), tags: doc.tags || [] }
      section.words = plain([section.title, section.text, ...section.tags].join("\n"))
      section.head = plain([section.title, ...section.tags].join("\n"))
      const page = pages.get(address) || { title: section.title, boost: doc.boost || 1, sections: [] }
      page.sections.push(section)
      pages.set(address, page)
    }
    return (text) => find([...pages.values()], terms(text), base)
  }

  const terms = (text) => plain(text).split(/\s+/).filter(Boolean).map((word) => {
    const characters = [...word]
    const pairs = wide.test(word) ? characters.slice(1).map((c, i) => characters[i] + c) : []
    return { word, pairs }
  })

  // How well a text matches one term; 0 if it does not.
  function fits(text, { word, pairs }) {
    const at = text.indexOf(word)
    if (at >= 0) {
      const starts = wide.test(word) || new RegExp(`(^|[^\\p{L}\\p{N}])${literal(word)}`, "u").test(text)
      return starts ? 2 : 1
    }
    return pairs.length && pairs.every((pair) => text.includes(pair)) ? .5 : 0
  }

  function find(pages, terms, base) {
    const found = []
    for (const page of terms.length ? pages : []) {
      const whole = page.sections.map((section) => section.words).join("\n")
      if (!terms.every((term) => fits(whole, term))) continue
      let best, score = 0
      for (const section of page.sections) {
        const points = terms.reduce((sum, term) => sum + fits(section.words, term) + 8 * fits(section.head, term), 0)
        if (!best || points > best.points) best = { section, points }
        score += points / page.sections.length
      }
      found.push({ page, section: best.section, score: (best.points * 4 + score) * page.boost })
    }
    found.sort((a, b) => b.score - a.score)
    return found.map(({ page, section }) => ({
      url: new URL(section.location || ".", base).href,
      title: section.title == page.title ? page.title : `${page.title} › ${section.title}`,
      excerpt: excerpt(section.text, terms),
    }))
  }

  // The text around the first match as HTML, with matches marked.
  function excerpt(text, terms) {
    const words = terms.flatMap(({ word, pairs }) => plain(text).includes(word) ? [word] : pairs)
    const low = text.toLowerCase()
    const hits = words.map((word) => low.indexOf(word)).filter((at) => at >= 0)
    const from = Math.max(0, Math.min(...hits, text.length) - 40)
    const part = text.slice(hits.length ? from : 0, (hits.length ? from : 0) + 160)
    const pattern = words.sort((a, b) => b.length - a.length).map(literal).join("|")
    const pieces = pattern ? part.split(new RegExp(`(${pattern})`, "giu")) : [part]
    return (from && hits.length ? "…" : "") + pieces.map((piece, i) => i % 2 ? `<mark>${escape(piece)}</mark>` : escape(piece)).join("")
  }

  window.__search = { open }
})()
