use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::json;

use crate::diagnostic::json as report;
use crate::plugins::privacy::{Address, ForeignAsset, foreign_assets, foreign_in_file};
use crate::session::{LANGUAGES_AT_ONCE, Sites};
use crate::site::{Content, Database, Db as _, Output, queries};

/// A file of another site, and what names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssetUse {
    /// The file.
    pub asset: ForeignAsset,
    /// The source of the page, or the path of the style sheet or script below the site.
    pub named_by: String,
    /// Whether that is a page: a style sheet or script may also name what it hardly ever
    /// loads.
    pub is_page: bool,
}

/// The files of other sites that readers' browsers ask for, as the site would be published
/// now: by pages, and by the style sheets and scripts of the site. Sorted, and without
/// duplicates.
pub fn assets(sites: &Sites) -> BTreeSet<AssetUse> {
    let editions = &sites.addresses().editions;
    let found = sites.ask_each(editions, LANGUAGES_AT_ONCE, |_, session| {
        let of_site = |db: &Database| {
            let own = queries::config(db).and_then(|config| config.site_url.clone());
            let own = own.and_then(|site| Address::parse(&site).host());
            let outputs = queries::outputs(db);
            let outputs: Vec<(&String, &Output)> = outputs.iter().collect();
            let look = |db: &mut Database, (path, output): &(&String, &Output)| {
                uses(db, path, output, own.as_deref())
            };
            let all = outputs.par_iter().map_with(db.clone(), look);
            all.collect::<Vec<_>>()
        };
        session.ask(of_site).1
    });
    found.into_iter().flatten().flatten().collect()
}

/// What one output names. Copies that nothing names are not published, so they do not count;
/// what is only named by a copy is named like it.
fn uses(db: &Database, path: &str, output: &Output, own_host: Option<&str>) -> Vec<AssetUse> {
    let is_text = [".css", ".js"].iter().any(|ending| path.ends_with(ending));
    if !(output.is_document || is_text) || output.kind.is_optional {
        return Vec::new();
    }
    let produced = queries::produce(db, output);
    let text = match &produced.content {
        Some(Content::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Content::File(source)) => match db.system().read(source) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => return Vec::new(),
        },
        None => return Vec::new(),
    };
    let assets = if output.is_document {
        foreign_assets(&text, own_host)
    } else {
        foreign_in_file(path, &text, own_host)
    };
    let named_by = output.page().map_or(path, |source| source.as_str());
    let of = |asset| AssetUse {
        asset,
        named_by: named_by.to_owned(),
        is_page: output.is_document,
    };
    assets.into_iter().map(of).collect()
}

/// A use as one line of JSON.
pub fn asset_as_json(used: &AssetUse) -> String {
    let mut object = json!({
        "host": used.asset.host,
        "kind": used.asset.kind,
        "url": used.asset.url,
    });
    let key = if used.is_page { "page" } else { "file" };
    object[key] = json!(used.named_by);
    report::line("asset", &object)
}

/// How many of those that name a file are shown.
const SHOWN: usize = 3;

/// A table for people: by host, each file with those that name it; with all of them if it is
/// `whole`.
pub fn assets_table(uses: &BTreeSet<AssetUse>, whole: bool) -> String {
    let mut hosts: BTreeMap<&str, BTreeMap<&ForeignAsset, Vec<&AssetUse>>> = BTreeMap::new();
    for used in uses {
        let assets = hosts.entry(&used.asset.host).or_default();
        assets.entry(&used.asset).or_default().push(used);
    }
    let mut table = String::new();
    for (host, assets) in hosts {
        table.push_str(host);
        table.push('\n');
        for (asset, uses) in assets {
            table.push_str(&format!("  {}  {}\n", asset.kind, asset.url));
            let shown = if whole { uses.len() } else { SHOWN };
            let names = uses.iter().take(shown).map(|used| used.named_by.as_str());
            let names: Vec<&str> = names.collect();
            let more = uses.len() - names.len();
            let rest = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            table.push_str(&format!("    {}{rest}\n", names.join(", ")));
        }
    }
    table
}
