//! HTML as a list of tokens, freed of what does not count: the same rules as
//! a comparison of pages in a browser, but without mending wrong nesting, so
//! that it shows.
//!
//! Tokens: `<tag a="1"` opens (attributes sorted), `/tag` closes, `=text`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

const BLOCK: &str = " address article aside blockquote body br caption center col colgroup dd details \
    dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr \
    legend li main menu nav noscript ol optgroup option p pre search section summary table tbody td \
    tfoot th thead tr ul ";
const VOID: &str = " area base br col embed hr img input link meta param source track wbr ";
const BOOLEAN: &str = " allowfullscreen async autofocus autoplay checked controls default defer disabled \
    hidden inert ismap loop multiple muted novalidate open playsinline readonly required reversed selected ";
const REPLACED: &str =
    " audio button canvas embed iframe img input object select svg textarea video ";
/// Elements whose inside is no markup and does not show.
const RAW: &str = " script style ";

fn is_in(list: &str, tag: &str) -> bool {
    list.contains(&format!(" {tag} "))
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
}

/// Cuts HTML at its tags; comments and declarations go.
fn pieces(html: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = html;
    let mut text = String::new();
    while let Some(first) = rest.chars().next() {
        let after = rest.strip_prefix("</").or(rest.strip_prefix('<'));
        let is_tag =
            after.is_some_and(|after| after.starts_with(|it: char| it.is_ascii_alphabetic()));
        if rest.starts_with("<!--") {
            let end = rest[4..].find("-->").map_or(rest.len(), |at| at + 7);
            rest = &rest[end..];
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            let end = rest.find('>').map_or(rest.len(), |at| at + 1);
            rest = &rest[end..];
        } else if is_tag {
            flush(&mut out, &mut text);
            let (piece, length) = tag(rest);
            rest = &rest[length..];
            if let Piece::Open(name, _) = &piece
                && is_in(RAW, name)
            {
                let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
                rest = &rest[end..];
                rest = &rest[rest.find('>').map_or(rest.len(), |at| at + 1)..];
                continue;
            }
            out.push(piece);
        } else {
            text.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    flush(&mut out, &mut text);
    out
}

fn flush(out: &mut Vec<Piece>, text: &mut String) {
    if !text.is_empty() {
        out.push(Piece::Text(unescape(text)));
        text.clear();
    }
}

/// The tag at the beginning of `text`, and its length.
fn tag(text: &str) -> (Piece, usize) {
    let closes = text.starts_with("</");
    let mut at = if closes { 2 } else { 1 };
    let upto = |from: usize, ends: fn(char) -> bool| {
        text[from..]
            .find(ends)
            .map_or(text.len(), |length| from + length)
    };
    let blank = |it: char| it.is_ascii_whitespace();
    let end = upto(at, |it| it.is_ascii_whitespace() || matches!(it, '>' | '/'));
    let name = text[at..end].to_ascii_lowercase();
    at = end;
    let mut attributes = BTreeMap::new();
    loop {
        at = text.len()
            - text[at..]
                .trim_start_matches(|it| blank(it) || it == '/')
                .len();
        if at >= text.len() || text[at..].starts_with('>') {
            break;
        }
        let first = text[at..].chars().next().map_or(1, char::len_utf8);
        let end = upto(at + first, |it| {
            it.is_ascii_whitespace() || matches!(it, '=' | '>' | '/')
        });
        let key = text[at..end].to_ascii_lowercase();
        at = text.len() - text[end..].trim_start_matches(blank).len();
        let mut value = String::new();
        if let Some(quoted) = text[at..].strip_prefix('=') {
            at = text.len() - quoted.trim_start_matches(blank).len();
            let quote = text[at..]
                .chars()
                .next()
                .filter(|it| matches!(it, '"' | '\''));
            let end = match quote {
                Some(quote) => text[at + 1..]
                    .find(quote)
                    .map_or(text.len(), |length| at + 1 + length),
                None => upto(at, |it| it.is_ascii_whitespace() || it == '>'),
            };
            let start = at + usize::from(quote.is_some());
            value = unescape(&text[start.min(end)..end]);
            at = (end + usize::from(quote.is_some())).min(text.len());
        }
        attributes.entry(key).or_insert(value);
    }
    let length = (at + 1).min(text.len());
    if closes {
        (Piece::Close(name), length)
    } else {
        (Piece::Open(name, attributes), length)
    }
}

/// Resolves character references.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end < 40);
        let found = end.and_then(|end| Some((reference(&rest[1..end])?, end + 1)));
        let (text, length) = found.unwrap_or_else(|| ("&".to_owned(), 1));
        out.push_str(&text);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    let entity = entities::ENTITIES.iter().find(|it| {
        it.entity
            .strip_prefix('&')
            .and_then(|it| it.strip_suffix(';'))
            == Some(name)
    })?;
    Some(entity.characters.to_owned())
}

/// A token on its way: `soft` ones swallow white space beside them.
struct Token {
    text: String,
    soft: bool,
    /// From a `<pre>`: as it stands.
    exact: bool,
}

/// The tokens of `html` that count.
pub fn normalise(html: &str) -> Vec<String> {
    let pieces = pieces(html);
    let mut tokens: Vec<Token> = Vec::new();
    // What is open: its tag, its classes, whether it is soft.
    let mut open: Vec<(String, String, bool)> = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Text(text) => say(&mut tokens, text),
            Piece::Close(tag) => {
                let place = open.iter().rposition(|(it, ..)| it == tag);
                let soft = place.is_some_and(|place| open[place].2) || is_in(BLOCK, tag);
                if let Some(place) = place {
                    open.truncate(place);
                }
                if !is_in(VOID, tag) {
                    tokens.push(Token {
                        text: format!("/{tag}"),
                        soft,
                        exact: false,
                    });
                }
            }
            Piece::Open(tag, attributes) => {
                let classes = attributes.get("class").map_or("", String::as_str);
                let inside = |at: usize| &pieces[at..end_of(&pieces, at, tag)];
                let soft = is_in(BLOCK, tag)
                    || is_tab(
                        tag,
                        attributes,
                        open.last().map_or("", |(_, classes, _)| classes),
                    );
                let text = format!("<{tag}{}", spell(attributes));
                let has = |name: &str| classes.split_ascii_whitespace().any(|it| it == name);
                if tag == "table" && has("highlighttable") {
                    // The column of line numbers is not judged.
                    let all = inside(at);
                    at = (at + all.len() + 1).min(pieces.len());
                    let name = all.iter().position(|it| matches!(it, Piece::Open(tag, with) if tag == "span" && with.get("class").is_some_and(|it| it == "filename")));
                    if let Some(name) = name {
                        tokens.push(Token {
                            text: "<span class=\"filename\"".to_owned(),
                            soft: false,
                            exact: false,
                        });
                        say(
                            &mut tokens,
                            &shown(&all[name + 1..end_of(all, name + 1, "span")]),
                        );
                        tokens.push(Token {
                            text: "/span".to_owned(),
                            soft: false,
                            exact: false,
                        });
                    }
                    if let Some(pre) = all
                        .iter()
                        .rposition(|it| matches!(it, Piece::Open(tag, _) if tag == "pre"))
                    {
                        preformatted(
                            &mut tokens,
                            "<pre",
                            &all[pre + 1..end_of(all, pre + 1, "pre")],
                        );
                    }
                } else if tag == "pre" {
                    let all = inside(at);
                    at = (at + all.len() + 1).min(pieces.len());
                    preformatted(&mut tokens, &text, all);
                } else if tag == "svg" || (tag == "code" && has("highlight")) {
                    let all = inside(at);
                    at = (at + all.len() + 1).min(pieces.len());
                    let text = if tag == "svg" {
                        "<svg".to_owned()
                    } else {
                        text
                    };
                    tokens.push(Token {
                        text,
                        soft: false,
                        exact: false,
                    });
                    if tag == "code" {
                        say(&mut tokens, &shown(all));
                    }
                    tokens.push(Token {
                        text: format!("/{tag}"),
                        soft: false,
                        exact: false,
                    });
                } else {
                    tokens.push(Token {
                        text,
                        soft,
                        exact: false,
                    });
                    if is_in(VOID, tag) {
                        tokens.push(Token {
                            text: format!("/{tag}"),
                            soft,
                            exact: false,
                        });
                    } else {
                        open.push((tag.clone(), classes.to_owned(), soft));
                    }
                }
            }
        }
    }
    collapse(tokens)
}

/// Where the element whose inside begins at `from` ends.
fn end_of(pieces: &[Piece], from: usize, tag: &str) -> usize {
    let mut depth = 1;
    for (at, piece) in pieces.iter().enumerate().skip(from) {
        match piece {
            Piece::Open(it, _) if it == tag => depth += 1,
            Piece::Close(it) if it == tag => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    pieces.len()
}

/// The text among `pieces`, line numbers left out.
fn shown(pieces: &[Piece]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        at += 1;
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Open(tag, with)
                if tag == "span" && with.get("class").is_some_and(|it| it == "linenos") =>
            {
                at = end_of(pieces, at, "span");
            }
            _ => {}
        }
    }
    out
}

/// A `<pre>`: its code element and its text.
fn preformatted(tokens: &mut Vec<Token>, open: &str, inside: &[Piece]) {
    let code = inside.iter().find_map(|it| match it {
        Piece::Open(tag, attributes) if tag == "code" => Some(attributes),
        _ => None,
    });
    let mut push = |text: String, soft, exact| tokens.push(Token { text, soft, exact });
    push(open.to_owned(), true, false);
    if let Some(attributes) = code {
        push(format!("<code{}", spell(attributes)), false, false);
    }
    push(
        format!("={}", shown(inside).trim_end_matches('\n')),
        false,
        true,
    );
    if code.is_some() {
        push("/code".to_owned(), false, false);
    }
    push("/pre".to_owned(), true, false);
}

fn say(tokens: &mut Vec<Token>, text: &str) {
    match tokens.last_mut() {
        Some(last) if last.text.starts_with('=') && !last.exact => last.text.push_str(text),
        _ => tokens.push(Token {
            text: format!("={text}"),
            soft: false,
            exact: false,
        }),
    }
}

/// Whether this belongs to the row of tabs.
fn is_tab(tag: &str, attributes: &BTreeMap<String, String>, parent: &str) -> bool {
    let generated = attributes
        .get("id")
        .or(attributes.get("for"))
        .is_some_and(|id| id.starts_with("__tabbed"));
    (tag == "input" || tag == "label")
        && (generated || parent.contains("tabbed-set") || parent.contains("tabbed-labels"))
}

/// Attributes in one spelling.
fn spell(attributes: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    for (key, value) in attributes {
        let mut value = value.clone();
        match key.as_str() {
            "class" => {
                let mut classes: Vec<&str> = value.split_ascii_whitespace().collect();
                classes.sort_unstable();
                classes.dedup();
                value = classes.join(" ");
                if value.is_empty() {
                    continue;
                }
            }
            "id" | "for" | "name" if value.starts_with("__") => continue,
            "href" if value.starts_with("#__") => value = "#__".to_owned(),
            "data-tabs" => {
                value = value
                    .trim_start_matches(|it: char| it.is_ascii_digit())
                    .to_owned()
            }
            "title" | "alt" => value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
            "style" => {
                let parts = value
                    .split(';')
                    .map(|part| part.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
                let parts = parts.filter(|part| !part.is_empty());
                let parts = parts.map(|part| {
                    part.split_once(':')
                        .map_or(part.clone(), |(a, b)| format!("{}: {}", a.trim(), b.trim()))
                });
                value = parts.collect::<Vec<_>>().join("; ");
            }
            key if is_in(BOOLEAN, key) => value = String::new(),
            _ => {}
        }
        let _ = write!(out, " {key}={value:?}");
    }
    out
}

/// Collapses white space as a line box does.
fn collapse(tokens: Vec<Token>) -> Vec<String> {
    let replaced = |text: &str| {
        is_in(
            REPLACED,
            text[1..].split([' ', '/']).next().unwrap_or_default(),
        )
    };
    let mut kept: Vec<Token> = Vec::new();
    // Whether a blank here would not show.
    let mut blank = true;
    for mut token in tokens {
        if token.exact {
            blank = true;
        } else if let Some(text) = token.text.strip_prefix('=') {
            let mut out = String::new();
            for character in text.chars() {
                if !character.is_ascii_whitespace() {
                    out.push(character);
                } else if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            let text = if blank {
                out.trim_start_matches(' ')
            } else {
                &out
            };
            if text.is_empty() {
                continue;
            }
            blank = text.ends_with(' ');
            token.text = format!("={text}");
        } else if token.soft {
            blank = true;
        } else if replaced(&token.text) {
            blank = false;
        }
        kept.push(token);
    }
    let mut out = Vec::new();
    let mut edge = true;
    for token in kept.into_iter().rev() {
        let mut text = token.text;
        if token.exact || token.soft {
            edge = true;
        } else if text.starts_with('=') {
            if edge {
                text.truncate(text.trim_end_matches(' ').len());
                if text == "=" {
                    continue;
                }
            }
            edge = false;
        } else if replaced(&text) {
            edge = false;
        }
        out.push(text);
    }
    out.reverse();
    out
}
