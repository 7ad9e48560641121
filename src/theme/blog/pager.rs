//! Links to the pages of a view, as the Python library `paginate` writes them.

use std::fmt::Write as _;

use crate::theme::blog_page::Pagination;

/// Attributes of an element, by name.
pub type Attributes = Vec<(String, String)>;

/// How a template has links to pages shown.
#[derive(Debug, Clone)]
pub struct Style {
    pub separator: String,
    pub symbol_first: String,
    pub symbol_last: String,
    pub symbol_previous: String,
    pub symbol_next: String,
    pub link_attr: Attributes,
    pub curpage_attr: Attributes,
    pub dotdot_attr: Attributes,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            separator: " ".to_owned(),
            symbol_first: "&lt;&lt;".to_owned(),
            symbol_last: "&gt;&gt;".to_owned(),
            symbol_previous: "&lt;".to_owned(),
            symbol_next: "&gt;".to_owned(),
            link_attr: Attributes::new(),
            curpage_attr: Attributes::new(),
            dotdot_attr: Attributes::new(),
        }
    }
}

/// How many pages around the current one a format asks for, at most.
const WIDEST: usize = 1_000;

impl Pagination {
    /// How many pages there are for the posts.
    fn count(&self) -> usize {
        self.items.div_ceil(self.per_page.max(1))
    }

    /// The links to the other pages.
    pub fn links(&self, style: &Style) -> String {
        let count = self.count();
        if count == 0 || (count == 1 && !self.shows_single) {
            return String::new();
        }
        let current = self.page.clamp(1, count);
        let (ranges, radius) = ranges(&self.format);
        let range = self.range(style, current, count, radius);
        let mut text = String::new();
        let mut at = 0;
        for (start, end) in ranges {
            text.push_str(&self.format[at..start]);
            text.push_str(&range);
            at = end;
        }
        text.push_str(&self.format[at..]);
        self.filled(&text, style, current, count)
    }

    fn link(&self, page: usize, text: &str, style: &Style) -> String {
        let url = self.urls.get(page - 1).map_or("", String::as_str);
        if url.is_empty() {
            return current(text, &style.link_attr);
        }
        let mut attributes = style.link_attr.clone();
        attributes.push(("href".to_owned(), url.to_owned()));
        format!("{}{text}</a>", tag("a", &attributes))
    }

    /// The links to the pages around the current one.
    fn range(&self, style: &Style, page: usize, count: usize, radius: usize) -> String {
        let first = page.saturating_sub(radius).max(1);
        let last = (page + radius).min(count);
        let mut items = Vec::new();
        if page != 1 && first > 1 {
            items.push(self.link(1, "1", style));
        }
        if first > 2 {
            items.push(current("..", &style.dotdot_attr));
        }
        for number in first..=last {
            let text = number.to_string();
            items.push(if number == page {
                current(&text, &style.curpage_attr)
            } else {
                self.link(number, &text, style)
            });
        }
        if count - last > 1 {
            items.push(current("..", &style.dotdot_attr));
        }
        if page != count && last < count {
            items.push(self.link(count, &count.to_string(), style));
        }
        items.join(&style.separator)
    }

    /// A text with what stands for its placeholders, such as `$link_next`.
    fn filled(&self, text: &str, style: &Style, page: usize, count: usize) -> String {
        let first_item = (page - 1) * self.per_page + 1;
        let last_item = (first_item + self.per_page - 1).min(self.items);
        let value = |name: &str| {
            Some(match name {
                "first_page" => "1".to_owned(),
                "last_page" | "page_count" => count.to_string(),
                "page" => page.to_string(),
                "items_per_page" => self.per_page.to_string(),
                "first_item" => first_item.to_string(),
                "last_item" => last_item.to_string(),
                "item_count" => self.items.to_string(),
                "link_first" if page > 1 => self.link(1, &style.symbol_first, style),
                "link_last" if page < count => self.link(count, &style.symbol_last, style),
                "link_previous" if page > 1 => self.link(page - 1, &style.symbol_previous, style),
                "link_next" if page < count => self.link(page + 1, &style.symbol_next, style),
                "link_first" | "link_last" | "link_previous" | "link_next" => String::new(),
                _ => return None,
            })
        };
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                filled.push('$');
                rest = after;
                continue;
            }
            let inner = after.strip_prefix('{').unwrap_or(after);
            let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let end = inner.find(|it| !is_part(it)).unwrap_or(inner.len());
            let (name, mut left) = inner.split_at(end);
            let is_braced = inner.len() < after.len();
            let is_closed = !is_braced || left.starts_with('}');
            match value(name) {
                Some(value) if is_closed => {
                    filled.push_str(&value);
                    if is_braced {
                        left = &left[1..];
                    }
                    rest = left;
                }
                _ => {
                    filled.push('$');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// Where a format has `~2~`, and the number in the first of them.
fn ranges(format: &str) -> (Vec<(usize, usize)>, usize) {
    let mut found = Vec::new();
    let mut radius = None;
    let mut at = 0;
    while let Some(start) = format[at..].find('~').map(|start| at + start) {
        let inner = &format[start + 1..];
        let end = inner.find(|it: char| !it.is_ascii_digit());
        let digits = &inner[..end.unwrap_or(inner.len())];
        at = start + 1 + digits.len();
        if !digits.is_empty() && format[at..].starts_with('~') {
            at += 1;
            found.push((start, at));
            radius.get_or_insert(digits.parse().unwrap_or(WIDEST).min(WIDEST));
        }
    }
    (found, radius.unwrap_or(2))
}

/// A text that is no link, in an element if it has attributes.
fn current(text: &str, attributes: &Attributes) -> String {
    if attributes.is_empty() {
        text.to_owned()
    } else {
        format!("{}{text}</span>", tag("span", attributes))
    }
}

/// A start tag with attributes, sorted by name.
fn tag(name: &str, attributes: &Attributes) -> String {
    let mut sorted: Vec<_> = attributes.iter().collect();
    sorted.sort();
    let mut tag = format!("<{name}");
    for (key, value) in sorted {
        let _ = write!(tag, " {}=\"{value}\"", key.trim_start_matches('_'));
    }
    tag.push('>');
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the library writes them.
    #[test]
    fn formats_are_those_of_paginate() {
        let style = Style {
            link_attr: vec![("class".to_owned(), "l".to_owned())],
            dotdot_attr: vec![("class".to_owned(), "d".to_owned())],
            ..Style::default()
        };
        for ((format, page, items, per_page, shows_single), expected) in [
            (
                ("~2~", 1, 3, 1, false),
                "1 <a class=\"l\" href=\"p2/\">2</a> <a class=\"l\" href=\"p3/\">3</a>",
            ),
            (
                ("~2~", 5, 12, 1, false),
                "<a class=\"l\" href=\"p1/\">1</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p3/\">3</a> <a class=\"l\" href=\"p4/\">4</a> 5 <a class=\"l\" href=\"p6/\">6</a> <a class=\"l\" href=\"p7/\">7</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p12/\">12</a>",
            ),
            (
                ("~1~", 5, 12, 1, false),
                "<a class=\"l\" href=\"p1/\">1</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p4/\">4</a> 5 <a class=\"l\" href=\"p6/\">6</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p12/\">12</a>",
            ),
            (
                ("~0~", 2, 3, 1, false),
                "<a class=\"l\" href=\"p1/\">1</a> 2 <a class=\"l\" href=\"p3/\">3</a>",
            ),
            (
                (
                    "$link_first $link_previous ~1~ $link_next $link_last",
                    1,
                    5,
                    1,
                    false,
                ),
                "  1 <a class=\"l\" href=\"p2/\">2</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p5/\">5</a> <a class=\"l\" href=\"p2/\">&gt;</a> <a class=\"l\" href=\"p5/\">&gt;&gt;</a>",
            ),
            (
                (
                    "$link_first $link_previous ~1~ $link_next $link_last",
                    3,
                    25,
                    10,
                    false,
                ),
                "<a class=\"l\" href=\"p1/\">&lt;&lt;</a> <a class=\"l\" href=\"p2/\">&lt;</a> <a class=\"l\" href=\"p1/\">1</a> <a class=\"l\" href=\"p2/\">2</a> 3  ",
            ),
            (
                (
                    "$page/$page_count ${items_per_page} $first_item-$last_item of $item_count $$ $nothing ~x~",
                    2,
                    25,
                    10,
                    false,
                ),
                "2/3 10 11-20 of 25 $ $nothing ~x~",
            ),
            (("none", 2, 3, 1, false), "none"),
            (("~2~", 1, 1, 10, true), "1"),
            (("~2~", 1, 1, 10, false), ""),
            (
                ("~1~ ~3~", 4, 9, 1, false),
                "<a class=\"l\" href=\"p1/\">1</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p3/\">3</a> 4 <a class=\"l\" href=\"p5/\">5</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p9/\">9</a> <a class=\"l\" href=\"p1/\">1</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p3/\">3</a> 4 <a class=\"l\" href=\"p5/\">5</a> <span class=\"d\">..</span> <a class=\"l\" href=\"p9/\">9</a>",
            ),
        ] {
            let pages = Pagination {
                page,
                per_page,
                items,
                urls: (1..=items).map(|page| format!("p{page}/")).collect(),
                format: format.to_owned(),
                shows_single,
            };
            assert_eq!(pages.links(&style), expected, "{format} {page}");
        }
    }
}
