use std::collections::{BTreeMap, BTreeSet};

use super::Diagnostic;
use crate::files::SourcePath;

/// What causes a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cause {
    /// Equal for all that have the same cause.
    pub(super) name: String,
    /// Whether it is one of the places, and not the cause itself.
    pub(super) is_place: bool,
}

/// The name of the cause that a plugin is not part of proofroom.
pub fn missing_plugin(name: &str) -> String {
    format!("the plugin {name}")
}

/// The name of the cause that a Markdown extension is not part of proofroom.
pub fn missing_extension(name: &str) -> String {
    format!("the extension {name}")
}

/// The places of one cause.
#[derive(Default)]
struct Places<'d> {
    count: usize,
    files: BTreeSet<Option<&'d SourcePath>>,
    /// The index of the diagnostic that stands for all: that of the cause, or the
    /// first place.
    shown: Option<usize>,
    has_own: bool,
}

/// Sorts diagnostics by place and removes duplicates.
pub fn sort_and_dedup(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| (&a.span, a).cmp(&(&b.span, b)));
    diagnostics.dedup();
    diagnostics
}

/// The diagnostics of a site, sorted and without duplicates, with one for each
/// cause, which tells the number of places.
pub fn by_cause(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let diagnostics = sort_and_dedup(diagnostics);
    let mut causes: BTreeMap<&str, Places<'_>> = BTreeMap::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        let Some(cause) = &diagnostic.cause else {
            continue;
        };
        let places = causes.entry(&cause.name).or_default();
        if cause.is_place {
            places.count += 1;
            places
                .files
                .insert(diagnostic.span.as_ref().map(|span| &span.path));
            places.shown.get_or_insert(at);
        } else if !places.has_own {
            places.has_own = true;
            places.shown = Some(at);
        }
    }
    let shown: BTreeMap<usize, Option<String>> = causes
        .into_values()
        .filter_map(|places| Some((places.shown?, places.text())))
        .collect();
    let all = diagnostics.into_iter().enumerate();
    all.filter_map(|(at, mut diagnostic)| {
        let is_place = diagnostic.cause.as_ref().is_some_and(|it| it.is_place);
        match shown.get(&at) {
            None => (!is_place).then_some(diagnostic),
            Some(text) => {
                if let Some(text) = text {
                    diagnostic.message = format!("{} ({text})", diagnostic.message);
                }
                Some(diagnostic)
            }
        }
    })
    .collect()
}

impl Places<'_> {
    /// How many there are; `None` if that goes without saying.
    fn text(&self) -> Option<String> {
        let of = |count: usize, word: &str| match count {
            1 => format!("1 {word}"),
            _ => format!("{count} {word}s"),
        };
        let least = if self.has_own { 1 } else { 2 };
        (self.count >= least).then(|| {
            let files = of(self.files.len(), "page");
            format!("{} on {files}", of(self.count, "place"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Rule, Span};

    #[test]
    fn each_cause_is_told_once_with_its_places() {
        let at = |path: &str, line: u32, message: &str| {
            let span = Span::line(&path.into(), "1\n2\n3\n", line);
            Diagnostic::new(Rule::MacroError, message).at(span)
        };
        let found = by_cause(vec![
            at("b.md", 2, "no f").caused_by("f"),
            at("a.md", 1, "no f").caused_by("f"),
            at("a.md", 2, "no f").caused_by("f"),
            at("a.md", 2, "no f").caused_by("f"),
            at("b.md", 1, "other"),
            at("b.md", 3, "no g").caused_by("g"),
            at("c.md", 1, "in h").caused_by("h"),
            at("mkdocs.yml", 1, "no h").as_cause("h"),
            at("mkdocs.yml", 1, "no i").as_cause("i"),
        ]);
        let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "no f (3 places on 2 pages)",
                "other",
                "no g",
                "no h (1 place on 1 page)",
                "no i"
            ]
        );
    }
}
