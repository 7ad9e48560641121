//! Several languages as one site: built and served together.

use std::fs;

use crate::harness::{Site, as_built, in_repository, stderr};

/// A site of three languages, and what it is configured by.
const FILES: [(&str, &str); 11] = [
    (
        "mkdocs.yml",
        "site_name: !ENV [NAME, Example]\nsite_url: https://example.org/docs/\n\
         docs_dir: docs\ntheme:\n  name: proofroom\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n\n[languages]\ndefault = \"en\"\n\
         each = { docs = \"i18n/{lang}\", env_file = \"env/{lang}.env\" }\n\
         en = { docs = \"docs\", name = \"English\" }\n\
         zh-Hant = { name = \"中文\" }\n\
         he = { fallback = false, env = { NAME = \"דוגמה\" } }\n",
    ),
    ("env/en.env", ""),
    ("env/he.env", "NAME=unseen\n"),
    ("env/zh-Hant.env", "NAME='例子'\n"),
    ("docs/index.md", "# Home\n\n[a](a.md) [b](sub/b.md#there)\n"),
    ("docs/a.md", "# A\n\n![image](img.svg)\n"),
    ("docs/sub/b.md", "# B\n\n## There\n\n[a](../a.md)\n"),
    ("docs/img.svg", "<svg/>"),
    ("i18n/zh-Hant/index.md", "# 首頁\n\n[b](sub/b.md#there)\n"),
    ("i18n/he/index.md", "# בית\n"),
];

/// The site, built.
fn built_site() -> Site {
    let site = Site::new(&FILES);
    site.run_successfully(&["build", "--strict"]);
    site
}

#[test]
fn all_languages_are_built_as_one_site() {
    let site = built_site();
    let home = site.built("zh-Hant/index.html");
    assert!(
        home.contains("lang=\"zh-Hant\"") && home.contains("例子"),
        "{home}"
    );
    assert!(home.contains("href=\"sub/b/#there\""), "{home}");
    let own =
        "<link rel=\"alternate\" hreflang=\"zh-Hant\" href=\"https://example.org/docs/zh-Hant/\">";
    assert!(home.contains(own), "{home}");
    assert!(site.built("404.html").contains("href=\"/docs/he/\""));
}

#[test]
fn pages_that_a_language_lacks_are_shown_in_the_default_one_and_say_so() {
    let site = built_site();
    let lacking = site.built("zh-Hant/sub/b/index.html");
    assert!(lacking.contains("本頁尚未翻譯"), "{lacking}");
    assert!(
        lacking.contains("<div lang=\"en\" dir=\"ltr\">"),
        "{lacking}"
    );
    assert!(
        lacking.contains("href=\"../../../sub/b/\" class=\"md-select__link\""),
        "the switcher stays on the page: {lacking}"
    );
    assert!(
        !lacking.contains("hreflang=\"zh-Hant\" href=\"https"),
        "it is not a translation: {lacking}"
    );
    assert!(site.path("site/zh-Hant/img.svg").is_file());
    assert!(site.path("site/he/img.svg").is_file(), "images are shared");
    assert!(!site.built("sub/b/index.html").contains("admonition info"));
}

#[test]
fn pages_that_a_language_lacks_are_left_out_where_that_is_wanted() {
    let site = built_site();
    assert!(!site.path("site/he/a").exists());
    let hebrew = site.built("he/index.html");
    assert!(
        hebrew.contains("דוגמה") && hebrew.contains("dir=\"rtl\""),
        "{hebrew}"
    );
}

#[test]
fn a_language_built_alone_is_the_same_byte_for_byte() {
    let site = built_site();
    site.run_successfully(&["build", "--language", "zh-Hant", "-d", "alone"]);
    for path in [
        "index.html",
        "sub/b/index.html",
        "404.html",
        "search/root.js",
        "search/words/0.js",
        "search/pages/1.js",
    ] {
        let alone = fs::read_to_string(site.path("alone/zh-Hant").join(path)).expect(path);
        assert_eq!(alone, site.built(&format!("zh-Hant/{path}")), "{path}");
    }
}

#[test]
fn a_language_built_alone_leaves_the_others_as_they_are() {
    let site = built_site();
    for code in ["zh-Hant", "en"] {
        let output = site.run(&["build", "--language", code]);
        assert!(output.status.success(), "{code}");
        for path in ["index.html", "he/index.html", "zh-Hant/index.html"] {
            assert!(site.path("site").join(path).is_file(), "{code}: {path}");
        }
    }
    let output = site.run(&["build", "--language", "zh-hant"]);
    let said = stderr(&output);
    assert!(said.contains("did you mean `zh-Hant`?"), "{said}");
}

#[test]
fn all_languages_are_served_at_their_prefixes() {
    let site = Site::new(&FILES);
    let served = site.serve();
    assert_eq!(served.base(), "/docs/");
    let get = |path: &str| served.get(path);
    assert!(get("/").head.contains("location: /docs/\r\n"));
    assert!(get("/docs/").body.contains("lang=\"en\""));
    assert!(get("/docs/zh-Hant/").body.contains("首頁"));
    assert!(get("/docs/zh-Hant/a/").body.contains("本頁尚未翻譯"));
    assert!(
        get("/docs/zh-Hant")
            .head
            .contains("location: /docs/zh-Hant/\r\n")
    );
    assert_eq!(get("/docs/he/a/").status, 404);
    assert!(get("/docs/he/a/").body.contains("dir=\"rtl\""));

    // A tab hears of its own language, and of what it falls back to.
    let mut tab = served.tab("zh-Hant/a/");
    site.save("i18n/he/index.md", "# אחר\n");
    site.save("docs/a.md", "# Another\n");
    let event = tab.wait_for("page");
    assert!(event["reload"].is_null(), "{event}");
    assert!(get("/docs/zh-Hant/a/").body.contains("Another"));
    assert!(get("/docs/he/").body.contains("אחר"));
    site.save("i18n/zh-Hant/a.md", "# 譯文\n");
    tab.wait_for("page");
    let page = get("/docs/zh-Hant/a/").body;
    assert!(
        page.contains("譯文") && !page.contains("本頁尚未翻譯"),
        "{page}"
    );
}

#[test]
fn a_language_can_be_added_while_the_site_is_served() {
    let site = Site::new(&FILES);
    let served = site.serve();
    assert_eq!(served.get("/docs/fr/").status, 404);
    let mut tab = served.tab("");
    let config =
        FILES[1].1.to_owned() + "fr = { name = \"Français\", env_file = \"env/en.env\" }\n";
    site.save("proofroom.toml", &config);
    tab.wait_for("page");
    let page = served.get("/docs/fr/");
    assert!(
        page.status == 200 && page.body.contains("n’est pas encore traduite"),
        "{}",
        page.body
    );
}

#[test]
fn mistakes_in_languages_are_reported_with_their_place() {
    let mut files = FILES.to_vec();
    files[1].1 = "base = \"mkdocs.yml\"\n[languages]\ndefault = \"eng\"\nen = { dosc = \"docs\" }\nfr = { env_file = \"gone.env\" }\n";
    let site = Site::new(&files);
    let output = site.run(&["check"]);
    let said = stderr(&output);
    assert!(!output.status.success());
    for expected in [
        "error[bad-language]: `eng` is not one of the languages",
        "proofroom.toml:3:",
        "did you mean `en`?",
        "`dosc` is not a setting of a language",
        "did you mean `docs`?",
        "warning[missing-env-file]",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn settings_that_no_language_has_are_named() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: x\nplugins:\n  - i18n:\n      languages:\n        \
             - {locale: en, name: English, default: true, sitename: y}\n",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    let output = site.run(&["build", "--strict"]);
    let said = stderr(&output);
    assert!(!output.status.success());
    assert!(
        said.contains("`sitename` of the language `en` is not read"),
        "{said}"
    );
    assert!(
        said.contains("did you mean `site_name`?") && said.contains("mkdocs.yml:3:"),
        "{said}"
    );
}

/// The site of a layout in `tests/static-i18n`, built. What MkDocs 1.6.1 with the
/// plugin static-i18n 1.3.1 makes of it is compared by `.ci/whole_pages`.
fn static_i18n(layout: &str) -> Site {
    let site = Site::copy_of(&in_repository("tests/static-i18n").join(layout));
    site.run_successfully(&["build", "--theme", "material"]);
    site
}

/// How the plugin lays languages out.
const LAYOUTS: [&str; 2] = ["folder", "suffix"];

#[test]
fn languages_of_static_i18n_have_their_own_pages_and_share_files() {
    for layout in LAYOUTS {
        let site = static_i18n(layout);
        let french = site.built("fr/index.html");
        for part in [
            "Accueil",
            "lang=\"fr\"",
            "Deux langues",
            "<b>Moi</b>",
            // Shared files are at the root.
            "src=\"../img/i.svg\"",
        ] {
            assert!(french.contains(part), "{layout}: {part}: {french}");
        }
        assert!(site.built("fr/sub/c/index.html").contains("Remarque"));
        let has_own_nav = site.built("de/index.html").contains("Zweite");
        assert!(has_own_nav, "{layout}");
        assert!(!site.path("site/es").exists() && !site.path("site/fr/assets").exists());
        assert_eq!(site.built("fr/own.svg"), "<svg id=\"fr\"/>");
    }
}

#[test]
fn languages_of_static_i18n_fall_back_to_the_default_one() {
    for layout in LAYOUTS {
        let site = static_i18n(layout);
        let lacking = site.built("fr/b/index.html");
        // A file of the language itself goes first.
        for part in ["Text b.", "lang=\"fr\"", "src=\"../own.svg\""] {
            assert!(lacking.contains(part), "{layout}: {part}: {lacking}");
        }
        let german = site.built("de/b/index.html");
        assert!(german.contains("src=\"../../own.svg\""), "{layout}");
    }
}

#[test]
fn languages_of_static_i18n_share_the_search_and_the_site_map() {
    for layout in LAYOUTS {
        let site = static_i18n(layout);
        let config = std::fs::read_to_string(site.path("mkdocs.yml")).expect("a file");
        site.write(
            "mkdocs.yml",
            format!("{config}search: {{whole_index: true}}\n"),
        );
        site.run_successfully(&["build"]);
        let index = site.built("search/search_index.json");
        let index: serde_json::Value = serde_json::from_str(&index).expect("JSON");
        let docs = index["docs"].as_array().expect("a list");
        let locations: Vec<&str> = docs
            .iter()
            .filter_map(|doc| doc["location"].as_str())
            .collect();
        let expected = [
            "",
            "b/",
            "sub/c/",
            "sub/c/#x",
            "fr/",
            "fr/sub/c/",
            "fr/sub/c/#x",
        ];
        assert_eq!(locations, expected, "{layout}");
        let languages = serde_json::json!(["en", "fr", "de"]);
        assert_eq!(index["config"]["lang"], languages);
        let map = site.built("sitemap.xml");
        let own = "hreflang=\"fr\" href=\"https://example.org/x/fr/sub/c/\"";
        assert_eq!(map.matches(own).count(), 3, "{layout}: {map}");
    }
}

#[test]
fn each_language_of_static_i18n_searches_apart() {
    for layout in LAYOUTS {
        let site = static_i18n(layout);
        assert!(site.built("search/pages/0.js").contains("[\"\","));
        assert!(site.built("fr/search/pages/0.js").contains("[\"fr/\","));
        let page = site.built("fr/index.html");
        assert!(
            page.contains("\"search\": \"fr/search/\""),
            "{layout}: {page}"
        );
        let found = |at: &str, text: &str| -> u64 {
            let server = site.serve();
            let asked = format!("/__proofroom/search?at=/x/{at}search/&to=9&q={text}");
            let answer = server.get(&asked).body;
            let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
            answer["count"].as_u64().expect("a number")
        };
        assert_eq!(
            (found("", "Remarque"), found("fr/", "Remarque") > 0),
            (0, true)
        );
    }
}

#[test]
fn a_page_of_static_i18n_may_be_translated_while_it_is_served() {
    for (layout, source) in [("folder", "docs/fr/b.md"), ("suffix", "docs/b.fr.md")] {
        let site = static_i18n(layout);
        let config = std::fs::read_to_string(site.path("mkdocs.yml")).expect("a file");
        site.write(
            "mkdocs.yml",
            format!("{config}search: {{whole_index: true}}\n"),
        );
        let server = site.serve();
        let mut tab = server.tab("fr/b/");
        site.save(source, "# Bé\n");
        tab.wait_for("page");
        assert!(server.get("/x/fr/b/").body.contains("Bé"), "{layout}");
        let index = server.get("/x/search/search_index.json").body;
        assert_eq!(index.matches("B\\u00e9").count(), 1, "{layout}");
        assert_eq!(server.get("/x/de/nowhere/").status, 404, "{layout}");
    }
}

#[test]
fn what_languages_share_is_not_reported_of_each() {
    let site = Site::new(&[
        (
            "proofroom.toml",
            "site_name = \"Example\"\nsite_url = \"https://example.org/x/en/\"\n\
             repo_url = \"https://example.org/r\"\nedit_uri = \"edit/main/docs/\"\n\
             nav = [\"index.md\", { \"More\" = [\"a.md\"] }]\n\
             theme = { features = [\"content.action.edit\"] }\n\
             plugins = [{ redirects = { redirect_maps = { \"old.md\" = \"a.md\" } } }]\n\
             [languages]\nen = { docs = \"docs\", prefix = \"en\" }\n\
             he = { docs = \"i18n/he\", fallback = false }\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
        ("i18n/he/index.md", "# בית\n"),
        ("static/CNAME", "example.org\n"),
    ]);
    let output = site.run(&["build", "--strict"]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    let hebrew = site.built("he/index.html");
    assert!(
        !hebrew.contains("\"a.md\"") && !hebrew.contains(">More<"),
        "{hebrew}"
    );
    assert!(hebrew.contains("edit/main/i18n/he/index.md"), "{hebrew}");
    assert!(
        hebrew.contains("rel=\"canonical\" href=\"https://example.org/x/he/\""),
        "{hebrew}"
    );
    assert!(
        site.built("en/a/index.html")
            .contains("edit/main/docs/a.md")
    );
    assert!(site.path("site/en/old/index.html").is_file());
    for path in ["index.html", "404.html", "CNAME"] {
        assert!(site.path("site").join(path).is_file(), "{path}");
    }
    let served = site.serve();
    assert_eq!(served.base(), "/x/en/");
    for root in ["/", "/x", "/x/"] {
        let head = served.get(root).head;
        assert!(head.contains("location: /x/en/\r\n"), "{root}: {head}");
    }
}

#[test]
fn files_outside_all_languages_are_served_as_they_are_built() {
    let config = "site_name = \"Example\"\nsite_url = \"https://example.org/x/en/\"\n\
                  [languages]\nen = { docs = \"docs\", prefix = \"en\" }\n\
                  he = { docs = \"i18n/he\" }\n";
    let site = Site::new(&[
        ("proofroom.toml", config),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
        ("i18n/he/index.md", "# בית\n"),
        ("static/CNAME", "example.org\n"),
        ("static/img/logo.svg", "<svg/>\n"),
        ("static/he/logo.svg", "<svg/>\n"),
        ("static/.well-known/security.txt", "Contact: a\n"),
    ]);
    // A file where a language begins is hidden, and reported.
    let output = site.run(&["build"]);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    let expected =
        "`he/logo.svg` is where the pages of the language `he` begin, and is not shown at the root";
    assert!(said.contains(expected), "{said}");
    let served = site.serve();
    let path = "he/logo.svg";
    assert!(!site.path("site").join(path).exists() && site.path("site/en").join(path).exists());
    assert_eq!(served.get(&format!("/x/{path}")).status, 404);
    for path in [
        "index.html",
        "404.html",
        "CNAME",
        "img/logo.svg",
        ".well-known/security.txt",
    ] {
        let answer = served.get(&format!("/x/{path}"));
        let found = (answer.status, as_built(&answer.body));
        assert_eq!(found, (200, site.built(path)), "{path}");
        // It is below its language, too.
        assert!(site.path("site/en").join(path).exists(), "{path}");
    }
    for path in ["a/index.html", "sitemap.xml", "assets/theme/css/theme.css"] {
        assert!(site.path("site/en").join(path).exists(), "{path}");
        assert!(!site.path("site").join(path).exists(), "{path}");
        assert_eq!(served.get(&format!("/x/{path}")).status, 404, "{path}");
    }
    assert_eq!(served.get("/x/nowhere/").status, 404);

    let mut tab = served.tab("");
    site.save("static/CNAME", "example.com\n");
    site.save("proofroom.toml", &config.replace("Example", "Renamed"));
    tab.wait_for("page");
    assert!(served.get("/x/404.html").body.contains("Renamed"));
    assert_eq!(served.get("/x/CNAME").body, "example.com\n");

    // A configuration that cannot be read takes nothing away that was shown.
    assert_eq!(served.get("/x/he/").status, 200);
    site.save("proofroom.toml", "site_name = \n");
    tab.wait_for("problem");
    assert_eq!(served.get("/x/he/").status, 200);
    assert!(served.get("/x/404.html").body.contains("Renamed"));
    assert_eq!(served.get("/x/CNAME").body, "example.com\n");
}

#[test]
fn a_language_is_below_the_site_and_nowhere_else() {
    for (language, expected) in [
        (
            "he = { prefix = \"../docs\" }",
            "`../docs` is not a valid prefix",
        ),
        (
            "he = { prefix = \"https://x.example/\" }",
            "is not a valid prefix",
        ),
        ("he = { prefix = \"{code}\" }", "is not a valid prefix"),
        ("\"not a code/..\" = {}", "is not a language code"),
        (
            "he = { prefix = \"a\" }",
            "`a/index.html` is where the pages of the language `he` begin",
        ),
        ("defualt = \"en\"", "did you mean `default`?"),
    ] {
        let config =
            format!("site_name = \"x\"\n[languages]\nen = {{ docs = \"docs\" }}\n{language}\n");
        let site = Site::new(&[
            ("proofroom.toml", &config),
            ("docs/index.md", "# Home\n"),
            ("docs/a.md", "# A\n"),
        ]);
        let output = site.run(&["build", "--strict"]);
        let said = stderr(&output);
        assert!(!output.status.success(), "{language}");
        assert!(
            said.contains(expected) && said.contains("proofroom.toml:4:"),
            "{language}: {said}"
        );
    }
}
