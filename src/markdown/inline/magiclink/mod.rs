//! `pymdownx.magiclink`: bare addresses as links, and the short names of
//! people, repositories, issues and commits.

mod domain;
mod names;
mod shorten;

use super::placeholders;
use crate::markdown::options::Magiclink;
use crate::markdown::source::lines::marks;
use crate::markdown::source::lines::marks::shown;
use crate::work::step;
use domain::Domain;
use names::{commit, issue, mention};
pub use shorten::shorten;

/// A link in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundLink {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where it leads.
    pub url: String,
    /// What it shows.
    pub text: String,
    /// `title` and `class`, for short names.
    pub kind: Option<Kind>,
}

/// What a short name stands for.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its title.
    pub title: String,
    /// Its classes.
    pub class: String,
}

fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    placeholders::plain(text, &mut shown);
    shown
}

/// The first link in `text` from byte `from` on.
pub fn first(text: &str, from: usize, options: &Magiclink) -> Option<FoundLink> {
    let starts = text[from..]
        .char_indices()
        .map(|(at, character)| (from + at, character));
    let mut domain = None;
    // A link before it has become an atom by then.
    let mut before = (from > 0).then_some(marks::CLOSE);
    let from_start = |found: FoundLink| FoundLink {
        start: found.start + from,
        end: found.end + from,
        ..found
    };
    for (at, character) in starts {
        step(1);
        let found = match shown(character) {
            'h' | 'H' | 'f' | 'F' | 'w' | 'W' => address(text, at, before, options, &mut domain),
            '@' => mail(text, at).or_else(|| mention(text, at, before, options)),
            '#' | '!' | '?' if options.shorthand => {
                issue(&text[from..], at - from, before, options).map(from_start)
            }
            '0'..='9' | 'a'..='f' if options.shorthand => {
                commit(&text[from..], at - from, before, options).map(from_start)
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        before = Some(character);
    }
    None
}

fn address(
    text: &str,
    start: usize,
    before: Option<char>,
    options: &Magiclink,
    domain: &mut Option<Domain>,
) -> Option<FoundLink> {
    let may_begin = before.is_none_or(|before| {
        before.is_whitespace() || before == marks::CLOSE || "*_~^[('\"".contains(shown(before))
    });
    let rest = &text[start..];
    let scheme = ["http://", "https://", "ftp://", "ftps://", "www."]
        .into_iter()
        .find(|scheme| {
            rest.get(..scheme.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        })?;
    let floor = start + scheme.len();
    let domain_begins = text[floor..]
        .chars()
        .next()
        .is_some_and(char::is_alphanumeric);
    if !may_begin || !domain_begins {
        return None;
    }
    // Addresses that begin within one domain end with it.
    if domain.as_ref().is_none_or(|domain| domain.written <= floor) {
        *domain = Some(Domain::new(text, floor));
    }
    if domain
        .as_ref()
        .is_some_and(|domain| domain.is_odd(text, floor))
    {
        return None;
    }
    let end = floor + text[floor..].find(is_end).unwrap_or(text.len() - floor);
    step(end - floor);
    let end = floor + trimmed(&text[floor..end], &text[start..end]);
    let written = plain(&text[start..end]);
    let url = if scheme == "www." {
        format!("http://{written}")
    } else {
        written.clone()
    };
    let hides = options.hide_protocol && scheme != "www.";
    let text = if hides {
        written[scheme.len()..].to_owned()
    } else {
        written
    };
    Some(FoundLink {
        start,
        end,
        url,
        text,
        kind: None,
    })
}

/// Punctuation that no address ends with. Brackets and `;` depend on the text
/// before them.
const TRIMMED: &str = "?!.,:*_~^'\"";

/// Whether an address ends before `character`.
fn is_end(character: char) -> bool {
    character.is_whitespace() || matches!(character, '<' | marks::LESS | marks::OPEN)
}

/// How much of `path` belongs to the link `whole`, which ends with it:
/// punctuation at its end does not, nor do brackets that it does not open.
fn trimmed(path: &str, whole: &str) -> usize {
    let mut end = path.len();
    // The brackets that are left open are counted once, where there are any.
    let mut open: [Option<(usize, usize)>; 2] = [None; 2];
    while let Some(last) = path[..end].chars().next_back() {
        let last_length = last.len_utf8();
        match shown(last) {
            mark if TRIMMED.contains(mark) => end -= last_length,
            ';' => {
                let name = path[..end - 1].trim_end_matches(char::is_alphanumeric);
                let is_entity = name.ends_with('&') && name.len() < end - 1;
                end = if is_entity { name.len() - 1 } else { end - 1 };
            }
            close @ (')' | ']') => {
                let nth = usize::from(close == ']');
                let opening = if close == ')' { '(' } else { '[' };
                let (closing, opened) = open[nth].get_or_insert_with(|| {
                    let link = &whole[..whole.len() - (path.len() - end)];
                    let count = |mark: char| link.matches(mark).count();
                    (count(close), count(opening))
                });
                if closing <= opened {
                    break;
                }
                *closing -= 1;
                end -= last_length;
            }
            _ => break,
        }
    }
    end
}

fn mail(text: &str, at: usize) -> Option<FoundLink> {
    let is_local =
        |it: char| matches!(shown(it), '-' | '+' | '_' | '.') || it.is_ascii_alphanumeric();
    let local = text[..at]
        .chars()
        .rev()
        .take_while(|it| is_local(*it))
        .map(char::len_utf8)
        .sum::<usize>();
    let mut start = at - local;
    let written = &text[start..at];
    // Behind two points, or one that nothing precedes, an address begins anew.
    let kept = written.rsplit_once("..").map_or(written, |(_, kept)| kept);
    let kept = kept.strip_prefix('.').unwrap_or(kept);
    start += written.len() - kept.len();
    let name = plain(kept);
    if name.is_empty() || name.ends_with('.') || text[..start].ends_with(['/', '@']) {
        return None;
    }
    let is_domain = |it: char| matches!(shown(it), '-' | '_' | '.') || it.is_ascii_alphanumeric();
    let rest = &text[at + 1..];
    let length = rest.find(|it| !is_domain(it)).unwrap_or(rest.len());
    let is_foreign = |it: char| !shown(it).is_ascii_alphabetic();
    let written = rest[..length].trim_end_matches(is_foreign);
    let domain = plain(written);
    let end = at + 1 + written.len();
    let is_followed = text[end..].starts_with(['-', '@']);
    if !domain.contains('.') || domain.starts_with('.') || domain.contains("..") || is_followed {
        return None;
    }
    let address = format!("{name}@{domain}");
    Some(FoundLink {
        start,
        end,
        url: format!("mailto:{address}"),
        text: address,
        kind: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::options::ExtensionOptions;

    fn found(text: &str) -> Vec<(String, String)> {
        let options = serde_json::json!({
            "repo_url_shorthand": true,
            "normalize_issue_symbols": true,
            "user": "me",
            "repo": "rep",
        });
        let options = Magiclink::new(&ExtensionOptions::new(options.as_object().expect("a map")));
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(link) = first(text, at, &options) {
            at = link.end;
            all.push((link.url, link.text));
        }
        all
    }

    #[test]
    fn links_of_every_kind() {
        for (text, url, shown) in [
            (
                "See https://example.org/a?x=1.",
                "https://example.org/a?x=1",
                "https://example.org/a?x=1",
            ),
            ("(http://a.b/(c))", "http://a.b/(c)", "http://a.b/(c)"),
            ("www.foo.com,", "http://www.foo.com", "www.foo.com"),
            ("www.a_)\"&amp;.", "http://www.a", "www.a"),
            ("www.a_b._www.c", "http://www.c", "www.c"),
            ("me@x.org.", "mailto:me@x.org", "me@x.org"),
            ("me@x.org\u{FDD2}:", "mailto:me@x.org", "me@x.org"),
            ("@someone", "https://github.com/someone", "@someone"),
            ("#12", "https://github.com/me/rep/issues/12", "#12"),
            (
                "user/repo!5",
                "https://github.com/user/repo/pull/5",
                "user/repo#5",
            ),
        ] {
            assert_eq!(found(text), [(url.to_owned(), shown.to_owned())], "{text}");
        }
        assert_eq!(found("xhttp://a.b a#01 http://_x www.a_b( www.a_b"), []);
    }

    #[test]
    fn addresses_shown_short() {
        let options = serde_json::json!({"repo_url_shortener": true, "user": "me", "repo": "rep"});
        let options = Magiclink::new(&ExtensionOptions::new(options.as_object().expect("a map")));
        let short = |url| shorten::short(url, &options).map(|(text, _)| text);
        for (url, shown) in [
            ("https://github.com/a/b/issues/1", "a/b#1"),
            ("https://github.com/me/rep/pull/1", "!1"),
            ("https://www.gitlab.com/a/b/-/merge_requests/4", "a/b!4"),
            ("https://bitbucket.org/a/b/issues/9/title", "a/b#9"),
            ("https://github.com/a/b/", "a/b"),
            ("https://github.com/a", "@a"),
        ] {
            assert_eq!(short(url).as_deref(), Some(shown), "{url}");
        }
        for url in [
            "https://github.com/settings/a",
            "https://github.com/a/b/c",
            "https://e.org/a",
        ] {
            assert_eq!(short(url), None, "{url}");
        }
    }
}
