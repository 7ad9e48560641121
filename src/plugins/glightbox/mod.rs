//! `glightbox`: images open in a box above the page.
//!
//! The plugin's own script and style sheet are those of the library of the same name,
//! which is used where its package is installed beside the theme. Otherwise a small box of
//! our own takes its place, under the same names ([`SCRIPT`], [`SHEET`]).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::html::{Escape, Token, VOID, attributes, tokens, unescape};
use crate::options::options;
use crate::python::{self, is_true};

/// Our own script, with the interface of the library.
pub const SCRIPT: &str = include_str!("lightbox.js");

/// Its style sheet.
pub const SHEET: &str = include_str!("lightbox.css");

/// Where the script is, below the site.
pub const SCRIPT_PATH: &str = "assets/javascripts/glightbox.min.js";

/// Where the style sheet is, below the site.
pub const SHEET_PATH: &str = "assets/stylesheets/glightbox.min.css";

options! {
    /// The plugin's options.
    pub struct Options {
        touch_navigation as "touchNavigation": bool = true,
        repeats as "loop": bool,
        effect: String = "zoom",
        slide_effect: String = "slide",
        width: String = "auto",
        height: String = "auto",
        zoomable: bool = true,
        draggable: bool = true,
        skip_classes: Vec<String>,
        auto_themed: bool,
        auto_caption: bool,
        caption_position: String = "bottom",
        background: String = "white",
        shadow: bool = true,
        manual: bool,
    }
}

/// The options that take one of several values.
pub const CHOICES: [(&str, &[&str]); 3] = [
    ("effect", &["zoom", "fade", "none"]),
    ("slide_effect", &["slide", "zoom", "fade", "none"]),
    ("caption_position", &["bottom", "top", "left", "right"]),
];

/// Images with these classes never open.
const SKIPPED: [&str; 4] = ["emojione", "twemoji", "gemoji", "off-glb"];

/// What the site around the plugin is like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether the theme is called `material`.
    pub is_material: bool,
    /// Whether scripts are told of new pages by `document$`.
    pub announces_pages: bool,
    /// Whether the plugin `privacy` may give images other addresses later, so that only the
    /// browser knows where they are.
    pub has_copies: bool,
}

/// Whether a page with this front matter has a lightbox.
pub fn is_on(meta: &Map<String, Value>) -> bool {
    meta.get("glightbox") != Some(&Value::Bool(false))
}

/// The HTML of a page with links around the images that open; `None` if there are none.
pub fn with_links(
    html: &str,
    meta: &Map<String, Value>,
    options: &Options,
    has_copies: bool,
) -> Option<String> {
    if !html.contains("<img") || !is_on(meta) {
        return None;
    }
    let mut linked = String::with_capacity(html.len() + 256);
    let mut open: Vec<&str> = Vec::new();
    let mut has_links = false;
    for (token, range) in tokens(html) {
        let written = &html[range];
        match token {
            Token::Start {
                name,
                attributes: of_tag,
                ..
            } if name.eq_ignore_ascii_case("img") => {
                let image = Image::of(of_tag);
                let is_linked = open.last().is_some_and(|it| it.eq_ignore_ascii_case("a"));
                if is_linked || !image.opens(meta, options) {
                    linked.push_str(written);
                } else {
                    image.append_link(meta, options, has_copies, &mut linked);
                    linked.push_str(written);
                    linked.push_str("</a>");
                    has_links = true;
                }
            }
            token => {
                linked.push_str(written);
                follow(&mut open, token);
            }
        }
    }
    has_links.then_some(linked)
}

/// Keeps the elements that are open.
fn follow<'h>(open: &mut Vec<&'h str>, token: Token<'h>) {
    let is_name = |it: &str, name: &str| it.eq_ignore_ascii_case(name);
    match token {
        Token::Start { name, .. } if !VOID.iter().any(|void| is_name(void, name)) => {
            open.push(name);
        }
        Token::End { name } => {
            if let Some(at) = open.iter().rposition(|it| is_name(it, name)) {
                open.truncate(at);
            }
        }
        _ => {}
    }
}

/// The attributes of an image.
struct Image(BTreeMap<String, String>);

impl Image {
    fn of(written: &str) -> Self {
        let mut found = BTreeMap::new();
        for (name, value) in attributes(written) {
            let value = unescape(value.unwrap_or_default()).into_owned();
            // Of two attributes, the first counts.
            found.entry(name.to_lowercase()).or_insert(value);
        }
        Self(found)
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn opens(&self, meta: &Map<String, Value>, options: &Options) -> bool {
        let has = |class: &str| self.get("class").split_whitespace().any(|it| it == class);
        let mut skipped = SKIPPED.into_iter();
        if skipped.any(has) || options.skip_classes.iter().any(|class| has(class)) {
            return false;
        }
        if options.manual && meta.get("glightbox") == Some(&Value::Bool(true)) {
            return true;
        }
        let is_manual = options.manual || meta.get("glightbox-manual").is_some_and(is_true);
        !is_manual || has("on-glb")
    }

    /// The address of what is shown.
    fn source(&self) -> &str {
        match self.get("data-src") {
            "" => self.get("src"),
            later => later,
        }
    }

    fn append_link(
        &self,
        meta: &Map<String, Value>,
        options: &Options,
        has_copies: bool,
        to: &mut String,
    ) {
        let captions =
            options.auto_caption || meta.get("glightbox.auto_caption").is_some_and(is_true);
        let title = match self.get("data-title") {
            "" if captions => self.get("alt"),
            title => title,
        };
        let position = self.0.get("data-caption-position");
        let position = position.unwrap_or(&options.caption_position);
        let mut add = |name: &str, value: &str| {
            to.push_str(name);
            to.push_str("=\"");
            Escape::QUOTED.append(value, to);
            to.push('"');
        };
        add("<a class", "glightbox");
        add(" data-type", "image");
        add(" data-width", &options.width);
        add(" data-height", &options.height);
        if !has_copies {
            add(" href", self.source());
        }
        for (name, value) in [
            (" data-title", title),
            (" data-description", self.get("data-description")),
            (" data-desc-position", position),
            (" data-gallery", self.gallery(options)),
        ] {
            if !value.is_empty() {
                add(name, value);
            }
        }
        to.push('>');
    }

    /// The images among which readers go on from this one.
    fn gallery(&self, options: &Options) -> &str {
        let source = self.source();
        let has =
            |marks: [&str; 2]| options.auto_themed && marks.iter().any(|it| source.contains(it));
        if has(["#only-light", "#gh-light-mode-only"]) {
            "light"
        } else if has(["#only-dark", "#gh-dark-mode-only"]) {
            "dark"
        } else {
            self.get("data-gallery")
        }
    }
}

/// A whole page with what opens its images. `relative` are the addresses of the style
/// sheet and the script as the page writes them.
pub fn with_scripts(
    html: &str,
    options: &Options,
    around: Surroundings,
    relative: (&str, &str),
) -> String {
    let mut head = String::new();
    for (before, address, after) in [
        ("<link href=\"", relative.0, "\" rel=\"stylesheet\">"),
        ("<script src=\"", relative.1, "\"></script>"),
    ] {
        head.push_str(before);
        Escape::QUOTED.append(address, &mut head);
        head.push_str(after);
    }
    head.push_str("<style id=\"glightbox-style\">");
    head.push_str(&style(options, around));
    head.push_str("</style>");
    let body = format!(
        "<script id=\"init-glightbox\">{}</script>",
        script(options, around)
    );
    let (mut end_of_head, mut end_of_body) = (None, None);
    for (token, range) in tokens(html) {
        match token {
            Token::End { name } if name.eq_ignore_ascii_case("head") => {
                end_of_head.get_or_insert(range.start);
            }
            Token::Start { name, .. } if name.eq_ignore_ascii_case("body") => {
                end_of_head.get_or_insert(range.start);
            }
            Token::End { name } if name.eq_ignore_ascii_case("body") => {
                end_of_body = Some(range.start);
            }
            _ => {}
        }
    }
    let end_of_head = end_of_head.unwrap_or(0);
    let end_of_body = end_of_body.unwrap_or(html.len()).max(end_of_head);
    [
        &html[..end_of_head],
        &head,
        &html[end_of_head..end_of_body],
        &body,
        &html[end_of_body..],
    ]
    .concat()
}

/// The style of the box on a site.
fn style(options: &Options, around: Surroundings) -> String {
    const LINE: &str = "\n            ";
    let background = format!(
        ".gslide-image img {{ background: {}; }}",
        options.background
    );
    let mut lines = vec![
        "html.glightbox-open { overflow: initial; height: 100%; }",
        ".gslide-title { margin-top: 0px; user-select: text; }",
        ".gslide-desc { color: #666; user-select: text; }",
        &background,
    ];
    if !options.shadow {
        lines
            .push(".glightbox-clean .gslide-media { -webkit-box-shadow: none; box-shadow: none; }");
    }
    if around.is_material {
        lines.extend([
            ".gscrollbar-fixer { padding-right: 15px; }",
            ".gdesc-inner { font-size: 0.75rem; }",
            "body[data-md-color-scheme=\"slate\"] .gdesc-inner { background: var(--md-default-bg-color); }",
            "body[data-md-color-scheme=\"slate\"] .gslide-title { color: var(--md-default-fg-color); }",
            "body[data-md-color-scheme=\"slate\"] .gslide-desc { color: var(--md-default-fg-color); }",
        ]);
    }
    let lines: String = lines.iter().map(|line| format!("{LINE}{line}")).collect();
    // The style must not end where a value says so.
    lines.replace("</", "<\\/") + "\n        "
}

/// Has links lead to their images, wherever these are by now.
const ADDRESSES: &str = "for (const link of document.querySelectorAll(\".glightbox\")) {
  const image = link.querySelector(\"img\");
  const address = image && (image.dataset.src || image.src);
  if (address) link.setAttribute(\"href\", address);
}
";

/// What begins the box.
fn script(options: &Options, around: Surroundings) -> String {
    let settings = json!({
        "touchNavigation": options.touch_navigation,
        "loop": options.repeats,
        "zoomable": options.zoomable,
        "draggable": options.draggable,
        "openEffect": options.effect,
        "closeEffect": options.effect,
        "slideEffect": options.slide_effect,
    });
    let settings = python::json(&settings, false).replace("</", "<\\/");
    let mut script = String::new();
    if around.has_copies {
        script.push_str(ADDRESSES);
    }
    script.push_str(&format!("const lightbox = GLightbox({settings});\n"));
    if around.announces_pages {
        script.push_str("document$.subscribe(()=>{ lightbox.reload(); });\n");
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(value: Value) -> Options {
        Options::read(value.as_object().expect("a mapping"))
    }

    fn linked(html: &str, meta: Value, of_plugin: Value) -> Option<String> {
        let meta = meta.as_object().cloned().unwrap_or_default();
        with_links(html, &meta, &options(of_plugin), false)
    }

    /// As mkdocs-glightbox 0.5.3 writes them.
    #[test]
    fn images_are_linked_as_by_the_plugin() {
        const USUAL: &str = "<a class=\"glightbox\" data-type=\"image\" data-width=\"auto\" \
                             data-height=\"auto\" href=\"a.png\"";
        let img = "<img alt=\"A &amp; b\" src=\"a.png\">";
        let none = || json!({});
        let with = |rest: &str| Some(format!("<p>{USUAL}{rest}>{img}</a></p>"));
        let page = format!("<p>{img}</p>");
        for (meta, of_plugin, expected) in [
            (none(), none(), with(" data-desc-position=\"bottom\"")),
            (
                none(),
                json!({"auto_caption": true, "caption_position": "left"}),
                with(" data-title=\"A &amp; b\" data-desc-position=\"left\""),
            ),
            (
                json!({"glightbox.auto_caption": true}),
                none(),
                with(" data-title=\"A &amp; b\" data-desc-position=\"bottom\""),
            ),
            (json!({"glightbox": false}), none(), None),
            (json!({"glightbox-manual": true}), none(), None),
            (none(), json!({"manual": true}), None),
            (
                json!({"glightbox": true}),
                json!({"manual": true}),
                with(" data-desc-position=\"bottom\""),
            ),
        ] {
            assert_eq!(linked(&page, meta.clone(), of_plugin), expected, "{meta}");
        }
        for skipped in [
            "<a href=\"x\"><img src=\"a.png\"></a>",
            "<img class=\"x twemoji\" src=\"a.png\">",
            "<img class=\"off-glb\" src=\"a.png\">",
            "<img class=\"no\" src=\"a.png\">",
            "<pre>&lt;img src=\"a.png\"></pre>",
            "<script>'<img>'</script>",
        ] {
            assert_eq!(
                linked(skipped, none(), json!({"skip_classes": ["no"]})),
                None,
                "{skipped}"
            );
        }
        let inside = "<a href=\"x\"><b><img src='a.png#only-dark' data-gallery=g></b></a>";
        let found = linked(inside, none(), json!({"auto_themed": true, "width": "80%"}));
        assert_eq!(
            found.as_deref(),
            Some(
                "<a href=\"x\"><b><a class=\"glightbox\" data-type=\"image\" data-width=\"80%\" \
                 data-height=\"auto\" href=\"a.png#only-dark\" data-desc-position=\"bottom\" \
                 data-gallery=\"dark\"><img src='a.png#only-dark' data-gallery=g></a></b></a>"
            )
        );
    }

    #[test]
    fn pages_get_a_script_and_a_style() {
        let page = "<html><head><title>t</title></head><body><p>x</p></body></html>";
        let around = Surroundings {
            is_material: true,
            announces_pages: true,
            has_copies: false,
        };
        let options = options(json!({"shadow": false, "loop": true}));
        let found = with_scripts(page, &options, around, ("../a.css", "../a.js"));
        let head = "<title>t</title><link href=\"../a.css\" rel=\"stylesheet\">\
                    <script src=\"../a.js\"></script><style id=\"glightbox-style\">";
        assert!(found.contains(head), "{found}");
        assert!(found.contains("box-shadow: none; }\n"), "{found}");
        assert!(
            found.ends_with(
                "<p>x</p><script id=\"init-glightbox\">const lightbox = GLightbox({\"touchNavigation\": \
                 true, \"loop\": true, \"zoomable\": true, \"draggable\": true, \"openEffect\": \
                 \"zoom\", \"closeEffect\": \"zoom\", \"slideEffect\": \"slide\"});\n\
                 document$.subscribe(()=>{ lightbox.reload(); });\n</script></body></html>"
            ),
            "{found}"
        );
    }
}
