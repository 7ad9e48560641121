//! The plugin `privacy` on the site in `tests/privacy`, compared with what Material's plugin
//! makes of it. `tests/privacy/write_expected` has recorded that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::Site;

/// The configurations of the fixture.
const CONFIGS: [&str; 4] = ["defaults", "every-option", "links-only", "included"];

fn fixture() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/privacy"))
}

/// What the reference makes with a configuration: `site` or `cache`, by paths.
fn recorded(config: &str, what: &str) -> serde_json::Map<String, Value> {
    let file = fixture().join(format!("expected/{config}.json"));
    let text = fs::read_to_string(file).expect("it was recorded");
    let recorded: Value = serde_json::from_str(&text).expect("JSON");
    recorded[what].as_object().expect("files by paths").clone()
}

/// The site of the fixture without a cache.
fn site() -> Site {
    let site = Site::copy_of(fixture());
    fs::remove_dir_all(site.path("expected")).expect("it was copied");
    site
}

/// Puts the cache of the reference into a site.
fn write_cache(site: &Site, config: &str) {
    for (path, file) in recorded(config, "cache") {
        if let Some(text) = file["text"].as_str() {
            site.write(&path, text);
        }
    }
    for (path, file) in recorded(config, "cache") {
        if let Some(target) = file["link"].as_str() {
            std::os::unix::fs::symlink(target, site.path(&path)).expect("a link");
        }
    }
}

/// All files that were built, by paths.
fn built(site: &Site) -> BTreeMap<String, String> {
    fn collect(folder: &Path, above: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), found);
            } else {
                let bytes = fs::read(entry.path()).expect("a file");
                found.insert(name, String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(&site.path("site"), "", &mut found);
    found
}

/// Compares a built site with what the reference made. `host` is the other site's.
fn compare(config: &str, site: &Site) {
    let ours = built(site);
    let expected = recorded(config, "site");
    for (path, file) in &expected {
        let mut text = file["text"].as_str().expect("a text").to_owned();
        if path.ends_with(".html") {
            // How Markdown writes images is not the plugin's matter.
            text = text.replace(" />", ">");
        }
        if path.ends_with(".js") {
            // We name the path on the server, so that they are found while it is served.
            text = text.replace("\"https://docs.example/", "\"/");
        }
        let found = ours.get(path);
        assert_eq!(found, Some(&text), "{config}: {path}");
    }
    // The reference loses the files that name one of those that are left out.
    let kept: &[&str] = match config {
        "included" => &["assets/own.css", "assets/own.js"],
        _ => &[],
    };
    let is_ours = |path: &str| {
        path.starts_with("sitemap.xml")
            || path.starts_with(".proofroom")
            || path.starts_with("assets/theme/")
    };
    for path in ours.keys() {
        let is_known = expected.contains_key(path) || kept.contains(&path.as_str());
        assert!(
            is_known || is_ours(path) || path == "404.html",
            "{config}: {path}"
        );
    }
}

#[cfg(unix)]
#[test]
fn sites_are_those_of_the_plugin_with_its_cache() {
    for config in CONFIGS {
        let site = site();
        write_cache(&site, config);
        // Of another site that shares the cache.
        let folder = if config == "every-option" {
            "kept/private/files/others"
        } else {
            ".cache/plugin/privacy/assets/external"
        };
        site.write(&format!("{folder}/127.0.0.1:8765/stale.css"), "");
        let file = format!("{config}.yml");
        site.run_successfully(&["build", "-f", &file, "-d", "site"]);
        compare(config, &site);
    }
}

#[test]
fn what_is_not_in_the_cache_stays_where_it_is_and_is_named_once() {
    let site = site();
    let built = site.run_successfully(&["build", "-f", "defaults.yml", "-d", "site", "-v"]);
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    let dot =
        "browsers ask `127.0.0.1:8765` for `http://127.0.0.1:8765/img/dot` (2 places on 2 pages)";
    assert!(said.contains(dot), "{said}");
    assert!(said.contains("docs/assets/own.css:2"), "{said}");
    let page = site.built("guide/deep/index.html");
    assert!(
        page.contains("src=\"http://127.0.0.1:8765/img/dot\""),
        "{page}"
    );
    assert_eq!(
        site.built("assets/own.css"),
        site.read("docs/assets/own.css")
    );
}
