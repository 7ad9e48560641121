use super::{Nav, NavFile, PageEntry, Target, automatic, configured, section_title};
use crate::config::{Level, NavEntry, NavTarget, SettingRef, Validation};
use crate::files::SourcePath;

const VALIDATION: Validation = Validation {
    nav_omitted_files: Level::Info,
    nav_not_found: Level::Warn,
    nav_absolute_links: Level::Info,
    links_not_found: Level::Warn,
    links_anchors: Level::Info,
    links_absolute_links: Level::Info,
    links_unrecognized_links: Level::Info,
    nav_relative_to_docs: false,
    links_relative_to_docs: false,
};

fn pages(paths: &[&str]) -> Vec<PageEntry> {
    let entry = |path: &&str| PageEntry {
        source: SourcePath::new(format!("docs/{path}")),
        path: (*path).to_owned(),
        url: (*path).to_owned(),
        meta: serde_json::Map::new(),
    };
    paths.iter().map(entry).collect()
}

/// The nav as indented lines.
fn outline(nav: &Nav) -> String {
    fn lines(nav: &Nav, places: &[usize], depth: usize, out: &mut String) {
        for place in places {
            let item = &nav.items[*place];
            let mark = match item.target {
                Target::Page(_) => "",
                Target::Section => "/",
                Target::Link(_) => "@",
            };
            out.push_str(&format!("{}{}{mark}\n", "  ".repeat(depth), item.title));
            lines(nav, &item.children, depth + 1, out);
        }
    }
    let mut out = String::new();
    lines(nav, &nav.roots, 0, &mut out);
    out
}

#[test]
fn follows_folders_as_mkdocs_walks_them() {
    let nav = automatic(
        pages(&[
            "zebra.md",
            "guide/b.md",
            "guide/index.md",
            "apple.md",
            "index.md",
        ]),
        &|page| page.path.clone(),
    );
    assert_eq!(
        outline(&nav),
        "index.md\napple.md\nzebra.md\nGuide/\n  guide/index.md\n  guide/b.md\n"
    );
    let home = SourcePath::new("docs/zebra.md");
    let (previous, next) = nav.neighbours(&home);
    let path = |place: Option<usize>| {
        nav.page(place.expect("a neighbour"))
            .expect("a page")
            .path
            .clone()
    };
    assert_eq!(
        (path(previous).as_str(), path(next).as_str()),
        ("apple.md", "guide/index.md")
    );
}

#[test]
fn reports_what_the_configured_nav_misses() {
    let entry = |title: Option<&str>, target| NavEntry {
        title: title.map(str::to_owned),
        target,
        subject: SettingRef::NavEntry(0),
    };
    let path = |path: &str| NavTarget::Path(path.to_owned());
    let entries = [
        entry(Some("Home"), path("index.md")),
        entry(
            Some("Guide"),
            NavTarget::Section(vec![entry(None, path("guide/instal.md"))]),
        ),
        entry(Some("Blog"), path("/blog/")),
        entry(Some("Forum"), path("https://forum.example/")),
        entry(Some("Paper"), path("./a.pdf")),
        entry(Some("Draft"), path("draft.md")),
        entry(Some("Start"), path("index.md")),
    ];
    let file = |path: &str| match path {
        "a.pdf" => Some(NavFile {
            address: "a.pdf".to_owned(),
            is_excluded: false,
        }),
        "draft.md" => Some(NavFile {
            address: "draft/".to_owned(),
            is_excluded: true,
        }),
        _ => None,
    };
    let checked = configured(
        &entries,
        &pages(&["index.md", "guide/install.md"]),
        &file,
        &VALIDATION,
        &|page| page.path.clone(),
    );
    assert_eq!(
        outline(&checked.nav),
        "Home\nGuide/\n  guide/instal.md@\nBlog@\nForum@\nPaper@\nDraft@\nHome\n"
    );
    let reported: Vec<_> = checked
        .remarks
        .iter()
        .map(|remark| &remark.diagnostic)
        .map(|diagnostic| (diagnostic.rule.name(), diagnostic.help.as_deref()))
        .collect();
    assert_eq!(
        reported[0],
        ("missing-nav-page", Some("did you mean `guide/install.md`?"))
    );
    assert_eq!(reported[1].0, "absolute-nav-link");
    assert_eq!(reported[2].0, "excluded-page");
    assert_eq!(reported.len(), 3);
    let links = checked
        .nav
        .items
        .iter()
        .filter_map(|item| match &item.target {
            Target::Link(address) => Some(address.as_str()),
            _ => None,
        });
    let expected = [
        "guide/instal.md",
        "/blog/",
        "https://forum.example/",
        "a.pdf",
        "draft/",
    ];
    assert_eq!(links.collect::<Vec<_>>(), expected);
}

#[test]
fn titles_from_names() {
    for (name, title) in [
        ("getting-started", "Getting started"),
        ("API_v2", "API v2"),
        ("", ""),
    ] {
        assert_eq!(section_title(name), title);
    }
}
