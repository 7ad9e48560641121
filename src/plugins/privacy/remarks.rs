use std::collections::HashMap;

use super::{Address, Needs};
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};
use crate::files::SourcePath;
use crate::html::unescape;
use crate::work::step;

/// Lines that are longer are not shown with a note: those of scripts that were made short.
const LONGEST_EXCERPT: usize = 1000;

/// Notes what an output needs and is not downloaded, each by the first line of its source that
/// names it. `warns` is whether what the site does not want to be downloaded is worth a
/// warning, as it is with the plugin.
pub fn remarks(needs: &Needs, warns: bool, source: &SourcePath, text: &str) -> Vec<Diagnostic> {
    if needs.are_met() {
        return Vec::new();
    }
    let lines = lines(text);
    let note = |url: &str, help: &str| {
        let (_, rest) = url.split_once("//").unwrap_or(("", url));
        let host = rest.split('/').next().unwrap_or_default();
        let message = format!("browsers ask `{host}` for `{url}`");
        // What the theme names has no place in the source.
        let (line, excerpt) = lines.get(url).copied().unwrap_or((1, ""));
        let span = Span {
            path: source.clone(),
            line,
            column: 1,
            end: None,
            excerpt: excerpt.to_owned(),
        };
        let note = Diagnostic::new(Rule::ForeignAsset, message).help(help);
        note.at(span).caused_by(format!("the asset {url}"))
    };
    let help = "it is not in the cache of the plugin `privacy`: `proofroom build` downloads it";
    let missing = needs.missing.iter().map(|wanted| note(&wanted.url, help));
    let left = needs.left.iter().map(|url| {
        let help = "`assets_fetch` is off: copy it into the site, or turn it on";
        let mut note = note(url, help);
        if warns {
            note.severity = Severity::Warning;
        }
        note
    });
    let help = "it cannot be downloaded, because it holds a password or leads to no file";
    let unfit = needs.unfit.iter().map(|url| note(url, help));
    missing.chain(left).chain(unfit).collect()
}

/// The address of a remark of [`remarks`].
pub fn address_of_remark(remark: &Diagnostic) -> Option<&str> {
    remark.message.rsplit('`').nth(1)
}

/// The first line of each address in a text, by what would be downloaded: its number, and the
/// line itself unless it is long.
fn lines(text: &str) -> HashMap<String, (u32, &str)> {
    let mut found = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        step(line.len());
        let excerpt = if line.len() > LONGEST_EXCERPT {
            ""
        } else {
            line
        };
        let mut from = 0;
        while let Some(at) = memchr::memmem::find(&line.as_bytes()[from..], b"//") {
            let slashes = from + at;
            let before = &line[from..slashes];
            let schemes = ["https:", "http:"].into_iter();
            let scheme = schemes
                .filter(|scheme| before.ends_with(scheme))
                .map(str::len);
            let start = slashes - scheme.max().unwrap_or(0);
            let rest = &line[start..];
            let ends = |it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ')' | '<' | '>');
            let end = start + rest.find(ends).unwrap_or(rest.len());
            let address = Address::parse(&unescape(&line[start..end]));
            found
                .entry(address.to_download())
                .or_insert((number, excerpt));
            from = end.max(slashes + 2);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{address_of_remark, lines, remarks};
    use crate::plugins::privacy::{Needs, Wanted};
    use crate::work::steps_of;

    #[test]
    fn each_is_noted_where_it_is_named_first() {
        let text =
            "# A\n\n![](https://h/a.png#x) <img src='//h/b.png?c&amp;d'>\n![](https://h/a.png)\n";
        let wanted = |url: &str| Wanted {
            url: url.to_owned(),
            file: String::new(),
        };
        let needs = Needs {
            missing: ["//h/b.png?c&d", "https://h/a.png", "https://theme/c.js"]
                .map(wanted)
                .into(),
            ..Needs::default()
        };
        let found = remarks(&needs, true, &"a.md".into(), text);
        let found: Vec<_> = found
            .iter()
            .map(|it| {
                (
                    address_of_remark(it),
                    it.span.as_ref().map_or(0, |span| span.line),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (Some("//h/b.png?c&d"), 3),
                (Some("https://h/a.png"), 3),
                (Some("https://theme/c.js"), 1)
            ]
        );
    }

    #[test]
    fn twice_as_much_takes_twice_as_long() {
        for part in ["//", "https://a ", "http://a\n", "://", "a//b)"] {
            let steps = |count: usize| steps_of(|| lines(&part.repeat(count)).len());
            let (once, twice) = (steps(2_000), steps(4_000));
            assert!(twice <= once * 2 + 100, "{part}: {once} {twice}");
        }
    }
}
