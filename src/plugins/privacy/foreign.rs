use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::text::address_in;
use super::{Address, IMPORTS, IN_SCRIPTS, IN_STYLES, expression, split_ending};
use crate::html::{Token, attributes, tokens, unescape};

/// A file of another site that browsers ask for when they show a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignAsset {
    /// Its address.
    pub url: String,
    /// What names it, such as `script` or `style sheet`.
    pub kind: &'static str,
    /// The host that is asked.
    pub host: String,
}

/// The files of other sites that browsers ask for when they show this page, sorted and without
/// duplicates. `own_host` is the site's own. What scripts and style sheets load besides is not
/// among them.
pub fn foreign_assets(html: &str, own_host: Option<&str>) -> BTreeSet<ForeignAsset> {
    let mut found = BTreeSet::new();
    if memchr::memmem::find(html.as_bytes(), b"//").is_none() {
        return found;
    }
    for (token, _) in tokens(html) {
        let Token::Start {
            name,
            attributes: written,
            ..
        } = token
        else {
            continue;
        };
        if !written.contains("//") {
            continue;
        }
        let name = name.to_ascii_lowercase();
        let attribute = |wanted: &str| {
            let mut all = attributes(written);
            let (_, value) = all.find(|(it, _)| it.eq_ignore_ascii_case(wanted))?;
            Some(unescape(value?).into_owned())
        };
        let rel = || attribute("rel").unwrap_or_default().to_lowercase();
        let (kind, names): (&str, &[&str]) = match &*name {
            "script" => ("script", &["src"]),
            "img" | "source" | "input" => ("image", &["src", "srcset"]),
            "image" | "use" => ("image", &["href", "xlink:href"]),
            "iframe" | "frame" | "embed" => ("frame", &["src"]),
            "object" => ("frame", &["data"]),
            // What scripts of the theme ask for.
            "a" => ("data", &["data-md-facts"]),
            "video" | "audio" | "track" => ("media", &["src", "poster"]),
            "link" => match kind_of_link(&rel()) {
                Some(kind) => (kind, &["href"]),
                None => continue,
            },
            _ => continue,
        };
        for attribute_name in names {
            let Some(value) = attribute(attribute_name) else {
                continue;
            };
            let is_set = *attribute_name == "srcset";
            let values = value.split(|it: char| is_set && it == ',');
            for one in values {
                let one = one.trim();
                let url = if is_set {
                    one.split_whitespace().next()
                } else {
                    Some(one)
                };
                let address = Address::parse(url.unwrap_or_default());
                let Some(host) = address.host().filter(|it| Some(&**it) != own_host) else {
                    continue;
                };
                let url = address.to_download();
                found.insert(ForeignAsset { url, kind, host });
            }
        }
    }
    found
}

/// The files of other sites that a style sheet or script names, by the ending of its path.
/// Scripts need not load all that they name.
pub fn foreign_in_file(path: &str, text: &str, own_host: Option<&str>) -> BTreeSet<ForeignAsset> {
    static STYLES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [IN_STYLES, IMPORTS]
            .iter()
            .filter_map(|it| expression(it).ok())
            .collect()
    });
    static SCRIPTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [IN_SCRIPTS]
            .iter()
            .filter_map(|it| expression(it).ok())
            .collect()
    });
    let expressions = match split_ending(path).1 {
        ".css" => &*STYLES,
        ".js" => &*SCRIPTS,
        _ => return BTreeSet::new(),
    };
    let mut found = BTreeSet::new();
    for regex in expressions {
        for captures in regex.captures_iter(text) {
            let Some(written) = address_in(&captures) else {
                continue;
            };
            let address = Address::parse(written.as_str());
            let Some(host) = address.host() else {
                continue;
            };
            if Some(&*host) == own_host {
                continue;
            }
            let url = address.to_download();
            let kind = kind_of_file(&url);
            found.insert(ForeignAsset { url, kind, host });
        }
    }
    found
}

/// What a file is, by the ending of its address.
fn kind_of_file(url: &str) -> &'static str {
    let path = url.split('?').next().unwrap_or_default();
    match split_ending(path).1 {
        ".woff" | ".woff2" | ".ttf" | ".otf" | ".eot" => "font",
        ".css" => "style sheet",
        ".js" | ".mjs" => "script",
        ".avif" | ".gif" | ".jpg" | ".jpeg" | ".png" | ".svg" | ".webp" => "image",
        _ => "file",
    }
}

/// What a link with these relations loads, if anything.
fn kind_of_link(rel: &str) -> Option<&'static str> {
    rel.split_whitespace().find_map(|rel| match rel {
        "stylesheet" => Some("style sheet"),
        "icon" | "apple-touch-icon" | "mask-icon" => Some("icon"),
        "preload" | "prefetch" | "modulepreload" | "manifest" => Some("file"),
        "preconnect" | "dns-prefetch" => Some("connection"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{foreign_assets, foreign_in_file};

    #[test]
    fn what_files_name_is_found_by_their_endings() {
        let text = "@import \"https://a.example/x\"; @import url(//b.example/y.css);\n\
                    c { src: url('https://own.example/z.woff'), url( https://c.example/z.woff2?q ) }\n\
                    load('https://d.example/s.js', 'https://e.example/page')\n";
        let found = |path: &str| {
            let found = foreign_in_file(path, text, Some("own.example"));
            let found = found.into_iter().map(|it| (it.kind, it.host));
            found.collect::<Vec<_>>()
        };
        let named = |kind, host: &str| (kind, host.to_owned());
        assert_eq!(
            found("a/b.css"),
            [
                named("style sheet", "b.example"),
                named("file", "a.example"),
                named("font", "c.example"),
            ]
        );
        assert_eq!(found("b.js"), [named("script", "d.example")]);
        assert_eq!(found("b.txt"), []);
    }

    #[test]
    fn what_browsers_ask_for_is_found() {
        let html = "<link rel='preconnect' href='https://f.example'>\
                    <link rel=canonical href='https://other.example/'>\
                    <link rel='shortcut icon' href='//i.example/i.png'>\
                    <script src=https://own.example/x.js></script>\
                    <script src=https://s.example/x.js>'<img src=\"https://no.example/\">'</script>\
                    <a href='https://a.example/'><img src='a.png' \
                    srcset='https://b.example/b.png 2x, https://c.example/c.png'></a>\
                    <!-- <img src='https://no.example/a.png'> -->";
        let found = foreign_assets(html, Some("own.example"));
        let found: Vec<_> = found.iter().map(|it| (it.kind, &*it.host)).collect();
        assert_eq!(
            found,
            [
                ("icon", "i.example"),
                ("image", "b.example"),
                ("image", "c.example"),
                ("connection", "f.example"),
                ("script", "s.example"),
            ]
        );
    }
}
