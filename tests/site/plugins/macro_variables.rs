//! `[macros] variables`, and the extension of Zensical that works like the plugin.

use super::Site;
use proofroom::diagnostic::Diagnostic;

/// The text of a page's first paragraph.
fn paragraph(site: &Site, page: &str) -> String {
    let html = site.body(page);
    let (_, rest) = html.split_once("<p>").expect("a paragraph");
    rest.split("</p>").next().unwrap_or_default().to_owned()
}

/// Places, messages and helps of all that is wrong.
fn problems(site: &Site) -> Vec<(String, String, String)> {
    let problem = |it: &Diagnostic| {
        let span = it.span.as_ref();
        let place = span.map_or(String::new(), |span| {
            format!("{}:{}:{}", span.path, span.line, span.column)
        });
        let help = it.help.clone().unwrap_or_default();
        (place, it.message.clone(), help)
    };
    site.diagnostics().iter().map(problem).collect()
}

const TOML: &str = r#"base = "mkdocs.yml"
[macros.variables]
product = "Widget"
count = 3
list = ["a", { file = "VERSION" }]
release = { file = "data/release.yml" }
plans = { file = "data/plans.json" }
tool = { file = "data/tool.toml" }
version = { file = "VERSION" }
home = { env = "PROOFROOM_TEST_NOT_SET", default = "nowhere" }
[macros.variables.company]
name = "Acme"
office = { city = "Oslo", zip = { file = "data/zip.txt" } }
"#;

fn site(toml: &str, page: &str) -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nplugins: [macros]\nextra: {product: Other, kept: extra}\n",
        ),
        ("proofroom.toml", toml),
        ("VERSION", "1.2.3\n"),
        ("data/release.yml", "name: Fox\ndates: [2024-01-02]\n"),
        ("data/plans.json", "[{\"name\": \"Free\"}]"),
        ("data/tool.toml", "tool.name = 'x'\n"),
        ("data/zip.txt", "0150\r\n"),
        ("docs/index.md", page),
    ])
}

#[test]
fn variables_come_from_texts_files_and_the_environment() {
    for (page, expected) in [
        ("{{ product }} {{ count + 1 }} {{ kept }}", "Widget 4 extra"),
        ("{{ extra.product }}", "Other"),
        ("{{ list | join(\"-\") }}", "a-1.2.3"),
        (
            "{{ release.name }} {{ plans[0].name }} {{ tool.tool.name }}",
            "Fox Free x",
        ),
        ("{{ version }}, {{ home }}", "1.2.3, nowhere"),
        (
            "{{ company.name }} {{ company.office.city }} {{ company.office.zip }}",
            "Acme Oslo 0150",
        ),
        ("---\nproduct: Mine\n---\n{{ product }}", "Mine"),
        ("{% set v = version %}{{ v.split(\".\") | first }}", "1"),
    ] {
        let site = site(TOML, page);
        assert_eq!(paragraph(&site, "index.md"), expected, "{page}");
        assert_eq!(problems(&site), [], "{page}");
    }
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let toml = "base = \"mkdocs.yml\"\n\
        [macros]\n\
        varables = 1\n\
        [macros.variables]\n\
        a = { env = \"PROOFROOM_TEST_NOT_SET\" }\n\
        b = { file = \"data/none.yml\" }\n\
        c = { file = \"/etc/passwd\" }\n\
        d = { file = \"../x\" }\n\
        e.f = { file = \".env\" }\n\
        g = { file = \"data/broken.json\" }\n\
        h = { file = 1 }\n";
    let mut site = site(toml, "# T\n\n{{ b }}\n");
    site.write("main.py", "def define_env(env): pass\n");
    site.write("data/broken.json", "{\n  \"a\": }\n");
    let found = problems(&site);
    let places: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        places,
        [
            "data/broken.json:2:1",
            "docs/index.md:3:1",
            "mkdocs.yml:2:11",
            "proofroom.toml:3:1",
            "proofroom.toml:5:13",
            "proofroom.toml:6:14",
            "proofroom.toml:7:14",
            "proofroom.toml:8:14",
            "proofroom.toml:9:16",
            "proofroom.toml:11:14",
        ],
        "{found:#?}"
    );
    let with = |place: &str| {
        let (_, message, help) = found.iter().find(|it| it.0 == place).expect(place);
        (message.as_str(), help.as_str())
    };
    assert_eq!(
        with("proofroom.toml:5:13").0,
        "the environment variable `PROOFROOM_TEST_NOT_SET` is not set"
    );
    assert_eq!(
        with("proofroom.toml:6:14").0,
        "the file `data/none.yml` of the variable `b` does not exist"
    );
    assert_eq!(with("proofroom.toml:3:1").1, "did you mean `variables`?");
    let (unknown, help) = with("docs/index.md:3:1");
    assert!(unknown.starts_with("`b` is not defined"), "{unknown}");
    assert!(
        help.contains("`[macros] variables` of `proofroom.toml`"),
        "{help}"
    );
}

#[test]
fn a_name_of_a_python_module_is_explained_by_its_table() {
    let mut site = site("base = \"mkdocs.yml\"\n", "# T\n\n{{ version }}\n");
    site.write(
        "main.py",
        "def define_env(env): env.variables['version'] = '1'\n",
    );
    let found = problems(&site);
    assert_eq!(found.len(), 2, "{found:#?}");
    for (_, _, help) in found {
        assert!(
            help.contains("`[macros] variables` of `proofroom.toml`"),
            "{help}"
        );
    }
    site.write(
        "proofroom.toml",
        "base = \"mkdocs.yml\"\nmacros.variables.version = \"2\"\n",
    );
    assert_eq!(paragraph(&site, "index.md"), "2");
}

#[test]
fn the_table_has_no_effect_without_the_plugin() {
    let site = Site::new(&[
        (
            "proofroom.toml",
            "plugins = []\n[macros.variables]\na = 1\n",
        ),
        ("docs/index.md", "# T\n"),
    ]);
    assert_eq!(site.said(), ["bad-value proofroom.toml:2"]);
}

/// Expected texts are those of Zensical.
#[test]
fn the_extension_of_zensical_works_like_the_plugin() {
    let config = "[project]\nsite_name = \"S\"\nextra = {name = \"Fox\", size = \"extra\"}\n\
        [project.markdown_extensions.zensical.extensions.macros]\n\
        include_yaml = [\"data.yml\"]\n";
    let files = |page| {
        [
            ("zensical.toml", config),
            ("data.yml", "color: blue\nsize: data\n"),
            ("more.yml", "color: red\nsize: page\n"),
            ("docs/part.md", "Part of {{ name }}\n"),
            ("docs/index.md", page),
        ]
    };
    for (page, expected) in [
        ("{{ name }} {{ color }} {{ size }}", "Fox blue extra"),
        ("{% include \"part.md\" %}", "Part of Fox"),
        ("---\nrender_macros: false\n---\n{{ name }}", "{{ name }}"),
        (
            "---\ninclude_yaml: [more.yml]\n---\n{{ color }} {{ size }}",
            "red extra",
        ),
        (
            "---\ninclude_yaml: {m: more.yml}\n---\n{{ color }} {{ m.color }}",
            "blue red",
        ),
    ] {
        let site = Site::new(&files(page));
        assert_eq!(paragraph(&site, "index.md"), expected, "{page}");
        assert_eq!(problems(&site), [], "{page}");
    }
    let site = Site::new(&files("---\ninclude_yaml: [none.yml]\n---\n{{ color }}"));
    assert_eq!(site.said(), ["bad-value docs/index.md:2"]);
}

#[test]
fn the_extension_may_be_listed_anywhere_and_switched_off() {
    for (options, expected, said) in [
        ("", "Fox", vec![]),
        ("      on_undefined: silent\n", "Fox", vec![]),
        (
            "      enabled: false\n",
            "{{ name }}",
            vec!["unsupported-value mkdocs.yml:2"],
        ),
        (
            "      on_undefind: lax\n",
            "Fox",
            vec!["unsupported-option mkdocs.yml:6"],
        ),
    ] {
        let config = format!(
            "extra: {{name: Fox}}\nplugins: []\nmarkdown_extensions:\n  - zensical.extensions.macros:\n{options}"
        );
        let site = Site::with(&config, &[("docs/index.md", "# T\n\n{{ name }}\n")]);
        assert_eq!(paragraph(&site, "index.md"), expected, "{options}");
        assert_eq!(site.said(), said, "{options}");
    }
}
