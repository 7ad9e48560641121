//! The law: incremental equals clean.
//!
//! Random sequences of edits on a site in memory. After each step, every
//! output and every diagnostic of the session that lived through all edits
//! equals, byte for byte, those of a database that sees the files for the
//! first time. Some of the texts are not saved: they lie over the files, and a
//! tree that has them as its own gives the same once more.

#[path = "../harness/mod.rs"]
mod harness;

use std::sync::Arc;

use harness::everything::{differing, everything};
use proofroom::files::{Memory, NoHistory, Overlay, SourcePath, System};
use proofroom::session::Sites;
use proofroom::site::{Call, queries};
use proofroom::watch::ChangeBatch;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Steps of one sequence.
const STEPS: usize = 30;

/// Paths that edits choose from: few, so that they meet.
const PAGES: [&str; 13] = [
    "docs/b.he.md",
    "i18n/en/sub/b.md",
    "docs/sub/c.en.md",
    "i18n/he/index.md",
    "i18n/he/b.md",
    "docs/he/a.md",
    "docs/index.md",
    "docs/README.md",
    "docs/a.md",
    "docs/b.md",
    "docs/sub/index.md",
    "docs/sub/c.md",
    "docs/.hidden.md",
];
const OTHERS: [&str; 15] = [
    "snippet.txt",
    "includes/part.md",
    "docs/img.svg",
    "docs/sub/data.txt",
    "overrides/main.html",
    "overrides/partials/footer.html",
    "overrides/assets/x.css",
    "overrides/img/y.svg",
    "icons/mine/star.svg",
    "static/robots.txt",
    "docs/extra.txt",
    "package/templates/mkdocs_theme.yml",
    "package/templates/main.html",
    "package/templates/assets/z.css",
    "package/templates/.icons/material/account.svg",
];

/// What pages are made of.
const FRONTS: [&str; 8] = [
    "---\ntags: [one, two]\n---\n",
    "---\nsearch:\n  exclude: true\nrender_macros: false\n---\n",
    "",
    "---\ntitle: From front matter\n---\n",
    "---\ntitle: Другой\nicon: material/account\n---\n",
    "---\ntemplate: special.html\n---\n",
    "---\ntitle: [broken\n---\n",
    "---\nstatus: new\nhide:\n  - toc\n---\n",
];
const PARTS: [&str; 22] = [
    "{{ title }} {{ color }} {{ unknown }}\n\n",
    "{% include \"sub/data.txt\" %}\n\n",
    "{% include-markdown \"./a.md\" heading-offset=1 %}\n\n",
    "{% include-markdown \"../includes/*.md\" %}\n\n",
    "## Tags\n\n<!-- material/tags -->\n\n",
    "[there](b.md#nowhere) and [here](#heading) and [absolute](/a.md)\n\n",
    "# Heading\n\n",
    "# 另一個標題\n\n",
    "## Below {#below}\n\n",
    "Text with **bold** words.\n\n",
    "[a](a.md) and [b](b.md#below) and [home](index.md)\n\n",
    "[c](sub/c.md) and [up](../a.md)\n\n",
    "[gone](nowhere.md)\n\n",
    "![image](img.svg) and ![theirs](img/y.svg)\n\n",
    "--8<-- \"snippet.txt\"\n\n",
    "--8<-- \"includes/part.md\"\n\n",
    ":mine-star: and :material-account:\n\n",
    "<div class=\"admonition note\" markdown>\n\ninside [a](a.md)\n\n</div>\n\n",
    "!!! note\n\n    text[^1]\n\n[^1]: note\n\n",
    "*[HTML]: Hyper Text\n\nHTML\n\n",
    "- one\n    - two\n\n",
    "```rust\nfn main() {}\n```\n\n",
];
const TEMPLATES: [&str; 8] = [
    "{% extends \"base.html\" %}",
    "{% extends \"base.html\" %}{% block content %}<b>{{ page.title }}</b>{{ page.content }}{% endblock %}",
    "{{ page.content }}{% for item in nav %}{{ item.title }}{% endfor %}",
    "{% include \"partials/footer.html\" %}{{ page.content }}",
    "{% if broken %}",
    "{% include \".icons/material/account.svg\" %}{{ page.content }}",
    "{% for file in pages %}{{ file.page.title }} {{ file.url }};{% endfor %}{{ config.theme.direction }}",
    "{% include \"gone.html\" %}",
];
const CONFIGS: [(&str, &str); 17] = [
    (
        "mkdocs.yml",
        "site_name: Named\nplugins:\n  - search\n  - i18n:\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H, site_name: Other}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Beside\ndocs_dir: i18n\nplugins:\n  - i18n:\n      docs_structure: folder\n      languages:\n        - {locale: en, name: E, default: true}\n        - {locale: he, name: H, nav_translations: {Sub: Below}}\n",
    ),
    (
        "proofroom.toml",
        "site_name = \"All\"\nsite_url = \"https://example.org/x/\"\n[languages]\neach = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\" }\nhe = { env_file = \"includes/part.md\", env = { NAME = \"he\" } }\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[languages]\nen = {}\nhe = { docs = \"docs/he\", name = \"עברית\" }\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Plugins\nplugins: [search, tags, meta, include-markdown, macros, awesome-nav, section-index]\nextra: {color: red}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: More\nplugins:\n  - search\n  - offline\n  - macros\n  - awesome-pages: {strict: false}\n  - exclude: {glob: 'sub/*.txt'}\n  - redirects: {redirect_maps: {old.md: a.md}}\n  - minify: {minify_html: true}\n  - git-revision-date-localized\nvalidation: {anchors: warn, absolute_links: relative_to_docs}\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Rest\nplugins: [awesome-pages, tags, {exclude: {regex: 'b.*'}}]\nnav:\n  - a.md\n  - ... | flat | sub/*\n  - ...\n",
    ),
    (
        "mkdocs.yml",
        "site_name: One\ntheme:\n  name: material\n  custom_dir: overrides\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Two\nuse_directory_urls: false\nnav:\n  - index.md\n  - Part:\n      - a.md\n      - Named: sub/c.md\n  - Gone: gone.md\n",
    ),
    (
        "mkdocs.yml",
        "site_name: Three\nmarkdown_extensions:\n  - admonition\n  - pymdownx.snippets:\n      auto_append: [snippet.txt]\n  - pymdownx.emoji:\n      options:\n        custom_icons: [icons]\n",
    ),
    (
        "mkdocs.yml",
        "site_name: !ENV [NAME, Four]\nnav:\n  - b.md\n  - a.md\n  - sub/index.md\nexclude_docs: |\n  b.md\n",
    ),
    ("mkdocs.yml", "site_name: [broken\n"),
    ("mkdocs.yml", "docs_dir: elsewhere\nsite_name: Five\n"),
    (
        "docs/proofroom.toml",
        "site_name = \"Six\"\n[theme]\ncustom_dir = \"overrides\"\n",
    ),
    ("docs/proofroom.toml", "site_name = \n"),
    (
        "proofroom.toml",
        "site_name = \"Seven\"\nextra_templates = [\"extra.txt\"]\n[theme]\npath = \"package\"\n",
    ),
    (
        "proofroom.toml",
        "base = \"mkdocs.yml\"\n[theme]\npath = \"package/templates\"\ncustom_dir = \"overrides\"\n",
    ),
];

/// What lies among the pages for plugins, and what it says.
const BESIDE: [(&str, &str); 8] = [
    ("docs/.meta.yml", "tags: [three]\ntitle: All\n"),
    ("docs/sub/.meta.yml", "hide: [toc]\nrender_macros: false\n"),
    ("docs/sub/.meta.yml", "- [broken"),
    (
        "docs/.nav.yml",
        "nav:\n  - b.md\n  - Part: sub\n  - \"*\"\n",
    ),
    ("docs/sub/.nav.yml", "title: Below\nhide: false\n"),
    ("docs/.pages", "nav:\n  - sub\n  - ...\n"),
    ("docs/sub/.pages", "title: Titled\norder: desc\n"),
    (".git/HEAD", "0123\n"),
];

/// What a theme package says of itself.
const MANIFESTS: [&str; 3] = [
    "direction: rtl\nstatic_templates: [404.html]\n",
    "",
    "direction: [broken\n",
];

/// One step.
#[derive(Debug, Clone)]
enum Edit {
    /// What the others shrink to.
    Nothing,
    Write(String, String),
    Remove(String),
    Rename(String, String),
    /// What is there cannot be read from now on, or can be again.
    Lock(String, bool),
    /// A text that is not saved, until it is taken back.
    Type(String, String),
    Take(String),
    Lost,
}

fn page() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..5);
    (prop::sample::select(&FRONTS[..]), parts)
        .prop_map(|(front, parts)| front.to_owned() + &parts.concat())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        page(),
        prop::sample::select(&TEMPLATES[..]).prop_map(str::to_owned),
        Just("<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>".to_owned()),
        "[a-z ]{0,12}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(&PAGES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&["docs", "docs/sub", "overrides", "includes"][..]).prop_map(str::to_owned),
    ]
}

/// Where texts are typed: files mostly, and now and then where a folder is, or
/// below a file.
fn typed() -> impl Strategy<Value = String> {
    const ODD: [&str; 3] = ["docs/sub", "docs/b.md/below.md", "mkdocs.yml"];
    prop_oneof![
        6 => prop::sample::select(&PAGES[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&OTHERS[..]).prop_map(str::to_owned),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| path.to_owned()),
        1 => prop::sample::select(&ODD[..]).prop_map(str::to_owned),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let pages = prop::sample::select(&PAGES[..]).prop_map(str::to_owned);
    let others = prop::sample::select(&OTHERS[..]).prop_map(str::to_owned);
    prop_oneof![
        1 => Just(Edit::Nothing),
        8 => (pages, page()).prop_map(|(path, text)| Edit::Write(path, text)),
        4 => (others, text()).prop_map(|(path, text)| Edit::Write(path, text)),
        2 => (Just("overrides/main.html".to_owned()), prop::sample::select(&TEMPLATES[..]))
            .prop_map(|(path, text)| Edit::Write(path, text.to_owned())),
        1 => prop::sample::select(&MANIFESTS[..]).prop_map(|text| {
            Edit::Write("package/templates/mkdocs_theme.yml".to_owned(), text.to_owned())
        }),
        2 => prop::sample::select(&CONFIGS[..])
            .prop_map(|(path, text)| Edit::Write(path.to_owned(), text.to_owned())),
        3 => prop::sample::select(&BESIDE[..])
            .prop_map(|(path, text)| Edit::Write(path.to_owned(), text.to_owned())),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| Edit::Remove(path.to_owned())),
        2 => path().prop_map(Edit::Remove),
        2 => (path(), path()).prop_map(|(from, to)| Edit::Rename(from, to)),
        1 => Just(Edit::Remove("mkdocs.yml".to_owned())),
        1 => Just(Edit::Remove("proofroom.toml".to_owned())),
        1 => (path(), any::<bool>()).prop_map(|(path, locked)| Edit::Lock(path, locked)),
        1 => prop::sample::select(&BESIDE[..]).prop_map(|(path, _)| Edit::Lock(path.to_owned(), true)),
        3 => (typed(), text()).prop_map(|(path, text)| Edit::Type(path, text)),
        2 => typed().prop_map(Edit::Take),
        1 => Just(Edit::Lost),
    ]
}

fn apply(files: &Memory, overlay: &Overlay, edit: &Edit) -> ChangeBatch {
    let source = |path: &String| SourcePath::new(path);
    match edit {
        Edit::Nothing => ChangeBatch::Paths(Vec::new()),
        Edit::Write(path, text) => {
            // Where a folder stands no file can be written.
            files.remove(&source(path));
            files.write(&source(path), text);
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Remove(path) => {
            files.remove(&source(path));
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Rename(from, to) => {
            let (from, to) = (source(from), source(to));
            let nested = to.below(&from).is_some() || from.below(&to).is_some();
            let moved = files.files();
            if !nested {
                files.remove(&from);
                for (path, bytes) in moved {
                    if let Some(below) = path.below(&from) {
                        files.write(&to.join(below), bytes);
                    }
                }
            }
            ChangeBatch::Paths(vec![from, to])
        }
        Edit::Lock(path, locked) => {
            files.lock(&source(path), *locked);
            ChangeBatch::Paths(vec![source(path)])
        }
        Edit::Type(path, text) => ChangeBatch::Paths(overlay.set(&source(path), text.as_str())),
        Edit::Take(path) => ChangeBatch::Paths(Vec::from_iter(overlay.clear(&source(path)))),
        Edit::Lost => {
            files.write(&"docs/a.md".into(), "# Changed unseen\n");
            ChangeBatch::Everything
        }
    }
}

/// The same texts over the same files, seen for the first time.
fn over(files: &Memory, overlay: &Overlay) -> Overlay {
    let copy = Overlay::new(Arc::new(files.copy()));
    for path in overlay.paths() {
        let text = String::from_utf8(overlay.read(&path).expect("it has a text"));
        let _ = copy.set(&path, text.expect("it is a text"));
    }
    copy
}

/// A tree that has the texts over another as files of its own, in the place of
/// whatever cannot be there with them.
fn merged(files: &Memory, overlay: &Overlay) -> Memory {
    let merged = files.copy();
    for path in overlay.paths() {
        merged.remove(&path);
        for above in std::iter::successors(path.parent(), SourcePath::parent) {
            // In memory, a file may have others below it; those stay.
            let mut files = merged.files();
            if files.remove(&above).is_some() {
                merged.remove(&above);
                for (path, bytes) in files {
                    merged.write(&path, bytes);
                }
            }
        }
        let beside = BESIDE.iter().map(|(path, _)| path);
        for locked in PAGES
            .iter()
            .chain(&OTHERS)
            .chain(beside)
            .chain(&["docs/sub"])
        {
            let locked = SourcePath::new(locked);
            if locked.below(&path).is_some() {
                merged.lock(&locked, false);
            }
        }
        merged.write(&path, overlay.read(&path).expect("it has a text"));
    }
    merged
}

fn call(language: Option<&str>) -> Call {
    Call {
        language: language.map(str::to_owned),
        folder_name: "example".to_owned(),
        drafts: true,
        sources: true,
        ..Call::default()
    }
}

fn holds(edits: &[Edit], language: Option<&str>) -> Result<(), TestCaseError> {
    let files = Memory::new([
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\n[home](index.md)\n"),
    ]);
    let overlay = Overlay::new(Arc::new(files.clone()));
    // A language alone looks into the one that it is translated from.
    let sites = |system: Arc<dyn System>| Sites::new(system, Arc::new(NoHistory), call(language));
    let lived_through = sites(Arc::new(overlay.clone()));
    for (step, edit) in edits.iter().enumerate() {
        lived_through.apply(&apply(&files, &overlay, edit));
        let mut clean = vec![(
            "first sight",
            Arc::new(over(&files, &overlay)) as Arc<dyn System>,
        )];
        if !overlay.paths().is_empty() {
            clean.push(("texts as files", Arc::new(merged(&files, &overlay))));
        }
        let fresh = |system| {
            let fresh = sites(system);
            let (_, fresh) = fresh.main().ask(|db| everything(db, queries::produce));
            fresh
        };
        let (lived, fresh) = std::thread::scope(|scope| {
            let fresh = clean
                .into_iter()
                .map(|(what, system)| (what, scope.spawn(|| fresh(system))));
            let fresh: Vec<_> = fresh.collect();
            let session = lived_through.main();
            let (_, lived) = session.ask(|db| everything(db, queries::remembered));
            let join = |(what, fresh): (_, std::thread::ScopedJoinHandle<'_, _>)| {
                (what, fresh.join().expect("it does not panic"))
            };
            (lived, fresh.into_iter().map(join).collect::<Vec<_>>())
        });
        for (what, fresh) in fresh {
            if lived != fresh {
                let differ = differing(&lived, &fresh);
                return Err(TestCaseError::fail(format!(
                    "step {step}, {what}: {differ:?} differ; diagnostics: {:#?} against {:#?}",
                    lived.1, fresh.1
                )));
            }
        }
    }
    Ok(())
}

fn run(sequences: u32) {
    let config = Config {
        cases: sequences,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let language = prop::sample::select(&[None, Some("he")][..]);
    let strategy = (prop::collection::vec(edit(), STEPS), language);
    let run = |(edits, language): (Vec<Edit>, _)| holds(&edits, language);
    if let Err(failure) = TestRunner::new(config).run(&strategy, run) {
        panic!("incremental is not clean: {failure}");
    }
}

#[test]
fn law_holds() {
    run(100);
}

#[test]
#[ignore = "the long run: 2,000 sequences"]
fn law_holds_for_long() {
    run(2000);
}
