//! What is mounted over the sources while they are served: no event tells.

use crate::answers::site;
use crate::harness::mounts::Mount;

#[test]
fn a_mount_over_the_docs_is_served_and_after_it_what_was_below() {
    let site = site();
    let docs = site.path("docs");
    let server = site.serve();
    let mut tab = server.tab("a/");
    for round in 0..2 {
        let Some(mounted) = Mount::over(&docs) else {
            return;
        };
        let words = format!("Mount {round}.");
        site.write("docs/a.md", format!("# Alpha\n\n{words}\n"));
        server.wait_for(&mut tab, "/a/", &words);
        // What is mounted is watched like any other folder.
        site.save("docs/a.md", &format!("# Alpha\n\n{words} And saved.\n"));
        server.wait_for(&mut tab, "/a/", "And saved.");
        mounted.end();
        server.wait_for(&mut tab, "/a/", "First words.");
        let again = format!("# Alpha\n\nFirst words. Again {round}.\n");
        site.save("docs/a.md", &again);
        server.wait_for(&mut tab, "/a/", &format!("Again {round}."));
    }
}
