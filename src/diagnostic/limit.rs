use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Diagnostic, Rule, Severity};
use crate::files::SourcePath;
use crate::work::step;

/// How many diagnostics of one severity are shown for a file.
const MOST: usize = 100;

/// The first hundred diagnostics of each file and severity in their order, and
/// after them the number of those left out. Nobody reads fifty thousand dead links
/// of one page, and a tab that showed them would freeze.
pub fn bounded<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
) -> Vec<Cow<'d, Diagnostic>> {
    let mut counts: BTreeMap<(Option<&SourcePath>, Severity), usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for diagnostic in diagnostics {
        step(1);
        let file = diagnostic.span.as_ref().map(|span| &span.path);
        let count = counts.entry((file, diagnostic.severity)).or_default();
        *count += 1;
        if *count <= MOST {
            shown.push(Cow::Borrowed(diagnostic));
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > MOST);
    shown.extend(more.map(|((file, severity), count)| {
        let count = grouped(count - MOST);
        let message = match file {
            Some(file) => format!("and {count} more in `{file}`"),
            None => format!("and {count} more"),
        };
        let mut more = Diagnostic::new(Rule::More, message);
        more.severity = severity;
        Cow::Owned(more.help("run `proofroom check --format json` to see all of them"))
    }));
    shown
}

/// Formats a number like `49,900`.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::work::steps_of;

    #[test]
    fn the_number_shown_for_a_file_is_bounded() {
        let at = |path: &str, nth: usize| {
            let line = u32::try_from(nth).expect("few");
            let mut span = Span::line(&SourcePath::new(path), "", 1);
            span.line = line;
            Diagnostic::new(Rule::MissingPage, format!("{nth}")).at(span)
        };
        let mut all: Vec<Diagnostic> = (0..50_000).map(|nth| at("a.md", nth)).collect();
        all.push(
            Diagnostic::error(Rule::MissingAnchor, "an error").at(Span::line(
                &"a.md".into(),
                "",
                1,
            )),
        );
        all.extend((0..100).map(|nth| at("b.md", nth)));
        let shown = bounded(&all);
        let last = shown.last().expect("more");
        assert_eq!(shown.len(), 202);
        assert_eq!(last.message, "and 49,900 more in `a.md`");
        assert_eq!(last.severity, Severity::Warning);
        assert!(shown.iter().any(|it| it.message == "an error"));
        assert_eq!(steps_of(|| bounded(&all)), all.len() as u64);
        assert_eq!(grouped(999) + " " + &grouped(1_234_567), "999 1,234,567");
    }
}
