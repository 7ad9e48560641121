use super::{Addresses, Docs, Languages, Layout, Link};
use crate::url::is_index;

/// A language that a page can be read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    /// The language's code.
    pub code: String,
    /// Its name in the language itself.
    pub name: String,
    /// The link to the page, or to the home page if the language does not have
    /// the page.
    pub link: String,
    /// The full address of the page, if it is translated into that language.
    pub canonical: Option<String>,
}

/// The version of a page in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its address, relative to the site of that language.
    pub address: String,
    /// Whether it is written in that language and not a fallback.
    pub is_own: bool,
}

/// Makes the links from each page to its other languages.
#[derive(Debug, Clone, Copy)]
pub struct Switcher<'a> {
    /// All languages, and the one whose pages these are.
    pub languages: &'a Languages,
    /// Their addresses.
    pub addresses: &'a Addresses,
    /// The scheme and host of the site, if they are known.
    pub host: Option<&'a str>,
    /// Whether `a.md` becomes `a/index.html`.
    pub use_directory_urls: bool,
}

impl Switcher<'_> {
    /// The languages of a page, with links relative to the root of the current
    /// language's site. `plain` is the page's plain path, and `version` finds it
    /// in the docs of a language.
    pub fn of_page(
        &self,
        plain: &str,
        version: impl Fn(&Docs) -> Option<Version>,
    ) -> Vec<Alternate> {
        let depth = self.addresses.main().site.matches('/').count();
        let up = "../".repeat(depth);
        let home = |site: &str| {
            let file = if self.use_directory_urls {
                ""
            } else {
                "index.html"
            };
            match format!("{up}{site}{file}") {
                home if home.is_empty() => "./".to_owned(),
                home => home,
            }
        };
        // On the home page, the plugin keeps the configured links.
        let is_home = plain.strip_suffix(".md").is_some_and(is_index);
        let leads_to_page = !(is_home && self.use_directory_urls);
        self.each(version, |target| {
            match (&self.languages.layout, target.page) {
                (Layout::SiteEach, Some(page)) => format!("{up}{page}"),
                // The language does not have the page.
                (Layout::SiteEach, None) => home(target.site),
                (Layout::OneSite(_), Some(page)) if leads_to_page => page.to_owned(),
                (Layout::OneSite(_), _) => target.link.to_owned(),
            }
        })
    }

    /// The home pages of all languages, with links that work at any address, as
    /// `404.html` needs them.
    pub fn of_home(&self, version: impl Fn(&Docs) -> Option<Version>) -> Vec<Alternate> {
        let root = &self.addresses.root;
        self.each(version, |target| {
            match (&self.languages.layout, target.page) {
                (Layout::SiteEach, Some(page)) => format!("{root}{page}"),
                _ => target.link.to_owned(),
            }
        })
    }

    fn each(
        &self,
        version: impl Fn(&Docs) -> Option<Version>,
        link: impl Fn(Target<'_>) -> String,
    ) -> Vec<Alternate> {
        let alternate = |to: &Link| {
            let all = &self.languages.all;
            let at = all.iter().position(|it| it.code == to.code);
            let version = at.and_then(|at| version(&self.languages.docs[at]));
            let site = at.map_or("", |at| self.addresses.editions[at].site.as_str());
            let page = version.as_ref().map(|it| format!("{site}{}", it.address));
            let is_translated = version.is_some_and(|it| it.is_own);
            let translated = if is_translated { page.as_ref() } else { None };
            let full = |(host, page)| format!("{host}{}{page}", self.addresses.root);
            Alternate {
                canonical: self.host.zip(translated).map(full),
                link: link(Target {
                    page: page.as_deref(),
                    site,
                    link: &to.link,
                }),
                code: to.code.clone(),
                name: to.name.clone(),
            }
        };
        let links = self.languages.links(&self.addresses.root);
        links.iter().map(alternate).collect()
    }
}

/// Where a link to a language may lead.
struct Target<'a> {
    /// The page's address below the root.
    page: Option<&'a str>,
    /// The path of the language's site below the root.
    site: &'a str,
    /// The default link.
    link: &'a str,
}

#[cfg(test)]
mod tests {
    use super::{Alternate, Switcher, Version};
    use crate::files::SourcePath;
    use crate::languages::tests::{languages, plugin};
    use crate::languages::{Addresses, Docs, Languages};

    fn links(found: &[Alternate]) -> Vec<&str> {
        found.iter().map(|it| it.link.as_str()).collect()
    }

    /// The links on `a.md`, which only the languages in `has` have, those on the
    /// home page, and those of `404.html`.
    fn links_of(
        found: &Languages,
        base: &str,
        has: &[usize],
        directories: bool,
    ) -> [Vec<Alternate>; 3] {
        let addresses = Addresses::new(Some(found), base);
        let switcher = Switcher {
            languages: found,
            addresses: &addresses,
            host: Some("https://example.org"),
            use_directory_urls: directories,
        };
        let editions = &addresses.editions;
        let version = |address: &'static str| {
            move |docs: &Docs| {
                let at = found.docs.iter().position(|it| it == docs)?;
                has.contains(&at).then(|| Version {
                    address: format!("{}{address}", editions[at].pages),
                    is_own: at != 1,
                })
            }
        };
        [
            switcher.of_page("a.md", version("a/")),
            switcher.of_page("index.md", version("")),
            switcher.of_home(version("")),
        ]
    }

    #[test]
    fn sites_of_languages_link_to_each_other() {
        let (found, _) = languages("en: {}\nfr: {docs: fr}\nde: {docs: de}\n");
        let mut found = found
            .expect("languages")
            .with_folders(&SourcePath::new("docs"));
        let [page, home, nowhere] = links_of(&found, "/x/", &[0, 1], true);
        assert_eq!(links(&page), ["a/", "fr/a/", "de/"]);
        assert_eq!(links(&home), ["", "fr/", "de/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/", "/x/de/"]);
        let canonical: Vec<_> = page.iter().map(|it| it.canonical.as_deref()).collect();
        assert_eq!(canonical, [Some("https://example.org/x/a/"), None, None]);

        found.choose(Some("fr"));
        let [page, _, nowhere] = links_of(&found, "/x/fr/", &[1], true);
        assert_eq!(links(&page), ["../", "../fr/a/", "../de/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/", "/x/de/"]);
        found.choose(None);
        let [page, ..] = links_of(&found, "/x/", &[], true);
        assert_eq!(links(&page), ["./", "fr/", "de/"]);
        let [page, ..] = links_of(&found, "/x/", &[], false);
        assert_eq!(
            links(&page),
            ["index.html", "fr/index.html", "de/index.html"]
        );
    }

    #[test]
    fn languages_of_the_plugin_keep_the_links_of_their_home_pages() {
        let found =
            plugin("languages: [{locale: en, name: E, default: true}, {locale: fr, name: F}]\n");
        let [page, home, nowhere] = links_of(&found, "/x/", &[0, 1], true);
        assert_eq!(links(&page), ["a/", "fr/a/"]);
        assert_eq!(links(&home), ["/x/", "/x/fr/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/"]);
        let [page, ..] = links_of(&found, "/x/", &[0], true);
        assert_eq!(links(&page), ["a/", "/x/fr/"]);
        let [_, home, _] = links_of(&found, "/x/", &[0, 1], false);
        assert_eq!(links(&home), ["", "fr/"]);
    }
}
