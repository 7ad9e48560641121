//! The plugin `privacy` on the site in `tests/privacy`, compared with what Material's plugin
//! makes of it. `tests/privacy/write_expected` has recorded that.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::harness::Site;
use crate::harness::remote::{RECORDED, Remote};

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
fn compare(config: &str, site: &Site, host: &str) {
    let ours = built(site);
    let expected = recorded(config, "site");
    let expected: BTreeMap<String, String> = expected
        .iter()
        .map(|(path, file)| {
            let text = file["text"].as_str().expect("a text");
            (path.replace(RECORDED, host), text.replace(RECORDED, host))
        })
        .collect();
    for (path, text) in &expected {
        let mut text = text.clone();
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
        site.run_successfully(&["build", "-f", &file, "-d", "site", "--offline"]);
        compare(config, &site, RECORDED);
    }
}

#[test]
fn what_is_not_in_the_cache_stays_where_it_is_and_is_named_once() {
    let site = site();
    let built = site.run_successfully(&[
        "build",
        "-f",
        "defaults.yml",
        "-d",
        "site",
        "-v",
        "--offline",
    ]);
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

/// A site whose other site is a server of this test.
fn site_of(remote: &Remote) -> Site {
    let site = site();
    for file in [
        "docs/index.md",
        "docs/guide/deep.md",
        "docs/assets/own.css",
        "docs/assets/own.js",
        "theme/main.html",
        "theme/404.html",
        "theme/scripts/theme.js",
        "defaults.yml",
        "every-option.yml",
        "links-only.yml",
        "included.yml",
    ] {
        let text = site.read(file).replace(RECORDED, &remote.host);
        site.write(file, text);
    }
    site
}

/// Builds a site with a configuration of the fixture, and returns what is said.
fn build(site: &Site, config: &str, flags: &[&str]) -> String {
    let file = format!("{config}.yml");
    let mut arguments = vec!["build", "-f", &file, "-d", "site", "-v", "--fetch-private"];
    arguments.extend(flags);
    let mut command = crate::harness::site::proofroom(&site.path(""));
    for proxy in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    let output = command.args(arguments).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

#[cfg(unix)]
#[test]
fn what_is_missing_is_downloaded_once() {
    for config in CONFIGS {
        let remote = Remote::start();
        let site = site_of(&remote);
        let said = build(&site, config, &[]);
        compare(config, &site, &remote.host);
        let first = built(&site);
        // The same cache as that of the plugin.
        for (path, file) in recorded(config, "cache") {
            let at = site.path(&path.replace(RECORDED, &remote.host));
            if let Some(target) = file["link"].as_str() {
                let link = fs::read_link(&at).unwrap_or_else(|error| panic!("{path}: {error}"));
                assert_eq!(link, Path::new(target), "{path}");
            } else if let Some(text) = file["text"].as_str() {
                let found =
                    fs::read_to_string(&at).unwrap_or_else(|error| panic!("{path}: {error}"));
                assert_eq!(found, text.replace(RECORDED, &remote.host), "{path}");
            }
        }
        let asked = remote.take_asked();
        let gone = format!(
            "`http://{}/gone.js` cannot be downloaded: the server answers with status 404",
            remote.host
        );
        let tries_gone = asked.contains(&"/gone.js".to_owned());
        assert_eq!(said.contains(&gone), tries_gone, "{config}: {said}");
        let mut once = asked.clone();
        once.dedup();
        assert_eq!(asked, once, "{config}: each is asked for once");
        // Later builds only ask for what failed.
        let said = build(&site, config, &[]);
        let failed: &[&str] = if tries_gone {
            &["/broken.css", "/gone.js"]
        } else {
            &[]
        };
        assert_eq!(remote.take_asked(), failed, "{config}: {said}");
        assert_eq!(built(&site), first, "{config}");
        build(&site, config, &["--offline"]);
        assert_eq!(remote.take_asked(), [""; 0], "{config}");
        assert_eq!(built(&site), first, "{config}");
    }
}

#[test]
fn nothing_is_downloaded_offline_or_without_the_plugin() {
    let remote = Remote::start();
    let site = site_of(&remote);
    let said = build(&site, "defaults", &["--offline"]);
    assert!(said.contains("note[foreign-asset]"), "{said}");
    assert!(!site.path(".cache").exists());
    let config = site
        .read("defaults.yml")
        .replace("material/privacy", "search");
    site.write("without.yml", config);
    build(&site, "without", &[]);
    assert!(!site.path(".cache").exists());
    assert_eq!(remote.take_asked(), [""; 0]);
    // Unless the user asks for it.
    build(&site, "without", &["--fetch-assets"]);
    assert!(!remote.take_asked().is_empty());
    let page = site.built("guide/deep/index.html");
    assert!(
        page.contains(&format!("assets/external/{}/img/dot.gif", remote.host)),
        "{page}"
    );
}

#[test]
fn failures_are_warnings_that_say_why() {
    let remote = Remote::start();
    let site = site_of(&remote);
    let output = site.run(&["build", "-f", "defaults.yml", "-d", "site", "--strict"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && !site.path("site/index.html").exists());
    assert!(said.contains("warning[failed-download]"), "{said}");
    assert!(said.contains("only asked with `--fetch-private`"), "{said}");
    assert_eq!(remote.take_asked(), [""; 0]);
    let quiet = site
        .read("defaults.yml")
        .replace("  - material/privacy", "  - privacy: {log: false}");
    site.write("quiet.yml", quiet);
    site.run_successfully(&["build", "-f", "quiet.yml", "-d", "site", "--strict"]);
}

#[test]
fn copies_are_compared_with_the_ledger() {
    let remote = Remote::start();
    let site = site_of(&remote);
    build(&site, "defaults", &[]);
    let copies = format!(".cache/plugin/privacy/assets/external/{}", remote.host);
    site.write(&format!("{copies}/img/dark.png"), "edited");
    let said = build(&site, "defaults", &[]);
    assert!(
        said.contains("/img/dark.png` is not what was downloaded"),
        "{said}"
    );
    // Downloading anew tells of files that have changed.
    let anew = site
        .read("defaults.yml")
        .replace("  - material/privacy", "  - privacy: {cache: false}");
    site.write("anew.yml", anew);
    if let Some(answer) = remote.answers.lock().get_mut("/js/extra.js") {
        answer.body = b"changed()\n".to_vec();
    }
    remote.take_asked();
    let said = build(&site, "anew", &[]);
    assert!(
        remote
            .take_asked()
            .contains(&"/fonts/plain.woff2".to_owned())
    );
    assert!(
        said.contains("/js/extra.js` is another file than when it was last"),
        "{said}"
    );
    assert!(!said.contains("/img/dark.png` is not"), "{said}");
    let script = site.built(&format!("assets/external/{}/js/extra.js", remote.host));
    assert_eq!(script, "changed()\n");
}

#[test]
fn checking_downloads_nothing() {
    let remote = Remote::start();
    let site = site_of(&remote);
    let checked = site.run_successfully(&["check", "-f", "defaults.yml", "--strict"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert_eq!(remote.take_asked(), [""; 0]);
    assert!(!site.path(".cache").exists(), "{said}");
}

#[test]
fn a_table_shows_what_is_asked_of_other_sites() {
    let remote = Remote::start();
    let site = site_of(&remote);
    let config = site
        .read("defaults.yml")
        .replace("material/privacy", "search");
    site.write("without.yml", config);
    let printed = |config: &str, flags: &[&str]| {
        let arguments = [&["check", "--assets", "-f", config], flags].concat();
        let output = site.run_successfully(&arguments);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let host = &remote.host;
    let table = printed("without.yml", &[]);
    let sheet = format!(
        "\n  style sheet  http://{host}/fonts/css?family=Plain:400,700&display=swap\n    docs/index.md\n"
    );
    assert!(table.starts_with("127.0.0.1\n  "), "{table}");
    assert!(table.contains(&sheet), "{table}");
    let pages = "    docs/guide/deep.md, docs/index.md, docs/plain.md\n";
    assert!(table.contains(pages), "{table}");
    let lines = printed("without.yml", &["--json"]);
    let font = format!(
        "{{\"version\":1,\"type\":\"asset\",\"host\":\"127.0.0.1\",\"kind\":\"font\",\"url\":\"http://{host}/fonts/own.woff2?v=3\",\"file\":\"assets/own.css\"}}\n"
    );
    assert!(lines.contains(&font), "{lines}");
    assert_eq!(remote.take_asked(), [""; 0]);
    // What the plugin does not look at is left.
    build(&site, "defaults", &[]);
    let left = printed("defaults.yml", &["--json"]);
    assert!(
        left.contains("/img/dot\",\"page\":\"docs/index.md\""),
        "srcset: {left}"
    );
    assert!(
        !left.contains("\"docs/plain.md\"") && !left.contains("\"font\""),
        "{left}"
    );
}

#[test]
fn what_is_not_supported_is_named() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nplugins:\n  - privacy:\n      external_assets: report\n      assets_expr_map: {.css: 'a(?!b)'}\n  - privacy: {links: false}\n",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    let output = site.run_successfully(&["check", "--json"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for what in [
        "the option `external_assets` of the plugin `privacy` is not read",
        "the regular expression `a(?!b)` cannot be used",
        "the plugin `privacy` is enabled several times",
    ] {
        assert!(said.contains(what), "{what}: {said}");
    }
}
