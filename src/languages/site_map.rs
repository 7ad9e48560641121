use crate::html::Escape;

/// A page of a site map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its full address.
    pub address: String,
    /// The languages that it is read in, by code, and its addresses there.
    pub read_in: Vec<(String, String)>,
}

/// A site map that tells which pages are each other's translations, as
/// <https://developers.google.com/search/docs/specialty/international/localized-versions>
/// describes.
pub fn site_map(pages: &[Listed]) -> String {
    let mut map = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    let escape = |text: &str| Escape::QUOTED.apply(text);
    for page in pages {
        let address = escape(&page.address);
        map += &format!("<url>\n<loc>{address}</loc>\n<changefreq>daily</changefreq>\n");
        for (code, address) in &page.read_in {
            let (code, address) = (escape(code), escape(address));
            map += &format!(
                "<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{address}\"/>\n"
            );
        }
        map += "</url>\n";
    }
    map + "</urlset>\n"
}
