// What of a page is stored: where its parts stand and their colours, and how light each part of
// its picture is. Called with the picture as base64.
const [picture, done] = arguments;
const PARTS = {
  header: ".md-header", field: ".md-search__form", nav: ".md-sidebar--primary", contents: ".md-sidebar--secondary", entry: ".md-nav--primary .md-nav__link--active",
  article: ".md-content__inner", path: ".md-path", results: ".md-search__output", result: ".md-search-result__link", hero: ".md-hero__text", action: ".md-hero__actions .md-button--primary",
  feature: ".md-feature", title: "article h1, .md-hero__text h1", heading: "article h2", text: "article > p", link: "article > p a", code: "article > .highlight pre > code", word: "article p > code",
  mark: "article mark", key: "article kbd", quote: "article blockquote", step: ".steps li", tree: ".file-tree", note: ".admonition.note", warning: ".admonition.warning", danger: ".admonition.danger", fold: "article summary",
  tab: ".tabbed-labels > label", table: "article table", cell: "article th", card: ".grid.cards li", button: "article > p .md-button", foot: ".md-footer-meta",
};
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
// As pages may name them in many ways: three numbers, and how much they cover.
const colour = (value) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  if (alpha === 0) return "none";
  return [red, green, blue].map((it) => it.toString(16).padStart(2, "0")).join("") + (alpha < 255 ? `/${alpha}` : "");
};
const parts = [];
for (const [name, css] of Object.entries(PARTS)) {
  const part = [...document.querySelectorAll(css)].find((it) => it.checkVisibility({ visibilityProperty: true }));
  if (!part) continue;
  const style = getComputedStyle(part), { left, top, width } = part.getBoundingClientRect();
  // Words are as wide as the fonts of a machine make them.
  const isBlock = /^(block|flex|grid|list-item|flow-root)$/.test(style.display) && !["entry", "tab", "cell", "key", "table", "action", "button", "field"].includes(name);
  // Nothing that is above these depends on words.
  const height = ["header", "nav", "contents", "results"].includes(name) && top >= 0 ? ` ${Math.round(top)}` : "";
  const box = isBlock ? `${Math.round(left)} ${Math.round(width)}${height}` : "- -";
  const size = Math.round(parseFloat(style.fontSize) * 10) / 10, weight = style.fontWeight;
  const edges = ["Top", "Right", "Bottom", "Left"].map((side) => (parseFloat(style[`border${side}Width`]) ? `${style[`border${side}Width`]} ${colour(style[`border${side}Color`])}` : "0"));
  const round = style.borderStartStartRadius;
  parts.push(`${name}: ${box} | ${size}px ${weight} | ${colour(style.color)} on ${colour(style.backgroundColor)} | ${[...new Set(edges)].join(", ")} | ${round}`);
}
const image = new Image();
image.src = `data:image/png;base64,${picture}`;
image.decode().then(() => {
  const { width, height } = image, [columns, rows] = [16, 24];
  Object.assign(canvas.canvas, { width, height });
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const sums = new Float64Array(columns * rows), counts = new Float64Array(columns * rows);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x), cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      sums[cell] += 0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2];
      counts[cell] += 1;
    }
  const levels = [...sums].map((sum, cell) => Math.round(sum / counts[cell]).toString(16).padStart(2, "0"));
  const grid = Array.from({ length: rows }, (_, row) => levels.slice(row * columns, (row + 1) * columns).join(" "));
  done({ parts, grid });
}, (error) => done({ parts: [`${error}`], grid: [] }));
