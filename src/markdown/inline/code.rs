//! Code spans, which may name a language.

use super::Builder;
use crate::html::Escape;
use crate::markdown::code::highlight::{class_name, highlight};
use crate::markdown::options::{FenceFormat, InlineHighlight};
use crate::markdown::tree::Id;

impl Builder<'_, '_> {
    /// A code span.
    pub(super) fn code(&mut self, literal: &str) -> Id {
        let text = self.restored(literal);
        let options = self.options;
        match &options.inlinehilite {
            Some(inline) => self.highlighted(text, inline),
            None => {
                let id = self.element("code");
                let mut html = String::new();
                Escape::TEXT.append(text.trim(), &mut html);
                self.tree.append_raw(id, html);
                id
            }
        }
    }

    fn highlighted(&mut self, text: &str, inline: &InlineHighlight) -> Id {
        let (language, code) = code_language(text).unwrap_or(("", text));
        let code = code.trim();
        let custom = inline
            .custom
            .iter()
            .rfind(|custom| custom.name == language || custom.name == "*");
        if let Some(custom) = custom
            && let FenceFormat::Math { generic, .. } = custom.format
        {
            return self.inline_math(code, &custom.class, generic);
        }
        let id = self.element("code");
        let mut html = String::new();
        let highlights = !language.is_empty() || inline.plain;
        if !highlights {
            Escape::TEXT.append(code, &mut html);
            self.tree.append_raw(id, html);
            return id;
        }
        let options = &self.options.highlight;
        let language = match language {
            "" => inline.default_language.as_str(),
            language => language,
        };
        let class = match inline.class.as_str() {
            "" => options.class.as_str(),
            class => class,
        };
        let mut classes = Vec::new();
        if options.colours && options.language_class {
            classes.push(format!(
                "{}{}",
                options.language_prefix,
                class_name(language, options.grammar(language))
            ));
        } else if !options.colours && !language.is_empty() {
            classes.push(format!("{}{language}", options.language_prefix));
        }
        if !class.is_empty() {
            classes.push(class.to_owned());
        }
        if !classes.is_empty() {
            self.tree.set(id, "class", classes.join(" "));
        }
        let coloured = if options.colours {
            highlight(options.grammar(language), code)
        } else {
            None
        };
        match coloured {
            // The lines of a span are joined.
            Some(lines) => html.extend(lines.iter().map(|line| line.trim())),
            None if options.colours => {
                let lines: Vec<&str> = code.split('\n').map(str::trim).collect();
                Escape::TEXT.append(&lines.concat(), &mut html);
            }
            None => Escape::TEXT.append(code, &mut html),
        }
        self.tree.append_raw(id, html);
        id
    }

    fn inline_math(&mut self, formula: &str, class: &str, generic: bool) -> Id {
        let id = self.element("span");
        let mut html = String::new();
        if generic {
            self.tree.set(id, "class", class.to_owned());
            Escape::TEXT.append(&format!("\\({formula}\\)"), &mut html);
        } else {
            self.tree.set(id, "class", "arithmatex");
            html.push_str("<script type=\"math/tex\">");
            html.push_str(&formula.replace("</", "<\\/"));
            html.push_str("</script>");
        }
        self.tree.append_raw(id, html);
        id
    }
}

/// Splits `#!language code` or `:::language code` into language and code.
fn code_language(text: &str) -> Option<(&str, &str)> {
    let rest = match text.strip_prefix("#!") {
        Some(rest) => rest,
        None => text.strip_prefix(":::")?.trim_start_matches(':'),
    };
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '#' | '.' | '+' | '-');
    let (language, code) = rest.split_at(rest.find(|it| !is_part(it))?);
    let code = code.trim_start();
    (code.len() < rest.len() - language.len()).then_some((language, code))
}
