//! Requests for the documentation of objects in code (`::: package.object`), which
//! only the plugin mkdocstrings can answer.

use super::block_lines::Rule;
use super::{Parser, Queue, put_back};
use crate::diagnostic::{self, Diagnostic, missing_plugin};
use crate::html::Escape;
use crate::markdown::source::lines::{TAB, detab, join};
use crate::markdown::tree::Id;

const PLUGIN: &str = "mkdocstrings";

/// The object that a line such as `## ::: package.object` names.
fn object(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches('#');
    let level = line.len() - bare.len();
    let bare = match level {
        0 => bare,
        1..=6 => bare.trim_start_matches(' '),
        _ => return None,
    };
    let name = bare.strip_prefix(":::")?;
    let name = name.trim();
    (!name.is_empty() && !name.starts_with(':')).then_some(name)
}

impl<'a> Parser<'a, '_> {
    /// Counts requests. While people write, a box shows that something is missing
    /// there; otherwise they stay as written.
    pub(super) fn api_object(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.api_objects {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        let found = block.find(Rule::ApiObject, |lines, at| object(lines[at].text));
        let Some((at, name)) = found else {
            return false;
        };
        if !self.options.sources {
            // The text is read on as if there were no such plugin.
            block.refuse(Rule::ApiObject);
            let block = *block;
            for line in &block[at..] {
                if let Some(name) = object(line.text) {
                    self.report_object(name, line.source);
                }
            }
            return false;
        }
        let block = *block;
        queue.pop_front();
        if at > 0 {
            self.parse_block(parent, block.before(at));
        }
        self.report_object(name, block[at].source);
        let mut after = block.from(at + 1);
        // Its options may follow in a block of their own.
        if after.is_empty()
            && let Some(next) = queue.pop_front_if(|next| next[0].is_indented(TAB))
        {
            after = next;
        }
        let (options, rest) = detab(&after, TAB);
        self.place_box(parent, name, &join(&options), block[at].source);
        put_back(queue, after.from(rest));
        true
    }

    fn report_object(&mut self, name: &str, line: u32) {
        let message = format!("the documentation of `{name}` is missing");
        let fault = Diagnostic::new(diagnostic::Rule::UnsupportedPlugin, message)
            .help("the plugin `mkdocstrings` is Python, which proofroom does not run")
            .caused_by(missing_plugin(PLUGIN));
        self.diagnostics.push(fault.at(self.page.span(line, name)));
    }

    fn place_box(&mut self, parent: Id, name: &str, options: &str, line: u32) {
        let escape = |text: &str| Escape::ANYWHERE.apply(text);
        let id = self.tree.append(parent, "div", line);
        self.tree.set(id, "class", "admonition warning");
        let mut html = format!(
            "<p class=\"admonition-title\">The documentation of <code>{}</code> is missing</p>\
             <p>The plugin mkdocstrings is Python, which proofroom does not run.</p>",
            escape(name)
        );
        let options = options.trim_end();
        if !options.is_empty() {
            html.push_str(&format!("<pre>{}</pre>", escape(options)));
        }
        self.tree.append_raw(id, html);
    }
}

#[cfg(test)]
mod tests {
    use super::object;

    #[test]
    fn lines_that_name_objects() {
        assert_eq!(object("::: a.b.C  "), Some("a.b.C"));
        assert_eq!(object(":::a"), Some("a"));
        assert_eq!(object("## ::: a"), Some("a"));
        assert_eq!(object("##::: a"), Some("a"));
        for line in [
            ":::",
            "    ::: a",
            "####### ::: a",
            ":: a",
            "text ::: a",
            ":::: a",
        ] {
            assert_eq!(object(line), None, "{line}");
        }
    }
}
