//! The body of a page in the article of a theme, which adds parts of its own around
//! it.

use std::ops::Range;

use super::derived::has_class;
use super::elements::{Element, Node, elements};
use super::outside::article;
use crate::html;

/// Classes of what themes add to an article: edit buttons, tags, dates and authors,
/// feedback, comments, breadcrumbs.
const ADDED: [&str; 12] = [
    "md-content__button",
    "md-feedback",
    "md-source-file",
    "md-source-date",
    "md-tags",
    "md-path",
    "md-comments",
    "md-post__back",
    "giscus",
    "utterances",
    "git-page-authors",
    "wy-breadcrumbs",
];

/// The id of what Zensical writes above all else, to skip its navigation.
const SKIPPED_TO: &str = "__skip";

/// The id of the heading that Material writes above comments.
const COMMENTS: &str = "__comments";

/// Finds the body of a page that MkDocs, Material for MkDocs or Zensical wrote: its
/// article without what the theme adds. `has_heading` is whether the body has a
/// heading of the first level; where it has none, themes write one.
pub fn foreign_body(page: &str, has_heading: bool) -> Range<usize> {
    let range = article(page, None).range;
    let inner = &page[range.clone()];
    let tree = elements(inner);
    let children: Vec<&Element<'_>> = tree[0].children.iter().map(|at| &tree[*at]).collect();
    let mut rest = children.as_slice();
    let mut may_have_heading = !has_heading;
    while let [first, others @ ..] = rest {
        let is_heading = may_have_heading && is_added_heading(first.node);
        if !is_heading && !is_added(first.node) && !is_blank(first.node) {
            break;
        }
        may_have_heading &= !is_heading;
        rest = others;
    }
    // Comments are below everything else.
    if let Some(at) = rest.iter().position(|it| is_comments(it.node)) {
        rest = &rest[..at];
    }
    let mut has_added = false;
    while let [others @ .., last] = rest {
        // Older versions draw a line above the date.
        let is_line = has_added && is_bare(last.node, "hr");
        if !is_line && !is_added(last.node) && !is_blank(last.node) && !is_script(last.node) {
            break;
        }
        has_added |= is_added(last.node);
        rest = others;
    }
    match (rest.first(), rest.last()) {
        (Some(first), Some(last)) => {
            range.start + first.open.start..range.start + last.close.end.max(last.open.end)
        }
        _ => range.start..range.start,
    }
}

fn is_blank(node: Node<'_>) -> bool {
    match node {
        Node::Text(text) => text.trim().is_empty(),
        Node::Unseen => true,
        Node::Tag { .. } => false,
    }
}

fn is_added(node: Node<'_>) -> bool {
    matches!(node, Node::Tag { attributes, .. } if has_class(attributes, &ADDED))
        || has_id(node, SKIPPED_TO)
}

fn is_comments(node: Node<'_>) -> bool {
    has_id(node, COMMENTS)
}

fn has_id(node: Node<'_>, wanted: &str) -> bool {
    let Node::Tag { attributes, .. } = node else {
        return false;
    };
    html::attribute(attributes, "id").is_some_and(|id| id == wanted)
}

fn is_script(node: Node<'_>) -> bool {
    matches!(node, Node::Tag { name, .. } if name.eq_ignore_ascii_case("script"))
}

fn is_bare(node: Node<'_>, wanted: &str) -> bool {
    matches!(node, Node::Tag { name, attributes }
        if name.eq_ignore_ascii_case(wanted) && attributes.trim().is_empty())
}

fn is_added_heading(node: Node<'_>) -> bool {
    is_bare(node, "h1")
}

#[cfg(test)]
mod tests {
    use super::foreign_body;

    #[test]
    fn what_themes_add_is_not_part_of_the_body() {
        let page = |inner: &str| {
            format!(
                "<html><body><main><article class=\"md-content__inner md-typeset\">\n{inner}\n\
                 </article></main></body></html>"
            )
        };
        let body = "<p>One</p>\n<p>Two</p>";
        for (inner, has_heading) in [
            (body.to_owned(), true),
            (
                format!(
                    "<nav class=\"md-tags\"><a class=\"md-tag\">a</a></nav>\n\
                     <a class=\"md-content__button md-icon\" href=\"e\">E</a>\n<h1>Title</h1>\n{body}\n\
                     <hr><div class=\"md-source-file\"><small>Today</small></div>\n\
                     <form class=\"md-feedback\"></form>\n\
                     <h2 id=\"__comments\">Comments</h2>\n<div>Of others</div><script>x</script>"
                ),
                false,
            ),
            (
                format!("<a id=\"__skip\" tabindex=\"-1\"></a>\n<h1>Title</h1>\n{body}"),
                false,
            ),
            (
                format!("{body}<aside class=\"md-source-file\">a</aside>"),
                true,
            ),
        ] {
            let page = page(&inner);
            assert_eq!(&page[foreign_body(&page, has_heading)], body, "{inner}");
        }
        // A heading of the page's own.
        let own = "<h1 id=\"a\">A</h1>\n<p>B</p>\n<hr>";
        let html = page(own);
        assert_eq!(&html[foreign_body(&html, true)], own);
        // MkDocs' own themes.
        let html = "<body><div class=\"col-md-9\" role=\"main\">\n<p>A</p></div></body>";
        assert_eq!(&html[foreign_body(html, true)], "<p>A</p>");
        let html = page(" ");
        assert!(foreign_body(&html, true).is_empty());
    }
}
