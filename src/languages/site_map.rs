use super::{Docs, Languages, Version};
use crate::html::Escape;

/// A page of a language, collected for the site map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteMapPage {
    /// Its plain path, the same in all languages.
    pub plain: String,
    /// Its address below the site.
    pub address: String,
}

/// The site map of the pages of all languages, each with its translations.
/// `pages` lists the pages of a language, `version` finds a page in a language,
/// and `full` makes full addresses.
pub fn site_map(
    languages: &Languages,
    pages: impl Fn(&Docs) -> Vec<SiteMapPage>,
    version: impl Fn(&Docs, &str) -> Option<Version>,
    full: impl Fn(&str) -> String,
) -> String {
    let all = languages.all.iter().enumerate();
    let mut codes: Vec<(&str, usize)> = all.map(|(at, it)| (it.code.as_str(), at)).collect();
    codes.sort_unstable();
    // The default language comes first.
    let others = (0..languages.all.len()).filter(|at| *at != languages.default);
    let mut listed = Vec::new();
    for at in std::iter::once(languages.default).chain(others) {
        for page in pages(&languages.docs[at]) {
            let current = std::iter::once((languages.all[at].code.as_str(), at));
            let others = codes.iter().copied().filter(|(_, other)| *other != at);
            let versions = current.chain(others).filter_map(|(code, at)| {
                let version = version(&languages.docs[at], &page.plain)?;
                Some((code.to_owned(), full(&version.address)))
            });
            listed.push(Listed {
                address: full(&page.address),
                versions: versions.collect(),
            });
        }
    }
    render(&listed)
}

/// A page of a site map.
struct Listed {
    /// Its full address.
    address: String,
    /// Its languages with its full addresses in them.
    versions: Vec<(String, String)>,
}

/// Renders a site map that relates translations of the same page, as
/// <https://developers.google.com/search/docs/specialty/international/localized-versions>
/// describes.
fn render(pages: &[Listed]) -> String {
    let mut map = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    let escape = |text: &str| Escape::QUOTED.apply(text);
    for page in pages {
        let address = escape(&page.address);
        map += &format!("<url>\n<loc>{address}</loc>\n<changefreq>daily</changefreq>\n");
        for (code, address) in &page.versions {
            let (code, address) = (escape(code), escape(address));
            map += &format!(
                "<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{address}\"/>\n"
            );
        }
        map += "</url>\n";
    }
    map + "</urlset>\n"
}
