use std::borrow::Cow;

use rust_embed::RustEmbed;

/// The theme in the binary.
#[derive(RustEmbed)]
#[folder = "themes/default/"]
struct Files;

/// How diagnostics name a file of the built-in theme.
pub const BUILTIN: &str = "built-in theme";

/// Folders of the theme that are published, and where.
const PUBLISHED: [(&str, &str); 2] = [("css/", "assets/theme/css/"), ("js/", "assets/theme/js/")];

/// The text of a built-in template.
pub(super) fn template(name: &str) -> Option<String> {
    let file = Files::get(&format!("templates/{name}"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// The names of all built-in templates, sorted.
pub(super) fn templates() -> Vec<String> {
    let mut names: Vec<String> = Files::iter()
        .filter_map(|path| Some(path.strip_prefix("templates/")?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The built-in asset that is published at `address`.
pub fn asset(address: &str) -> Option<Cow<'static, [u8]>> {
    let (folder, below) = PUBLISHED
        .iter()
        .find_map(|(folder, at)| Some((folder, address.strip_prefix(at)?)))?;
    Some(Files::get(&format!("{folder}{below}"))?.data)
}

/// The addresses of all built-in assets, sorted.
pub fn assets() -> Vec<String> {
    let mut addresses: Vec<String> = Files::iter()
        .filter_map(|path| {
            let (folder, at) = PUBLISHED
                .iter()
                .find(|(folder, _)| path.starts_with(folder))?;
            Some(format!("{at}{}", path.strip_prefix(folder)?))
        })
        .collect();
    addresses.sort();
    addresses
}
