//! Fences of `math` as `mdx_math` reads them with GitLab's delimiters.

use super::stash::{Stash, Stashed};
use crate::markdown::options::ScriptMath;
use crate::markdown::source::lines::{Line, TextArena, join};

/// Replaces the fences of `math` by scripts.
pub fn extract<'a>(
    lines: Vec<Line<'a>>,
    options: ScriptMath,
    stash: &mut Stash<'a>,
    texts: &'a TextArena,
) -> Vec<Line<'a>> {
    let mut output: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut open: Option<usize> = None;
    for line in lines {
        let text = line.text.trim();
        match open {
            None if text == "```math" => open = Some(output.len()),
            Some(start) if text == "```" => {
                let formula = join(&output[start + 1..]);
                let html = format!(
                    "<script type=\"{}; mode=display\">\n{formula}\n</script>\n",
                    options.script_type()
                );
                let placeholder = stash.push(Stashed::Html(html));
                let first = output[start];
                output.truncate(start);
                output.push(first.with(texts.alloc(placeholder)));
                open = None;
                continue;
            }
            _ => {}
        }
        output.push(line);
    }
    output
}
