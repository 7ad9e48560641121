//! `social`: a card for each page, and the tags that name it.

use serde_json::{Map, Value};

use super::exclude::Excluded;
use crate::options::{Values, options};
use crate::python::is_true;
use crate::url::Address;

options! {
    /// The plugin's options.
    pub struct Options {
        cache: bool = true,
        cache_dir: String = ".cache/plugin/social",
        cards: bool = true,
        cards_dir: String = "assets/images/social",
        cards_exclude: Vec<String>,
        cards_include: Vec<String>,
        cards_layout: String = "default",
        cards_layout_dir: String = "layouts",
        cards_layout_options: Map<String, Value>,
        debug: bool,
        debug_color: String = "grey",
        debug_grid: bool = true,
        debug_grid_step: i64 = 32,
        debug_on_build: bool,
    }
}

/// The card that a page asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCard {
    /// The name of its layout, without an extension.
    pub layout: String,
    /// Whether the page itself, or one of its folders, names the layout.
    pub is_own_layout: bool,
    /// What templates of the layout see as `layout`.
    pub options: Map<String, Value>,
}

impl Options {
    /// Whether a page may have a card, by its path below the docs folder.
    pub fn may_have_card(&self, path: &str) -> bool {
        if self.cards_include.is_empty() {
            !Excluded::globs(&self.cards_exclude).matches(path)
        } else {
            Excluded::globs(&self.cards_include).matches(path)
        }
    }

    /// The card of a page with this front matter; `None` if it has none.
    pub fn page_card(&self, path: &str, front: &Map<String, Value>) -> Option<PageCard> {
        let none = Map::new();
        let own = front.get("social").and_then(Value::as_object);
        let own = Values(own.unwrap_or(&none));
        let is_on = own.0.get("cards").map_or(self.cards, is_true);
        if !is_on || !self.may_have_card(path) {
            return None;
        }
        let layout = own.text("cards_layout");
        let mut options = self.cards_layout_options.clone();
        if let Some(more) = own.map("cards_layout_options") {
            options.extend(more.clone());
        }
        Some(PageCard {
            is_own_layout: layout.is_some(),
            layout: without_extension(layout.unwrap_or(&self.cards_layout)).to_owned(),
            options,
        })
    }

    /// The colour of what is drawn over cards for the author of a layout, and the distance
    /// of the points of its grid; `None` if nothing is. `serves` tells whether the site is
    /// served and not built.
    pub fn overlay(&self, serves: bool) -> Option<(String, Option<u32>)> {
        let is_on = self.debug && (serves || self.debug_on_build);
        is_on.then(|| {
            let step = u32::try_from(self.debug_grid_step).ok();
            let grid = if self.debug_grid { step } else { None };
            (self.debug_color.clone(), grid)
        })
    }

    /// The name of the layout of pages that name none.
    pub fn layout(&self) -> &str {
        without_extension(&self.cards_layout)
    }

    /// The path of a page's card below the site.
    pub fn output(&self, address: &Address, is_index: bool, directory_urls: bool) -> String {
        let suffix = if directory_urls && !is_index {
            "/index.html"
        } else {
            ".html"
        };
        let card = address.output.replace(suffix, ".png");
        match self.cards_dir.trim_matches('/') {
            "" | "." => card,
            folder => format!("{folder}/{card}"),
        }
    }
}

/// A path without its extension, as Python's `os.path.splitext` finds it.
fn without_extension(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    let dots = path[name..].len() - path[name..].trim_start_matches('.').len();
    match path[name + dots..].rfind('.') {
        Some(at) => &path[..name + dots + at],
        None => path,
    }
}

/// A page with the tags that describe its card, before the end of its head.
pub fn with_tags(html: &str, tags: &[(String, String)]) -> Option<String> {
    let at = html.find("</head>")?;
    let (before, after) = html.split_at(at);
    let tags: Vec<String> = tags
        .iter()
        .filter(|(_, content)| !content.is_empty())
        .map(|(property, content)| {
            // The plugin writes quotes as they are, which would end the value.
            let content = content.replace('"', "&quot;");
            format!("<meta property=\"{property}\" content=\"{content}\" />")
        })
        .collect();
    Some(format!("{before}\n{}\n{after}", tags.join("\n")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options(written: Value) -> Options {
        Options::read(written.as_object().expect("a mapping"))
    }

    /// As the plugin does for these.
    #[test]
    fn pages_choose_their_cards() {
        let front = |value: Value| value.as_object().expect("a mapping").clone();
        let plain = options(json!({"cards_layout_options": {"color": "red", "a": 1}}));
        let card = plain.page_card("a.md", &Map::new()).expect("a card");
        assert_eq!(
            (card.layout.as_str(), card.is_own_layout),
            ("default", false)
        );
        let own = front(json!({"social": {"cards_layout": "mine.yml",
            "cards_layout_options": {"color": "blue"}}}));
        let card = plain.page_card("a.md", &own).expect("a card");
        assert_eq!((card.layout.as_str(), card.is_own_layout), ("mine", true));
        assert_eq!(
            Value::Object(card.options),
            json!({"color": "blue", "a": 1})
        );
        let off = front(json!({"social": {"cards": false}}));
        assert_eq!(plain.page_card("a.md", &off), None);
        let none = options(json!({"cards": false}));
        assert_eq!(none.page_card("a.md", &Map::new()), None);
        let on = front(json!({"social": {"cards": true}}));
        assert!(none.page_card("a.md", &on).is_some());
        for (written, with, without) in [
            (json!({"cards_include": ["blog/*"]}), "blog/a/b.md", "a.md"),
            (json!({"cards_exclude": ["blog/*"]}), "a.md", "blog/a/b.md"),
            (
                json!({"cards_include": ["a.md"], "cards_exclude": ["*"]}),
                "a.md",
                "b.md",
            ),
        ] {
            let options = options(written);
            assert!(options.may_have_card(with), "{with}");
            assert!(!options.may_have_card(without), "{without}");
        }
    }

    #[test]
    fn cards_have_the_paths_of_the_plugin() {
        let options = options(json!({"cards_dir": "cards"}));
        for (page, directory_urls, expected) in [
            ("index.md", true, "cards/index.png"),
            ("a/index.md", true, "cards/a/index.png"),
            ("a/b.md", true, "cards/a/b.png"),
            ("a/b.md", false, "cards/a/b.png"),
            ("README.md", false, "cards/index.png"),
        ] {
            let address = Address::of_page(page, directory_urls);
            let is_index = page.contains("index") || page.contains("README");
            let card = options.output(&address, is_index, directory_urls);
            assert_eq!(card, expected, "{page}");
        }
        assert_eq!(without_extension("a/b.yml"), "a/b");
        assert_eq!(without_extension("a.b/c"), "a.b/c");
        assert_eq!(without_extension(".yml"), ".yml");
    }

    #[test]
    fn tags_come_before_the_end_of_the_head() {
        let tag = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let tags = [tag("a", "1"), tag("b", ""), tag("c", "x \"y\"")];
        assert_eq!(
            with_tags("<head>\n</head>", &tags).as_deref(),
            Some(
                "<head>\n\n<meta property=\"a\" content=\"1\" />\n\
                 <meta property=\"c\" content=\"x &quot;y&quot;\" />\n</head>"
            )
        );
        assert_eq!(with_tags("<p>", &tags), None);
    }
}
