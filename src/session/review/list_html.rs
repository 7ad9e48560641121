//! The list of changed pages as HTML.

use std::fmt::Write as _;

use super::{
    PageReview, Reason, change_counts, groups, reason_path, reason_word, shown_title, status_word,
};
use crate::diff::{self, Level};
use crate::html::Escape;

fn escape(text: &str) -> String {
    Escape::ANYWHERE.apply(text)
}

/// Pages by language and folder. `address` says where an entry leads.
pub fn list_html<'p>(
    pages: impl Iterator<Item = &'p PageReview>,
    address: &dyn Fn(&PageReview) -> String,
) -> String {
    let mut html = String::new();
    for ((language, folder), pages) in groups(pages) {
        let language = language.map(|it| format!("<b>{}</b> ", escape(it)));
        let _ = write!(
            html,
            "<section><h2>{}<code>{}/</code> <small>{}</small></h2><ul>",
            language.unwrap_or_default(),
            escape(folder),
            pages.len()
        );
        for page in pages {
            html.push_str(&item(page, &address(page)));
        }
        html.push_str("</ul></section>");
    }
    html
}

fn item(page: &PageReview, address: &str) -> String {
    let word = status_word(page.status);
    let sign = match word {
        "added" => "+",
        "removed" => "−",
        "renamed" => "→",
        _ => "~",
    };
    let from = page.from.as_ref();
    let from = from.map(|from| format!(" from <code>{}</code>", escape(from)));
    format!(
        "<li data-proofroom-status=\"{word}\" data-proofroom-keys=\"{}\"><p>\
         <span class=\"sign\" title=\"{word}\" aria-label=\"{word}\">{sign}</span> \
         <a href=\"{}\" dir=\"auto\">{}</a>{} <span class=\"counts\">{}</span></p>\
         <p class=\"why\"><code>{}</code> {}</p></li>",
        keys_to_see(page).join(" "),
        escape(address),
        escape(shown_title(page)),
        from.unwrap_or_default(),
        escape(&change_counts(page)),
        escape(&page.source),
        reasons_html(&page.reasons),
    )
}

/// The names of the changes that readers go through: what is outside of the article
/// is not seen one by one.
fn keys_to_see(page: &PageReview) -> Vec<String> {
    let keys = diff::keys(&page.changes).into_iter().zip(&page.changes);
    let keys = keys.filter(|(_, change)| change.level != Level::Outside);
    keys.map(|(key, _)| key).collect()
}

/// Reasons, with their files as code.
pub fn reasons_html(reasons: &[Reason]) -> String {
    let words = reasons.iter().map(|reason| match reason_path(reason) {
        Some(path) => format!("{} <code>{}</code>", reason_word(reason), escape(path)),
        None => reason_word(reason).to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Text with code between backticks.
pub fn code_html(text: &str) -> String {
    let mut html = String::new();
    let escaped = escape(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    for (nth, part) in parts.iter().enumerate() {
        // The last backtick of an odd number means nothing.
        let is_code = nth % 2 == 1 && nth + 1 < parts.len();
        if is_code {
            html.extend(["<code>", part, "</code>"]);
        } else {
            html.push_str(part);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::code_html;

    #[test]
    fn a_backtick_alone_is_no_code() {
        assert_eq!(code_html("`a` <b> `c"), "<code>a</code> &lt;b&gt; c");
    }
}
