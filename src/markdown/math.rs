//! Formulas: `$x$`, `\(x\)` and blocks of them, as arithmatex writes them.
//! Nothing is typeset here; a script in the page does that.

use super::options::Options;
use super::render::{escape_around_entities, escape_text};

/// The element for a formula in a line, and what it holds.
pub fn inline(formula: &str, options: &Options) -> (&'static str, String) {
    let mut html = String::new();
    match &options.arithmatex {
        Some(options) if options.generic => {
            let (open, close) = &options.inline_wrap;
            escape_around_entities(&format!("{open}{formula}{close}"), &mut html);
        }
        _ => {
            html.push_str("<span class=\"MathJax_Preview\">");
            escape_text(formula, &mut html);
            html.push_str("</span><script type=\"math/tex\">");
            html.push_str(&formula.replace("</", "<\\/"));
            html.push_str("</script>");
        }
    }
    ("span", html)
}

/// What the block `text` holds, if it is a formula.
pub fn block(text: &str, options: &Options) -> Option<String> {
    let options = options.arithmatex.as_ref()?;
    let text = text.trim_end_matches(' ');
    let between = |open: &str, close: &str| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        let is_plain = !inner.is_empty() && !inner.contains(close) && !inner.ends_with('\\');
        is_plain.then_some(inner)
    };
    let formula = between("$$", "$$")
        .or_else(|| between("\\[", "\\]"))
        .or_else(|| environment(text))?;
    let mut html = String::new();
    match options.generic {
        true => {
            let (open, close) = &options.block_wrap;
            escape_around_entities(&format!("{open}{formula}{close}"), &mut html);
        }
        false => {
            html.push_str("<script type=\"math/tex; mode=display\">");
            html.push_str(&formula.replace("</", "<\\/"));
            html.push_str("</script>");
        }
    }
    Some(html)
}

/// `\begin{x} ... \end{x}`.
fn environment(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("\\begin{")?.split_once('}')?;
    let letters = name.strip_suffix('*').unwrap_or(name);
    let is_name = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_name && text.ends_with(&format!("\\end{{{name}}}"))).then_some(text)
}
