//! Formulas of `mdx_math`, which become scripts.

use super::Builder;
use super::ends::find;
use super::hidden::Formula;
use super::scan::Scanner;
use crate::html::Escape;
use crate::markdown::tree::Id;

impl<'a> Scanner<'a, '_> {
    /// The formula at the start of `text`, and its length with its marks.
    pub(super) fn script_math(&mut self, text: &'a str) -> Option<(Formula<'a>, usize)> {
        let options = *self.options.script_math.as_ref()?;
        let at = self.ends.text.len() - text.len();
        let before = self.ends.text[..at].chars().next_back();
        if before == Some('\\') {
            return None;
        }
        if options.gitlab {
            return gitlab(text);
        }
        if text.starts_with("$$") {
            return dollars(text);
        }
        if text.starts_with('$') {
            return (options.dollar && before != Some('$'))
                .then(|| dollar(text))
                .flatten();
        }
        if text.starts_with("\\(") {
            return self.between(text, "\\)", false);
        }
        if text.starts_with("\\[") {
            return self.between(text, "\\]", true);
        }
        (!options.ascii).then(|| self.environment(text)).flatten()
    }

    /// A formula up to `close`, which may not be empty.
    fn between(
        &mut self,
        text: &'a str,
        close: &str,
        is_display: bool,
    ) -> Option<(Formula<'a>, usize)> {
        let all = self.ends.text;
        let start = all.len() - text.len() + 2;
        let least = start + all[start..].chars().next()?.len_utf8();
        let known = if is_display {
            &mut self.ends.square
        } else {
            &mut self.ends.formula
        };
        let end = known.at(least, |from| find(all, from, close))?;
        let text = &all[start..end];
        Some((Formula { text, is_display }, end - start + 4))
    }

    /// `\begin{x} .. \end{x}`.
    fn environment(&mut self, text: &'a str) -> Option<(Formula<'a>, usize)> {
        let (name, rest) = text.strip_prefix("\\begin{")?.split_once('}')?;
        let letters = name.strip_suffix('*').unwrap_or(name);
        let is_name = !letters.is_empty() && letters.bytes().all(|it| it.is_ascii_lowercase());
        if !is_name || !self.page.may_look(0, self.line) {
            return None;
        }
        let close = format!("\\end{{{name}}}");
        let first = rest.chars().next()?.len_utf8();
        let Some(end) = find(rest, first, &close) else {
            self.page.may_look(rest.len(), self.line);
            return None;
        };
        let length = text.len() - rest.len() + end + close.len();
        let formula = Formula {
            text: &text[..length],
            is_display: true,
        };
        Some((formula, length))
    }
}

impl<'a> Builder<'a, '_> {
    /// A formula of `mdx_math`.
    pub(super) fn script(&mut self, formula: Formula<'a>, written: &str) -> Id {
        let Some(options) = self.options.script_math else {
            return self.element("script");
        };
        let mode = if formula.is_display {
            "; mode=display"
        } else {
            ""
        };
        let script_type = format!("{}{mode}", options.script_type());
        if !options.preview {
            let script = self.element("script");
            self.tree.set(script, "type", script_type);
            self.tree.append_raw(script, formula.text);
            // It stands in a text, whatever its name.
            self.tree.nodes[script].is_block = false;
            return script;
        }
        let mut html = String::from("<span class=\"MathJax_Preview\">");
        Escape::TEXT.append(written, &mut html);
        html.push_str(&format!(
            "</span><script type=\"{script_type}\">{}</script>",
            formula.text
        ));
        let wrapper = self.element(if formula.is_display { "div" } else { "span" });
        self.tree.append_raw(wrapper, html);
        self.tree.nodes[wrapper].is_block = false;
        wrapper
    }
}

/// `` $`x`$ ``.
fn gitlab(text: &str) -> Option<(Formula<'_>, usize)> {
    let inner = text.strip_prefix("$`")?;
    let end = inner.find('`')?;
    let is_formula = end > 0 && inner[end..].starts_with("`$");
    let formula = Formula {
        text: &inner[..end],
        is_display: false,
    };
    is_formula.then_some((formula, end + 4))
}

/// `$$x$$`.
fn dollars(text: &str) -> Option<(Formula<'_>, usize)> {
    let inner = &text[2..];
    let end = inner.find('$')?;
    let is_formula = end > 0 && inner[end..].starts_with("$$");
    let formula = Formula {
        text: &inner[..end],
        is_display: true,
    };
    is_formula.then_some((formula, end + 4))
}

/// `$x$`.
fn dollar(text: &str) -> Option<(Formula<'_>, usize)> {
    let inner = &text[1..];
    let end = inner.find('$')?;
    // A formula of its own that begins there has been read before.
    let is_formula = end > 0 && dollars_at(&inner[end..]).is_none();
    let formula = Formula {
        text: &inner[..end],
        is_display: false,
    };
    is_formula.then_some((formula, end + 2))
}

fn dollars_at(text: &str) -> Option<(Formula<'_>, usize)> {
    text.starts_with("$$").then(|| dollars(text)).flatten()
}
