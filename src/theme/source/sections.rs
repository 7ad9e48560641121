use super::Edits;

/// Expressions in Material's templates for nav items, and replacements that also
/// link a page that represents its section (mkdocs-section-index does the same).
/// If no page does, both mean the same.
const REPLACEMENTS: [(&str, &str); 3] = [
    (
        "{% if nav_item.children | length > 1 %}",
        "{% if nav_item.children | length > (0 if nav_item.url else 1) %}",
    ),
    (
        "namespace(index = none)",
        "namespace(index = nav_item if nav_item.url else none)",
    ),
    (
        "{% if first.children %}",
        "{% if first.children and not first.url %}",
    ),
];

/// Lets nav items be pages and sections at once.
pub(super) fn rewrite(text: &str, edits: &mut Edits) {
    for (original, replacement) in REPLACEMENTS {
        for (at, _) in text.match_indices(original) {
            edits.push((at..at + original.len(), replacement.to_owned()));
        }
    }
}
