/// The commit of the source that a translation says to be made from, in its front matter:
/// `default_lang_commit` (as in OpenTelemetry's documentation), `l10n.sourceCommit` (as in
/// MDN's), or `source_commit`.
pub(super) fn source_commit(text: &str) -> Option<&str> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    if lines.next()?.trim_end() != "---" {
        return None;
    }
    let mut is_in_l10n = false;
    for line in lines {
        if matches!(line.trim_end(), "---" | "...") {
            return None;
        }
        let (key, value) = line.split_once(':')?;
        let value = value.split(" #").next().unwrap_or_default();
        let value = value.trim().trim_matches(['"', '\'']);
        let is_nested = key.starts_with([' ', '\t']);
        let names_it = match key.trim() {
            "default_lang_commit" | "source_commit" | "l10n.sourceCommit" => !is_nested,
            "sourceCommit" => is_nested && is_in_l10n,
            _ => false,
        };
        if !is_nested {
            is_in_l10n = key == "l10n";
        }
        let is_commit = value.len() >= 7 && value.bytes().all(|it| it.is_ascii_hexdigit());
        if names_it && is_commit {
            return Some(value);
        }
    }
    None
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
                "---\nl10n:\n  sourceCommit: \"1234567a\" # x\n---\n",
                Some("1234567a"),
            ),
            ("---\nother:\n  sourceCommit: 1234567a\n---\n", None),
            ("---\ndefault_lang_commit: main\n---\n", None),
            ("default_lang_commit: 1234567a\n", None),
            ("---\ntitle: x\n---\ndefault_lang_commit: 1234567a\n", None),
        ] {
            assert_eq!(source_commit(text), expected, "{text}");
        }
    }
}
