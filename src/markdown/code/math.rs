//! Formulas: `$x$`, `\(x\)` and blocks, in the shape that arithmatex gives
//! them. They are typeset by a script in the page.

use crate::html::Escape;
use crate::markdown::options::{BlockMath, MarkdownOptions};
use crate::markdown::source::lines::{Line, join};
use crate::work::step;

/// The element for a formula inside a line, and its content.
pub fn inline<'o>(formula: &str, options: &'o MarkdownOptions) -> (&'o str, String) {
    let mut html = String::new();
    let Some(options) = &options.arithmatex else {
        return ("span", html);
    };
    if options.generic {
        let (open, close) = &options.inline_wrap;
        Escape::TEXT_WITH_ENTITIES.append(&format!("{open}{formula}{close}"), &mut html);
    } else {
        if options.preview {
            html.push_str("<span class=\"MathJax_Preview\">");
            Escape::QUOTED.append(formula, &mut html);
            html.push_str("</span>");
        }
        html.push_str("<script type=\"math/tex\">");
        Escape::QUOTED.append(formula, &mut html);
        html.push_str("</script>");
    }
    (&options.inline_tag, html)
}

/// The text of a block that may be a formula: its closing mark is at the end of
/// the block and nowhere before.
pub fn text(block: &[Line], syntax: BlockMath) -> Option<String> {
    let (first, last) = (block.first()?.text, block.last()?.text);
    let last = last.trim_end_matches(' ');
    let marks = [(syntax.dollar, "$$", "$$"), (syntax.square, "\\[", "\\]")];
    let mut marks = marks.into_iter().filter(|it| it.0);
    let Some((_, open, close)) = marks.find(|it| first.starts_with(it.1)) else {
        return (syntax.begin && is_environment(first, last)).then(|| join(block));
    };
    let before = last.strip_suffix(close)?;
    if before.ends_with('\\') {
        return None;
    }
    for (nth, line) in block.iter().enumerate() {
        step(1);
        let is_last = nth + 1 == block.len();
        let mut text = if is_last { before } else { line.text };
        if nth == 0 {
            // In a single line, the marks may be one and the same.
            text = match text.get(open.len()..) {
                Some(text) => text,
                None if is_last => return None,
                None => continue,
            };
        }
        if text.contains(close) {
            return None;
        }
    }
    Some(join(block))
}

/// The content of the element for the block `text`, if that is a formula.
pub fn block(text: &str, options: &MarkdownOptions) -> Option<String> {
    let options = options.arithmatex.as_ref()?;
    let text = text.trim_end_matches(' ');
    let between = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        let is_plain = !inner.is_empty() && !inner.contains(close) && !inner.ends_with('\\');
        is_plain.then_some(inner)
    };
    let syntax = options.block_syntax;
    let dollar = || syntax.dollar.then(|| between("$$", "$$")).flatten();
    let square = || syntax.square.then(|| between("\\[", "\\]")).flatten();
    let environment = || (syntax.begin && is_environment(text, text)).then_some(text);
    let formula = dollar().or_else(square).or_else(environment)?;
    let mut html = String::new();
    if options.generic {
        let (open, close) = &options.block_wrap;
        Escape::TEXT_WITH_ENTITIES.append(&format!("{open}{formula}{close}"), &mut html);
    } else {
        if options.preview {
            html.push_str("<div class=\"MathJax_Preview\">");
            Escape::QUOTED.append(formula, &mut html);
            html.push_str("</div>");
        }
        html.push_str("<script type=\"math/tex; mode=display\">");
        Escape::QUOTED.append(formula, &mut html);
        html.push_str("</script>");
    }
    Some(html)
}

/// Whether a text with this first and last line is `\begin{x} ... \end{x}`.
fn is_environment(first: &str, last: &str) -> bool {
    let name = first.strip_prefix("\\begin{");
    let Some((name, _)) = name.and_then(|name| name.split_once('}')) else {
        return false;
    };
    let letters = name.strip_suffix('*').unwrap_or(name);
    let is_name = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    is_name && last.ends_with(&format!("\\end{{{name}}}"))
}
