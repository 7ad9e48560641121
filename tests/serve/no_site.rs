//! Folders without a site.

use crate::harness::Site;

#[test]
fn a_folder_without_a_site_says_what_to_do_and_waits_for_one() {
    let site = Site::new(&[]);
    let server = site.serve();
    let page = server.get("/");
    assert!(page.body.contains("proofroom new"), "{}", page.body);
    let mut tab = server.tab("");
    site.run_successfully(&["new"]);
    server.wait_for(&mut tab, "/", "md-hero");
}
