//! Code blocks as HTML, in the shapes that Pygments and its formatters give
//! them.

use std::borrow::Cow;

use super::header::{Code, Numbers, is_language, line_ranges};
use super::highlight::{class_name, highlight, lexer_name};
use super::line_numbers::Lines;
use crate::html::Escape;
use crate::markdown::options::{
    CustomFence, FenceFormat, Highlight, Highlighter, LineNumbers, MarkdownOptions,
};
use crate::markdown::tree::attributes::sanitized;
use crate::text::is_word;

/// A fenced code block as HTML.
pub fn render(code: &Code, lines: &[&str], options: &MarkdownOptions) -> String {
    let text = lines.join("\n");
    let custom = code
        .custom
        .and_then(|index| options.superfences.as_ref()?.custom.get(index));
    let mut html = String::with_capacity(text.len() + 64);
    if let Some(fence) = custom {
        custom_block(fence, code, &text, &mut html);
    } else if options.superfences.is_none() {
        match &options.codehilite {
            Some(highlight) if highlight.colours => codehilite(code, &text, highlight, &mut html),
            _ => plain(code, &text, options, &mut html),
        }
    } else {
        let highlight = fence_style(options);
        if highlight.colours {
            coloured(code, &text, &highlight, &mut html);
        } else {
            uncoloured(code, &text, &highlight, &mut html);
        }
    }
    html
}

/// The style of fences, whose class may be their own.
fn fence_style(options: &MarkdownOptions) -> Cow<'_, Highlight> {
    let superfences = options.superfences.as_ref();
    match superfences.filter(|superfences| !superfences.class.is_empty()) {
        Some(superfences) => Cow::Owned(Highlight {
            class: superfences.class.clone(),
            ..options.highlight.clone()
        }),
        None => Cow::Borrowed(&options.highlight),
    }
}

/// Appends indented code as HTML.
pub fn render_indented(text: &str, options: &MarkdownOptions, html: &mut String) {
    let highlight = &options.highlight;
    match (options.indented_code, &options.codehilite) {
        (Some(Highlighter::Codehilite), Some(highlight)) => {
            let (code, text) = split_header(text.trim_matches('\n'));
            codehilite(&code, text, highlight, html);
        }
        (Some(Highlighter::Highlight), _) if highlight.colours => {
            let code = Code {
                is_indented: true,
                ..Code::default()
            };
            coloured(&code, text, highlight, html);
        }
        (Some(Highlighter::Highlight), _) => {
            let text = text.trim_end_matches('\n');
            uncoloured(&Code::default(), text, highlight, html);
        }
        _ => {
            html.push_str("<pre><code>");
            Escape::TEXT.append(text, html);
            html.push_str("</code></pre>");
        }
    }
}

fn escape(value: &str) -> String {
    let mut html = String::new();
    Escape::QUOTED_WITH_ENTITIES.append(value, &mut html);
    html
}

fn id_attribute(code: &Code) -> String {
    match &code.id {
        Some(id) => format!(" id=\"{}\"", escape(id)),
        None => String::new(),
    }
}

fn class_attribute(classes: &[&str]) -> String {
    if classes.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", escape(&classes.join(" ")))
    }
}

/// All attributes of a block, with `classes` in place of its own.
fn attributes(code: &Code, classes: &[&str]) -> String {
    let mut html = id_attribute(code) + &class_attribute(classes);
    for (name, value) in &code.attributes {
        html.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }
    html
}

fn custom_block(fence: &CustomFence, code: &Code, text: &str, html: &mut String) {
    let mut classes = vec![fence.class.as_str()];
    classes.extend(code.classes.iter().map(String::as_str));
    let attributes = attributes(code, &classes);
    match &fence.format {
        FenceFormat::Code => {
            html.push_str(&format!("<pre{attributes}><code>"));
            Escape::TEXT.append(text, html);
            html.push_str("</code></pre>");
        }
        FenceFormat::Div => {
            html.push_str(&format!("<div{attributes}>"));
            Escape::TEXT.append(text, html);
            html.push_str("</div>");
        }
        FenceFormat::Math { generic: true, tag } => {
            html.push_str(&format!("<{tag}{attributes}>\\[\n"));
            Escape::QUOTED.append(text, html);
            html.push_str(&format!("\n\\]</{tag}>"));
        }
        FenceFormat::Math { tag, .. } => {
            html.push_str(&format!(
                "<{tag} class=\"arithmatex\">\n<script type=\"math/tex; mode=display\">\n"
            ));
            Escape::QUOTED.append(text, html);
            html.push_str(&format!("\n</script>\n</{tag}>"));
        }
    }
}

/// A code block as `fenced_code` writes it without a highlighter.
fn plain(code: &Code, text: &str, options: &MarkdownOptions, html: &mut String) {
    let classes: Vec<&str> = code.classes.iter().map(String::as_str).collect();
    let language = match code.language.as_str() {
        "" => String::new(),
        language => {
            let prefix = escape(&options.fenced_language_prefix);
            format!(" class=\"{prefix}{}\"", escape(language))
        }
    };
    let mut pairs = String::new();
    if options.attr_list {
        for (name, value) in &code.attributes {
            pairs.push_str(&format!(" {}=\"{}\"", sanitized(name), escape(value)));
        }
    }
    html.push_str(&format!(
        "<pre{}{}><code{language}{pairs}>",
        id_attribute(code),
        class_attribute(&classes)
    ));
    Escape::TEXT.append(text, html);
    if !text.is_empty() {
        html.push('\n');
    }
    html.push_str("</code></pre>");
}

/// A code block as `codehilite` writes it: of its header only the language, the classes
/// and the lines count.
fn codehilite(code: &Code, text: &str, highlight: &Highlight, html: &mut String) {
    let mut attributes = code.attributes.iter();
    let asks_for_numbers = attributes
        .find(|(name, _)| name == "linenums")
        .is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"));
    let numbers = if asks_for_numbers {
        code.numbers.or(Some(Numbers::FROM_ONE))
    } else {
        code.numbers
    };
    let highlight = match code.classes.as_slice() {
        [] => Cow::Borrowed(highlight),
        classes => Cow::Owned(Highlight {
            class: format!("{} {}", classes.join(" "), highlight.class),
            ..highlight.clone()
        }),
    };
    let highlight = &*highlight;
    let code = Code {
        language: code.language.clone(),
        highlighted: code.highlighted.clone(),
        numbers,
        is_indented: true,
        ..Code::default()
    };
    if highlight.colours {
        return coloured(&code, text, highlight, html);
    }
    let language_class = format!("{}{}", highlight.language_prefix, code.language);
    let mut classes: Vec<&str> = Vec::new();
    if !code.language.is_empty() {
        classes.push(&language_class);
    }
    if highlight.line_numbers == Some(true) || code.numbers.is_some() {
        classes.push("linenums");
    }
    html.push_str(&format!(
        "<pre class=\"{}\"><code{}>",
        escape(&highlight.class),
        class_attribute(&classes)
    ));
    Escape::TEXT.append(text, html);
    html.push_str("\n</code></pre>");
}

/// Splits off the first line of indented code if it is a header: `:::python`,
/// or `#!python`, which numbers the lines. A header with a path, such as
/// `#!/bin/sh`, is also a line of the code.
fn split_header(text: &str) -> (Code, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let shebang = first.strip_prefix("#!");
    let header = shebang.unwrap_or_else(|| first.trim_start_matches(':'));
    if shebang.is_none() && first.len() - header.len() < 2 {
        return (Code::default(), text);
    }
    let mut name = header;
    while let Some(part) = name.strip_prefix('/') {
        let end = part.find(|it| !is_word(it)).unwrap_or(part.len());
        if end == 0 || !part[end..].starts_with(['/', ' ']) {
            break;
        }
        name = &part[end..];
    }
    let behind_path = name.strip_prefix(['/', ' ']);
    let name = behind_path.unwrap_or(name);
    let end = name.find(|it| !is_language(it)).unwrap_or(name.len());
    let (language, options) = name.split_at(end);
    let code = Code {
        language: language.to_lowercase(),
        highlighted: highlighted_lines(options).unwrap_or_default(),
        numbers: shebang.map(|_| Numbers::FROM_ONE),
        ..Code::default()
    };
    if behind_path.is_some() {
        (code, text)
    } else {
        (code, rest.trim_matches('\n'))
    }
}

/// Parses ` hl_lines="1 3-5"`.
fn highlighted_lines(options: &str) -> Option<super::header::Lines> {
    let value = options.trim_start().strip_prefix("hl_lines=")?;
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let (lines, _) = value[1..].split_once(quote)?;
    line_ranges(lines)
}

/// A code block that a script in the page will colour.
fn uncoloured(code: &Code, text: &str, highlight: &Highlight, html: &mut String) {
    let language = highlight.language(&code.language);
    let language_class = format!("{}{language}", highlight.language_prefix);
    let mut classes: Vec<&str> = Vec::new();
    if !language.is_empty() {
        classes.push(&language_class);
    }
    let block_class = Some(highlight.class.as_str()).filter(|class| !class.is_empty());
    if highlight.attributes_on_pre {
        classes.extend(block_class);
    }
    classes.extend(code.classes.iter().map(String::as_str));
    let attributes = attributes(code, &classes);
    if highlight.attributes_on_pre {
        html.push_str(&format!("<pre{attributes}><code>"))
    } else {
        let on_pre = class_attribute(block_class.as_slice());
        html.push_str(&format!("<pre{on_pre}><code{attributes}>"));
    }
    Escape::TEXT.append(text, html);
    html.push_str("</code></pre>");
}

/// The title of a block as HTML; empty if it has none.
fn title(code: &Code, highlight: &Highlight) -> String {
    let title = match &code.title {
        Some(title) => title.as_str(),
        None if highlight.titled => {
            let language = highlight.grammar(highlight.language(&code.language));
            let name = lexer_name(language);
            highlight.titles.get(name).map_or(name, String::as_str)
        }
        None => "",
    };
    let title = title.trim();
    if title.is_empty() {
        return String::new();
    }
    let mut html = String::from("<span class=\"filename\">");
    if code.has_html_title {
        html.push_str(title)
    } else {
        Escape::TEXT.append(title, &mut html)
    }
    html.push_str("</span>");
    html
}

/// A code block in colours.
fn coloured(code: &Code, text: &str, highlight: &Highlight, html: &mut String) {
    // Highlighted text ends with one line break and begins with none.
    let text = if highlight.trimmed {
        text.trim_matches('\n')
    } else {
        text
    };
    let lines = line_style(code, text.split('\n').count(), highlight);
    let language = highlight.language(&code.language);
    let language_class = format!(
        "{}{}",
        highlight.language_prefix,
        match class_name(language, highlight.grammar(language)) {
            "text" if !highlight.default_language.is_empty() && language != "text" =>
                highlight.default_language.as_str(),
            name => name,
        }
    );
    let mut classes = Vec::new();
    if highlight.language_class {
        classes.push(language_class.as_str());
    }
    classes.extend(code.classes.iter().map(String::as_str));
    if !highlight.class.is_empty() {
        classes.push(highlight.class.as_str());
    }
    // As in the reference, other attributes are for code without colours.
    let mut attributes = id_attribute(code) + &class_attribute(&classes);
    for (name, value) in &code.attributes {
        if name.starts_with("data-") {
            attributes.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
    }
    html.push_str(&format!("<div{attributes}>"));
    let title = title(code, highlight);
    let has_column = lines.numbers.is_some() && lines.style == LineNumbers::Table;
    if has_column {
        let class = escape(&highlight.class);
        html.push_str(&format!("<table class=\"{class}table\"><tr>"));
        if !title.is_empty() {
            html.push_str(&format!(
                "<th colspan=\"2\" class=\"filename\">{title}</th></tr><tr>"
            ));
        }
        html.push_str("<td class=\"linenos\"><div class=\"linenodiv\"><pre><span></span>");
        lines.column(html);
        html.push_str("</pre></div></td><td class=\"code\"><div>");
    } else {
        html.push_str(&title)
    }
    coloured_lines(code, text, highlight, &lines, html);
    if has_column {
        html.push_str("</div></td></tr></table>");
    }
    html.push_str("</div>");
}

/// How the `count` lines of a block are numbered and named.
fn line_style<'o>(code: &Code, count: usize, highlight: &'o Highlight) -> Lines<'o> {
    let numbers = match (highlight.line_numbers, code.numbers) {
        (Some(false), _) | (None, None) => None,
        (_, Some(numbers)) => Some(numbers).filter(|numbers| numbers.first > 0),
        (Some(true), None) => Some(Numbers::FROM_ONE),
    };
    let numbers = numbers.map(|numbers| Numbers {
        special: numbers.special.or(highlight.special_line),
        ..numbers
    });
    let block = match &code.id {
        Some(id) => escape(id),
        None => code.count.to_string(),
    };
    let (spans, anchors) = if code.is_indented {
        ("", "")
    } else {
        (
            highlight.line_spans.as_str(),
            highlight.line_anchors.as_str(),
        )
    };
    Lines {
        numbers,
        count,
        style: highlight.number_style,
        block,
        spans,
        anchors,
        is_linked: highlight.linked_numbers && !code.is_indented,
    }
}

/// The `<pre>` of a code block in colours.
fn coloured_lines(code: &Code, text: &str, options: &Highlight, lines: &Lines, html: &mut String) {
    html.push_str("<pre><span></span><code>");
    let grammar = options.grammar(options.language(&code.language));
    let coloured = highlight(grammar, text);
    for ((at, line), number) in text.split('\n').enumerate().zip(lines.first()..) {
        lines.open(number, html);
        let is_marked = code.highlighted.contains(at + 1);
        if is_marked {
            html.push_str("<span class=\"hll\">");
        }
        lines.number_before(number, html);
        match coloured.as_ref().and_then(|lines| lines.get(at)) {
            Some(coloured) => html.push_str(coloured),
            None => Escape::TEXT.append(line, html),
        }
        html.push('\n');
        if is_marked {
            html.push_str("</span>");
        }
        lines.close(html);
    }
    html.push_str("</code></pre>");
}
