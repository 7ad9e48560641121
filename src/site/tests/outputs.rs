//! Which queries do not run when outputs are listed and made.

use super::{SITE, Watched};
use crate::site::queries;

/// How many queries of this name ran.
fn ran(site: &Watched, query: &str) -> usize {
    let ran = site.ran.lock();
    ran.iter().filter(|name| name.starts_with(query)).count()
}

fn forget(site: &Watched) {
    site.ran.lock().clear();
}

#[test]
fn outputs_are_listed_without_a_look_at_pages() {
    let mut site = Watched::new(&SITE);
    queries::outputs(&site.database);
    assert_eq!((ran(&site, "body("), ran(&site, "meta(")), (0, 0));
    site.render();
    forget(&site);
    // Another title, another body: the same outputs.
    site.write("docs/c.md", "# Renamed\n\nThree, edited.\n");
    queries::outputs(&site.database);
    assert_eq!(ran(&site, "outputs("), 0);
    site.write("docs/d.md", "# New\n");
    let outputs = queries::outputs(&site.database);
    assert_eq!(ran(&site, "outputs("), 1);
    assert!(outputs.contains_key("d/index.html"));
}

#[test]
fn patterns_of_what_is_left_out_are_compiled_once() {
    let mut site = Watched::new(&SITE);
    site.render();
    assert_eq!(ran(&site, "selection("), 1);
    assert!(ran(&site, "link_target(") > 0);
    // Another page with another link.
    site.write("docs/d.md", "# New\n\n[The third](c.md).\n");
    site.render();
    assert_eq!(ran(&site, "selection("), 0);
    assert!(ran(&site, "link_target(") > 0);
}

#[test]
fn what_is_produced_is_not_remembered() {
    let site = Watched::new(&SITE);
    let db = &site.database;
    let outputs = queries::outputs(db);
    let produced: Vec<_> = outputs
        .values()
        .map(|output| queries::produce(db, output))
        .collect();
    assert_eq!(ran(&site, "cached("), 0);
    for (output, produced) in outputs.values().zip(produced) {
        assert_eq!(queries::produce_cached(db, output), produced, "{output:?}");
    }
    assert_eq!(ran(&site, "cached("), outputs.len());
    forget(&site);
    for output in outputs.values().filter(|output| output.page().is_some()) {
        queries::produce_cached(db, output);
    }
    assert_eq!(ran(&site, "cached("), 0);
}
