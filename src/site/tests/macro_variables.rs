//! Files of `[macros] variables`.

use super::Watched;

const CONFIG: &str = "plugins = [\"macros\"]\n\
    [macros.variables]\n\
    one = { file = \"one.yml\" }\n\
    two = { deep = { file = \"two.txt\" } }\n";

#[test]
fn a_file_of_a_variable_renders_the_pages_that_use_it() {
    let mut site = Watched::new(&[
        ("proofroom.toml", CONFIG),
        ("one.yml", "name: First\n"),
        ("two.txt", "second\n"),
        ("docs/index.md", "# A\n\n{{ one.name }}\n"),
        ("docs/b.md", "# B\n\n{{ two.deep }}\n"),
        ("docs/c.md", "# C\n\n{{ 1 + 1 }}\n"),
    ]);
    assert!(site.html("docs/index.md").contains("First"));
    site.render();
    site.write("one.yml", "# A comment\nname: First\n");
    assert_eq!(site.render(), (0, 0));
    site.write("one.yml", "name: Other\n");
    let prepared = |site: &Watched| {
        let ran = site.ran.lock();
        ran.iter()
            .filter(|name| name.starts_with("prepared("))
            .count()
    };
    assert_eq!(site.render(), (1, 1));
    assert_eq!(prepared(&site), 1);
    assert!(site.html("docs/index.md").contains("Other"));
    site.write("two.txt", "third\n");
    assert_eq!(site.render(), (1, 1));
    assert!(site.html("docs/b.md").contains("third"));
    // A new value of another name renders nothing.
    let config = format!("{CONFIG}three = 3\n");
    site.write("proofroom.toml", &config);
    assert_eq!(site.render(), (0, 0));
}
