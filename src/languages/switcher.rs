use super::{Addresses, Docs, Languages, Layout, Link};
use crate::url::is_index;

/// A language that a page can be read in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternate {
    /// The language's code.
    pub code: String,
    /// Its own name for itself.
    pub name: String,
    /// The way there: to the page, or the home page where the language has no
    /// such page.
    pub link: String,
    /// The full address of the page, where it is in that language indeed.
    pub canonical: Option<String>,
}

/// A page as a language has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its address, relative to the site of that language.
    pub address: String,
    /// Whether it is in that language, and not lent by another.
    pub is_own: bool,
}

/// The way from each page to the languages that it is read in.
#[derive(Debug, Clone, Copy)]
pub struct Switcher<'a> {
    /// All languages, and the one whose pages these are.
    pub languages: &'a Languages,
    /// Where they lie.
    pub addresses: &'a Addresses,
    /// The scheme and host of the site, where they are known.
    pub host: Option<&'a str>,
    /// Whether `a.md` becomes `a/index.html`.
    pub use_directory_urls: bool,
}

impl Switcher<'_> {
    /// The languages of a page, seen from the root of the current one's site.
    /// `plain` is the page's path, the same in all languages, and `version`
    /// finds it in the docs of one.
    pub fn of_page(
        &self,
        plain: &str,
        version: impl Fn(&Docs) -> Option<Version>,
    ) -> Vec<Alternate> {
        let steps = self.addresses.main().site.matches('/').count();
        let way = "../".repeat(steps);
        let home = |site: &str| {
            let file = if self.use_directory_urls {
                ""
            } else {
                "index.html"
            };
            match format!("{way}{site}{file}") {
                home if home.is_empty() => "./".to_owned(),
                home => home,
            }
        };
        // The plugin leaves the switcher of the home page as it is configured.
        let is_home = is_index(plain.strip_suffix(".md").unwrap_or_default());
        let leads_to_page = !(is_home && self.use_directory_urls);
        self.each(version, |found| {
            match (&self.languages.layout, found.page) {
                (Layout::SiteEach, Some(page)) => format!("{way}{page}"),
                // The home page is the nearest that there is.
                (Layout::SiteEach, None) => home(found.site),
                (Layout::OneSite(_), Some(page)) if leads_to_page => page.to_owned(),
                (Layout::OneSite(_), _) => found.link.to_owned(),
            }
        })
    }

    /// The home pages of all languages, seen from nobody knows where, such as
    /// from `404.html`.
    pub fn of_home(&self, version: impl Fn(&Docs) -> Option<Version>) -> Vec<Alternate> {
        let root = &self.addresses.root;
        self.each(version, |found| {
            match (&self.languages.layout, found.page) {
                (Layout::SiteEach, Some(page)) => format!("{root}{page}"),
                _ => found.link.to_owned(),
            }
        })
    }

    fn each(
        &self,
        version: impl Fn(&Docs) -> Option<Version>,
        link: impl Fn(Found<'_>) -> String,
    ) -> Vec<Alternate> {
        let alternate = |to: &Link| {
            let all = &self.languages.all;
            let at = all.iter().position(|it| it.code == to.code);
            let version = at.and_then(|at| version(&self.languages.docs[at]));
            let site = at.map_or("", |at| self.addresses.editions[at].site.as_str());
            let page = version.as_ref().map(|it| format!("{site}{}", it.address));
            let own = page
                .as_ref()
                .filter(|_| version.is_some_and(|it| it.is_own));
            let full = |(host, page)| format!("{host}{}{page}", self.addresses.root);
            Alternate {
                canonical: self.host.zip(own).map(full),
                link: link(Found {
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

/// What there is of a page in a language.
struct Found<'a> {
    /// The page's address below the root.
    page: Option<&'a str>,
    /// Where the language's site lies below the root.
    site: &'a str,
    /// Where the switcher leads where nothing better is known.
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

    /// What a switcher says of `a.md`, which no language but these has, of the
    /// home page, and of it seen from nowhere.
    fn said(
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
    fn sites_of_languages_lead_to_each_other() {
        let (found, _) = languages("en: {}\nfr: {docs: fr}\nde: {docs: de}\n");
        let mut found = found
            .expect("languages")
            .with_folders(&SourcePath::new("docs"));
        let [page, home, nowhere] = said(&found, "/x/", &[0, 1], true);
        assert_eq!(links(&page), ["a/", "fr/a/", "de/"]);
        assert_eq!(links(&home), ["", "fr/", "de/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/", "/x/de/"]);
        let canonical: Vec<_> = page.iter().map(|it| it.canonical.as_deref()).collect();
        assert_eq!(canonical, [Some("https://example.org/x/a/"), None, None]);

        found.choose(Some("fr"));
        let [page, _, nowhere] = said(&found, "/x/fr/", &[1], true);
        assert_eq!(links(&page), ["../", "../fr/a/", "../de/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/", "/x/de/"]);
        found.choose(None);
        let [page, ..] = said(&found, "/x/", &[], true);
        assert_eq!(links(&page), ["./", "fr/", "de/"]);
        let [page, ..] = said(&found, "/x/", &[], false);
        assert_eq!(
            links(&page),
            ["index.html", "fr/index.html", "de/index.html"]
        );
    }

    #[test]
    fn languages_of_the_plugin_keep_the_links_of_their_home_pages() {
        let found =
            plugin("languages: [{locale: en, name: E, default: true}, {locale: fr, name: F}]\n");
        let [page, home, nowhere] = said(&found, "/x/", &[0, 1], true);
        assert_eq!(links(&page), ["a/", "fr/a/"]);
        assert_eq!(links(&home), ["/x/", "/x/fr/"]);
        assert_eq!(links(&nowhere), ["/x/", "/x/fr/"]);
        let [page, ..] = said(&found, "/x/", &[0], true);
        assert_eq!(links(&page), ["a/", "/x/fr/"]);
        let [_, home, _] = said(&found, "/x/", &[0, 1], false);
        assert_eq!(links(&home), ["", "fr/"]);
    }
}
