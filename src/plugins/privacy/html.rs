use std::borrow::Cow;

use memchr::{memchr, memchr2};

use super::address::written;
use super::{Address, Copier, FindCopy, Needs, Place, Plan, Settings};
use crate::html::{Dialect, Escape, Tags, attributes, unescape};
use crate::url;
use crate::work::step;

/// A page, or another document, that names copies of the files of other sites instead of
/// these, and whose links to other sites have the attributes that the plugin gives them.
/// `None` if nothing changes.
///
/// As in the plugin, tags are found wherever they are, even in comments and scripts, and each
/// that leads to an address with a host is written anew: with double quotes and names in lower
/// case.
pub fn with_copies(
    html: &str,
    place: Place<'_>,
    settings: &Settings,
    find: FindCopy<'_>,
) -> (Option<String>, Needs) {
    let mut copier = Copier::new(settings, find);
    let mut changed: Option<String> = None;
    let mut kept = 0;
    let mut tags = Leading::of(html);
    while let Some(range) = tags.next() {
        let Some(tag) = Tag::parse(&html[range.clone()]) else {
            continue;
        };
        let to = changed.get_or_insert_with(|| String::with_capacity(html.len()));
        to.push_str(&html[kept..range.start]);
        if let Some(tag) = treated(tag, place, &mut copier) {
            tag.append(to);
        }
        kept = range.end;
    }
    if let Some(to) = &mut changed {
        to.push_str(&html[kept..]);
    }
    (changed, copier.needs)
}

/// A tag with what the plugin does to it; `None` if it is removed.
fn treated<'h>(mut tag: Tag<'h>, place: Place<'_>, copier: &mut Copier<'_>) -> Option<Tag<'h>> {
    let settings = copier.settings;
    let attribute = match &*tag.name {
        "a" if settings.links => {
            for (name, value) in &settings.link_attributes {
                tag.set(name, value.clone());
            }
            if settings.noopener && tag.get("target") == Some("_blank") {
                let written = tag.get("rel").unwrap_or_default();
                let mut words: Vec<&str> = written.split_whitespace().collect();
                if !words.contains(&"noopener") {
                    words.push("noopener");
                }
                let words = words.join(" ");
                tag.set("rel", words);
            }
            return Some(tag);
        }
        "link" => "href",
        "image" => "href",
        "script" | "img" => "src",
        _ => return Some(tag),
    };
    let address = Address::parse(tag.get(attribute).unwrap_or_default());
    if tag.name == "link" {
        match tag.get("rel").unwrap_or_default() {
            "preconnect" if matches!(settings.plan(&address), Plan::Take(_)) => return None,
            "icon" | "preload" | "stylesheet" => {}
            _ => return Some(tag),
        }
    }
    if let Some(copy) = copier.copy(&address) {
        let mut local = match place {
            Place::At(page) => url::relative_as_written(&written(&copy), page),
            Place::Anywhere => format!("{}{}", settings.base, written(&copy)),
        };
        if !address.fragment().is_empty() {
            local.push('#');
            local.push_str(address.fragment());
        }
        tag.set(attribute, local);
    }
    Some(tag)
}

/// Finds the tags that lead to addresses with a host, in one pass over the text.
struct Leading<'h> {
    html: &'h str,
    at: usize,
    /// Up to here, no tag leads anywhere by `href` and by `src`.
    fruitless: [usize; 2],
}

impl<'h> Leading<'h> {
    fn of(html: &'h str) -> Self {
        Self {
            html,
            at: 0,
            fruitless: [0, 0],
        }
    }

    fn next(&mut self) -> Option<std::ops::Range<usize>> {
        let bytes = self.html.as_bytes();
        loop {
            let start = self.at + memchr(b'<', &bytes[self.at..])?;
            self.at = start + 1;
            let Some((name, attribute)) = leading_name(&bytes[start + 1..]) else {
                continue;
            };
            let nth = usize::from(attribute == "src");
            if start < self.fruitless[nth] {
                continue;
            }
            let end = start + memchr(b'>', &bytes[start..])?;
            let inner = bytes.get(start + 1 + name..end).unwrap_or_default();
            step(inner.len());
            if leads_away(inner, attribute) {
                self.at = end + 1;
                return Some(start..end + 1);
            }
            self.fruitless[nth] = end;
        }
    }
}

/// The length of the start of a name, and the attribute by which tags of that name lead
/// somewhere. As in the plugin, the name may go on.
fn leading_name(text: &[u8]) -> Option<(usize, &'static str)> {
    let begins = |name: &str| {
        let start = text.get(..name.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(name.as_bytes()))
    };
    match text.first()?.to_ascii_lowercase() {
        b'a' => Some((1, "href")),
        b'l' if begins("link") => Some((4, "href")),
        b'i' if begins("image") => Some((5, "href")),
        b'i' if begins("img") => Some((3, "src")),
        b's' if begins("script") => Some((6, "src")),
        _ => None,
    }
}

/// Whether something that ends with the name of an attribute has an address with a host.
fn leads_away(inner: &[u8], attribute: &str) -> bool {
    let mut from = 1 + attribute.len();
    while let Some(equals) = inner.get(from..).and_then(|rest| memchr(b'=', rest)) {
        let at = from + equals;
        from = at + 1;
        let name = &inner[at - attribute.len()..at];
        if !name.eq_ignore_ascii_case(attribute.as_bytes()) {
            continue;
        }
        let value = &inner[at + 1..];
        let value = match value.first() {
            Some(b'"' | b'\'') => &value[1..],
            _ => value,
        };
        let begins = |scheme: &str| {
            let start = value.get(..scheme.len());
            start.is_some_and(|it| it.eq_ignore_ascii_case(scheme.as_bytes()))
        };
        let schemes = ["https:", "http:"].into_iter();
        let scheme = schemes.filter(|scheme| begins(scheme)).map(str::len).next();
        let rest = &value[scheme.unwrap_or(0)..];
        if rest.starts_with(b"//") && rest.len() > 2 {
            return true;
        }
    }
    false
}

/// A tag with more attributes is left as it is, so that looking for one takes no longer.
const MOST_ATTRIBUTES: usize = 100;

/// A start tag.
struct Tag<'h> {
    name: String,
    /// The attributes in lower case, in order; of two with the same name, the last counts.
    attributes: Vec<(Cow<'h, str>, Option<String>)>,
    /// Whether it is written with `/>`: the plugin loses that, which hides what follows an
    /// image in a drawing.
    is_closed: bool,
}

impl<'h> Tag<'h> {
    /// Reads the tag that a text consists of; `None` if it does not end where the text does,
    /// or cannot be written anew.
    fn parse(text: &'h str) -> Option<Self> {
        let read = Tags::of(text, Dialect::Html).start(text)?;
        if read.length != text.len() {
            return None;
        }
        let mut tag = Self {
            name: read.name.to_ascii_lowercase(),
            attributes: Vec::new(),
            is_closed: false,
        };
        tag.is_closed = read.is_closed && tag.name == "image";
        for (nth, (name, value)) in attributes(read.attributes).enumerate() {
            if nth == MOST_ATTRIBUTES {
                return None;
            }
            let value = value.map(|value| unescape(value).into_owned());
            let name = if name.chars().any(char::is_uppercase) {
                name.to_lowercase().into()
            } else {
                name.into()
            };
            tag.put(name, value);
        }
        Some(tag)
    }

    fn put(&mut self, name: Cow<'h, str>, value: Option<String>) {
        match self.attributes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.attributes.push((name, value)),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(known, _)| known == name)?;
        value.as_deref()
    }

    fn set(&mut self, name: &str, value: String) {
        self.put(name.to_owned().into(), Some(value));
    }

    fn append(&self, to: &mut String) {
        to.push('<');
        to.push_str(&self.name);
        for (name, value) in &self.attributes {
            to.push(' ');
            to.push_str(name);
            if let Some(value) = value {
                to.push_str("=\"");
                append_value(value, to);
                to.push('"');
            }
        }
        to.push_str(if self.is_closed { "/>" } else { ">" });
    }
}

/// Writes the value of an attribute as Python's `ElementTree` does.
fn append_value(value: &str, to: &mut String) {
    let is_plain = memchr2(b'\n', b'\t', value.as_bytes()).is_none() && !value.contains('\r');
    if is_plain {
        Escape::QUOTED.append(value, to);
        return;
    }
    for character in value.chars() {
        match character {
            '\n' => to.push_str("&#10;"),
            '\r' => to.push_str("&#13;"),
            '\t' => to.push_str("&#09;"),
            other => Escape::QUOTED.append(other.encode_utf8(&mut [0; 4]), to),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Place, Settings, with_copies};
    use crate::work::steps_of;

    fn settings(options: Value) -> Settings {
        let options = options.as_object().expect("a mapping");
        Settings::new(options, Some("https://own.example/docs/"), "/docs/")
    }

    /// A page with a copy of every file but those with `gone` in their names.
    fn made(html: &str, options: Value) -> String {
        let find = |file: &str| (!file.contains("gone")).then(|| format!("{file}.x"));
        let place = Place::At("a/b/");
        let (made, _) = with_copies(html, place, &settings(options), &find);
        made.unwrap_or_else(|| html.to_owned())
    }

    /// As Material's plugin writes them, but for what is said.
    #[test]
    fn tags_are_written_as_by_the_plugin() {
        for (html, expected) in [
            (
                "<a href='b'>b</a> <!-- a // b -->",
                "<a href='b'>b</a> <!-- a // b -->",
            ),
            (
                "<A HREF=//h/?a&amp;b Class='c'>",
                "<a href=\"//h/?a&amp;b\" class=\"c\">",
            ),
            // Entities without a semicolon stay as browsers read them.
            (
                "<a href=\"http://h/?a=1&region=2\">",
                "<a href=\"http://h/?a=1&amp;region=2\">",
            ),
            (
                "<a rel='a  b' target=_blank href=https://own.example/>",
                "<a rel=\"a b noopener\" target=\"_blank\" href=\"https://own.example/\">",
            ),
            (
                "<img src=\"https://h/x.png\" src=\"https://h/y.png#z\">",
                "<img src=\"../../assets/external/h/y.png.x#z\">",
            ),
            ("<img src='https://h/gone'>", "<img src=\"https://h/gone\">"),
            // Ends inside of a value, where the plugin fails.
            (
                "<img alt='a > b' src='https://h/x'>",
                "<img alt='a > b' src='https://h/x'>",
            ),
            ("<link rel=preconnect href=https://h>", ""),
            (
                "<link rel=preconnect href=https://own.example>",
                "<link rel=\"preconnect\" href=\"https://own.example\">",
            ),
            // Otherwise, what follows would be part of it.
            (
                "<image href='//h/x' /><g/>",
                "<image href=\"../../assets/external/h/x.x\"/><g/>",
            ),
            (
                "<abbr title=a data-href=https://h/>",
                "<abbr title=\"a\" data-href=\"https://h/\">",
            ),
            ("<script>a</script src=//h>", "<script>a</script src=//h>"),
            (
                "<a name=b <a href=https://h/>",
                "<a name=\"b\" <a href=\"https://h/\">",
            ),
        ] {
            assert_eq!(made(html, json!({})), expected, "{html}");
        }
        let off = json!({"links": false, "assets": false});
        let html = "<a target=\"_blank\" href=\"//h/\"><img src=\"//h/x\">";
        assert_eq!(made(html, off), html);
    }

    #[test]
    fn what_is_named_is_listed() {
        let html = "<img src=//h/x><img src=//h/gone><img src=https://u:p@h/x.js>";
        let find = |file: &str| (file == "h/x").then(|| file.to_owned());
        let (_, needs) = with_copies(html, Place::Anywhere, &settings(json!({})), &find);
        let copies: Vec<&String> = needs.copies.iter().collect();
        assert_eq!(copies, ["assets/external/h/x"]);
        let missing: Vec<&String> = needs.missing.iter().map(|it| &it.url).collect();
        assert_eq!(missing, ["//h/gone"]);
        let unfit: Vec<&String> = needs.unfit.iter().collect();
        assert_eq!(unfit, ["https://u:p@h/x.js"]);
        let off = settings(json!({"assets_fetch": false}));
        let (_, needs) = with_copies(html, Place::Anywhere, &off, &find);
        assert_eq!((needs.left.len(), needs.missing.len()), (3, 0));
    }

    #[test]
    fn twice_as_much_takes_twice_as_long() {
        for (first, second) in [
            ("<a ", ""),
            ("<a ", ">"),
            ("<a href=", ">"),
            ("<a href=//", ">"),
            ("<img src='//h ", ""),
            ("<script src=\"//h ", "\">"),
            ("<a href=//h>", ""),
            ("<", ">"),
        ] {
            let steps = |count: usize| {
                let page = first.repeat(count) + &second.repeat(count);
                steps_of(|| made(&page, json!({})))
            };
            let (once, twice) = (steps(2_000), steps(4_000));
            assert!(twice <= once * 2 + 100, "{first} {second}: {once} {twice}");
        }
    }
}
