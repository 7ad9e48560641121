//! A site with a branch to review.

use super::Site;
use super::git::{commit, git, repository};

const CONFIG: &str = "site_name: Example
extra_javascript: [keys.js]
markdown_extensions:
  - admonition
  - pymdownx.details
  - pymdownx.superfences
  - pymdownx.tabbed:
      alternate_style: true
";

/// Keys of the site's own, which are as early as those of Material for MkDocs.
const KEYS: &str = "window.heard = ''; addEventListener('keydown', ({ key }) => { window.heard += key; }, true);\n";

/// A page at the base, and as it is now.
struct Page {
    base: String,
    now: String,
}

impl Page {
    fn new() -> Self {
        let filler = "\n\nA line to scroll by.".repeat(40);
        let base = format!(
            "# Alpha

First words of the page.

=== \"One\"

    In the first tab.

=== \"Two\"

    In the second tab.

=== \"Three\"

    Words about trains and their drivers.

??? note \"Folded\"

    Inside of the fold.

![Picture](picture.svg)

See the [other page](b.md).
{filler}

## Middle

A place in the middle.
{filler}

The last words of the page.
"
        );
        let now = base
            .replace("First words", "Other words")
            .replace("the second tab", "the other tab")
            .replace("Inside of the fold", "Inside of that fold")
            .replace("(b.md)", "(b.md#more)")
            .replace("The last words", "The very last words");
        Self { base, now }
    }
}

/// A picture of one colour.
fn picture(colour: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"40\"><rect width=\"80\" height=\"40\" fill=\"{colour}\"/></svg>"
    )
}

/// A repository with a branch that changed pages `a` and `c`, of which the last edits
/// are not committed.
pub fn reviewed_site() -> Site {
    let Page { base, now } = Page::new();
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", &base),
        ("docs/b.md", "# Beta\n\nSame words.\n\n## More\n\nMore.\n"),
        ("docs/c.md", "# Gamma\n\nThird words.\n"),
        ("docs/keys.js", KEYS),
        ("docs/picture.svg", &picture("red")),
    ]);
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "topic"]);
    site.write("docs/c.md", "# Gamma\n\nThird and more words.\n");
    site.write("docs/picture.svg", picture("blue"));
    commit(&folder, 1, "Change");
    site.write("docs/a.md", now);
    site
}
