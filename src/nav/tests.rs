use std::sync::Arc;

use super::{
    Item, Lists, Nav, NavFile, OpenSections, PageEntry, Parts, Target, automatic, configured,
    lists_around, lists_of_part, section_title,
};
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

fn pages(paths: &[&str]) -> Vec<Arc<PageEntry>> {
    let entry = |path: &&str| {
        Arc::new(PageEntry {
            source: SourcePath::new(format!("docs/{path}")),
            path: (*path).to_owned(),
            url: (*path).to_owned(),
        })
    };
    paths.iter().map(entry).collect()
}

/// The title of an item, or the path of the page that gives itself one.
fn title(item: &Item) -> &str {
    match (&item.title, &item.target) {
        (Some(title), _) => title,
        (None, Target::Page(page)) => &page.path,
        (None, _) => "",
    }
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
            out.push_str(&format!("{}{}{mark}\n", "  ".repeat(depth), title(item)));
            lines(nav, &item.children, depth + 1, out);
        }
    }
    let mut out = String::new();
    lines(nav, &nav.roots, 0, &mut out);
    out
}

#[test]
fn follows_folders_as_mkdocs_walks_them() {
    let nav = automatic(pages(&[
        "zebra.md",
        "guide/b.md",
        "guide/index.md",
        "apple.md",
        "index.md",
    ]));
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

/// A nav of folders with so many pages each, and their paths.
fn folders(counts: &[(&str, usize)]) -> Nav {
    let paths: Vec<String> = counts
        .iter()
        .flat_map(|(folder, count)| (0..*count).map(move |page| format!("{folder}/{page:04}.md")))
        .collect();
    automatic(pages(&paths.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// The titles of the items of each list.
fn shown(nav: &Nav, lists: &Lists) -> Vec<(String, usize)> {
    let lists = lists.lists.iter().map(|list| {
        let section = list
            .section
            .map_or("", |section| title(&nav.items[section]));
        (section.to_owned(), list.items.len())
    });
    lists.collect()
}

#[test]
fn a_page_shows_the_lists_around_it() {
    let nav = folders(&[("a/x", 3), ("a/y", 2), ("b", 2)]);
    let place = |path: &str| nav.place(&SourcePath::new(format!("docs/{path}")));
    let around = |path: &str, open| shown(&nav, &lists_around(&nav, place(path), open));
    let list = |title: &str, count| (title.to_owned(), count);
    let open = OpenSections::default();
    assert_eq!(around("b/0000.md", open), [list("", 2), list("B", 2)]);
    let branch = [list("", 2), list("A", 2), list("X", 3)];
    assert_eq!(around("a/x/0001.md", open), branch);
    assert_eq!(around("missing.md", open), [list("", 2)]);
    let sections = OpenSections {
        sections: true,
        ..open
    };
    assert_eq!(
        around("b/0000.md", sections),
        [list("", 2), list("A", 2), list("B", 2)]
    );
    let tabs = OpenSections {
        tabs: true,
        sections: true,
    };
    let both = [list("", 2), list("A", 2), list("X", 3), list("Y", 2)];
    assert_eq!(around("a/x/0001.md", tabs), both);
}

#[test]
fn a_page_shows_a_window_of_a_long_list() {
    let nav = folders(&[("a", 1000)]);
    let place = nav.place(&SourcePath::new("docs/a/0500.md"));
    let lists = lists_around(&nav, place, OpenSections::default());
    let (list, item) = lists.current.expect("the page is shown");
    let list = &lists.lists[list];
    assert_eq!((list.items.clone(), item), (460..560, 40));
    let parts = Parts::new(&nav);
    let cut = nav.cut(&parts, list).expect("it is cut");
    assert_eq!(cut.before.as_deref(), Some("a/0459.md"));
    assert_eq!(cut.after.as_deref(), Some("a/0560.md"));
    assert_eq!(parts.named(&cut.part), Some(list.section));
}

/// Pages beside each other show the same window, with enough items before and after each.
#[test]
fn pages_beside_each_other_share_windows() {
    let nav = folders(&[("a", 1000)]);
    let window = |number: usize| {
        let place = nav.place(&SourcePath::new(format!("docs/a/{number:04}.md")));
        let lists = lists_around(&nav, place, OpenSections::default());
        let (list, item) = lists.current.expect("the page is shown");
        let items = lists.lists[list].items.clone();
        assert_eq!(items.start + item, number);
        assert!(items.start == 0 || item >= 40, "{number} in {items:?}");
        assert!(
            items.end == 1000 || items.end - number > 40,
            "{number} in {items:?}"
        );
        items
    };
    let mut windows: Vec<_> = (0..1000).map(window).collect();
    windows.dedup();
    assert_eq!(windows.len(), 48);
}

/// Every list is in exactly one part, at any depth.
#[test]
fn parts_have_every_list_once() {
    for counts in [
        vec![("a", 1)],
        vec![
            ("a", 60),
            ("a/b", 3),
            ("a/b/c", 70),
            ("d", 2),
            ("e/f/g", 51),
        ],
        vec![
            ("a/0", 40),
            ("a/1", 40),
            ("a/2", 40),
            ("a/3", 40),
            ("a/4", 40),
            ("a/5", 40),
            ("a/6", 40),
            ("a/7", 40),
            ("a/8", 40),
            ("a/9", 40),
            ("a/x", 40),
            ("a/y", 40),
            ("a/z", 40),
            ("b", 10),
        ],
    ] {
        let nav = folders(&counts);
        let parts = Parts::new(&nav);
        let mut found = Vec::new();
        for name in parts.names() {
            let owner = parts.named(name).expect("it has a name");
            let lists = lists_of_part(&nav, &parts, owner).lists;
            // The first list has just the section that the part begins with.
            let lists = &lists[usize::from(owner.is_some())..];
            for list in lists {
                assert_eq!(list.items.len(), nav.children(list.section).len());
                assert_eq!(parts.name(list.section), *name);
                found.push(list.section);
            }
        }
        found.sort();
        let sections = (0..nav.items.len()).filter(|place| !nav.items[*place].children.is_empty());
        let mut expected: Vec<Option<usize>> = sections.map(Some).collect();
        expected.insert(0, None);
        assert_eq!(found, expected);
    }
}

#[test]
fn names_of_parts_do_not_depend_on_other_sections() {
    let name = |nav: &Nav, title: &str| {
        let place = nav
            .items
            .iter()
            .position(|item| item.title.as_deref() == Some(title));
        Parts::new(nav).name(place)
    };
    let (one, other) = (
        folders(&[("b", 60)]),
        folders(&[("a", 70), ("b", 90), ("c", 5)]),
    );
    assert_eq!(name(&one, "B"), name(&other, "B"));
    assert_ne!(name(&other, "A"), name(&other, "B"));
}
