use crate::text::natural_key;

/// A natural sort key that puts capitals next to their small letters. Paths are
/// compared component by component.
pub(super) fn natural_path_key(text: &str, is_path: bool) -> Vec<Vec<(u64, String)>> {
    // Each letter is preceded by its small letter.
    let fold = |part: &str| -> String {
        let mut folded = String::with_capacity(2 * part.len());
        for c in part.chars() {
            if !c.is_ascii_digit() {
                folded.extend(c.to_lowercase());
            }
            folded.push(c);
        }
        folded
    };
    let mut parts: Vec<&str> = Vec::new();
    let mut name = text;
    if is_path {
        while let Some((folder, below)) = name.split_once('/') {
            parts.push(folder);
            name = below;
        }
    }
    // The extension is compared separately, so that `a.md` precedes `a-b.md`.
    match name.rsplit_once('.') {
        Some((stem, extension)) if is_path && !stem.is_empty() => parts.extend([stem, extension]),
        _ => parts.push(name),
    }
    parts
        .into_iter()
        .map(|part| natural_key(&fold(part)))
        .collect()
}
