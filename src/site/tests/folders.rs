//! What a change of one file asks of the folders.

use super::Watched;
use crate::files::SourcePath;

fn site() -> Watched {
    Watched::new(&[
        ("mkdocs.yml", "site_name: S\n"),
        ("docs/index.md", "# Home\n\n[a](one/a.md)\n"),
        ("docs/one/a.md", "# A\n\nText.\n"),
        ("docs/one/b.md", "# B\n\n[a](a.md)\n"),
        ("docs/two/c.md", "# C\n\nText.\n"),
        ("docs/two/picture.svg", "<svg/>"),
    ])
}

/// How often queries whose names begin like this ran.
fn count(site: &Watched, query: &str) -> usize {
    let ran = site.ran.lock();
    ran.iter().filter(|name| name.starts_with(query)).count()
}

/// What is asked of folders and of what is in them.
const OF_FOLDERS: [&str; 6] = [
    "listing(",
    "symbolic_links(",
    "kind(",
    "folder_files(",
    "files(",
    "link_target(",
];

#[test]
fn a_rewritten_file_lists_no_folder() {
    let mut site = site();
    site.render();
    for (path, text) in [
        ("docs/one/a.md", "# A\n\nOther text.\n"),
        ("docs/one/a.md", "# Another title\n"),
        ("docs/two/picture.svg", "<svg></svg>"),
        ("mkdocs.yml", "site_name: S\n# A comment.\n"),
    ] {
        site.write(path, text);
        site.render();
        for query in OF_FOLDERS {
            assert_eq!(count(&site, query), 0, "{path}: {query}");
        }
    }
}

#[test]
fn a_new_file_looks_into_the_folders_above_it_only() {
    let mut site = site();
    site.render();
    site.write("docs/one/new.md", "# New\n");
    site.render();
    assert_eq!(count(&site, "folder_files("), 1);
    assert!(site.html("docs/one/new.md").contains("New"));
    // The same once it is gone, and once there is something else in its place.
    let path = SourcePath::new("docs/one/new.md");
    site.files.remove(&path);
    site.database.bump([path.clone()]);
    site.render();
    assert_eq!(count(&site, "folder_files("), 1);
    site.files.write(&path.join("deep.md"), "# Deep\n");
    site.database.bump([path.join("deep.md")]);
    site.render();
    assert!(site.html("docs/one/new.md/deep.md").contains("Deep"));
    site.files.remove(&path);
    site.files.write(&path, "# File\n");
    site.database.bump([path]);
    site.render();
    assert!(site.html("docs/one/new.md").contains("File"));
}

/// Some of what was read of its presence may be from before the file came back, and some
/// from after it.
#[test]
fn a_file_that_comes_back_with_its_folder_is_seen() {
    let mut site = site();
    let path = SourcePath::new("docs/three/d.md");
    for _ in 0..2 {
        site.write("docs/three/d.md", "# D\n");
        site.render();
        assert!(site.html("docs/three/d.md").contains('D'));
        site.files.remove(&path);
        site.database.bump([path.clone()]);
        let outputs = crate::site::queries::outputs(&site.database);
        assert!(outputs.values().all(|output| output.page() != Some(&path)));
    }
}

#[test]
fn an_edit_asks_nothing_about_other_pages() {
    let mut site = site();
    let problems = |site: &Watched| crate::site::queries::all_diagnostics(&site.database);
    let before = problems(&site);
    site.ran.lock().clear();
    site.write("docs/two/c.md", "# C\n\nOther text.\n");
    assert_eq!(problems(&site), before);
    for query in ["text(", "meta(", "body(", "page_diagnostics(", "faults_of("] {
        assert_eq!(count(&site, query), 1, "{query}");
    }
}
