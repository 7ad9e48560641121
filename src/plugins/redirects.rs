//! `redirects`: pages at old addresses that redirect to new ones.

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

/// The output path of the page that redirects from an old Markdown file.
pub fn output(old: &str, directory_urls: bool) -> String {
    Address::of_page(old, directory_urls).output
}

/// The address to redirect to, relative to the old page. `address` is that of the
/// page that `new` names.
pub fn target(old: &str, new: &str, address: &str, directory_urls: bool) -> String {
    let fragment = new.find('#').map_or("", |at| &new[at..]);
    let from = output(old, directory_urls);
    let target = url::relative(address.trim_end_matches('/'), &from);
    let target = target.trim_end_matches('/');
    let slash = if directory_urls { "/" } else { "" };
    format!("{target}{slash}{fragment}")
}

/// The problems of redirects, each with the old page that it is about. `leads`
/// returns whether a redirect, given its old and new page, leads to a page;
/// `exists` whether there still is an old page; `near` suggests a page for one
/// that does not exist.
pub fn faults(
    redirects: &Map<String, Value>,
    leads: &dyn Fn(&str, &str) -> bool,
    exists: &dyn Fn(&str) -> bool,
    near: &dyn Fn(&str) -> Option<String>,
) -> Vec<(String, Diagnostic)> {
    let mut diagnostics = Vec::new();
    for (old, new) in redirects {
        let mut report = |rule: Rule, message: String, help: String| {
            let diagnostic = Diagnostic::new(rule, message).help(help);
            diagnostics.push((old.clone(), diagnostic));
        };
        // A target that is not text leads to no page.
        let new = new.as_str().unwrap_or("");
        if !SourcePath::new(old).is_markdown() {
            report(
                Rule::BadRedirect,
                format!("the redirect from `{old}` does not start at a Markdown file"),
                "give the path of the former page, such as `old.md`".to_owned(),
            );
        }
        if !leads(old, new) {
            let help = match near(new) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "it is left out; give the path of a page in the docs folder".to_owned(),
            };
            report(
                Rule::BadRedirect,
                format!("the redirect from `{old}` leads to `{new}`, which is not a page"),
                help,
            );
        } else if exists(old) {
            report(
                Rule::RedirectedPage,
                format!("the page `{old}` is replaced by the redirect to `{new}`"),
                "delete the page, or remove the redirect to show it".to_owned(),
            );
        }
    }
    diagnostics
}

/// Whether a target is outside the site.
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
