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

/// The built-in asset that is published at `address`, with its hash in its name or
/// without it; `None` if there is none.
pub fn asset(address: &str) -> Option<Cow<'static, [u8]>> {
    Some(Files::get(&file_of(&plain_address(address)?)?)?.data)
}

/// The file that is published at a plain address.
fn file_of(address: &str) -> Option<String> {
    let mut folders = PUBLISHED.iter();
    folders.find_map(|(folder, at)| Some(format!("{folder}{}", address.strip_prefix(at)?)))
}

/// The address of an asset without its hash; `None` if there is no such asset.
pub fn plain_address(address: &str) -> Option<String> {
    let exists = |address: &str| file_of(address).is_some_and(|file| Files::get(&file).is_some());
    if exists(address) {
        return Some(address.to_owned());
    }
    let (stem, ending) = address.rsplit_once('.')?;
    let plain = format!("{}.{ending}", stem.rsplit_once('.')?.0);
    (hashed_address(&plain).as_deref() == Some(address)).then_some(plain)
}

/// The address of an asset with the hash of its content in its name, so that browsers may
/// keep it for ever; `None` if there is no such asset.
pub fn hashed_address(address: &str) -> Option<String> {
    let file = Files::get(&file_of(address)?)?;
    let hash = file.metadata.sha256_hash();
    let hash: String = hash[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let (stem, ending) = address.rsplit_once('.')?;
    Some(format!("{stem}.{hash}.{ending}"))
}

/// The addresses of all built-in assets, with and without hashes, sorted.
pub fn assets() -> Vec<String> {
    let mut addresses: Vec<String> = Files::iter()
        .filter_map(|path| {
            let (folder, at) = PUBLISHED
                .iter()
                .find(|(folder, _)| path.starts_with(folder))?;
            Some(format!("{at}{}", path.strip_prefix(folder)?))
        })
        .flat_map(|address| [hashed_address(&address), Some(address)])
        .flatten()
        .collect();
    addresses.sort();
    addresses
}

#[cfg(test)]
mod tests {
    use super::{asset, assets, hashed_address, plain_address};

    #[test]
    fn assets_have_an_address_with_a_hash_and_a_plain_one() {
        let plain = "assets/theme/css/theme.css";
        let hashed = hashed_address(plain).expect("it is there");
        assert_eq!(hashed.len(), plain.len() + 9);
        assert_eq!(plain_address(&hashed).as_deref(), Some(plain));
        assert_eq!(plain_address(plain).as_deref(), Some(plain));
        assert_eq!(asset(&hashed), asset(plain));
        for address in [
            "assets/theme/css/theme.00000000.css",
            "assets/theme/css/none.css",
            "assets/theme/css/theme",
            "theme.css",
        ] {
            assert!(asset(address).is_none(), "{address}");
        }
        let all = assets();
        assert!(all.contains(&hashed) && all.iter().any(|it| it == plain));
        assert!(all.iter().all(|address| asset(address).is_some()));
    }
}
