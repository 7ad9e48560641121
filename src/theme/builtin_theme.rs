use std::borrow::Cow;

use rust_embed::RustEmbed;

/// The files of the built-in theme.
#[derive(RustEmbed)]
#[folder = "themes/default/"]
struct Files;

/// The folder that diagnostics give for a file of the built-in theme.
pub const BUILTIN: &str = "built-in theme";

/// The folders of the theme that are published, and their addresses.
const PUBLISHED: [(&str, &str); 2] = [("css/", "assets/theme/css/"), ("js/", "assets/theme/js/")];

/// The text of a built-in template; `None` if there is no such template.
pub(super) fn template(name: &str) -> Option<String> {
    let file = Files::get(&format!("templates/{name}"))?;
    Some(String::from_utf8(file.data.into_owned()).expect("built-in templates are UTF-8"))
}

/// The names of all built-in templates, sorted.
pub(super) fn templates() -> Vec<String> {
    let mut names: Vec<String> = Files::iter()
        .filter_map(|path| Some(path.strip_prefix("templates/")?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The built-in asset that is published at `address`; `None` if there is none.
pub fn asset(address: &str) -> Option<Cow<'static, [u8]>> {
    let (folder, name) = PUBLISHED
        .iter()
        .find_map(|(folder, at)| Some((folder, address.strip_prefix(at)?)))?;
    Some(Files::get(&format!("{folder}{name}"))?.data)
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
