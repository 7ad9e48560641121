// Diagrams: what Mermaid can read is drawn in the colours of the page. What it cannot stays
// as it is written.
(() => {
  const sources = new WeakMap()
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  let number = 0, turn = Promise.resolve()

  // A colour of the page, as Mermaid reads colours.
  function colour(name) {
    pen.clearRect(0, 0, 1, 1)
    pen.fillStyle = "#000"
    pen.fillStyle = getComputedStyle(document.body).getPropertyValue(name).trim()
    pen.fillRect(0, 0, 1, 1)
    return "#" + [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part.toString(16).padStart(2, "0")).join("")
  }
  function settle() {
    const text = colour("--md-default-fg-color"), paper = colour("--md-default-bg-color"), box = colour("--md-code-bg-color"), line = colour("--md-default-fg-color--light")
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      suppressErrorRendering: true,
      theme: "base",
      fontFamily: getComputedStyle(document.body).fontFamily,
      themeVariables: {
        darkMode: document.body.dataset.mdColorScheme == "slate",
        background: paper, mainBkg: box, primaryColor: box, primaryTextColor: text, primaryBorderColor: line,
        secondaryColor: paper, secondaryTextColor: text, tertiaryColor: paper, tertiaryTextColor: text,
        lineColor: line, sequenceNumberColor: paper, textColor: text, titleColor: text, edgeLabelBackground: paper,
        noteBkgColor: colour("--md-warning-bg-color"), noteTextColor: colour("--md-warning-fg-color"), noteBorderColor: line,
      },
    })
  }
  const isDrawn = (box) => box.querySelector("svg") != null
  async function draw(box) {
    const source = (isDrawn(box) && sources.get(box)) || box.textContent, id = `__mermaid_${number++}`
    try {
      const { svg, bindFunctions } = await mermaid.render(id, source)
      if (!box.isConnected) return
      const drawn = document.createElement("div")
      drawn.className = "mermaid md-diagram"
      if (box.dataset.src) drawn.dataset.src = box.dataset.src
      drawn.innerHTML = svg
      const picture = drawn.querySelector("svg")
      if (picture && !picture.hasAttribute("aria-labelledby")) picture.setAttribute("aria-label", picture.getAttribute("aria-roledescription") || "Mermaid")
      sources.set(drawn, source)
      box.replaceWith(drawn)
      bindFunctions?.(drawn)
    } catch (why) {
      document.getElementById("d" + id)?.remove()
      console.warn("A diagram cannot be drawn:", why)
    }
  }
  // One after the other, because Mermaid draws one at a time.
  function drawAll(again) {
    if (typeof window.mermaid?.render != "function") return
    turn = turn.then(async () => {
      settle()
      for (const box of document.querySelectorAll(".mermaid")) if (again ? sources.has(box) : !isDrawn(box)) await draw(box)
    })
  }
  const all = () => drawAll(false)
  for (const script of document.querySelectorAll("script[src*=mermaid]")) script.addEventListener("load", all)
  all()
  addEventListener("load", all)
  for (const type of ["proofroom:update", "theme:page"]) document.addEventListener(type, all)
  new MutationObserver(() => drawAll(true)).observe(document.body, { attributeFilter: ["data-md-color-scheme", "data-md-color-primary", "data-md-color-accent"] })
})()
