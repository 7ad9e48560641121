use crate::url::is_index;

/// Sorts paths as MkDocs walks them: the files of a folder before its
/// folders, its index before its other files.
pub fn walked(path: &str) -> Vec<(u8, String)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut key: Vec<_> = parts.into_iter().map(|part| (2, part.to_owned())).collect();
    key.push((u8::from(!is_index(stem)), name.to_owned()));
    key
}
