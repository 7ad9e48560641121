use std::collections::BTreeMap;

use super::{Languages, Layout};

/// The addresses of the sites of a project on their server: of the only one, or
/// of those of all languages. This decides which address belongs to which
/// language, for `serve`, `build` and `check` alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The path that all sites are below, with `/` at both ends.
    pub root: String,
    /// In the order of the configuration; never empty.
    pub editions: Vec<LanguageSite>,
    /// The index of the one that represents the project: that of the current
    /// language, or the only one.
    main: usize,
    /// Whether no language is at the root, so that it has outputs of its own.
    pub has_free_root: bool,
    /// Whether all languages share one site.
    pub is_shared: bool,
    /// A folder of a shared site, with `/` at its end, in which each language has what
    /// belongs to its pages below the path of its pages.
    beside: Option<String>,
}

/// The site of one language, or its part of a site that all languages share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageSite {
    /// Its language; `None` for a project without languages.
    pub language: Option<String>,
    /// The path of its site below the root, `zh-Hant/` or empty. The paths of
    /// its outputs are relative to it.
    pub site: String,
    /// The path of its pages below its site: empty, or `fr/` in a site that all
    /// languages share.
    pub pages: String,
    /// Whether it represents the project.
    pub is_main: bool,
}

/// What a path of the server leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// An address in a site, relative to that site.
    Site(String),
    /// An address at the root, where no language is.
    Root(String),
    /// Nothing of the project.
    Outside,
}

impl Spot {
    /// The address; empty for [`Spot::Outside`].
    pub fn address(&self) -> &str {
        match self {
            Self::Site(address) | Self::Root(address) => address,
            Self::Outside => "",
        }
    }
}

impl LanguageSite {
    /// The path of its pages below the root.
    pub fn prefix(&self) -> String {
        format!("{}{}", self.site, self.pages)
    }
}

impl Addresses {
    /// The addresses of all languages. `base` is the path of the current
    /// language's site on its server; that site represents the project.
    pub fn new(languages: Option<&Languages>, base: &str) -> Self {
        let Some(languages) = languages else {
            return Self::of_one(base);
        };
        let edition = |(at, language): (usize, &super::Language)| {
            let (site, pages) = match languages.layout {
                Layout::SiteEach => (language.prefix.clone(), String::new()),
                Layout::OneSite(_) => (String::new(), language.prefix.clone()),
            };
            LanguageSite {
                language: Some(language.code.clone()),
                site,
                pages,
                is_main: at == languages.current,
            }
        };
        let editions: Vec<LanguageSite> = languages.all.iter().enumerate().map(edition).collect();
        let site = &editions[languages.current].site;
        Self {
            root: base.strip_suffix(site.as_str()).unwrap_or(base).to_owned(),
            main: languages.current,
            is_shared: languages.one_site().is_some(),
            has_free_root: editions.iter().all(|edition| !edition.site.is_empty()),
            editions,
            beside: None,
        }
    }

    /// The same with a folder of a shared site in which each language has files that belong
    /// to its pages: those of `fr/` are below `folder/fr/`.
    #[must_use]
    pub fn with_folder_beside(mut self, folder: &str) -> Self {
        if self.is_shared {
            self.beside = Some(format!("{}/", folder.trim_matches('/')));
        }
        self
    }

    /// Whether a path below a shared site belongs to a page of an edition.
    fn is_beside(&self, edition: &LanguageSite, path: &str) -> bool {
        let below = self
            .beside
            .as_ref()
            .and_then(|it| path.strip_prefix(it.as_str()));
        !edition.pages.is_empty() && below.is_some_and(|it| it.starts_with(&edition.pages))
    }

    /// The address of the only site of a project.
    pub fn of_one(base: &str) -> Self {
        Self {
            root: base.to_owned(),
            editions: vec![LanguageSite {
                language: None,
                site: String::new(),
                pages: String::new(),
                is_main: true,
            }],
            main: 0,
            has_free_root: false,
            is_shared: false,
            beside: None,
        }
    }

    /// The same with the main edition only, so that the addresses of all others
    /// belong to nobody.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self {
            root: self.root.clone(),
            editions: vec![self.main().clone()],
            main: 0,
            has_free_root: false,
            is_shared: self.is_shared,
            beside: self.beside.clone(),
        }
    }

    /// The edition that represents the project.
    pub fn main(&self) -> &LanguageSite {
        &self.editions[self.main]
    }

    /// The path of the home page.
    pub fn home(&self) -> String {
        format!("{}{}", self.root, self.main().prefix())
    }

    /// Whether a path should redirect to the home page: it is the root of the
    /// server or of the project, and no site is there.
    pub fn leads_home(&self, path: &str) -> bool {
        let is_root = path == "/" || path == self.root || format!("{path}/") == self.root;
        is_root && !matches!(self.find(path).1, Spot::Site(_))
    }

    /// The path on the server of an address in an edition's site.
    pub fn path_of(&self, edition: &LanguageSite, address: &str) -> String {
        format!("{}{}{address}", self.root, edition.site)
    }

    /// What a path of the server leads to, and the edition that it belongs to:
    /// the one with the longest matching prefix, or the main one if none matches.
    pub fn find(&self, path: &str) -> (&LanguageSite, Spot) {
        let Some(below) = path.strip_prefix(&self.root) else {
            return (self.main(), Spot::Outside);
        };
        let matching = self.editions.iter().filter_map(|edition| {
            let prefix = edition.prefix();
            let is_own = below.starts_with(&prefix) || self.is_beside(edition, below);
            is_own.then_some((prefix.len(), edition))
        });
        match matching.max_by_key(|(length, _)| *length) {
            Some((_, edition)) => {
                let address = &below[edition.site.len()..];
                (edition, Spot::Site(address.to_owned()))
            }
            None if self.has_free_root => (self.main(), Spot::Root(below.to_owned())),
            None => (self.main(), Spot::Outside),
        }
    }

    /// The path below the root where an output of an edition is written, given
    /// its path below the site. `None` if it is not written, because its path
    /// belongs to another language or, in a shared site, to the main edition.
    pub fn place(&self, edition: &LanguageSite, path: &str) -> Option<String> {
        let is_own =
            edition.is_main || path.starts_with(&edition.pages) || self.is_beside(edition, path);
        let is_free = is_own && self.covering(&edition.site, path).is_none();
        is_free.then(|| format!("{}{path}", edition.site))
    }

    /// The language whose site covers a path below `site`, so that the path
    /// leads to that language.
    pub fn covering<'a>(&'a self, site: &str, path: &str) -> Option<&'a LanguageSite> {
        let mut sites = self.sites_below(site);
        let covering = sites.find(|(_, below)| is_covered(path, below));
        covering.map(|(edition, _)| edition)
    }

    /// The languages whose sites cover some of these outputs of `site`, each
    /// with its first such output.
    pub fn covered<'a, 'b, T>(
        &'a self,
        site: &str,
        outputs: &'b BTreeMap<String, T>,
    ) -> Vec<(&'a LanguageSite, &'b str)> {
        let covered = self.sites_below(site).filter_map(|(edition, below)| {
            // No covered path sorts between `fr` and `fr/`.
            let file = below.trim_end_matches('/');
            let file = outputs.get_key_value(file);
            let within = outputs.range(below.to_owned()..).next();
            let (path, _) = file.or(within)?;
            is_covered(path, below).then_some((edition, path.as_str()))
        });
        covered.collect()
    }

    /// The editions whose sites are below `site`, with their paths in it.
    fn sites_below<'a>(&'a self, site: &str) -> impl Iterator<Item = (&'a LanguageSite, &'a str)> {
        self.editions.iter().filter_map(move |edition| {
            let below = edition.site.strip_prefix(site)?;
            (!below.is_empty()).then_some((edition, below))
        })
    }
}

/// Whether a path is inside a folder such as `fr/`, or has the same name.
fn is_covered(path: &str, folder: &str) -> bool {
    path.starts_with(folder) || folder.strip_suffix('/') == Some(path)
}

/// Whether an output of the main site is also needed at the root of the server:
/// static files, and files that are only useful there.
pub fn is_for_root(path: &str, is_static: bool) -> bool {
    const NAMES: [&str; 7] = [
        "404.html",
        "CNAME",
        "_headers",
        "_redirects",
        "favicon.ico",
        "robots.txt",
        ".nojekyll",
    ];
    is_static || NAMES.contains(&path) || path.starts_with(".well-known/")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Addresses, LanguageSite, Spot, is_for_root};
    use crate::languages::tests::{languages, plugin};

    /// Language and address in its site.
    fn site<'a>(addresses: &'a Addresses, path: &'a str) -> (String, String) {
        let (edition, spot) = addresses.find(path);
        let language = match &spot {
            Spot::Site(_) => edition.language.as_deref().unwrap_or(""),
            Spot::Root(_) => "root",
            Spot::Outside => "outside",
        };
        (language.to_owned(), spot.address().to_owned())
    }

    fn at(language: &str, address: &str) -> (String, String) {
        (language.to_owned(), address.to_owned())
    }

    fn each(text: &str, language: Option<&str>, base: &str) -> Addresses {
        let mut found = languages(text).0.expect("languages");
        found.choose(language);
        Addresses::new(Some(&found), base)
    }

    #[test]
    fn a_site_of_one_language_has_its_path() {
        let one = Addresses::new(None, "/x/");
        assert_eq!((one.home().as_str(), one.has_free_root), ("/x/", false));
        assert_eq!(site(&one, "/x/a/b/"), at("", "a/b/"));
        assert_eq!(site(&one, "/x/"), at("", ""));
        for path in ["/", "/x", "/y/"] {
            assert_eq!(site(&one, path), at("outside", ""), "{path}");
        }
        assert_eq!(one.path_of(one.main(), "a/"), "/x/a/");
        assert_eq!(
            one.place(one.main(), "a/index.html").as_deref(),
            Some("a/index.html")
        );
    }

    #[test]
    fn sites_of_languages_are_below_each_other() {
        let text = "en: {}\nfr: {}\nfr-CA: {prefix: fr/ca}\n";
        let all = each(text, None, "/x/");
        assert_eq!((all.root.as_str(), all.home().as_str()), ("/x/", "/x/"));
        assert!(!all.has_free_root);
        for (path, found) in [
            ("/x/", ("en", "")),
            ("/x/a/", ("en", "a/")),
            ("/x/fr", ("en", "fr")),
            ("/x/fr/", ("fr", "")),
            ("/x/fr/a/", ("fr", "a/")),
            ("/x/france/", ("en", "france/")),
            ("/x/fr/ca/a/", ("fr-CA", "a/")),
            ("/y/", ("outside", "")),
        ] {
            assert_eq!(site(&all, path), at(found.0, found.1), "{path}");
        }
        let french = &all.editions[1];
        assert_eq!(all.path_of(french, "a/"), "/x/fr/a/");
        assert_eq!(
            all.place(french, "404.html").as_deref(),
            Some("fr/404.html")
        );
        assert!(all.main().is_main && !french.is_main);

        // Seen from one of the others, and that alone.
        let french = each(text, Some("fr"), "/x/fr/");
        assert_eq!(
            (french.root.as_str(), french.home().as_str()),
            ("/x/", "/x/fr/")
        );
        let alone = french.alone();
        assert_eq!(site(&alone, "/x/fr/a/"), at("fr", "a/"));
        assert_eq!(site(&alone, "/x/a/"), at("outside", ""));
        assert!(!alone.has_free_root);
    }

    #[test]
    fn the_root_may_be_free() {
        let all = each("en: {prefix: en}\nfr: {}\n", None, "/x/en/");
        assert_eq!((all.root.as_str(), all.home().as_str()), ("/x/", "/x/en/"));
        assert!(all.has_free_root);
        for (path, found) in [
            ("/x/en/a/", ("en", "a/")),
            ("/x/fr/a/", ("fr", "a/")),
            ("/x/", ("root", "")),
            ("/x/404.html", ("root", "404.html")),
            ("/x/a/", ("root", "a/")),
            ("/", ("outside", "")),
        ] {
            assert_eq!(site(&all, path), at(found.0, found.1), "{path}");
        }
        // An address without the language.
        assert_eq!(each("en: {prefix: en}\nfr: {}\n", None, "/").root, "/");
    }

    #[test]
    fn the_root_leads_home_where_no_site_begins() {
        let one = Addresses::of_one("/x/");
        let leads = |addresses: &Addresses| {
            let paths = ["/", "/x", "/x/", "/x/en/", "/x/a"];
            paths.map(|path| addresses.leads_home(path))
        };
        assert_eq!(leads(&one), [true, true, false, false, false]);
        let below = each("en: {prefix: en}\nfr: {}\n", None, "/x/en/");
        assert_eq!(leads(&below), [true, true, true, false, false]);
        assert_eq!(leads(&below.alone()), [true, true, true, false, false]);
        assert!(!Addresses::of_one("/").leads_home("/"));
    }

    #[test]
    fn languages_of_the_plugin_have_folders_in_one_site() {
        let found =
            plugin("languages: [{locale: en, name: E, default: true}, {locale: fr, name: F}]\n");
        let all = Addresses::new(Some(&found), "/x/");
        assert_eq!((all.root.as_str(), all.home().as_str()), ("/x/", "/x/"));
        assert_eq!(site(&all, "/x/fr/a/"), at("fr", "fr/a/"));
        assert_eq!(site(&all, "/x/assets/a.css"), at("en", "assets/a.css"));
        let french = &all.editions[1];
        assert_eq!(all.path_of(french, "fr/a/"), "/x/fr/a/");
        assert_eq!(
            all.place(french, "fr/a/index.html").as_deref(),
            Some("fr/a/index.html")
        );
        // What all share is written once.
        assert_eq!(all.place(french, "assets/a.css"), None);
        assert_eq!(
            all.place(all.main(), "assets/a.css").as_deref(),
            Some("assets/a.css")
        );
        assert!(!all.has_free_root);
        // What belongs to pages is in a folder of their language elsewhere.
        assert_eq!(all.place(french, "cards/fr/a.png"), None);
        let all = all.with_folder_beside("/cards");
        let french = &all.editions[1];
        assert_eq!(site(&all, "/x/cards/fr/a.png"), at("fr", "cards/fr/a.png"));
        assert_eq!(site(&all, "/x/cards/a.png"), at("en", "cards/a.png"));
        assert_eq!(
            all.place(french, "cards/fr/a.png").as_deref(),
            Some("cards/fr/a.png")
        );
        assert_eq!(all.place(french, "cards/a.png"), None);
    }

    #[test]
    fn a_page_may_be_covered_by_another_language() {
        let all = each("en: {}\nfr: {}\nde: {}\n", None, "/");
        let outputs = ["a/index.html", "de", "fr/a/index.html", "index.html"];
        let outputs: BTreeMap<String, ()> = outputs.map(|it| (it.to_owned(), ())).into();
        let covered = |site| -> Vec<(&str, &str)> {
            let covered = all.covered(site, &outputs).into_iter();
            let language = |it: &LanguageSite| it.language.clone().expect("a language");
            assert!(
                covered
                    .clone()
                    .all(|(it, path)| all.covering(site, path) == Some(it))
            );
            let covered = covered.map(|(it, path)| match &*language(it) {
                "fr" => ("fr", path),
                _ => ("de", path),
            });
            covered.collect()
        };
        assert_eq!(covered(""), [("fr", "fr/a/index.html"), ("de", "de")]);
        assert_eq!(covered("fr/"), []);
        // Outputs that nobody can reach are not written.
        assert_eq!(all.place(all.main(), "fr/a/index.html"), None);
        assert_eq!(all.place(all.main(), "de"), None);
        assert_eq!(
            all.place(all.main(), "france/index.html").as_deref(),
            Some("france/index.html")
        );
        assert_eq!(
            all.place(&all.editions[1], "fr/a").as_deref(),
            Some("fr/fr/a")
        );
    }

    #[test]
    fn some_outputs_belong_at_the_root() {
        assert!(is_for_root("404.html", false) && is_for_root(".well-known/x", false));
        assert!(is_for_root("img/a.svg", true) && !is_for_root("img/a.svg", false));
        assert!(!is_for_root("a/404.html", false));
    }
}
