//! `redirects`: pages at old addresses that lead to new ones.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::options::options;
use crate::url::{self, Address};

options! {
    /// The plugin's options.
    pub struct Options {
        redirect_maps: Map<String, Value>,
    }
}

/// Where the page of an old Markdown file lies.
pub fn output(old: &str, directory_urls: bool) -> String {
    Address::of_page(old, directory_urls).output
}

/// The address to lead to, seen from the old page. `address` is that of the
/// page that `new` names.
pub fn target(old: &str, new: &str, address: &str, directory_urls: bool) -> String {
    let fragment = new.find('#').map_or("", |at| &new[at..]);
    let from = output(old, directory_urls);
    let way = url::relative(address.trim_end_matches('/'), &from);
    let way = way.trim_end_matches('/');
    let slash = if directory_urls { "/" } else { "" };
    format!("{way}{slash}{fragment}")
}

/// What is wrong with the redirections. `leads` says whether the target of an
/// old page is one, `near` which page may have been meant.
pub fn faults(
    redirects: &Map<String, Value>,
    leads: &dyn Fn(&str, &str) -> bool,
    near: &dyn Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut say = |message: String, help: String| {
        found.push(Diagnostic::new(Rule::BadRedirect, message).help(help));
    };
    for (old, new) in redirects {
        let new = new.as_str().unwrap_or_default();
        if !SourcePath::new(old).is_markdown() {
            let help = "name the page that there was, such as `old.md`".to_owned();
            say(
                format!("the redirect from `{old}` does not begin at a Markdown file"),
                help,
            );
        }
        if !leads(old, new) {
            let help = match near(new) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "it is left out; name a page of the docs folder".to_owned(),
            };
            say(
                format!("the redirect from `{old}` leads to `{new}`, which is not a page"),
                help,
            );
        }
    }
    found
}

/// Whether a target is no page of the site.
pub fn is_outside(new: &str) -> bool {
    let new = new.to_lowercase();
    new.starts_with("http://") || new.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::target;

    /// As the plugin's `get_relative_html_path`.
    #[test]
    fn ways_are_those_of_the_plugin() {
        for (old, new, address, directory_urls, way) in [
            ("old.md", "new.md", "new/", true, "../new/"),
            ("old.md", "index.md", "", true, "../"),
            ("a/old.md", "a/b/new.md#x", "a/b/new/", true, "../b/new/#x"),
            ("index.md", "new.md", "new/", true, "new/"),
            ("old.md", "new.md", "new.html", false, "new.html"),
            ("a/old.md", "new.md#x", "new.html", false, "../new.html#x"),
        ] {
            assert_eq!(
                target(old, new, address, directory_urls),
                way,
                "{old} to {new}"
            );
        }
    }
}
