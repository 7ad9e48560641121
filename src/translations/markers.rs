use crate::files::SourcePath;
use crate::yaml::{self, Node};

/// The commit of the source that a translation says to be made from, in its front matter:
/// `default_lang_commit` (as in OpenTelemetry's documentation), `l10n.sourceCommit` (as in
/// MDN's), or `source_commit`.
pub(super) fn source_commit(text: &str) -> Option<String> {
    // Hardly any page has one.
    if !["_commit", "sourceCommit"]
        .iter()
        .any(|it| text.contains(it))
    {
        return None;
    }
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = text.split_once('\n')?;
    if first.trim_end() != "---" {
        return None;
    }
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            let front = yaml::parse(&SourcePath::new(""), &rest[..end]).ok()?;
            return named(&front.node);
        }
        end += line.len();
    }
    None
}

fn named(front: &Node) -> Option<String> {
    let keys = ["default_lang_commit", "source_commit", "l10n.sourceCommit"];
    let own = keys.iter().find_map(|key| front.get(key));
    let nested = || front.get("l10n")?.get("sourceCommit");
    let node = own.or_else(nested)?;
    // A name of digits alone may be read as a number: it is taken as it is written.
    let value = match node.as_str() {
        Some(value) => value,
        None => node.place.text(),
    };
    let value = value.trim();
    let is_commit = value.len() >= 7 && value.bytes().all(|it| it.is_ascii_hexdigit());
    is_commit.then(|| value.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::source_commit;

    #[test]
    fn a_translation_may_name_its_source() {
        for (text, expected) in [
            (
                "---\ntitle: x\ndefault_lang_commit: 1234567a\n---\n",
                Some("1234567a"),
            ),
            (
                "---\n# x\ntags:\n- a\n\nl10n: { sourceCommit: 1234567A }\n---\n",
                Some("1234567a"),
            ),
            ("---\nsource_commit: 12345678\n---\n", Some("12345678")),
            (
                "---\nl10n:\n  sourceCommit: \"1234567a\" # x\n---\n",
                Some("1234567a"),
            ),
            ("---\nother:\n  sourceCommit: 1234567a\n---\n", None),
            ("---\ndefault_lang_commit: main\n---\n", None),
            ("default_lang_commit: 1234567a\n", None),
            ("---\ntitle: x\n---\ndefault_lang_commit: 1234567a\n", None),
        ] {
            assert_eq!(source_commit(text).as_deref(), expected, "{text}");
        }
    }
}
