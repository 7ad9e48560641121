//! Code blocks as HTML, in the shapes that Pygments and its formatters give
//! them.

use super::header::{Code, Numbers, line_ranges};
use super::highlight::{class_name, lexer_name};
use crate::html::Escape;
use crate::markdown::options::{CustomFence, FenceFormat, Highlight, LineNumbers, Options};

/// The block as HTML.
pub fn render(code: &Code, lines: &[&str], options: &Options) -> String {
    let text = lines.join("\n");
    let custom = code
        .custom
        .and_then(|number| options.superfences.as_ref()?.custom.get(number));
    let mut html = String::with_capacity(text.len() + 64);
    if let Some(fence) = custom {
        custom_block(fence, code, &text, &mut html);
    } else if options.superfences.is_none() {
        if options.codehilite && options.highlight.colours {
            codehilite(code, &text, options, &mut html)
        } else {
            plain(code, &text, &mut html)
        }
    } else if options.highlight.colours {
        block(code, &text, options, &mut html);
    } else {
        uncoloured(code, &text, &options.highlight, &mut html);
    }
    html
}

/// Indented code.
pub fn render_indented(text: &str, options: &Options, html: &mut String) {
    let highlight = &options.highlight;
    if !options.highlights_indented {
        html.push_str("<pre><code>");
        Escape::TEXT.append(text, html);
        html.push_str("</code></pre>");
    } else if options.codehilite {
        let (code, text) = with_header(text.trim_matches('\n'));
        codehilite(&code, text, options, html);
    } else if highlight.colours {
        let code = Code {
            is_indented: true,
            ..Code::default()
        };
        block(&code, text, options, html);
    } else {
        uncoloured(
            &Code::default(),
            text.trim_end_matches('\n'),
            highlight,
            html,
        );
    }
}

fn attribute(value: &str) -> String {
    let mut to = String::new();
    Escape::QUOTED_WITH_ENTITIES.append(value, &mut to);
    to
}

fn id(code: &Code) -> String {
    let id = code.id.as_ref();
    id.map(|id| format!(" id=\"{}\"", attribute(id)))
        .unwrap_or_default()
}

fn class(classes: &[&str]) -> String {
    if classes.is_empty() {
        String::new()
    } else {
        format!(" class=\"{}\"", attribute(&classes.join(" ")))
    }
}

fn others(code: &Code) -> String {
    let pair = |(name, value): &(String, String)| format!(" {name}=\"{}\"", attribute(value));
    code.attributes.iter().map(pair).collect()
}

fn custom_block(fence: &CustomFence, code: &Code, text: &str, html: &mut String) {
    let mut classes = vec![fence.class.as_str()];
    classes.extend(code.classes.iter().map(String::as_str));
    let with = format!("{}{}{}", id(code), class(&classes), others(code));
    match &fence.format {
        FenceFormat::Code => {
            html.push_str(&format!("<pre{with}><code>"));
            Escape::TEXT.append(text, html);
            html.push_str("</code></pre>");
        }
        FenceFormat::Div => {
            html.push_str(&format!("<div{with}>"));
            Escape::TEXT.append(text, html);
            html.push_str("</div>");
        }
        FenceFormat::Math { generic: true, tag } => {
            html.push_str(&format!("<{tag}{with}>\\[\n"));
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

/// A code block as `fenced_code` writes it by itself.
fn plain(code: &Code, text: &str, html: &mut String) {
    let classes: Vec<&str> = code.classes.iter().map(String::as_str).collect();
    let language = match code.language.as_str() {
        "" => String::new(),
        language => format!(" class=\"language-{}\"", attribute(language)),
    };
    html.push_str(&format!(
        "<pre{}{}><code{language}>",
        id(code),
        class(&classes)
    ));
    Escape::TEXT.append(text, html);
    if !text.is_empty() {
        html.push('\n');
    }
    html.push_str("</code></pre>");
}

/// A code block as `codehilite` writes it: of what its first line says, only
/// language and lines count.
fn codehilite(code: &Code, text: &str, options: &Options, html: &mut String) {
    let is_numbered = |name: &str| {
        let value = code.attributes.iter().find(|(known, _)| known == name);
        value.is_some_and(|(_, value)| value.eq_ignore_ascii_case("true"))
    };
    let numbers = code.numbers.or_else(|| {
        is_numbered("linenums").then_some(Numbers {
            first: 1,
            ..Numbers::default()
        })
    });
    let code = Code {
        language: code.language.clone(),
        highlighted: code.highlighted.clone(),
        numbers,
        is_indented: true,
        ..Code::default()
    };
    let highlight = &options.highlight;
    if highlight.colours {
        return block(&code, text, options, html);
    }
    let named = format!("{}{}", highlight.language_prefix, code.language);
    let mut classes: Vec<&str> = Vec::new();
    classes.extend((!code.language.is_empty()).then_some(named.as_str()));
    let is_numbered = highlight.line_numbers == Some(true) || code.numbers.is_some();
    classes.extend(is_numbered.then_some("linenums"));
    let own = attribute(&highlight.class);
    html.push_str(&format!("<pre class=\"{own}\"><code{}>", class(&classes)));
    Escape::TEXT.append(text, html);
    html.push_str("\n</code></pre>");
}

/// What the first line of indented code says of it: `:::python`, or
/// `#!python`, which numbers the lines. With a path it is a line of the code.
fn with_header(text: &str) -> (Code, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let is_shebang = first.starts_with("#!");
    let bare = if is_shebang {
        &first[2..]
    } else {
        first.trim_start_matches(':')
    };
    if !is_shebang && first.len() - bare.len() < 2 {
        return (Code::default(), text);
    }
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let mut name = bare;
    while let Some(part) = name.strip_prefix('/') {
        let end = part.find(|it| !is_word(it)).unwrap_or(part.len());
        if end == 0 || !part[end..].starts_with(['/', ' ']) {
            break;
        }
        name = &part[end..];
    }
    let path = name.strip_prefix(['/', ' ']);
    let has_path = path.is_some();
    let name = path.unwrap_or(name);
    let is_part = |it: char| is_word(it) || matches!(it, '#' | '.' | '+' | '-');
    let end = name.find(|it| !is_part(it)).unwrap_or(name.len());
    let lines = name[end..].trim_start().strip_prefix("hl_lines=");
    let lines = lines.and_then(|lines| {
        let quote = lines.chars().next().filter(|it| matches!(it, '"' | '\''))?;
        line_ranges(lines[1..].split_once(quote)?.0)
    });
    let code = Code {
        language: name[..end].to_lowercase(),
        highlighted: lines.unwrap_or_default(),
        numbers: is_shebang.then_some(Numbers {
            first: 1,
            ..Numbers::default()
        }),
        ..Code::default()
    };
    let text = if has_path {
        text
    } else {
        rest.trim_matches('\n')
    };
    (code, text)
}

/// A code block that a script in the page will colour.
fn uncoloured(code: &Code, text: &str, highlight: &Highlight, html: &mut String) {
    let language = highlight.language(&code.language);
    let named = format!("{}{language}", highlight.language_prefix);
    let mut classes: Vec<&str> = Vec::new();
    classes.extend((!language.is_empty()).then_some(named.as_str()));
    let on_pre = highlight.attributes_on_pre;
    let own = Some(highlight.class.as_str()).filter(|own| !own.is_empty());
    classes.extend(own.filter(|_| on_pre));
    classes.extend(code.classes.iter().map(String::as_str));
    let with = format!("{}{}{}", id(code), class(&classes), others(code));
    if on_pre {
        html.push_str(&format!("<pre{with}><code>"))
    } else {
        let own: Vec<&str> = own.into_iter().collect();
        html.push_str(&format!("<pre{}><code{with}>", class(&own)));
    }
    Escape::TEXT.append(text, html);
    html.push_str("</code></pre>");
}

/// The title of a block as HTML; empty where it has none.
fn title(code: &Code, highlight: &Highlight) -> String {
    let automatic = || {
        let language = highlight.grammar(highlight.language(&code.language));
        let name = lexer_name(language);
        let own = highlight.titles.get(name).cloned();
        own.unwrap_or_else(|| name.to_owned())
    };
    let title = match &code.title {
        None if highlight.titled => automatic(),
        title => title.clone().unwrap_or_default(),
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

/// How the lines of one block are shown.
struct Lines<'o> {
    /// How they are numbered, if they are.
    numbers: Option<Numbers>,
    style: LineNumbers,
    /// What ids and names of lines end with, before the number.
    block: String,
    /// Of ids and of names, what they begin with; empty for none.
    spans: &'o str,
    anchors: &'o str,
    is_linked: bool,
    /// Columns of the widest number.
    width: usize,
}

impl Lines<'_> {
    fn first(&self) -> u32 {
        self.numbers.map_or(1, |numbers| numbers.first)
    }

    /// A number as it is shown, with its class.
    fn number(&self, number: u32) -> (String, bool) {
        let numbers = self.numbers.unwrap_or_default();
        let step = numbers.step.filter(|step| *step > 0).unwrap_or(1);
        let special = numbers.special.filter(|special| *special > 0);
        let text = if number.is_multiple_of(step) {
            format!("{number:>width$}", width = self.width)
        } else {
            " ".repeat(self.width)
        };
        let is_special = special.is_some_and(|special| number.is_multiple_of(special));
        (text, is_special)
    }

    fn link(&self, number: u32, html: String) -> String {
        if self.is_linked {
            format!(
                "<a href=\"#{}-{}-{number}\">{html}</a>",
                self.anchors, self.block
            )
        } else {
            html
        }
    }

    /// The column of all numbers.
    fn column(&self, count: usize, html: &mut String) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        for number in self.first()..self.first().saturating_add(count) {
            if number > self.first() {
                html.push('\n');
            }
            let (text, is_special) = self.number(number);
            let class = if is_special { "special" } else { "normal" };
            let text = if text.trim().is_empty() {
                text
            } else {
                self.link(number, text)
            };
            html.push_str(&format!("<span class=\"{class}\">{text}</span>"));
        }
    }

    /// What stands before a line, its number not included.
    fn open(&self, number: u32, html: &mut String) {
        let (block, spans, anchors) = (&self.block, self.spans, self.anchors);
        if !spans.is_empty() {
            html.push_str(&format!("<span id=\"{spans}-{block}-{number}\">"));
        }
        if !anchors.is_empty() {
            let name = format!("{anchors}-{block}-{number}");
            let link = match self.numbers {
                Some(_) => String::new(),
                None => format!(" href=\"#{name}\""),
            };
            html.push_str(&format!("<a id=\"{name}\" name=\"{name}\"{link}></a>"));
        }
    }

    /// The number before a line.
    fn before(&self, number: u32, html: &mut String) {
        if self.numbers.is_none() || self.style == LineNumbers::Table {
            return;
        }
        let (text, is_special) = self.number(number);
        let class = if is_special {
            "linenos special"
        } else {
            "linenos"
        };
        let span = match self.style {
            LineNumbers::Hidden => {
                format!("<span class=\"{class}\" data-linenos=\"{text} \"></span>")
            }
            _ => format!("<span class=\"{class}\">{text}</span>"),
        };
        html.push_str(&self.link(number, span));
    }
}

/// A code block in colours.
fn block(code: &Code, text: &str, options: &Options, html: &mut String) {
    let highlight = &options.highlight;
    let language = highlight.language(&code.language);
    let named = format!(
        "{}{}",
        highlight.language_prefix,
        match class_name(language) {
            "text" if !highlight.default_language.is_empty() && language != "text" =>
                highlight.default_language.as_str(),
            name => name,
        }
    );
    let mut classes = Vec::new();
    classes.extend(highlight.language_class.then_some(named.as_str()));
    classes.extend(code.classes.iter().map(String::as_str));
    classes.push(highlight.class.as_str());
    // Highlighted text ends with one line break and begins with none.
    let text = if highlight.trimmed {
        text.trim_matches('\n')
    } else {
        text
    };
    let numbers = match (highlight.line_numbers, code.numbers) {
        (Some(false), _) => None,
        (_, Some(numbers)) => Some(numbers).filter(|numbers| numbers.first > 0),
        (Some(true), None) => Some(Numbers {
            first: 1,
            ..Numbers::default()
        }),
        (None, None) => None,
    };
    let numbers = numbers.map(|numbers| Numbers {
        special: numbers.special.or(highlight.special_line),
        ..numbers
    });
    let count = text.split('\n').count();
    let last = numbers.map_or(1, |numbers| numbers.first as usize) + count - 1;
    let block = code.id.clone().unwrap_or_else(|| code.count.to_string());
    let (spans, anchors) = if code.is_indented {
        ("", "")
    } else {
        (
            highlight.line_spans.as_str(),
            highlight.line_anchors.as_str(),
        )
    };
    let lines = Lines {
        numbers,
        style: highlight.number_style,
        block: attribute(&block),
        spans,
        anchors,
        is_linked: highlight.linked_numbers && !code.is_indented,
        width: last.to_string().len(),
    };
    html.push_str(&format!(
        "<div{}{}{}>",
        id(code),
        class(&classes),
        others(code)
    ));
    let title = title(code, highlight);
    let has_column = numbers.is_some() && lines.style == LineNumbers::Table;
    if !has_column {
        html.push_str(&title)
    } else {
        let class = attribute(&highlight.class);
        html.push_str(&format!("<table class=\"{class}table\"><tr>"));
        if !title.is_empty() {
            html.push_str(&format!(
                "<th colspan=\"2\" class=\"filename\">{title}</th></tr><tr>"
            ));
        }
        html.push_str("<td class=\"linenos\"><div class=\"linenodiv\"><pre><span></span>");
        lines.column(count, html);
        html.push_str("</pre></div></td><td class=\"code\"><div>");
    }
    html.push_str("<pre><span></span><code>");
    let coloured = super::highlight::highlight(highlight.grammar(language), text);
    for ((at, line), number) in text.split('\n').enumerate().zip(lines.first()..) {
        lines.open(number, html);
        let is_marked = code.highlighted.contains(at + 1);
        if is_marked {
            html.push_str("<span class=\"hll\">");
        }
        lines.before(number, html);
        match coloured.as_ref().and_then(|lines| lines.get(at)) {
            Some(coloured) => html.push_str(coloured),
            None => Escape::TEXT.append(line, html),
        }
        html.push('\n');
        if is_marked {
            html.push_str("</span>");
        }
        if !lines.spans.is_empty() {
            html.push_str("</span>");
        }
    }
    html.push_str("</code></pre>");
    if has_column {
        html.push_str("</div></td></tr></table>");
    }
    html.push_str("</div>");
}
