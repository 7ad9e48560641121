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

/// The text of a block that may be a formula: it begins with a mark, and ends with the
/// one that closes it.
pub fn text(block: &[Line], syntax: BlockMath) -> Option<String> {
    let (first, last) = (block.first()?.text, block.last()?.text);
    let last = last.trim_end_matches(' ');
    let marks = [(syntax.dollar, "$$", "$$"), (syntax.square, "\\[", "\\]")];
    let mut marks = marks.into_iter().filter(|it| it.0);
    let may_be = match marks.find(|it| first.starts_with(it.1)) {
        Some((_, _, close)) => last.ends_with(close),
        None => syntax.begin && is_environment(first, last),
    };
    step(block.len());
    may_be.then(|| join(block))
}

/// The content of the element for the block `text`, if that is a formula.
pub fn block(text: &str, options: &MarkdownOptions) -> Option<String> {
    let options = options.arithmatex.as_ref()?;
    let text = text.trim_end_matches(' ');
    let between = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.is_empty() && !ends_in_escape(inner)).then_some(inner)
    };
    let syntax = options.block_syntax;
    // A formula between dollars may have more of them in it, as in the reference.
    let dollar = || syntax.dollar.then(|| between("$$", "$$")).flatten();
    let square = || {
        let inner = syntax.square.then(|| between("\\[", "\\]")).flatten()?;
        let mut closes = inner.match_indices("\\]");
        let is_closed_before = closes.any(|(at, _)| !ends_in_escape(&inner[..at]));
        (!is_closed_before).then_some(inner)
    };
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

/// Whether a text ends with a backslash that escapes what follows it.
fn ends_in_escape(text: &str) -> bool {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    backslashes % 2 == 1
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
