use super::Edits;

/// What Material's templates for items of the nav write, and what makes them
/// link pages that stand for a section (mkdocs-section-index does the same).
/// Where no page does, both mean the same.
const LINKED: [(&str, &str); 3] = [
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

/// Lets items of the nav be pages and sections at once.
pub(super) fn settle(text: &str, edits: &mut Edits) {
    for (written, put) in LINKED {
        let places = text.match_indices(written);
        edits.extend(places.map(|(at, _)| (at..at + written.len(), put.to_owned())));
    }
}
