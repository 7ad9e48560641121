use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// A matcher for lines of a `.gitignore`. A line that cannot be parsed matches
/// nothing.
pub fn patterns<'a>(lines: impl Iterator<Item = &'a str>) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in lines {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
