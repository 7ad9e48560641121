//! `tags`: tags of pages, and listings of the pages that have them.
//!
//! The rules are those of Material's plugin since 9.6.

mod listing;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::markdown::{Case, Slugify};
use crate::options::{Options, plain};

pub use listing::{Directive, Listing, directives, put_in, references};

/// How tags are read and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The key of the front matter.
    property: String,
    /// The name that templates know them by.
    pub variable: String,
    /// Whether pages show their tags.
    pub shown: bool,
    /// Whether listings are made.
    listings: bool,
    /// What separates the parts of a tag that lies in another.
    hierarchy: Option<String>,
    separator: String,
    slugify: Slugify,
    format: String,
    fold_case: bool,
    reverse: bool,
    listings_by_url: bool,
    listings_reverse: bool,
    listing_tags_fold_case: bool,
    listing_tags_reverse: bool,
    directive: String,
    toc: bool,
    /// Whether hidden tags are listed.
    shadow: bool,
    shadow_tags: BTreeSet<String>,
    shadow_prefix: String,
    shadow_suffix: String,
    named: Map<String, Value>,
    /// The file that all tags are written to; `None` for none.
    pub export: Option<String>,
    file: Option<String>,
    extra_files: Map<String, Value>,
}

/// A tag of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// It and those that it lies in, outermost first: full name, and whether
    /// it is hidden.
    chain: Vec<(String, bool)>,
}

/// A page and its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    /// Its path below the docs folder.
    pub path: String,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// A tag as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// Whether it is one of those that readers should not see.
    pub hidden: bool,
    /// Where its pages are listed.
    pub url: Option<String>,
}

impl Settings {
    /// From the plugin's options. Hidden tags are shown while the site is
    /// `served`.
    pub fn new(options: Options<'_>, served: bool) -> Self {
        let folds = |name: &str| {
            let by = options.text_or(name, "");
            by.ends_with("casefold")
        };
        let set = |name: &str| options.texts(name).into_iter().collect();
        let export_only = options.flag("export_only", false);
        let slugify = Slugify::of(options.0.get("tags_slugify"));
        Self {
            property: options.text_or("tags_name_property", "tags").to_owned(),
            variable: options.text_or("tags_name_variable", "tags").to_owned(),
            shown: options.flag("tags", true) && !export_only,
            listings: options.flag("listings", true) && !export_only,
            hierarchy: options
                .flag("tags_hierarchy", false)
                .then(|| options.text_or("tags_hierarchy_separator", "/").to_owned()),
            separator: options.text_or("tags_slugify_separator", "-").to_owned(),
            slugify: slugify.unwrap_or(Slugify::Slugs {
                case: Case::Lower,
                encode: false,
            }),
            format: options
                .text_or("tags_slugify_format", "tag:{slug}")
                .to_owned(),
            fold_case: folds("tags_sort_by"),
            reverse: options.flag("tags_sort_reverse", false),
            listings_by_url: options
                .text_or("listings_sort_by", "")
                .ends_with("item_url"),
            listings_reverse: options.flag("listings_sort_reverse", false),
            listing_tags_fold_case: folds("listings_tags_sort_by"),
            listing_tags_reverse: options.flag("listings_tags_sort_reverse", false),
            directive: options
                .text_or("listings_directive", "material/tags")
                .to_owned(),
            toc: options.flag("listings_toc", true),
            shadow: options.flag("shadow", false)
                || (served && options.flag("shadow_on_serve", true)),
            shadow_tags: set("shadow_tags"),
            shadow_prefix: options.text_or("shadow_tags_prefix", "").to_owned(),
            shadow_suffix: options.text_or("shadow_tags_suffix", "").to_owned(),
            named: options.map("listings_map").cloned().unwrap_or_default(),
            export: options
                .flag("export", true)
                .then(|| options.text_or("export_file", "tags.json").to_owned()),
            file: options.text("tags_file").map(str::to_owned),
            extra_files: options.map("tags_extra_files").cloned().unwrap_or_default(),
        }
    }

    /// The tags that a front matter names.
    pub fn tags(&self, meta: &Map<String, Value>) -> Vec<Tag> {
        let named = meta.get(&self.property).and_then(Value::as_array);
        let mut tags: Vec<Tag> = Vec::new();
        for name in named.into_iter().flatten().filter_map(plain) {
            let tag = self.tag(&name);
            if !tags.iter().any(|known| known.name() == tag.name()) {
                tags.push(tag);
            }
        }
        tags.sort_by(|a, b| order(a.name(), b.name(), self.fold_case, self.reverse));
        tags
    }

    fn tag(&self, name: &str) -> Tag {
        let Some(separator) = self.hierarchy.as_ref().filter(|it| !it.is_empty()) else {
            return Tag {
                chain: vec![(name.to_owned(), self.is_hidden(name, name))],
            };
        };
        let mut chain: Vec<(String, bool)> = Vec::new();
        for part in name.split(separator.as_str()) {
            let (full, above) = match chain.last() {
                Some((above, hidden)) => (format!("{above}{separator}{part}"), *hidden),
                None => (part.to_owned(), false),
            };
            let hidden = above || self.is_hidden(&full, part);
            chain.push((full, hidden));
        }
        Tag { chain }
    }

    fn is_hidden(&self, full: &str, part: &str) -> bool {
        let given = |affix: &str| !affix.is_empty();
        self.shadow_tags.contains(full)
            || (given(&self.shadow_prefix) && part.starts_with(&self.shadow_prefix))
            || (given(&self.shadow_suffix) && part.ends_with(&self.shadow_suffix))
    }

    /// The anchor of a tag in its listing.
    fn slug(&self, name: &str) -> String {
        let slug = |part: &str| self.slugify.apply(part, &self.separator);
        let slug = match &self.hierarchy {
            Some(separator) if !separator.is_empty() => {
                let parts: Vec<String> = name.split(separator.as_str()).map(slug).collect();
                parts.join(separator)
            }
            _ => slug(name),
        };
        self.format.replace("{slug}", &slug)
    }
}

impl Tag {
    /// Its full name.
    pub fn name(&self) -> &str {
        self.chain.last().map_or("", |(name, _)| name)
    }

    fn is_hidden(&self) -> bool {
        self.chain.last().is_some_and(|(_, hidden)| *hidden)
    }
}

fn order(a: &str, b: &str, fold: bool, reverse: bool) -> std::cmp::Ordering {
    let order = match fold {
        true => a.to_lowercase().cmp(&b.to_lowercase()),
        false => a.cmp(b),
    };
    if reverse { order.reverse() } else { order }
}

/// All tags of all pages, as the plugin's `tags.json` has them.
pub fn export(pages: &[Tagged]) -> String {
    let mut out = String::from("{\"mappings\": [");
    for (nth, page) in pages.iter().enumerate() {
        let text = |text: &str| crate::options::ascii_json(&Value::from(text));
        let mut names: Vec<&str> = page.tags.iter().map(Tag::name).collect();
        names.sort_unstable();
        let names: Vec<String> = names.into_iter().map(text).collect();
        out.push_str(if nth > 0 { ", " } else { "" });
        out.push_str(&format!(
            "{{\"item\": {{\"url\": {}, \"title\": {}}}, \"tags\": [{}]}}",
            text(&page.url),
            text(&page.title),
            names.join(", ")
        ));
    }
    out.push_str("]}");
    out
}
