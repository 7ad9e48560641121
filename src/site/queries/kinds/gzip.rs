use std::io::Write as _;

use flate2::{Compression, GzBuilder};

use super::{Listed, produce, site_map, template};
use crate::site::{Content, Db, Output, OutputKind, OutputOrigin, Produced};

/// Compressed copies of pages of the theme, each named by its page.
static KIND: OutputKind = OutputKind::new("packed", OutputOrigin::Theme, make).of_indexes();

pub(super) fn list(db: &dyn Db) -> Listed {
    let pages = template::list(db);
    let is_map = |(path, _): &&(String, Output)| path == template::SITE_MAP;
    let output = |(path, _): &(String, Output)| {
        let output = Output::named(&KIND, path.as_str());
        (format!("{path}.gz"), output)
    };
    pages.iter().filter(is_map).map(output).collect()
}

/// The result has no time and no file name in it, so that the same site always
/// gives the same bytes.
fn make(db: &dyn Db, output: &Output) -> Produced {
    let by_plugin = if output.name == template::SITE_MAP {
        site_map::output(db)
    } else {
        None
    };
    let unpacked = by_plugin.unwrap_or_else(|| template::output(&output.name));
    let Some(Content::Bytes(bytes)) = produce(db, &unpacked).content else {
        return Produced::default();
    };
    let mut packer = GzBuilder::new().write(Vec::new(), Compression::best());
    let packed = packer.write_all(&bytes).and_then(|()| packer.finish());
    Produced::bytes(packed.expect("writing to memory does not fail"))
}
