use crate::url::is_index;

/// A key that sorts paths in the order in which MkDocs walks them: the files of a
/// folder before its folders, and its index page first.
pub fn mkdocs_sort_key(path: &str) -> Vec<(u8, String)> {
    let (folders, name) = match path.rsplit_once('/') {
        Some((folders, name)) => (Some(folders), name),
        None => (None, path),
    };
    let folders = folders.into_iter().flat_map(|folders| folders.split('/'));
    let mut key: Vec<_> = folders.map(|folder| (2, folder.to_owned())).collect();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    key.push((u8::from(!is_index(stem)), name.to_owned()));
    key
}
