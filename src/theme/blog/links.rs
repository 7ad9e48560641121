//! The links of a post as items of a nav.

use minijinja::value::{Serde, Value};

use crate::theme::blog_page::PostLink;

/// The links, as their template goes through them.
pub(super) fn value(links: &[PostLink]) -> Value {
    Value::from(links.iter().map(item).collect::<Vec<_>>())
}

fn item(link: &PostLink) -> Value {
    let is_section = matches!(link, PostLink::Section(..));
    let mut fields = vec![
        ("is_section", Value::from(is_section)),
        ("is_link", Value::from(!is_section)),
        ("is_page", Value::from(false)),
        ("active", Value::from(false)),
    ];
    match link {
        PostLink::Section(title, links) => {
            fields.push(("title", Value::from(title.as_str())));
            fields.push(("children", value(links)));
        }
        PostLink::Link { title, url, meta } => {
            let title = title.as_deref();
            fields.push(("title", title.map_or(Value::from(()), Value::from)));
            fields.push(("url", Value::from(url.as_str())));
            fields.push(("children", Value::from(())));
            if let Some(meta) = meta {
                fields.push(("meta", Value::from(Serde(&**meta))));
            }
        }
    }
    Value::from_pairs(fields)
}
