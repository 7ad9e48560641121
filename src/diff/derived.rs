//! What follows from something else on the page (numbers, addresses of headings,
//! positions in the source) and so is not a change of its own.

use crate::html;

/// Attributes that say where something is in the sources.
const SOURCE_ATTRIBUTES: [&str; 3] = ["data-src", "data-linenos", "data-proofroom-src"];

/// Attributes that are on if they are there, whatever their value.
const SWITCHES: [&str; 12] = [
    "allowfullscreen",
    "async",
    "autoplay",
    "checked",
    "controls",
    "defer",
    "disabled",
    "hidden",
    "loop",
    "muted",
    "open",
    "reversed",
];

/// Beginnings of ids that are numbered through the page.
const NUMBERED: [&str; 6] = [
    "__tabbed_",
    "__codelineno-",
    "__span-",
    "__code_",
    "__annotation",
    "_figure-caption_",
];

/// Beginnings of ids that contain the label of a footnote, which is its number in
/// many pages.
const FOOTNOTE: [&str; 4] = ["fn:", "fnref:", "fn-", "fnref-"];

/// Classes of elements that follow from others: links to headings and from
/// footnotes, numbers of lines and figures.
const DERIVED_CLASSES: [&str; 9] = [
    "headerlink",
    "footnote-backref",
    "linenos",
    "linenodiv",
    "caption-prefix",
    "md-content__button",
    "md-source-file",
    "md-feedback",
    "md-post__back",
];

/// Whether an element and all of its content follows from something else.
pub(super) fn is_derived(name: &str, attributes: &str) -> bool {
    if !attributes.contains("class") && !attributes.contains("id=") && name != "input" {
        return false;
    }
    let is_input = name.eq_ignore_ascii_case("input");
    if is_input && html::attribute(attributes, "type").as_deref() != Some("checkbox") {
        return true;
    }
    if let Some(id) = html::attribute(attributes, "id")
        && name.eq_ignore_ascii_case("a")
        && NUMBERED.iter().any(|prefix| id.starts_with(prefix))
    {
        return true;
    }
    has_class(attributes, &DERIVED_CLASSES)
}

/// Whether an element has one of these classes.
pub(super) fn has_class(attributes: &str, classes: &[&str]) -> bool {
    if !attributes.contains("class") {
        return false;
    }
    html::attribute(attributes, "class").is_some_and(|value| {
        value
            .split_ascii_whitespace()
            .any(|it| classes.contains(&it))
    })
}

/// Whether an id is numbered through the page, so that links do not name it.
pub fn is_derived_id(id: &str) -> bool {
    let mut beginnings = NUMBERED.iter().chain(&FOOTNOTE);
    beginnings.any(|it| id.starts_with(it))
}

/// The label of the footnote that an id or a link leads to.
pub(super) fn footnote_label(id: &str) -> Option<&str> {
    let id = id.strip_prefix('#').unwrap_or(id);
    ["fn:", "fn-"]
        .iter()
        .find_map(|prefix| id.strip_prefix(prefix))
}

/// A tag as it is compared: attributes in alphabetical order, classes too, and
/// none that follow from something else. `meaning` says what an address leads to.
pub(super) fn comparable_tag(
    name: &str,
    attributes: &str,
    meaning: &dyn Fn(&str) -> Option<String>,
) -> String {
    if attributes.trim().is_empty() {
        return format!("<{}>", name.to_ascii_lowercase());
    }
    let mut kept: Vec<(String, String)> = Vec::new();
    for (key, value) in html::attributes(attributes) {
        let key = key.to_ascii_lowercase();
        if SOURCE_ATTRIBUTES.contains(&key.as_str()) || kept.iter().any(|(known, _)| *known == key)
        {
            continue;
        }
        let value = html::unescape(value.unwrap_or("")).into_owned();
        if let Some(value) = comparable_value(name, &key, value, meaning) {
            kept.push((key, value));
        }
    }
    kept.sort();
    let mut tag = format!("<{}", name.to_ascii_lowercase());
    for (key, value) in kept {
        tag.extend([" ", &key, "=\""]);
        html::Escape::QUOTED.append(&value, &mut tag);
        tag.push('"');
    }
    tag.push('>');
    tag
}

/// The value of an attribute as it is compared; `None` if it follows from
/// something else.
fn comparable_value(
    name: &str,
    key: &str,
    value: String,
    meaning: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    match key {
        "class" => {
            let mut classes: Vec<&str> = value.split_ascii_whitespace().collect();
            classes.sort_unstable();
            classes.dedup();
            (!classes.is_empty()).then(|| classes.join(" "))
        }
        "id" | "for" | "name" | "href" | "data-tabs" | "aria-labelledby" | "aria-describedby" => {
            let bare = value.strip_prefix('#').unwrap_or(&value);
            let is_counted = key == "data-tabs"
                || NUMBERED
                    .iter()
                    .chain(&FOOTNOTE)
                    .any(|it| bare.starts_with(it));
            if is_counted {
                return None;
            }
            if key == "href" {
                return Some(meaning(&value).unwrap_or(value));
            }
            Some(value)
        }
        key if SWITCHES.contains(&key) => Some(String::new()),
        "src" | "poster" | "data" if name != "a" => Some(meaning(&value).unwrap_or(value)),
        _ => Some(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{comparable_tag, is_derived};

    #[test]
    fn order_and_blanks_of_attributes_are_no_difference() {
        let tag = |text: &str| comparable_tag("a", text, &|_| None);
        assert_eq!(
            tag(" class='b  a b' data-src=\"3\" HREF=x&amp;y"),
            tag("href=\"x&y\"\n class=\"a b\"")
        );
        assert_eq!(tag(" id=__tabbed_1_2 for=\"__tabbed_1\""), "<a>");
        assert_eq!(tag(" open"), tag(" open=\"open\""));
        assert_eq!(tag(" href=\"#fn:3\""), tag(" href=\"#fn:4\""));
        assert_ne!(tag(" href=\"#a\""), tag(" href=\"#b\""));
    }

    #[test]
    fn knows_what_follows_from_something_else() {
        assert!(is_derived("a", " class=\"x headerlink\" href=\"#a\""));
        assert!(is_derived("input", " type=radio"));
        assert!(is_derived("input", ""));
        assert!(!is_derived("input", " type=checkbox disabled"));
        assert!(is_derived("a", " id=\"__codelineno-0-1\""));
        assert!(!is_derived("a", " id=\"x\""));
    }
}
