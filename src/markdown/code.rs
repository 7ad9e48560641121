//! Code blocks and what their first line says of them.

use serde_json::Value;

use super::attributes::parse as parse_attributes;
use super::highlight::class_name;
use super::options::Options;
use super::render::{escape_attribute, escape_text};

/// What the first line of a fence says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The language; empty where there is none.
    pub language: String,
    /// `id` and more classes.
    pub id: Option<String>,
    /// Classes but the language.
    pub classes: Vec<String>,
    /// Other attributes.
    pub attributes: Vec<(String, String)>,
    /// `title="..."`.
    pub title: Option<String>,
    /// `linenums="..."`: the first number.
    pub first_number: Option<u32>,
    /// `hl_lines="..."`: lines from 1.
    pub highlighted: Vec<usize>,
    /// The custom fence that takes it.
    pub custom: Option<usize>,
}

fn is_language(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '#' | '.' | '+' | '-')
}

impl Code {
    /// Reads what follows the fence; `None` where it opens no code.
    pub fn parse(info: &str, options: &Options) -> Option<Self> {
        let info = info.trim_matches([' ', '\t']);
        let mut code = Self::default();
        let mut rest = info;
        if !info.starts_with('{') {
            let name = info.strip_prefix('.').unwrap_or(info);
            let end = name
                .find(|character| !is_language(character))
                .unwrap_or(name.len());
            let behind = &name[end..];
            if end > 0 && (behind.is_empty() || behind.starts_with([' ', '\t'])) {
                code.language = name[..end].to_owned();
                rest = behind.trim_start_matches([' ', '\t']);
            } else if end > 0 && behind.starts_with('{') && options.superfences.is_none() {
                code.language = name[..end].to_owned();
                rest = behind;
            }
        }
        let mut pairs = Vec::new();
        let mut is_list = false;
        if let Some(list) = rest
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            is_list = true;
            for (name, value) in parse_attributes(list).0 {
                match (name, value) {
                    (".", Some(class)) => code.classes.push(class.to_owned()),
                    ("id", Some(id)) => code.id = Some(id.to_owned()),
                    (_, value) => {
                        pairs.push((name.to_owned(), value.unwrap_or(name).to_owned()));
                    }
                }
            }
            if code.language.is_empty() && !code.classes.is_empty() {
                code.language = code.classes.remove(0);
            }
        } else {
            pairs = option_pairs(rest)?;
        }
        code.custom = options.custom_fence(&code.language);
        for (name, value) in pairs {
            if code.custom.is_some() || !code.take(&name, &value) {
                code.attributes.push((name, value));
            }
        }
        // Without braces unknown options make it no fence at all; a custom
        // fence that does not want them leaves it to the default one.
        if !is_list && !code.attributes.is_empty() {
            code.custom.take()?;
            for (name, value) in std::mem::take(&mut code.attributes) {
                if !code.take(&name, &value) {
                    return None;
                }
            }
        }
        Some(code)
    }

    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "title" => self.title = Some(value.to_owned()),
            "title_mode" => {}
            "linenums" => {
                let first = value.split([' ', '\t']).next().unwrap_or_default();
                let Ok(first) = first.parse() else {
                    return false;
                };
                self.first_number = Some(first);
            }
            "hl_lines" => {
                let Some(lines) = line_ranges(value) else {
                    return false;
                };
                self.highlighted = lines;
            }
            name if name.starts_with("data-") => {
                self.attributes.push((name.to_owned(), value.to_owned()))
            }
            _ => return false,
        }
        true
    }
}

/// `key="value"` and bare words.
fn option_pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t']);
    while !rest.is_empty() {
        let is_key = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let key = &rest[..rest
            .find(|character| !is_key(character))
            .unwrap_or(rest.len())];
        if !key.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        rest = &rest[key.len()..];
        let mut value = key;
        if let Some(quoted) = rest.strip_prefix('=') {
            let quote = quoted
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''))?;
            let (inner, behind) = quoted[1..].split_once(quote)?;
            value = inner;
            rest = behind;
        }
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        pairs.push((key.to_owned(), value.to_owned()));
        rest = rest.trim_start_matches([' ', '\t']);
    }
    Some(pairs)
}

/// `1 3-5` as line numbers; at most 10,000 of them, for ranges that lie.
fn line_ranges(text: &str) -> Option<Vec<usize>> {
    let mut lines = Vec::new();
    for part in text.split_ascii_whitespace() {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end) = (start.parse::<usize>().ok()?, end.parse::<usize>().ok()?);
        lines.extend((start..=end).take(10_000));
    }
    (!lines.is_empty()).then_some(lines)
}

/// The block as HTML.
pub fn render(code: &Code, lines: &[&str], options: &Options) -> String {
    let text = lines.join("\n");
    let custom = code
        .custom
        .and_then(|number| options.superfences.as_ref()?.custom.get(number));
    let mut html = String::with_capacity(text.len() + 64);
    let id = code
        .id
        .as_ref()
        .map(|id| format!(" id=\"{}\"", attribute(id)))
        .unwrap_or_default();
    if let Some(custom) = custom {
        let mut classes = vec![custom.class.as_str()];
        classes.extend(code.classes.iter().map(String::as_str));
        let classes = format!(" class=\"{}\"", attribute(&classes.join(" ")));
        let others: String = code
            .attributes
            .iter()
            .map(|(name, value)| format!(" {name}=\"{}\"", attribute(value)))
            .collect();
        let (open, close) = match custom.is_div {
            true => (format!("<div{id}{classes}{others}>"), "</div>"),
            false => (format!("<pre{id}{classes}{others}><code>"), "</code></pre>"),
        };
        html.push_str(&open);
        escape_text(&text, &mut html);
        html.push_str(close);
        return html;
    }
    match options.superfences.is_none() && !options.codehilite {
        true => plain(code, &text, &id, &mut html),
        false => block(code, &text, &id, options, &mut html),
    }
    html
}

/// A code block as `fenced_code` writes it by itself.
fn plain(code: &Code, text: &str, id: &str, html: &mut String) {
    let classes = match code.classes.is_empty() {
        true => String::new(),
        false => format!(" class=\"{}\"", attribute(&code.classes.join(" "))),
    };
    let language = match code.language.as_str() {
        "" => String::new(),
        language => format!(" class=\"language-{}\"", attribute(language)),
    };
    html.push_str(&format!("<pre{id}{classes}><code{language}>"));
    escape_text(text, html);
    if !text.is_empty() {
        html.push('\n');
    }
    html.push_str("</code></pre>");
}

fn attribute(value: &str) -> String {
    let mut to = String::new();
    escape_attribute(value, &mut to);
    to
}

/// A code block in the shape that Pygments gives it.
fn block(code: &Code, text: &str, id: &str, options: &Options, html: &mut String) {
    let highlight = &options.highlight;
    let mut classes = Vec::new();
    if highlight.language_class {
        let language = class_name(&code.language);
        classes.push(format!("{}{language}", highlight.language_prefix));
    }
    classes.push(highlight.class.clone());
    classes.extend(code.classes.iter().cloned());
    // Highlighted text ends with one line break and begins with none.
    let text = text.trim_matches('\n');
    let numbered = code
        .first_number
        .or(highlight.line_numbers.then_some(1))
        .filter(|first| *first > 0);
    let others: String = code
        .attributes
        .iter()
        .map(|(name, value)| format!(" {name}=\"{}\"", attribute(value)))
        .collect();
    html.push_str(&format!(
        "<div{id} class=\"{}\"{others}>",
        attribute(&classes.join(" "))
    ));
    let title = code.title.as_ref().map(|title| {
        let mut html = String::from("<span class=\"filename\">");
        escape_text(title, &mut html);
        format!("{html}</span>")
    });
    let title = title.unwrap_or_default();
    match numbered {
        None => html.push_str(&title),
        Some(first) => {
            html.push_str("<table class=\"highlighttable\"><tr>");
            if !title.is_empty() {
                html.push_str(&format!(
                    "<th colspan=\"2\" class=\"filename\">{title}</th></tr><tr>"
                ));
            }
            html.push_str("<td class=\"linenos\"><div class=\"linenodiv\"><pre><span></span>");
            let numbers = (first as usize..).take(text.split('\n').count());
            let numbers = numbers.map(|number| format!("<span class=\"normal\">{number}</span>"));
            html.push_str(&numbers.collect::<Vec<_>>().join("\n"));
            html.push_str("</pre></div></td><td class=\"code\"><div>");
        }
    }
    html.push_str("<pre><span></span><code>");
    let coloured = super::highlight::highlight(&code.language, text);
    for (at, line) in text.split('\n').enumerate() {
        let is_marked = code.highlighted.contains(&(at + 1));
        if is_marked {
            html.push_str("<span class=\"hll\">");
        }
        match coloured.as_ref().and_then(|lines| lines.get(at)) {
            Some(coloured) => html.push_str(coloured),
            None => escape_text(line, html),
        }
        html.push('\n');
        if is_marked {
            html.push_str("</span>");
        }
    }
    html.push_str("</code></pre>");
    if numbered.is_some() {
        html.push_str("</div></td></tr></table>");
    }
    html.push_str("</div>");
}

/// Indented code.
pub fn render_indented(text: &str, options: &Options, html: &mut String) {
    match options.highlights_indented {
        true => block(&Code::default(), text, "", options, html),
        false => {
            html.push_str("<pre><code>");
            escape_text(text, html);
            html.push_str("</code></pre>");
        }
    }
}

/// Reads `format: !!python/name:pymdownx.superfences.fence_div_format`.
pub fn is_div_format(value: Option<&Value>) -> bool {
    value
        .and_then(Value::as_str)
        .is_some_and(|name| name.contains("fence_div_format"))
}
