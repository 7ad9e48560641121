//! What is mounted over the sources while they are served: no event tells.

use std::path::Path;
use std::process::Command;

use super::site;

/// Runs `mount` or `umount`. False where that is not allowed here.
fn run(program: &str, arguments: &[&str], at: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(at).status();
    status.is_ok_and(|status| status.success())
}

/// Unmounts at the end, should the test fail before it does.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--quiet").arg(self.0).status();
    }
}

#[test]
fn what_is_mounted_over_the_docs_is_served_and_again_what_was_below() {
    let site = site();
    let docs = site.path("docs");
    let server = site.serve();
    let mut tab = server.tab("a/");
    for round in 0..2 {
        if !run("mount", &["-t", "tmpfs", "none"], &docs) {
            eprintln!("SKIPPED: nothing may be mounted here, so this was not tried");
            return;
        }
        let mounted = Mounted(&docs);
        let words = format!("Mounted {round}.");
        site.write("docs/a.md", format!("# Alpha\n\n{words}\n"));
        server.wait_for(&mut tab, "/a/", &words);
        // What is mounted is watched like any other folder.
        site.save("docs/a.md", &format!("# Alpha\n\n{words} And saved.\n"));
        server.wait_for(&mut tab, "/a/", "And saved.");
        assert!(run("umount", &[], &docs), "it was mounted");
        drop(mounted);
        server.wait_for(&mut tab, "/a/", "First words.");
        let again = format!("# Alpha\n\nFirst words. Again {round}.\n");
        site.save("docs/a.md", &again);
        server.wait_for(&mut tab, "/a/", &format!("Again {round}."));
    }
}
