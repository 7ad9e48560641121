mod settings;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{
    Config, Environment, Level, LoadedConfig, NavTarget, Read, Sources, load, parse_env_file,
};
use crate::diagnostic::Severity;
use crate::files::SourcePath;

/// Loads a project of these files; a path that ends in a slash is a folder.
fn checked(
    files: &[(&str, &str)],
    explicit: Option<&str>,
    environment: &[(&str, &str)],
) -> LoadedConfig {
    let texts: BTreeMap<SourcePath, &str> = files
        .iter()
        .filter(|(path, _)| !path.ends_with('/'))
        .map(|(path, text)| (SourcePath::new(path), *text))
        .collect();
    let mut folders: BTreeSet<SourcePath> = files
        .iter()
        .map(|(path, _)| SourcePath::new(path))
        .collect();
    folders.retain(|path| !texts.contains_key(path));
    folders.extend(texts.keys().filter_map(SourcePath::parent));
    let environment: Environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let sources = Sources {
        plugins: &[("meta", &[]), ("search", &["lang"]), ("tags", &[])],
        read: &|path| {
            texts
                .get(path)
                .map_or(Read::Missing, |text| Read::Present((*text).into()))
        },
        is_folder: &|path| folders.contains(path),
        fault: &|_| None,
        refused: &|path| {
            let is_unsafe = path.as_str().contains("unsafe.whl/");
            is_unsafe.then(|| (2, "../d".to_owned()))
        },
        theme_path: None,
        theme: None,
        language: None,
    };
    load(
        explicit.map(SourcePath::new).as_ref(),
        &environment,
        "folder",
        &sources,
    )
}

/// An `mkdocs.yml` beside a `docs` folder.
fn mkdocs(text: &str) -> LoadedConfig {
    checked(&[("mkdocs.yml", text), ("docs/", "")], None, &[])
}

fn config(text: &str) -> Config {
    let checked = mkdocs(&format!("site_name: Example\n{text}"));
    let faults: Vec<_> = checked
        .diagnostics
        .iter()
        .filter(|it| it.severity > Severity::Note)
        .collect();
    assert!(faults.is_empty(), "{text}: {faults:#?}");
    checked.config.expect("usable")
}

/// The rule and line of each diagnostic.
fn said(text: &str) -> Vec<(&'static str, u32)> {
    let checked = mkdocs(&format!("site_name: Example\n{text}"));
    assert!(checked.config.is_some(), "{text}");
    let found = checked.diagnostics.iter();
    found
        .map(|it| (it.rule.name(), it.span.as_ref().map_or(0, |span| span.line)))
        .collect()
}

#[test]
fn the_first_file_counts() {
    let all = [
        ("proofroom.toml", "site_name = 'first'"),
        ("properdocs.yml", "site_name: second"),
        ("properdocs.yaml", "site_name: third"),
        ("mkdocs.yml", "site_name: fourth"),
        ("mkdocs.yaml", "site_name: fifth"),
        ("zensical.toml", "project.site_name = 'sixth'"),
        ("docs/proofroom.toml", "site_name = 'seventh'"),
        ("docs/", ""),
    ];
    let names = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "folder",
    ];
    for (skip, name) in names.into_iter().enumerate() {
        let found = checked(&all[skip..], None, &[]);
        let said = found.diagnostics.iter().map(|it| it.rule.name());
        let choice = usize::from(skip < 6);
        let expected = vec!["several-configs"; choice];
        assert_eq!(said.collect::<Vec<_>>(), expected, "{name}");
        // It names all others.
        for it in &found.diagnostics {
            let mut others = all[skip + 1..7].iter();
            let is_named = |path: &str| it.message.contains(&format!("`{path}`"));
            assert!(others.all(|(path, _)| is_named(path)), "{}", it.message);
        }
        let config = found.config.expect("usable");
        assert_eq!(config.site_name, name);
        assert_eq!(config.docs_dir.as_str(), "docs");
    }
    let named = checked(
        &[
            ("mkdocs.yml", "site_name: a"),
            ("other.yml", "site_name: b"),
            ("docs/", ""),
        ],
        Some("other.yml"),
        &[],
    );
    assert_eq!(named.config.expect("usable").site_name, "b");
    let missing = checked(&[], Some("gone.yml"), &[]);
    assert_eq!(
        (missing.config, missing.diagnostics[0].rule.name()),
        (None, "missing-config")
    );
}

#[test]
fn a_bare_folder_has_the_whole_language() {
    let found = checked(&[("index.md", "# Home")], None, &[]);
    assert_eq!(found.diagnostics, []);
    let bare = found.config.expect("usable");
    assert_eq!(
        (bare.docs_dir.as_str(), bare.site_dir.as_str()),
        ("", "site")
    );
    assert_eq!((bare.static_dir, bare.themes_dir), (None, None));
    let names: Vec<&str> = bare.extensions.iter().map(|it| it.name.as_str()).collect();
    for name in [
        "toc",
        "tables",
        "admonition",
        "pymdownx.superfences",
        "pymdownx.tabbed",
    ] {
        assert_eq!(names.iter().filter(|it| **it == name).count(), 1, "{name}");
    }
    assert_eq!(bare.extensions[0].options["permalink"], json!(true));
    let found = checked(
        &[("docs/index.md", ""), ("static/", ""), ("themes/", "")],
        None,
        &[],
    );
    let conventional = found.config.expect("usable");
    assert_eq!(conventional.docs_dir.as_str(), "docs");
    assert_eq!(conventional.static_dir, Some("static".into()));
    assert_eq!(conventional.themes_dir, Some("themes".into()));
}

#[test]
fn a_toml_on_top_of_an_mkdocs_yml() {
    let files = [
        (
            "mkdocs.yml",
            "site_name: Below\nextra: {a: 1, b: {c: 2}}\nnav: [a.md]\n",
        ),
        (
            "proofroom.toml",
            "base = 'mkdocs.yml'\nsite_url = 'https://x.example'\n[extra.b]\nd = 3\n",
        ),
        ("docs/", ""),
        ("static/", ""),
    ];
    let found = checked(&files, None, &[]);
    assert_eq!(found.diagnostics, []);
    let config = found.config.expect("usable");
    assert_eq!(config.site_name, "Below");
    assert_eq!(config.site_url.as_deref(), Some("https://x.example/"));
    assert_eq!(config.extra, json!({"a": 1, "b": {"c": 2, "d": 3}}));
    assert_eq!(config.extensions.len(), 3, "MkDocs' rules hold");
    assert_eq!(config.static_dir, None);
    let entry = &config.nav.expect("a nav")[0];
    let span = found.places.span(&entry.subject).expect("a place");
    assert_eq!(span.path.as_str(), "mkdocs.yml");
}

#[test]
fn inherits() {
    let files = [
        (
            "sub/mkdocs.yml",
            "INHERIT: ../base.yml\nsite_name: Child\ntheme: {name: material}\nplugins: []\n",
        ),
        (
            "base.yml",
            "site_name: Parent\ncopyright: Us\ntheme: {features: [a]}\nplugins: [search, x]\n",
        ),
        ("sub/docs/", ""),
    ];
    let found = checked(&files, Some("sub/mkdocs.yml"), &[]);
    assert_eq!(found.diagnostics, []);
    let config = found.config.expect("usable");
    assert_eq!(
        (config.site_name.as_str(), config.copyright.as_deref()),
        ("Child", Some("Us"))
    );
    assert_eq!(config.docs_dir.as_str(), "sub/docs");
    assert_eq!(config.theme.settings["features"], json!(["a"]));
    assert_eq!(config.plugins, []);
    let gone = mkdocs("site_name: x\nINHERIT: gone.yml\n");
    assert_eq!(gone.config, None);
    assert_eq!(
        gone.diagnostics[0].span.as_ref().map(|span| span.line),
        Some(2)
    );
    let circle = mkdocs("site_name: x\nINHERIT: mkdocs.yml\n");
    assert!(
        circle.diagnostics[0]
            .message
            .contains("inherits from itself")
    );
}

#[test]
fn variables_follow_pyyaml_env_tag() {
    let text = "site_name: !ENV [A, B, \"none\"]
extra:
  single: !ENV B
  missing: !ENV C
  number: !ENV [N, 1]
  flag: !ENV [F]
  nested: !ENV [C, {x: !ENV B}]
  !ENV [K, \"key\"]: value
nav:
  - !ENV [T, Title]: !ENV [P, index.md]
";
    let environment = [
        ("B", "text"),
        ("N", "8_0"),
        ("F", "no"),
        ("K", "other"),
        ("T", ""),
    ];
    let found = checked(&[("mkdocs.yml", text), ("docs/", "")], None, &environment);
    assert_eq!(found.diagnostics, []);
    let config = found.config.expect("usable");
    assert_eq!(config.site_name, "text");
    let extra = json!({"single": "text", "missing": null, "number": 80, "flag": false, "nested": {"x": "text"}, "other": "value"});
    assert_eq!(config.extra, extra);
    let nav = config.nav.expect("a nav");
    assert_eq!(
        (nav[0].title.as_deref(), &nav[0].target),
        (None, &NavTarget::Path("index.md".into()))
    );
}

#[test]
fn other_tags() {
    let text = "extra:\n  a: !!python/name:pymdownx.slugs.uslugify\n  b: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n  c: !relative $docs_dir/x\n  d: !relative\n";
    let expected = json!({"a": "pymdownx.slugs.uslugify", "b": {"pymdownx.slugs.slugify": {"kwds": {"case": "lower"}}}, "c": "!relative $docs_dir/x", "d": "!relative"});
    assert_eq!(config(text).extra, expected);
    assert_eq!(
        said("extra:\n  a: !!python/object/apply:os.system [ls]\n"),
        [("unsupported-value", 3)]
    );
    assert_eq!(said("extra:\n  a: !EVN [B, c]\n"), [("unknown-tag", 3)]);
}

#[test]
fn env_files() {
    let text = "# words\nA=plain # comment\nexport B = \"in \\n double\" # x\nC='it#s'\nD=a#b\n\nnonsense\n1X=2\nE=\nF=\"open\n";
    let expected = [
        ("A", "plain"),
        ("B", "in \\n double"),
        ("C", "it#s"),
        ("D", "a#b"),
        ("E", ""),
        ("F", "\"open"),
    ];
    let found = parse_env_file(text);
    let found: Vec<_> = found
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_real_site_loads() {
    use std::io::Write as _;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/conformance/corpus/privacyguides/mkdocs.yml");
    // Tests read only through a `System` too.
    let disk = path
        .parent()
        .and_then(|folder| crate::files::Disk::new(folder).ok());
    let text = disk.and_then(|disk| {
        let bytes = crate::files::System::read(&disk, &"mkdocs.yml".into()).ok()?;
        String::from_utf8(bytes.to_vec()).ok()
    });
    let Some(text) = text else {
        // `eprintln!` is captured, and shown only of tests that fail.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: {} is missing", path.display()).expect("it can be written");
        return;
    };
    let found = checked(
        &[
            ("mkdocs.yml", &text),
            ("docs/", ""),
            ("theme/", ""),
            ("includes/", ""),
        ],
        None,
        &[],
    );
    let faults: Vec<_> = found
        .diagnostics
        .iter()
        .filter(|it| it.severity > Severity::Note)
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let config = found.config.expect("usable");
    assert_eq!(
        config.site_url.as_deref(),
        Some("https://www.privacyguides.org/en/")
    );
    assert_eq!(
        (config.site_dir.as_str(), config.repo_name.as_deref()),
        ("site/en", Some(""))
    );
    assert_eq!(config.theme.custom_dir, Some("theme".into()));
    let plugins: Vec<_> = config
        .plugins
        .iter()
        .map(|plugin| plugin.name.as_str())
        .collect();
    assert_eq!(plugins, ["tags", "search", "privacy"]);
    assert_eq!(config.nav.expect("a nav").len(), 10);
    assert_eq!(config.extensions.len(), 22);
    assert_eq!(config.validation.nav_omitted_files, Level::Ignore);
}

#[test]
fn a_configuration_that_another_builds_on_is_not_passed_over() {
    let found = checked(
        &[
            ("proofroom.toml", "base = 'mkdocs.yml'"),
            ("mkdocs.yml", "site_name: S"),
            ("docs/", ""),
        ],
        None,
        &[],
    );
    assert_eq!(found.diagnostics, []);
}

#[test]
fn a_zensical_toml_is_read_as_what_it_is() {
    let nameless = checked(
        &[("zensical.toml", "[project]\n"), ("docs/", "")],
        None,
        &[],
    );
    assert_eq!(nameless.diagnostics[0].rule.name(), "missing-site-name");
    let text = "[project]\nsite_name = 'S'\nnav = [{ 'A' = 'a.md' }]\n[project.theme]\n\
                variant = 'classic'\n[[project.theme.palette]]\ntoggle.icon = 'x'\n";
    for (path, explicit) in [("zensical.toml", None), ("other.toml", Some("other.toml"))] {
        let found = checked(&[(path, text), ("docs/", "")], explicit, &[]);
        assert_eq!(found.diagnostics, [], "{path}");
        let config = found.config.expect("usable");
        assert_eq!(config.site_name, "S");
        assert_eq!(config.theme.name.as_deref(), Some("material"));
        assert_eq!(config.theme.settings["variant"], json!("classic"));
        assert_eq!(config.nav.map(|nav| nav.len()), Some(1));
        let has = |name: &str| config.extensions.iter().any(|it| it.name == name);
        assert!(has("pymdownx.magiclink") && has("pymdownx.arithmatex"));
        assert_eq!(config.validation.links_anchors, Level::Warn);
    }
}
