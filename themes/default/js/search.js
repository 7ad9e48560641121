// Finds pages in the index that a build writes in parts (`search/`), or asks the server
// of a preview. `src/search/query.rs` says what is found and in which order, with
// comments; whatever changes here must change there.
(() => {
  // Words
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uac00-\ud7a3\uf900-\ufaff\u{20000}-\u{3ffff}]/u
  const ignored = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/u
  const classes = [
    ["letter", /[a-zA-Z0-9]/], ["joiner", /[-_.':\u2010\u2011\u2019\u02bc\u05be\u05f3\u05f4]/], ["sign", /[#$%&*+/<=>@\\^|~]/],
    ["ignored", ignored], ["unspaced", unspaced], ["mark", /\p{M}/u], ["letter", /[\p{Alphabetic}\p{N}]/u],
  ]
  const classOf = (c) => c && (classes.find(([, pattern]) => pattern.test(c)) || ["space"])[0]
  const letters = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ς": "σ", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك" }
  const compatible = (text) => text.normalize("NFKC")
  const fold = (word) => /^[\x00-\x7f]*$/.test(word) ? word.toLowerCase() : word.toLowerCase().normalize("NFD")
    .replace(/[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g, "")
    .replace(/([a-z\u00df-\u024f\u0370-\u03ff])[\u0300-\u036f]+/g, "$1").replace(/е\u0308/g, "е")
    .replace(/[ßæœøđðþłıςٱىیةک]/g, (c) => letters[c]).normalize("NFC")
  const clean = (part) => [...part].filter((c) => !ignored.test(c)).join("")
  const size = (text) => [...text].length

  // The words, runs and signs of a text, in order: `{ parts }`, `{ run }` or `{ signs }`.
  function units(text) {
    const chars = [...text], kinds = chars.map(classOf), found = []
    const end = (at, ...kept) => { while (at < chars.length && kept.includes(kinds[at])) at++; return at }
    for (let at = 0, to; at < chars.length; at = to) {
      const part = () => chars.slice(at, to).join("")
      if (kinds[at] == "letter") {
        const parts = []
        for (let from = at; ; from = to + 1) {
          to = end(from, "letter", "mark", "ignored")
          parts.push(...humps(chars.slice(from, to)))
          const joins = kinds[to] == "joiner" || (chars[to] == '"' && /[\u05d0-\u05ea]/.test(chars[to + 1] || ""))
          if (!joins || kinds[to + 1] != "letter") break
        }
        found.push({ parts, to })
      } else if (kinds[at] == "unspaced") {
        to = end(at, "unspaced", "mark", "ignored")
        found.push({ run: part(), to })
      } else if (kinds[at] == "sign" || kinds[at] == "joiner") {
        to = end(at, "sign", "joiner")
        if (to - at <= 3) found.push({ signs: part(), to })
      } else to = at + 1
    }
    return { units: found, length: chars.length }
  }
  function humps(chars) {
    const parts = [], lower = (c) => /\p{Lowercase}/u.test(c || "")
    let from = 0
    chars.forEach((c, at) => {
      if (!/\p{Uppercase}/u.test(c) || at < 2 || !lower(chars[at - 1]) || chars[at - 2] == " " || !lower(chars[at + 1])) return
      parts.push(chars.slice(from, at).join(""))
      from = at
    })
    return [...parts, chars.slice(from).join("")]
  }
  function clusters(run) {
    const found = []
    for (const c of clean(run)) if (found.length && /\p{M}/u.test(c)) found[found.length - 1] += c; else found.push(c)
    return found
  }
  const isContraction = (parts) => parts.length == 2 && parts.some((part) => size(part) < 3)
  function withoutPrefix(word) {
    const [first, ...rest] = word
    return "הובלמשכ".includes(first) && rest.length >= 3 ? fold(rest.join("")) : null
  }

  // The index
  const impacts = [3, 6, 8, 10, 14, 17, 21, 26, 10, 14, 18, 24, 24, 32, 42, 56]
  const digits = new Uint8Array(128)
  ;[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((c, i) => { digits[c.charCodeAt(0)] = i })
  function numbers(text) {
    const found = []
    for (let i = 0, value = 0, shift = 0; i < text.length; i++) {
      const digit = digits[text.charCodeAt(i)]
      value += (digit & 31) * 2 ** shift
      shift += 5
      if (digit < 32) { found.push(value); value = shift = 0 }
    }
    return found
  }
  // The position of the first item for which `holds`, in a list where it then holds for all others.
  function first(list, holds) {
    let low = 0, high = list.length
    while (low < high) { const middle = (low + high) >> 1; if (holds(list[middle])) high = middle; else low = middle + 1 }
    return low
  }
  const pageOf = (starts, section) => first(starts, (start) => start > section) - 1

  class Index {
    static async open(load) {
      const index = new Index(), root = await load("root")
      index.load = load
      index.firsts = root.words
      index.perFile = root.pages
      index.boosts = new Map(root.boosts)
      index.starts = [0]
      for (const count of numbers(root.sections)) index.starts.push(index.starts[index.starts.length - 1] + count)
      index.files = new Map()
      return index
    }
    fileOf(form) { return first(this.firsts, (it) => it > form) - 1 }
    file(nth) {
      if (!this.files.has(nth)) {
        const file = this.load("words/" + nth).then((text) => this.read(nth, text))
        file.catch(() => this.files.delete(nth))
        this.files.set(nth, file)
      }
      return this.files.get(nth)
    }
    read(nth, text) {
      const entries = [], homes = new Map()
      for (const line of text.split(";")) {
        if (!line) continue
        const refers = /^([^,!]+)>(.+)$/.exec(line)
        if (refers && !line.includes("!")) { entries.push([refers[1], null, refers[2]]); continue }
        const [forms, places, pages] = line.split("!"), group = { forms: forms.split(","), text: places, cut: +pages || 0 }
        const home = group.forms[0]
        homes.set(home, [...(homes.get(home) || []), group])
        for (const form of group.forms) if (this.fileOf(form) == nth) entries.push([form, group, home])
      }
      entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
      return { entries, homes }
    }
    // Reads where the words of a group are.
    places(group) {
      if (group.text == null) return group
      let at = 0
      group.places = numbers(group.text).map((number) => [at += number >>> 4, impacts[number & 15]])
      group.text = null
      group.pages = group.cut || this.pages(group.places)
      return group
    }
    pages(places) {
      let count = 0, end = 0
      for (const [at] of places) if (at >= end) { count++; end = this.starts[pageOf(this.starts, at) + 1] }
      return count
    }
    async groups(entry) {
      const [form, group, home] = entry
      if (group) return [this.places(group)]
      const { homes } = await this.file(this.fileOf(home))
      return (homes.get(home) || []).filter((it) => it.forms.includes(form)).map((it) => this.places(it))
    }
    async exact(form) {
      if (!form) return []
      const { entries } = await this.file(this.fileOf(form)), found = []
      for (let at = first(entries, ([it]) => it >= form); at < entries.length && entries[at][0] == form; at++) found.push(...await this.groups(entries[at]))
      return [...new Set(found)]
    }
    // The groups with forms that begin with `prefix` and fit, at most `most`.
    async starting(prefix, most, fits = () => true) {
      const found = new Map()
      for (let nth = this.fileOf(prefix); nth < this.firsts.length && found.size < most; nth++) {
        if (this.firsts[nth] > prefix && !this.firsts[nth].startsWith(prefix)) break
        const { entries } = await this.file(nth)
        let at = first(entries, ([it]) => it >= prefix)
        for (; at < entries.length && entries[at][0].startsWith(prefix) && found.size < most; at++) {
          const [form, , home] = entries[at]
          if (!isNear(form, home) || !fits(form)) continue
          for (const group of await this.groups(entries[at])) if (!found.has(group) && found.size < most) found.set(group, form)
        }
        if (at < entries.length) break
      }
      return [...found].map(([group, form]) => [form, group])
    }
    completions(prefix) { return this.starting(prefix, 64) }
    async corrections(form) {
      const start = [...form].slice(0, this.starts.length - 1 > 1000 ? 2 : 1).join("")
      const found = await this.starting(start, Infinity, (it) => isSlip(form, it))
      found.sort(([a, one], [b, other]) => other.pages - one.pages || (a < b ? -1 : a > b ? 1 : 0))
      return found.slice(0, 3)
    }
  }
  function isNear(form, home) {
    const [a, b] = [[...form], [...home]]
    return a.length > 0 && b.length > 0 && a[0] == b[0] && (a.length < 2 || b.length < 2 || a[1] == b[1])
  }
  function isSlip(written, right) {
    if (written == right) return false
    const a = [...written], b = [...right]
    if (Math.abs(a.length - b.length) > 1) return false
    let same = 0
    while (same < a.length && same < b.length && a[same] == b[same]) same++
    const rest = (list, from) => list.slice(same + from).join("\0")
    return (a.length > b.length && rest(a, 1) == rest(b, 0)) || (a.length < b.length && rest(a, 0) == rest(b, 1))
      || (a.length == b.length && (rest(a, 1) == rest(b, 1) || (a[same] == b[same + 1] && a[same + 1] == b[same] && rest(a, 2) == rest(b, 2))))
  }

  // Terms: where a part of the query was found, and how much it counts there
  const empty = () => ({ places: [], pages: 0, isCut: false, words: new Set() })
  function add(term, other, part = 1, whole = 1) {
    const places = [], own = term.places
    let i = 0
    for (const [at, whole_impact] of other.places) {
      const impact = Math.floor(whole_impact * part / whole)
      while (i < own.length && own[i][0] < at) places.push(own[i++])
      if (i < own.length && own[i][0] == at) places.push([at, Math.max(impact, own[i++][1])])
      else places.push([at, impact])
    }
    while (i < own.length) places.push(own[i++])
    term.places = places
    term.pages = Math.max(term.pages, other.pages)
    term.isCut ||= other.isCut
    for (const word of other.words) term.words.add(word)
    term.completion ??= other.completion
    return term
  }
  function and(one, other) {
    const places = [], theirs = other.places
    let i = 0
    for (const [at, impact] of one.places) {
      for (; i < theirs.length && theirs[i][0] < at; i++) if (one.isCut && !other.isCut) places.push(theirs[i])
      if (i < theirs.length && theirs[i][0] == at) places.push([at, Math.min(impact, theirs[i++][1])])
      else if (other.isCut && !one.isCut) places.push([at, impact])
    }
    if (one.isCut && !other.isCut) places.push(...theirs.slice(i))
    return { places, pages: 0, isCut: one.isCut && other.isCut, words: new Set([...one.words, ...other.words]), completion: other.completion }
  }
  const together = (groups) => groups.reduce((term, { places, pages, cut, forms }) =>
    add(term, { places, pages: cut ? pages : 0, isCut: cut > 0, words: forms }), empty())
  const groupsOf = (found) => found.map(([, group]) => group)

  async function simpleTerm(index, form, isOpen) {
    const exact = await index.exact(form), term = together(exact)
    if (isOpen && (size(form) > 1 || !term.places.length)) {
      const others = (await index.completions(form)).filter(([, group]) => !exact.includes(group))
      let best
      for (const [form, { pages }] of others) if (!best || pages > best[0]) best = [pages, form]
      add(term, together(groupsOf(others)), 3, 4)
      term.completion = best?.[1]
    }
    return term
  }
  async function meant(index, form) {
    const chars = [...form], term = empty()
    if (chars.length < 4) return term
    const corrected = groupsOf(await index.corrections(form))
    if (corrected.length) return add(term, together(corrected), 1, 2)
    const bare = withoutPrefix(form), known = bare ? await index.exact(bare) : []
    if (known.length) return add(term, together(known), 3, 4)
    for (let length = chars.length - 1; length >= Math.max(4, chars.length - 3); length--) {
      const others = (await index.completions(chars.slice(0, length).join(""))).filter(([it]) => size(it) <= length + 4)
      if (others.length) return add(term, together(groupsOf(others)), 1, 2)
    }
    return term
  }
  async function wordTerms(index, parts, isOpen) {
    const whole = fold(clean(parts.join(""))), term = await simpleTerm(index, whole, isOpen), ofParts = []
    if (parts.length > 1) {
      for (const [nth, written] of parts.entries()) {
        const part = fold(clean(written))
        if (!(isContraction(parts) && size(part) < 3)) ofParts.push(await simpleTerm(index, part, isOpen && nth == parts.length - 1))
      }
      if (ofParts.length) add(term, ofParts.reduce(and), 1, term.places.length ? 2 : 1)
    }
    if (term.places.length) return [term]
    const other = await meant(index, whole), known = ofParts.filter((part) => part.places.length)
    return !other.places.length && ofParts.length > 1 && 2 * known.length >= ofParts.length ? known : [other]
  }
  async function runTerms(index, run) {
    const all = clusters(run).map(fold)
    if (all.length == 1) {
      const term = together(await index.exact(all[0]))
      add(term, together(groupsOf(await index.completions(all[0]))), 3, 4)
      term.words = new Set(all)
      return [term]
    }
    const pairs = await Promise.all(all.slice(1, 201).map(async (c, i) => together(await index.exact(all[i] + c))))
    const terms = []
    for (let start = 0; start < pairs.length && terms.length < 16;) {
      let piece = pairs[start], end = start + 1
      if (!piece.places.length) { start++; continue }
      for (; end < pairs.length; end++) {
        const longer = and(piece, pairs[end])
        if (!longer.places.length) break
        piece = longer
      }
      terms.push({ ...piece, words: new Set([all.slice(start, end + 1).join("")]) })
      start = end + 1
    }
    return terms
  }
  async function chunkTerms(index, chunk, isOpen) {
    const { units: all, length } = units(chunk)
    const count = all.reduce((sum, { parts, run }) => sum + (parts ? size(parts.join("")) : run ? 2 * size(run) : 0), 0)
    const endsInUnit = all.length > 0 && all[all.length - 1].parts && all[all.length - 1].to == length
    const kept = all.filter((unit) => count <= 2 || !unit.signs), terms = []
    for (const [nth, { parts, run, signs }] of kept.entries()) {
      if (parts) terms.push(...await wordTerms(index, parts, isOpen && endsInUnit && nth == kept.length - 1))
      else if (run) terms.push(...await runTerms(index, run))
      else terms.push(together(await index.exact(signs)))
    }
    if (terms.length < 2) return terms
    const whole = terms.reduce(and)
    return whole.places.length ? [whole] : terms
  }
  function singleWord(chunk) {
    const all = units(chunk).units.filter((unit) => !unit.signs)
    return all.length == 1 && all[0].parts?.length == 1 ? fold(clean(all[0].parts[0])) : null
  }
  async function termsOf(index, text) {
    const chunks = text.split(/\s+/).filter(Boolean).slice(0, 16), isOpen = !/\s$/.test(text), terms = []
    let before
    for (const [nth, chunk] of chunks.entries()) {
      if (chunks.indexOf(chunk) < nth) continue
      const found = await chunkTerms(index, chunk, isOpen && nth == chunks.length - 1), word = singleWord(chunk)
      if (word && before && found.length == 1) {
        const whole = together(await index.exact(before.word + word))
        if (whole.places.length) {
          add(terms[before.at], whole)
          add(found[0], whole)
        }
      }
      before = word && found.length == 1 ? { word, at: terms.length } : null
      terms.push(...found)
    }
    return terms.slice(0, 16)
  }

  // Order
  function rarity(pages, all) {
    const ratio = Math.floor(64 * (all + pages) / Math.max(pages, 1)), whole = 31 - Math.clz32(Math.max(ratio, 1))
    return Math.max(0, 16 * whole + ((ratio >>> Math.max(0, whole - 4)) & 15) - 96)
  }
  function rank(index, terms) {
    const { starts } = index, all = starts.length - 1, found = terms.filter((term) => term.places.length)
    const counts = found.map((term) => Math.max(term.pages, index.pages(term.places)))
    const rarities = counts.map((count) => rarity(count, all)), whole = rarities.reduce((a, b) => a + b, 0)
    let isCommon = found.map((term, nth) => term.isCut || 2 * counts[nth] > all)
    if (isCommon.every(Boolean)) isCommon = isCommon.map(() => false)
    const pages = new Map()
    found.forEach((term, nth) => {
      let page = 0
      for (const [at, impact] of term.places) {
        if (at >= starts[page + 1] || at < starts[page]) page = pageOf(starts, at)
        if (!pages.has(page)) pages.set(page, { page, terms: found.map(() => [0, 0]), sections: new Map() })
        const score = pages.get(page), own = score.terms[nth]
        if (impact > own[0]) { own[1] += own[0]; own[0] = impact } else own[1] += impact
        score.sections.set(at, (score.sections.get(at) || 0) + impact * rarities[nth])
      }
    })
    const scored = []
    for (const { page, terms, sections } of pages.values()) {
      const known = rarities.reduce((sum, it, nth) => sum + (terms[nth][0] ? it : 0), 0)
      if (3 * known < whole) continue
      const lacks = terms.some(([best], nth) => !best && !isCommon[nth])
      const best = Math.max(0, ...sections.values())
      const sum = terms.reduce((sum, [best, rest], nth) => sum + rarities[nth] * (best + Math.floor(Math.min(rest, best) / 4)), best)
      let total = Math.floor(sum * (index.boosts.get(page) ?? 16) / 16)
      total = Math.floor(Math.floor(total * known / whole) * known / whole)
      const good = [...sections].filter(([, score]) => 3 * score >= best).sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 24)
      scored.push({ page, lacks, total, sections: good.map(([at]) => at - starts[page]) })
    }
    return scored.sort((a, b) => a.lacks - b.lacks || b.total - a.total || a.page - b.page)
  }

  // What was found: the pages in order, what was found in them, and how the query may go on.
  async function ask(index, text) {
    text = [...compatible(text)].slice(0, 200).join("")
    const terms = await termsOf(index, text), hits = rank(index, terms)
    return {
      hits: hits.map(({ page, sections }) => [page, sections]),
      words: [...new Set(terms.flatMap((term) => [...term.words]))],
      completion: terms[terms.length - 1]?.completion,
    }
  }

  // Parts of the index are scripts: a page that is opened from disk may load those, but not fetch anything.
  const waiting = new Map()
  function loader(folder) {
    return (name) => new Promise((done, failed) => {
      const script = document.createElement("script")
      waiting.set(name, done)
      script.src = new URL(name + ".js", folder)
      script.onload = () => { script.remove(); waiting.delete(name); done("") }
      script.onerror = () => { script.remove(); waiting.delete(name); failed(new Error(`${script.src} cannot be loaded`)) }
      document.head.append(script)
    })
  }

  async function openIndex(folder) {
    const load = loader(folder), index = await Index.open(load), files = new Map()
    const file = (nth) => {
      if (!files.has(nth)) files.set(nth, load("pages/" + nth).catch((error) => { files.delete(nth); throw error }))
      return files.get(nth)
    }
    return async (text) => {
      const answer = await ask(index, text)
      const page = async (nth) => (await file(Math.floor(nth / index.perFile)))[nth % index.perFile]
      return { ...answer, count: answer.hits.length, take: (from, to) => Promise.all(answer.hits.slice(from, to).map(async ([nth, sections]) => [await page(nth), sections])) }
    }
  }
  // A preview answers from its memory, so that an edit is found at once.
  function openServer(address) {
    return async (text) => {
      const get = async (from, to) => {
        const url = new URL(address)
        for (const [key, value] of Object.entries({ q: text, from, to })) url.searchParams.set(key, value)
        const answer = await fetch(url)
        return answer.ok ? answer.json() : Promise.reject(new Error(`${url}: ${answer.status}`))
      }
      const begun = await get(0, 6)
      return { ...begun, take: async (from, to) => from == 0 && to <= 6 ? begun.pages.slice(0, to) : (await get(from, to)).pages }
    }
  }

  // Marks
  const joiners = /[-_.':\u2010\u2011\u2019\u02bc\u05be\u05f3\u05f4"]/g
  const inText = /[\p{Alphabetic}\p{N}\p{M}\u00ad]+(?:[-_.':\u2010\u2011\u2019\u02bc\u05be\u05f3\u05f4"][\p{Alphabetic}\p{N}\p{M}\u00ad]+)*/gu
  // The ranges of a text that were found: words by their forms, and `literal` texts.
  function marks(text, words, literal = []) {
    const found = [], low = text.toLowerCase(), known = new Map()
    const has = (word) => {
      if (!known.has(word)) known.set(word, words.has(fold(clean(compatible(word)).replace(joiners, ""))))
      return known.get(word)
    }
    for (const { 0: word, index } of text.matchAll(inText)) {
      if (has(word)) { found.push([index, index + word.length]); continue }
      for (const part of word.matchAll(/[\p{Alphabetic}\p{N}\p{M}\u00ad]+/gu))
        if (has(part[0])) found.push([index + part.index, index + part.index + part[0].length])
    }
    const runs = [...words].filter((word) => unspaced.test(word) || !/[\p{Alphabetic}\p{N}]/u.test(word))
    if (low.length == text.length)
      for (const part of [...runs, ...literal])
        for (let at = low.indexOf(part); part && at >= 0 && found.length < 1000; at = low.indexOf(part, at + part.length)) found.push([at, at + part.length])
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1])
    let end = 0
    return found.filter(([from, to]) => from >= end && (end = to))
  }
  const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
  // A text as HTML, with what was found in it marked.
  function marked(text, ranges, from = 0, to = text.length) {
    let html = "", at = from
    for (const [start, end] of ranges) {
      if (start < at || end > to) continue
      html += `${escape(text.slice(at, start))}<mark>${escape(text.slice(start, end))}</mark>`
      at = end
    }
    return html + escape(text.slice(at, to))
  }
  // The part of a text where most of the query is close together, as HTML.
  function excerpt(text, words, literal) {
    const length = 180, ranges = marks(text, words, literal)
    let best = 0, most = -1
    ranges.forEach(([start], nth) => {
      const near = ranges.slice(nth, nth + 40).filter(([, end]) => end <= start + length - 40)
      const score = 10 * new Set(near.map(([from, to]) => fold(text.slice(from, to)))).size + near.length
      if (score > most) { most = score; best = nth }
    })
    let from = ranges.length ? Math.max(0, ranges[best][0] - 40) : 0
    if (from > 0) { const blank = text.indexOf(" ", from); if (blank >= 0 && blank < ranges[best][0]) from = blank + 1 }
    let to = Math.min(text.length, from + length)
    const blank = text.lastIndexOf(" ", to)
    if (to < text.length && blank > from + length / 2) to = blank
    return (from ? "…" : "") + marked(text, ranges, from, to) + (to < text.length ? "…" : "")
  }

  window.__search = Object.assign((name, value) => { waiting.get(name)?.(value); waiting.delete(name) }, { ask, Index, openIndex, openServer, marks, marked, excerpt, fold })
})()
