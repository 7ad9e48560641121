//! Several languages as one site: built and served together.

mod common;

use std::fs;

use common::Site;

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

fn built(site: &Site, path: &str) -> String {
    fs::read_to_string(site.path("site").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn all_languages_are_built_as_one_site() {
    let site = Site::new(&FILES);
    let output = site.run(&["build", "--strict"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let home = built(&site, "zh-Hant/index.html");
    assert!(
        home.contains("lang=\"zh-Hant\"") && home.contains("例子"),
        "{home}"
    );
    assert!(home.contains("href=\"sub/b/#there\""), "{home}");
    let own =
        "<link rel=\"alternate\" hreflang=\"zh-Hant\" href=\"https://example.org/docs/zh-Hant/\">";
    assert!(home.contains(own), "{home}");

    // What a language lacks is shown in the default one, and says so.
    let lacking = built(&site, "zh-Hant/sub/b/index.html");
    assert!(lacking.contains("本頁尚未翻譯"), "{lacking}");
    assert!(
        lacking.contains("<div lang=\"en\" dir=\"ltr\">"),
        "{lacking}"
    );
    assert!(
        lacking.contains("href=\"/docs/sub/b/\""),
        "the switcher stays on the page: {lacking}"
    );
    assert!(
        !lacking.contains("hreflang=\"zh-Hant\" href=\"https"),
        "it is no translation: {lacking}"
    );
    assert!(site.path("site/zh-Hant/img.svg").is_file());
    assert!(!built(&site, "sub/b/index.html").contains("admonition info"));

    // Unless that is not wanted.
    assert!(!site.path("site/he/a").exists());
    let hebrew = built(&site, "he/index.html");
    assert!(
        hebrew.contains("דוגמה") && hebrew.contains("dir=\"rtl\""),
        "{hebrew}"
    );
    assert!(built(&site, "404.html").contains("href=\"/docs/he/\""));

    // A language alone is the same, byte for byte.
    assert!(
        site.run(&["build", "--language", "zh-Hant", "-d", "alone"])
            .status
            .success()
    );
    for path in [
        "index.html",
        "sub/b/index.html",
        "404.html",
        "search/search_index.json",
    ] {
        let alone = fs::read_to_string(site.path("alone/zh-Hant").join(path)).expect(path);
        assert_eq!(alone, built(&site, &format!("zh-Hant/{path}")), "{path}");
    }
    let output = site.run(&["build", "--language", "zh-hant"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
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
fn a_language_may_come_while_it_is_served() {
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
fn what_is_wrong_with_languages_is_said_with_its_place() {
    let mut files = FILES.to_vec();
    files[1].1 = "base = \"mkdocs.yml\"\n[languages]\ndefault = \"eng\"\nen = { dosc = \"docs\" }\nfr = { env_file = \"gone.env\" }\n";
    let site = Site::new(&files);
    let output = site.run(&["check"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    for expected in [
        "error[bad-language]: `eng` is none of the languages",
        "proofroom.toml:3:",
        "did you mean `en`?",
        "`dosc` is no setting of a language",
        "did you mean `docs`?",
        "warning[missing-env-file]",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}
