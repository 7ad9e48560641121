//! A site that passes `mkdocs build --strict` passes here. One site for each
//! rule, with what MkDocs 1.6 says of it, which is asked again where it is
//! installed.

use std::process::Command;

use proofroom::diagnostic::{Rule, Severity};

use crate::harness::{Site, skip};

/// A site that breaks a rule.
struct Case {
    rule: Rule,
    /// Lines of the configuration after the name of the site.
    config: &'static str,
    /// The text of the page.
    page: &'static str,
    /// Other files.
    files: &'static [(&'static str, &'static str)],
    /// Whether it passes `mkdocs build --strict`.
    passes: bool,
}

const fn case(rule: Rule, config: &'static str, page: &'static str, passes: bool) -> Case {
    Case {
        rule,
        config,
        page,
        files: &[],
        passes,
    }
}

const fn with(case: Case, files: &'static [(&'static str, &'static str)]) -> Case {
    Case { files, ..case }
}

const OVERRIDES: &str = "theme: {name: mkdocs, custom_dir: over}\n";

const LINTS: &str = "markdown_extensions: [admonition, tables]\n";

/// Plugins that the reference must have installed stand in no case that is asked.
const CASES: &[Case] = &[
    case(Rule::AbsoluteLink, "", "[a](/x/)\n", true),
    case(Rule::AbsoluteNavLink, "nav: [index.md, X: /x/]\n", "", true),
    case(Rule::BadFrontMatter, "", "---\ntitle: a: b\n---\n", true),
    case(
        Rule::BadFrontMatter,
        "",
        "---\ndate: 2023-13-45\n---\n",
        true,
    ),
    case(Rule::BadValue, "use_directory_urls: 3\n", "", false),
    case(Rule::BadYaml, "nav: [\n", "", false),
    case(Rule::DamagedMark, "", "\u{ff03} B\n", true),
    case(Rule::RaggedTable, LINTS, "|a|b|\n|-|-|\n|1|2|3|\n", true),
    case(Rule::UnclosedBlock, "", "---\ntitle: x\n", true),
    case(Rule::UnindentedText, LINTS, "!!! note\nText\n", true),
    case(Rule::UnknownType, LINTS, "!!! waring\n\n    a\n", true),
    case(
        Rule::DuplicateId,
        "",
        "<a id=\"x\"></a>\n\n<a id=\"x\"></a>\n",
        true,
    ),
    case(Rule::SkippedLevel, "", "### B\n", true),
    case(
        Rule::MissingAlt,
        "",
        "<img src=\"https://a.example/b\">\n",
        true,
    ),
    case(Rule::NamelessLink, "", "[](#a)\n", true),
    case(Rule::InsecureLink, "", "[a](http://a.b/)\n", true),
    case(
        Rule::MissingAddress,
        "site_url: https://a.example/\n",
        "[a](https://a.example/gone.html)\n",
        true,
    ),
    case(
        Rule::UnusedFootnote,
        "markdown_extensions: [footnotes]\n",
        "[^1]: x\n",
        true,
    ),
    case(Rule::UnusedReference, "", "[x]: https://a.example/\n", true),
    case(Rule::DuplicateKey, "site_name: T\n", "", true),
    case(
        Rule::DuplicateKey,
        "",
        "---\ntitle: a\ntitle: b\n---\n",
        true,
    ),
    case(Rule::MissingAnchor, "", "[a](#x)\n", true),
    case(
        Rule::MissingAnchor,
        "validation: {links: {anchors: warn}}\n",
        "[a](#x)\n",
        false,
    ),
    case(Rule::MissingAsset, "extra_css: [gone.css]\n", "", true),
    case(
        Rule::MissingCustomDir,
        "theme: {name: mkdocs, custom_dir: gone}\n",
        "",
        false,
    ),
    case(Rule::MissingConfig, "INHERIT: gone.yml\n", "", false),
    case(Rule::MissingDocsDir, "docs_dir: gone\n", "", false),
    case(
        Rule::MissingFootnote,
        "markdown_extensions: [footnotes]\n",
        "x[^1]\n",
        true,
    ),
    case(
        Rule::MissingNavPage,
        "nav: [index.md, gone.md]\n",
        "",
        false,
    ),
    case(Rule::MissingPage, "", "[a](gone.md)\n", false),
    case(
        Rule::MissingPage,
        "validation: {links: {not_found: info}}\n",
        "[a](gone.md)\n",
        true,
    ),
    case(
        Rule::MissingSnippet,
        "markdown_extensions: [pymdownx.snippets]\n",
        "--8<-- \"gone.md\"\n",
        true,
    ),
    case(
        Rule::MissingSnippet,
        "markdown_extensions: [pymdownx.snippets: {check_paths: true}]\n",
        "--8<-- \"gone.md\"\n",
        false,
    ),
    case(
        Rule::MissingTemplate,
        "extra_templates: [gone.html]\n",
        "",
        false,
    ),
    case(
        Rule::MissingTemplate,
        "theme: {name: mkdocs, static_templates: [gone.html]}\n",
        "",
        false,
    ),
    case(
        Rule::MissingTemplate,
        "",
        "---\ntemplate: gone.html\n---\n",
        false,
    ),
    case(Rule::NestedFolders, "site_dir: docs/site\n", "", false),
    with(
        case(
            Rule::ExcludedPage,
            "exclude_docs: b.md\n",
            "[b](b.md)\n",
            true,
        ),
        &[("docs/b.md", "# B\n")],
    ),
    with(
        case(Rule::OmittedPage, "nav: [index.md]\n", "", true),
        &[("docs/b.md", "# B\n")],
    ),
    with(
        case(Rule::OutputConflict, "", "", true),
        &[("docs/a.md", "# A\n"), ("docs/a/index.md", "# A\n")],
    ),
    with(
        case(Rule::OutputConflict, "", "", false),
        &[("docs/a.html.md", "# A\n"), ("docs/a.html", "a")],
    ),
    case(
        Rule::RemoteSnippet,
        "markdown_extensions: [pymdownx.snippets]\n",
        "--8<-- \"https://example.com/a.md\"\n",
        true,
    ),
    with(
        case(Rule::ShadowedPage, "", "", false),
        &[("docs/README.md", "# B\n")],
    ),
    with(
        case(Rule::TemplateError, OVERRIDES, "", false),
        &[("over/main.html", "{{ 1|gone }}")],
    ),
    with(
        case(Rule::TemplateLimit, OVERRIDES, "", false),
        &[("over/main.html", "{% include 'main.html' %}")],
    ),
    with(
        case(Rule::TemplateSyntax, OVERRIDES, "", false),
        &[("over/main.html", "{% if %}")],
    ),
    case(
        Rule::UnknownExtension,
        "markdown_extensions: [admonitoin]\n",
        "",
        false,
    ),
    case(Rule::UnknownKey, "wombat: 1\n", "", false),
    case(
        Rule::UnknownLanguage,
        "markdown_extensions: [pymdownx.superfences, pymdownx.highlight]\n",
        "```wombat\nx\n```\n",
        true,
    ),
    case(Rule::UnknownPlugin, "plugins: [serch]\n", "", false),
    case(Rule::UnknownTag, "copyright: !wombat x\n", "", false),
    case(Rule::UnrecognizedLink, "", "[a](gone)\n", true),
    with(
        case(Rule::UnsupportedHook, "hooks: [hook.py]\n", "", true),
        &[("hook.py", "def on_config(config):\n    return config\n")],
    ),
    case(
        Rule::UnsupportedValue,
        "extra: {join: !!python/name:os.path.join }\n",
        "",
        true,
    ),
];

/// Rules without such a site: about settings that MkDocs does not have, plugins,
/// themes and extensions that it may lack, the state of the machine, or what only
/// commands find.
const WITHOUT: &[Rule] = &[
    // Need two languages.
    Rule::BadGlossary,
    Rule::ChangedMark,
    Rule::GlossaryTerm,
    Rule::LostMark,
    Rule::LostPassage,
    Rule::VanishedPassage,
    Rule::BadFeed,
    Rule::BadPost,
    Rule::AmbiguousReference,
    Rule::BadCard,
    Rule::BadInclude,
    Rule::BadLanguage,
    Rule::BadRedirect,
    Rule::BadToml,
    Rule::FailedDownload,
    Rule::ForeignAsset,
    Rule::DeadLink,
    Rule::MovedLink,
    Rule::UncheckedLink,
    Rule::DeepNav,
    Rule::LostAddress,
    Rule::LostAnchor,
    Rule::MacroError,
    Rule::MissingEnvFile,
    Rule::MissingFont,
    Rule::MissingIcon,
    Rule::MissingReference,
    Rule::MissingSiteName,
    Rule::MissingTheme,
    Rule::More,
    Rule::MoreProblems,
    Rule::NoHistory,
    Rule::NotUtf8,
    Rule::RedirectedPage,
    Rule::RefusedEditor,
    Rule::RefusedLink,
    Rule::RefusedName,
    Rule::SeveralConfigs,
    Rule::TemplateTooDeep,
    Rule::ThemeExtends,
    Rule::TooMuch,
    Rule::UnknownIcon,
    Rule::UnreadHistory,
    Rule::Unreadable,
    Rule::UnsupportedExtension,
    Rule::UnsupportedOption,
    Rule::UnsupportedPlugin,
    Rule::WithheldPage,
];

fn site(case: &Case) -> Site {
    let config = format!("site_name: S\n{}", case.config);
    let page = if case.page.starts_with("---") {
        format!("{}# A\n", case.page)
    } else {
        format!("# A\n\n{}", case.page)
    };
    let mut files = vec![("mkdocs.yml", config.as_str()), ("docs/index.md", &page)];
    files.extend(case.files);
    Site::new(&files)
}

fn found(site: &Site, rule: Rule) -> String {
    let output = site.run(&["check", "--format", "json"]);
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let name = format!("\"rule\":\"{}\"", rule.name());
    let mut of_rule = lines.lines().filter(|line| line.contains(&name));
    of_rule.next().unwrap_or_default().to_owned()
}

#[test]
fn what_passes_strictly_in_mkdocs_passes_here() {
    for case in CASES {
        let site = site(case);
        let shown = found(&site, case.rule);
        assert!(!shown.is_empty(), "{}: {:?}", case.rule, case.config);
        let about = format!("{} {:?} {:?}: {shown}", case.rule, case.config, case.page);
        for command in [&["check", "--strict"][..], &["build", "--strict"]] {
            let output = site.run(command);
            assert_eq!(output.status.success(), case.passes, "{command:?} {about}");
        }
        if case.passes {
            assert!(shown.contains("\"severity\":\"note\""), "{about}");
        }
    }
}

#[test]
fn mkdocs_says_what_is_recorded() {
    let Some(mkdocs) = skip::mkdocs() else {
        return;
    };
    for case in CASES {
        let site = site(case);
        let output = Command::new(&mkdocs)
            .args(["build", "--strict"])
            .current_dir(site.path(""))
            .output()
            .expect("MkDocs runs");
        let about = format!("{} {:?} {:?}", case.rule, case.config, case.page);
        assert_eq!(output.status.success(), case.passes, "{about}");
    }
}

#[test]
fn every_rule_is_compared_or_cannot_be() {
    for rule in Rule::ALL {
        let has_case = CASES.iter().any(|case| case.rule == *rule);
        assert_ne!(has_case, WITHOUT.contains(rule), "{rule}");
    }
}

#[test]
fn a_table_raises_and_lowers_levels() {
    let page = "# A\n\nx[^1] [a](gone.md) :material-gone:\n";
    let config = "site_name: S\nmarkdown_extensions: [footnotes, pymdownx.emoji]\n";
    let severity = |rules: &str, rule: Rule| {
        let toml = format!("base = \"mkdocs.yml\"\n{rules}");
        let site = Site::new(&[
            ("mkdocs.yml", config),
            ("proofroom.toml", &toml),
            ("docs/index.md", page),
        ]);
        let shown = found(&site, rule);
        [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .find(|it| {
                let word = format!("{it:?}").to_lowercase();
                shown.contains(&format!("\"severity\":\"{word}\""))
            })
    };
    let footnote = Rule::MissingFootnote;
    let page = Rule::MissingPage;
    for (rules, rule, expected) in [
        ("", footnote, Some(Severity::Note)),
        ("", page, Some(Severity::Warning)),
        (
            "[check.rules]\nmissing-footnote = \"warning\"\n",
            footnote,
            Some(Severity::Warning),
        ),
        (
            "[check.rules]\nmissing-footnote = \"error\"\n",
            footnote,
            Some(Severity::Error),
        ),
        (
            "[check.rules]\nmissing-footnote = \"off\"\n",
            footnote,
            None,
        ),
        (
            "[check]\nrules = { missing-page = \"note\" }\n",
            page,
            Some(Severity::Note),
        ),
        (
            "[check.rules]\nunknown-icon = \"error\"\n",
            Rule::UnknownIcon,
            Some(Severity::Error),
        ),
        (
            "[check.rules]\nmissing-fotnote = \"off\"\n",
            Rule::UnknownKey,
            Some(Severity::Warning),
        ),
        (
            "[check.rules]\nmissing-page = \"loud\"\n",
            Rule::BadValue,
            Some(Severity::Error),
        ),
    ] {
        assert_eq!(severity(rules, rule), expected, "{rules} {rule}");
    }
}

#[test]
fn plugins_and_extensions_of_the_sites_own_fail_no_strict_build() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nplugins: [wombat]\nmarkdown_extensions: [wombats.quokka]\n",
        ),
        ("docs/index.md", "# A\n"),
    ]);
    site.run_successfully(&["build", "--strict"]);
    for rule in [Rule::UnknownPlugin, Rule::UnknownExtension] {
        let shown = found(&site, rule);
        assert!(shown.contains("\"severity\":\"note\""), "{shown}");
    }
}

#[test]
fn a_site_without_mkdocs_keeps_its_levels() {
    let site = Site::new(&[
        ("proofroom.toml", "site_name = \"S\"\n"),
        ("docs/index.md", "# A\n\nx[^1]\n"),
    ]);
    let shown = found(&site, Rule::MissingFootnote);
    assert!(shown.contains("\"severity\":\"warning\""), "{shown}");
}

#[test]
fn what_only_a_missing_plugin_or_hook_broke_is_a_note() {
    let page = "# A\n\n[a](gone.md) [b](#gone) [c](api.md#gone)\n";
    let validation = "validation: {links: {anchors: warn}}\n";
    let severities = |config: &str, files: &[(&str, &str)]| {
        let config =
            format!("site_name: S\nnav: [index.md, api.md, gone.md]\n{validation}{config}");
        let mut all = vec![
            ("mkdocs.yml", config.as_str()),
            ("docs/index.md", page),
            ("docs/api.md", "# API\n\n::: module\n"),
        ];
        all.extend(files);
        let output = Site::new(&all).run(&["check", "--format", "json"]);
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        [
            "missing-nav-page",
            "missing-page",
            "this page has no anchor",
            "api.md` has no anchor",
        ]
        .map(|text| {
            // Notes with one cause are one message, which has the text of the first.
            let is_warning =
                |line: &str| line.contains(text) && line.contains("\"severity\":\"warning\"");
            let rules = ["missing-nav-page", "missing-page", "missing-anchor"];
            assert!(rules.iter().all(|rule| lines.contains(rule)), "{lines}");
            !lines.lines().any(is_warning)
        })
    };
    for (config, files, expected) in [
        ("", &[][..], [false; 4]),
        ("plugins: [gen-files]\n", &[], [true; 4]),
        ("plugins: [wombat]\n", &[], [true; 4]),
        (
            "plugins: [mkdocstrings]\n",
            &[],
            [false, false, false, true],
        ),
        ("plugins: [glightbox]\n", &[], [false; 4]),
        (
            "hooks: [a.py]\n",
            &[("a.py", "def on_files(files, config): ...\n")],
            [true; 4],
        ),
        (
            "hooks: [a.py]\n",
            &[("a.py", "def on_page_content(html, **_): ...\n")],
            [false, false, true, true],
        ),
    ] {
        assert_eq!(severities(config, files), expected, "{config} {files:?}");
    }
}
