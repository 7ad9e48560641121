//! A site whose lines are of several ages.

use super::Site;
use super::git::{commit, repository};

/// Its configuration.
pub const CONFIG: &str = "site_name: Example
markdown_extensions:
  - attr_list
  - md_in_html
  - pymdownx.snippets
";

/// The text of `docs/sub/a.md`, but for its last line.
pub const PAGE: &str = "# Alpha

First words.

--8<-- \"parts/part.md\"

- one
- two
";

/// A site with a page and a snippet, committed on three days.
pub fn aged_site() -> Site {
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/sub/a.md", PAGE),
        ("parts/part.md", "Of a part.\n\nIts second.\n"),
    ]);
    let folder = site.path("");
    site.write("parts/part.md", "Of a part.\n\nIts other.\n");
    commit(&folder, 10, "Part <script>alert(1)</script>");
    site.write("docs/sub/a.md", PAGE.replace("- two", "- zwei"));
    commit(&folder, 20, "Zwei");
    site
}
