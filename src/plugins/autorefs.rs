//! `autorefs`: links by the names of headings, anchors and objects of inventories.
//!
//! Follows mkdocs-autorefs 1.

use serde_json::Value;

use crate::config::ThemeConfig;
use crate::diagnostic::{Diagnostic, Rule};
use crate::html::{Escape, attributes, unescape};
use crate::options::options;
use crate::url;

options! {
    /// The plugin's options.
    pub struct Options {
        resolve_closest: bool,
        link_titles: Value = "auto",
        strip_title_tags: Value = "auto",
    }
}

/// Which links show a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Titles {
    None,
    External,
    All,
}

/// How references become links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    resolve_closest: bool,
    titles: Titles,
    strip_tags: bool,
}

impl Settings {
    /// The settings for these options, some of which depend on the theme.
    pub fn new(options: &Options, theme: &ThemeConfig) -> Self {
        let features = theme.settings.get("features").and_then(Value::as_array);
        let is_material = theme.name.as_deref() == Some("material");
        let has = |name: &str| {
            let mut features = features.into_iter().flatten();
            is_material && features.any(|feature| feature == name)
        };
        let titles = match &options.link_titles {
            Value::Bool(true) => Titles::All,
            Value::Bool(false) => Titles::None,
            Value::String(text) if text == "external" => Titles::External,
            _ if has("navigation.instant.preview") => Titles::External,
            _ => Titles::All,
        };
        Self {
            resolve_closest: options.resolve_closest,
            titles,
            strip_tags: match options.strip_title_tags {
                Value::Bool(strips) => strips,
                _ => !has("content.tooltips"),
            },
        }
    }
}

/// A place with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its address from the root of the site, with its fragment.
    pub url: String,
    /// The heading there, as text.
    pub title: Option<String>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// Places of the site, at least one.
    Inside(Vec<Place>),
    /// The address of an object of an inventory.
    Outside(String),
}

/// A problem with a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name that it looks for.
    pub identifier: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nothing has that name.
    Missing,
    /// Several places have it, of which the first is linked.
    Several(Vec<String>),
}

/// How references begin and end in HTML.
const ELEMENT: (&str, &str) = ("<autoref ", "</autoref>");
/// The same for those of earlier versions, which are still read.
const SPAN: (&str, &str) = ("<span data-autorefs-", "</span>");

/// Whether a page has references.
pub fn has_references(html: &str) -> bool {
    html.contains(ELEMENT.0) || html.contains(SPAN.0)
}

/// Replaces all references of the page at `page_url` by links. `find` tells what a name
/// stands for.
pub fn resolve(
    html: &str,
    page_url: &str,
    settings: Settings,
    find: &dyn Fn(&str) -> Option<Places>,
) -> (String, Vec<Problem>) {
    let mut resolver = Resolver {
        page_url,
        settings,
        find,
        to: String::new(),
        problems: Vec::new(),
    };
    let html = resolver.replace(html, ELEMENT, Resolver::reference);
    let html = resolver.replace(&html, SPAN, Resolver::span);
    (html, resolver.problems)
}

struct Resolver<'r> {
    page_url: &'r str,
    settings: Settings,
    find: &'r dyn Fn(&str) -> Option<Places>,
    to: String,
    problems: Vec<Problem>,
}

/// Attributes that say what a reference looks for; the others are the link's.
const OWN: [&str; 12] = [
    "identifier",
    "optional",
    "hover",
    "class",
    "domain",
    "role",
    "origin",
    "filepath",
    "lineno",
    "slug",
    "backlink-type",
    "backlink-anchor",
];

impl Resolver<'_> {
    /// Replaces elements by what `replacement` writes for their attributes and their
    /// content.
    fn replace(
        &mut self,
        html: &str,
        (open, close): (&str, &str),
        replacement: fn(&mut Self, &str, &str),
    ) -> String {
        self.to = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((before, after)) = rest.split_once(open) {
            let parts = after.split_once('>').and_then(|(attributes, after)| {
                let (content, after) = after.split_once(close)?;
                Some((attributes, content, after))
            });
            let Some((attributes, content, after)) = parts else {
                break;
            };
            self.to.push_str(before);
            replacement(self, attributes, content);
            rest = after;
        }
        self.to.push_str(rest);
        std::mem::take(&mut self.to)
    }

    /// A reference of earlier versions: `identifier=..`, `optional=..` or
    /// `optional-hover=..`.
    fn span(&mut self, written: &str, content: &str) {
        let (kind, value) = attributes(written).next().unwrap_or_default();
        let identifier = unescape(value.unwrap_or_default());
        let is_optional = kind == "optional" || kind == "optional-hover";
        if identifier.is_empty() || (kind != "identifier" && !is_optional) {
            let (open, close) = SPAN;
            self.to
                .push_str(&format!("{open}{written}>{content}{close}"));
            return;
        }
        let Some(places) = (self.find)(&identifier) else {
            if kind == "optional" {
                self.to.push_str(content);
            } else {
                self.unresolved(&identifier, true, is_optional, content);
            }
            return;
        };
        let (address, _, is_external) = self.target(&identifier, places);
        let class = crate::html::attribute(written, "class").unwrap_or_default();
        self.open_link(is_external, &class);
        if kind == "optional-hover" {
            self.add("title", Some(&identifier));
        }
        self.add("href", Some(&address));
        for (name, value) in attributes(written).skip(1) {
            if name != "class" {
                self.add(name, value.map(unescape).as_deref());
            }
        }
        self.to.push_str(&format!(">{content}</a>"));
    }

    /// The address of what is linked, its heading, and whether it is on another site.
    fn target(&mut self, identifier: &str, places: Places) -> (String, Option<String>, bool) {
        match places {
            Places::Outside(address) => {
                let is_external = url::has_scheme(&address) || address.starts_with("//");
                (address, None, is_external)
            }
            Places::Inside(places) => {
                let place = self.choose(identifier, &places);
                let address = relative(self.page_url, &place.url);
                (address, place.title.clone(), false)
            }
        }
    }

    /// Writes the beginning of a link, with its classes.
    fn open_link(&mut self, is_external: bool, classes: &str) {
        let kind = if is_external { "external" } else { "internal" };
        self.to
            .push_str(&format!("<a class=\"autorefs autorefs-{kind}"));
        for class in classes.split_whitespace() {
            self.to.push(' ');
            Escape::QUOTED.append(class, &mut self.to);
        }
        self.to.push('"');
    }

    fn reference(&mut self, written: &str, title: &str) {
        let attribute = |name: &str| crate::html::attribute(written, name);
        let identifier = attribute("identifier").unwrap_or_default();
        let slug = attribute("slug").filter(|slug| !slug.is_empty());
        let is_optional = attribute("optional").is_some();
        let found = (self.find)(&identifier);
        let found = found.or_else(|| (self.find)(slug.as_ref()?));
        let Some(places) = found else {
            return self.unresolved(&identifier, slug.is_some(), is_optional, title);
        };
        let (address, heading, is_external) = self.target(&identifier, places);
        self.open_link(is_external, &attribute("class").unwrap_or_default());
        if let Some(tooltip) = self.tooltip(&identifier, heading, is_optional, is_external)
            && !format!("<code>{title}</code>").contains(&tooltip)
        {
            self.add("title", Some(&tooltip));
        }
        self.add("href", Some(&address));
        for (name, value) in attributes(written) {
            let name = name.to_ascii_lowercase();
            if !OWN.contains(&name.as_str()) {
                self.add(&name, value.map(unescape).as_deref());
            }
        }
        self.to.push('>');
        self.to.push_str(title);
        self.to.push_str("</a>");
    }

    fn add(&mut self, name: &str, value: Option<&str>) {
        self.to.push(' ');
        self.to.push_str(name);
        if let Some(value) = value {
            self.to.push_str("=\"");
            Escape::QUOTED.append(value, &mut self.to);
            self.to.push('"');
        }
    }

    /// Writes a reference that names nothing.
    fn unresolved(&mut self, identifier: &str, has_slug: bool, is_optional: bool, title: &str) {
        if is_optional {
            self.to.push_str("<span");
            self.add("title", Some(identifier));
            self.to.push('>');
            self.to.push_str(title);
            self.to.push_str("</span>");
            return;
        }
        self.problems.push(Problem {
            identifier: identifier.to_owned(),
            kind: ProblemKind::Missing,
        });
        let shown = Escape::TEXT_WITH_ENTITIES.apply(identifier);
        let is_code = || !has_slug && title == format!("<code>{shown}</code>");
        let label = if title == identifier || title == shown || is_code() {
            ""
        } else {
            &shown
        };
        self.to.push_str(&format!("[{title}][{label}]"));
    }

    /// The place of several that is linked.
    fn choose<'p>(&mut self, identifier: &str, places: &'p [Place]) -> &'p Place {
        if places.len() > 1 {
            let closest = || closest(self.page_url, places);
            if self.settings.resolve_closest
                && let Some(place) = closest()
            {
                return place;
            }
            self.problems.push(Problem {
                identifier: identifier.to_owned(),
                kind: ProblemKind::Several(places.iter().map(|it| it.url.clone()).collect()),
            });
        }
        &places[0]
    }

    /// The title of a link; `None` if it has none.
    fn tooltip(
        &self,
        identifier: &str,
        heading: Option<String>,
        is_optional: bool,
        is_external: bool,
    ) -> Option<String> {
        match self.settings.titles {
            Titles::None => return None,
            Titles::External if !is_external => return None,
            Titles::External | Titles::All => {}
        }
        let heading = heading.filter(|heading| !heading.is_empty());
        if !is_optional {
            return heading;
        }
        let name = if self.settings.strip_tags {
            identifier.to_owned()
        } else {
            format!("<code>{identifier}</code>")
        };
        Some(match heading {
            Some(heading) if heading.contains(identifier) => heading,
            Some(heading) => format!("{heading} ({name})"),
            None => name,
        })
    }
}

/// The place that is closest to a page: below it, or below the nearest folder above it
/// that has any, the root excepted.
fn closest<'p>(page_url: &str, places: &'p [Place]) -> Option<&'p Place> {
    let mut base = page_url.trim_matches('/');
    loop {
        let is_below = |place: &&Place| {
            let below = place.url.strip_prefix(base);
            base.is_empty() || below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        let below = places.iter().filter(is_below);
        if let Some(place) = below.min_by_key(|place| place.url.matches('/').count()) {
            return Some(place);
        }
        base = base.rsplit_once('/')?.0;
    }
}

/// The address of `to` as seen from a page.
fn relative(page_url: &str, to: &str) -> String {
    let (path, fragment) = to.split_once('#').unwrap_or((to, ""));
    let mut from = page_url.split('/').peekable();
    let mut parts = path.split('/').peekable();
    while from.peek().is_some() && from.peek() == parts.peek() {
        from.next();
        parts.next();
    }
    let mut address = "../".repeat(from.count().saturating_sub(1));
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        address.truncate(address.trim_end_matches('/').len());
    }
    address.push_str(&parts.join("/"));
    format!("{address}#{fragment}")
}

/// The diagnostic for a problem, without its place.
pub fn explain(problem: &Problem) -> Diagnostic {
    let identifier = &problem.identifier;
    match &problem.kind {
        ProblemKind::Missing => {
            let message = if identifier.trim().is_empty() {
                "a reference without a name stays as written".to_owned()
            } else {
                format!("nothing is named `{identifier}`: the reference stays as written")
            };
            Diagnostic::new(Rule::MissingReference, message)
        }
        ProblemKind::Several(places) => {
            let message = format!(
                "`{identifier}` names {} places, of which the first is linked",
                places.len()
            );
            let places: Vec<String> = places.iter().map(|it| format!("`{it}`")).collect();
            let help = format!(
                "they are {}: give one of them another id, or set `resolve_closest`",
                places.join(", ")
            );
            Diagnostic::new(Rule::AmbiguousReference, message).help(help)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, closest, relative};

    #[test]
    fn addresses_are_relative_to_the_page() {
        for (from, to, expected) in [
            ("", "a/#x", "a/#x"),
            ("a/", "#x", "../#x"),
            ("a/", "a/#x", "#x"),
            ("a/", "a/b/#x", "b/#x"),
            ("a/b/", "a/#x", "../#x"),
            ("a/b/", "c/#x", "../../c/#x"),
            ("a/b.html", "a/c.html#x", "c.html#x"),
            ("a/b.html", "a/b.html#x", "#x"),
            ("", "#x", "#x"),
        ] {
            assert_eq!(relative(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn the_closest_place_is_below_the_page() {
        let places = ["foo/#h", "foo/baz/#h", "foo/bar/baz/qux/#h"].map(|url| Place {
            url: url.to_owned(),
            title: None,
        });
        let found = |page| closest(page, &places).map(|it| it.url.as_str());
        assert_eq!(found("foo/bar/"), Some("foo/bar/baz/qux/#h"));
        assert_eq!(found("foo/x/"), Some("foo/#h"));
        assert_eq!(found("other/"), None);
        assert_eq!(found(""), Some("foo/#h"));
    }
}
