//! A pack's SVG, without what pages have no use for.

/// Attributes that are dropped. Ids would be repeated on a page with the same
/// icon twice; the others are for the style sheet and the text around it to say.
const DROPPED: [&str; 7] = [
    "id",
    "role",
    "class",
    "width",
    "height",
    "aria-hidden",
    "xmlns",
];

/// The SVG with `xmlns` and `viewBox` in front, without title, comments, colour
/// and [`DROPPED`] attributes. Drawings stay as they are.
pub(super) fn clean(svg: &str) -> String {
    let mut clean = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        clean.push_str(rest[..at].trim());
        rest = &rest[at..];
        if let Some(after) =
            behind(rest, "<!--", "-->").or_else(|| behind(rest, "<title", "</title>"))
        {
            rest = after;
            continue;
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        tag(&rest[..end], &mut clean);
        rest = &rest[end..];
    }
    clean.push_str(rest.trim());
    clean
}

/// What follows `close`, if `text` begins with `open`.
fn behind<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let inside = text.strip_prefix(open)?;
    let end = inside.find(close)?;
    Some(&inside[end + close.len()..])
}

fn tag(tag: &str, clean: &mut String) {
    let name_end = tag.find([' ', '>']).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(name_end);
    let root = name == "<svg";
    clean.push_str(name);
    if root {
        clean.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    while let Some((attribute, value, after)) = attribute(rest) {
        rest = after;
        let colour = attribute == "fill" && (root || value == "currentColor");
        if !colour && !DROPPED.contains(&attribute) {
            clean.extend([" ", attribute, "=\"", value, "\""]);
        }
    }
    clean.push_str(rest.trim_start());
}

/// Name and value of the attribute at the head of `text`, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, rest) = rest.split_once('"')?;
    Some((name.trim(), value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_drawing_only() {
        for (svg, expected) in [
            (
                r#"<svg role="img" viewBox="0 0 24 24" xmlns="x"><title>A > B</title><path d="M0 0"/></svg>"#,
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0"/></svg>"#,
            ),
            (
                "<svg fill=\"none\" id=\"a\" viewBox=\"0 0 1 1\">\n <!-- > -->\n <path fill-rule=\"evenodd\" fill=\"currentColor\" d=\"M1\" />\n</svg>\n",
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill-rule="evenodd" d="M1"/></svg>"#,
            ),
            (
                r#"<svg viewBox="0 0 1 1"><g fill="none"><path d="M1"></path></g></svg>"#,
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g fill="none"><path d="M1"></path></g></svg>"#,
            ),
        ] {
            assert_eq!(clean(svg), expected);
        }
    }

    #[test]
    fn survives_broken_text() {
        for text in [
            "",
            "<",
            "<svg",
            "<svg a=\"",
            "<!--",
            "<title>",
            "a<b>c",
            "<svg x=\"1\"é",
            "=\"\">",
        ] {
            let _ = clean(text);
        }
    }
}
