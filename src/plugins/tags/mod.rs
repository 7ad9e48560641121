//! `tags`: tags of pages, and listings of the pages that have them.
//!
//! Follows Material's plugin since 9.6.

mod listing;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::markdown::Slugify;
use crate::options::options;
use crate::python::plain;

pub use listing::{Directive, Listing, directives, put_in, references};

options! {
    /// The plugin's options.
    pub struct Options {
        tags: bool = true,
        tags_slugify: Option<Value>,
        tags_slugify_separator: String = "-",
        tags_slugify_format: String = "tag:{slug}",
        tags_hierarchy: bool,
        tags_hierarchy_separator: String = "/",
        tags_sort_by: String,
        tags_sort_reverse: bool,
        tags_name_property: String = "tags",
        tags_name_variable: String = "tags",
        listings: bool = true,
        listings_map: Map<String, Value>,
        listings_sort_by: String,
        listings_sort_reverse: bool,
        listings_tags_sort_by: String,
        listings_tags_sort_reverse: bool,
        listings_directive: String = "material/tags",
        listings_toc: bool = true,
        shadow: bool,
        shadow_on_serve: bool = true,
        shadow_tags: Vec<String>,
        shadow_tags_prefix: String,
        shadow_tags_suffix: String,
        export: bool = true,
        export_file: String = "tags.json",
        export_only: bool,
        tags_file: Option<String>,
        tags_extra_files: Map<String, Value>,
    }
}

/// How tags are read and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The key in the front matter.
    property: String,
    /// The variable in templates.
    pub variable: String,
    /// Whether pages show their tags.
    pub shown: bool,
    /// Whether there are listings.
    listings: bool,
    /// The separator of nested tags; `None` if tags are not nested.
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
    /// The file that all tags are exported to; `None` if they are not.
    pub export: Option<String>,
    file: Option<String>,
    extra_files: Map<String, Value>,
}

/// A tag of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The tag and those that contain it, outermost first: the full name of each,
    /// and whether it is hidden.
    chain: Vec<(String, bool)>,
}

/// A page and its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedPage {
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
    /// Whether it is hidden from readers.
    pub hidden: bool,
    /// The address of a listing of its pages, if there is one.
    pub url: Option<String>,
}

impl Settings {
    /// Reads the plugin's options. Hidden tags are shown if the site is `served`.
    pub fn new(options: Options, served: bool) -> Self {
        let folds = |by: &str| by.ends_with("casefold");
        let slugify = options.tags_slugify.as_ref();
        Self {
            shown: options.tags && !options.export_only,
            listings: options.listings && !options.export_only,
            hierarchy: options
                .tags_hierarchy
                .then_some(options.tags_hierarchy_separator),
            slugify: Slugify::of(slugify).unwrap_or(Slugify::LOWER),
            fold_case: folds(&options.tags_sort_by),
            listings_by_url: options.listings_sort_by.ends_with("item_url"),
            listing_tags_fold_case: folds(&options.listings_tags_sort_by),
            shadow: options.shadow || (served && options.shadow_on_serve),
            shadow_tags: options.shadow_tags.into_iter().collect(),
            export: options.export.then_some(options.export_file),
            property: options.tags_name_property,
            variable: options.tags_name_variable,
            separator: options.tags_slugify_separator,
            format: options.tags_slugify_format,
            reverse: options.tags_sort_reverse,
            listings_reverse: options.listings_sort_reverse,
            listing_tags_reverse: options.listings_tags_sort_reverse,
            directive: options.listings_directive,
            toc: options.listings_toc,
            shadow_prefix: options.shadow_tags_prefix,
            shadow_suffix: options.shadow_tags_suffix,
            named: options.listings_map,
            file: options.tags_file,
            extra_files: options.tags_extra_files,
        }
    }

    /// The tags in a page's front matter, sorted and without duplicates.
    pub fn tags(&self, meta: &Map<String, Value>) -> Vec<Tag> {
        let names = meta.get(&self.property).and_then(Value::as_array);
        let mut tags: Vec<Tag> = Vec::new();
        for name in names.into_iter().flatten().filter_map(plain) {
            let tag = self.tag(&name);
            if !tags.iter().any(|other| other.name() == tag.name()) {
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
            let (full, in_hidden) = match chain.last() {
                Some((outer, hidden)) => (format!("{outer}{separator}{part}"), *hidden),
                None => (part.to_owned(), false),
            };
            let hidden = in_hidden || self.is_hidden(&full, part);
            chain.push((full, hidden));
        }
        Tag { chain }
    }

    fn is_hidden(&self, full: &str, part: &str) -> bool {
        let (prefix, suffix) = (&self.shadow_prefix, &self.shadow_suffix);
        self.shadow_tags.contains(full)
            || (!prefix.is_empty() && part.starts_with(prefix))
            || (!suffix.is_empty() && part.ends_with(suffix))
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
        let (name, _) = self.chain.last().expect("a tag has at least one part");
        name
    }

    fn is_hidden(&self) -> bool {
        self.chain.last().is_some_and(|(_, hidden)| *hidden)
    }
}

fn order(a: &str, b: &str, fold: bool, reverse: bool) -> std::cmp::Ordering {
    let order = if fold {
        a.to_lowercase().cmp(&b.to_lowercase())
    } else {
        a.cmp(b)
    };
    if reverse { order.reverse() } else { order }
}

/// All tags of all pages, in the format of the plugin's `tags.json`.
pub fn export(pages: &[TaggedPage]) -> String {
    let mut out = String::from("{\"mappings\": [");
    for (nth, page) in pages.iter().enumerate() {
        let text = |text: &str| crate::python::ascii_json(&Value::from(text));
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
