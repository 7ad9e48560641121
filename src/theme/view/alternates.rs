use minijinja::Value;

use crate::languages::Alternate;
use crate::theme::addresses::RelativeAddress;

/// A page in other languages, in the form of Material's `extra.alternate`.
/// `page` is the address of the page that links to them.
pub(in crate::theme) fn alternates(alternates: &[Alternate], page: Option<&str>) -> Value {
    let value = |alternate: &Alternate| {
        let link = match page {
            // The filter `url` can only reach addresses inside the site.
            Some(page) if alternate.link.starts_with("../") => {
                let up = "../".repeat(page.matches('/').count());
                Value::from_object(RelativeAddress(format!("{up}{}", alternate.link)))
            }
            _ => Value::from(alternate.link.as_str()),
        };
        Value::from_pairs([
            ("name", Value::from(alternate.name.as_str())),
            ("link", link),
            ("lang", Value::from(alternate.code.as_str())),
            ("canonical", Value::from(alternate.canonical.clone())),
        ])
    };
    alternates.iter().map(value).collect()
}
