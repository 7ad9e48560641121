//! Code in colours: syntect's scopes as Pygments' short classes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

use super::classes::Colours;
use super::sessions::{self, SessionLine};
use crate::html::Escape;
use crate::markdown::options::PHP_WITHOUT_TAG;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Highlighted lines by language and text.
type Cache = HashMap<(String, String), Arc<[String]>>;

/// Blocks that were highlighted before. The same language and text give the
/// same HTML on any page.
static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);

/// How many blocks are cached.
const CACHED: usize = 4096;

/// The longest line that is highlighted, in bytes. Longer ones are not written
/// by hand, and grammars may take long for them.
pub const LONGEST: usize = 10_000;

/// The grammar for all JavaScript. syntect never comes to an end with the other one
/// (`JavaScript`) where a comment follows an expression: `x = 1 /* a */`.
const BABEL: &str = "JavaScript (Babel)";

/// Pygments' names for languages that syntect calls differently, with
/// syntect's name.
const NAMES: [(&str, &str); 53] = [
    ("console", "Bourne Again Shell (bash)"),
    ("shell-session", "Bourne Again Shell (bash)"),
    ("sh-session", "Bourne Again Shell (bash)"),
    ("shell", "Bourne Again Shell (bash)"),
    ("zsh", "Bourne Again Shell (bash)"),
    ("ksh", "Bourne Again Shell (bash)"),
    ("pycon", "Python"),
    ("python3", "Python"),
    ("py3", "Python"),
    ("ipython", "Python"),
    ("pwsh", "PowerShell"),
    ("posh", "PowerShell"),
    ("ps1", "PowerShell"),
    ("docker", "Dockerfile"),
    ("jinja", "Jinja2"),
    ("html+jinja", "Jinja2"),
    ("jsonc", "JSON"),
    ("json5", "JSON"),
    ("js", BABEL),
    ("javascript", BABEL),
    ("node", BABEL),
    ("jsx", BABEL),
    ("react", BABEL),
    ("ts", "TypeScript"),
    ("golang", "Go"),
    ("csharp", "C#"),
    ("c#", "C#"),
    ("cpp", "C++"),
    ("c++", "C++"),
    ("objective-c", "Objective-C"),
    ("md", "Markdown"),
    ("rst", "reStructuredText"),
    ("tex", "LaTeX"),
    ("latex", "LaTeX"),
    ("rs", "Rust"),
    ("udiff", "Diff"),
    ("php", "PHP"),
    (PHP_WITHOUT_TAG, "PHP Source"),
    ("fortran", "Fortran (Modern)"),
    ("f90", "Fortran (Modern)"),
    ("fsharp", "F#"),
    ("f#", "F#"),
    ("common-lisp", "Lisp"),
    ("elisp", "Lisp"),
    ("emacs-lisp", "Lisp"),
    ("scheme", "Lisp"),
    ("coffeescript", "CoffeeScript"),
    ("coffee-script", "CoffeeScript"),
    ("batch", "Batch File"),
    ("hcl", "Terraform"),
    ("gradle", "Groovy"),
    ("obj-c", "Objective-C"),
    ("vue", "Vue Component"),
];

/// Names that mean plain text.
const PLAIN: [&str; 5] = ["", "text", "plain", "txt", "output"];

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let named = NAMES.iter().find(|(name, _)| *name == language);
    let named = named.and_then(|(_, name)| SYNTAXES.find_syntax_by_name(name));
    named.or_else(|| SYNTAXES.find_syntax_by_token(language))
}

/// The languages that Pygments knows: each of their names, sorted, with a tab
/// and the title.
const PYGMENTS: &str = include_str!("languages.txt");

/// The names and titles of [`PYGMENTS`].
static TITLES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = PYGMENTS.lines();
    lines
        .map(|line| line.split_once('\t').expect("each line has a tab"))
        .collect()
});

/// Pygments' title of a language.
fn title(language: &str) -> Option<&'static str> {
    let (name, _) = language.split_once(' ').unwrap_or((language, ""));
    let lower = name.to_ascii_lowercase();
    let index = TITLES
        .binary_search_by(|(name, _)| (*name).cmp(lower.as_str()))
        .ok()?;
    Some(TITLES[index].1)
}

/// The name of a language in classes: as written, or `text` if Pygments does not know its
/// grammar.
pub fn class_name<'t>(language: &'t str, grammar: &str) -> &'t str {
    if title(grammar).is_some() {
        language
    } else {
        "text"
    }
}

/// The name of a language in titles.
pub fn lexer_name(language: &str) -> &'static str {
    title(language).unwrap_or("Text Only")
}

/// Whether code of this language can be highlighted or is plain text.
pub fn is_known(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    PLAIN.contains(&language.as_str()) || syntax(&language).is_some()
}

/// Whether code of this language gets colours.
pub fn has_colours(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    !PLAIN.contains(&language.as_str()) && syntax(&language).is_some()
}

/// The lines of `text` as HTML without line breaks. `None` if the language is
/// plain text or not known.
pub fn highlight(language: &str, text: &str) -> Option<Arc<[String]>> {
    let language = language.to_ascii_lowercase();
    if PLAIN.contains(&language.as_str()) {
        return None;
    }
    let key = (language, text.to_owned());
    if let Some(lines) = CACHE.lock().get(&key) {
        return Some(lines.clone());
    }
    let syntax = syntax(&key.0)?;
    let lines = match sessions::lines(&key.0, text) {
        Some(session) => highlight_session(syntax, &session),
        None => highlight_lines(syntax, text),
    };
    let lines: Arc<[String]> = lines.into();
    let mut cache = CACHE.lock();
    if cache.len() >= CACHED {
        cache.clear();
    }
    cache.insert(key, lines.clone());
    Some(lines)
}

/// A session, in which only what was typed is in the language.
fn highlight_session(syntax: &SyntaxReference, session: &[SessionLine<'_>]) -> Vec<String> {
    let is_typed = |line: &SessionLine<'_>| matches!(line, SessionLine::Typed { .. });
    let mut lines = Vec::new();
    for run in session.chunk_by(|a, b| is_typed(a) == is_typed(b)) {
        let typed = run.iter().filter_map(|line| match line {
            SessionLine::Typed { text, .. } => Some(*text),
            SessionLine::Said(_) | SessionLine::Traceback(_) => None,
        });
        let text = typed.collect::<Vec<_>>().join("\n");
        let mut coloured = highlight_lines(syntax, &text).into_iter();
        lines.extend(run.iter().map(|line| match line {
            SessionLine::Typed { prompt, .. } => {
                let rest = coloured.next().unwrap_or_default();
                in_class("gp", prompt) + &rest
            }
            SessionLine::Said(text) => in_class("go", text),
            SessionLine::Traceback(parts) => {
                let parts = parts.iter().map(|(class, text)| in_class(class, text));
                parts.collect()
            }
        }));
    }
    lines
}

/// A text in a class, if there is one; nothing around what has no signs.
fn in_class(class: &str, text: &str) -> String {
    let mut html = String::new();
    let is_plain = class.is_empty() || text.trim().is_empty();
    if !is_plain {
        html.push_str(&format!("<span class=\"{class}\">"));
    }
    Escape::TEXT.append(text, &mut html);
    if !is_plain {
        html.push_str("</span>");
    }
    html
}

fn highlight_lines(syntax: &SyntaxReference, text: &str) -> Vec<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut colours = Colours::default();
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut html = String::with_capacity(line.len() * 2);
        let with_break = format!("{line}\n");
        let operations = if line.len() > LONGEST {
            Vec::new()
        } else {
            // Where a grammar fails, the line is shown without colours.
            state.parse_line(&with_break, &SYNTAXES).unwrap_or_default()
        };
        let mut at = 0;
        let mut open: Option<&'static str> = None;
        for (end, operation) in operations {
            let end = end.min(line.len()).max(at);
            colours.divide(line, at..end, &stack, |text, class| {
                append_span(text, class, &mut open, &mut html);
            });
            at = end;
            // A grammar that leaves the stack inconsistent only costs colours.
            let _ = stack.apply(&operation);
        }
        colours.divide(line, at..line.len(), &stack, |text, class| {
            append_span(text, class, &mut open, &mut html);
        });
        close_span(&mut open, &mut html);
        lines.push(html);
    }
    lines
}

/// Appends a piece of a line. Consecutive pieces of one class share a span, and
/// white space at the end of a span is put after it.
fn append_span(
    text: &str,
    class: Option<&'static str>,
    open: &mut Option<&'static str>,
    html: &mut String,
) {
    if text.trim().is_empty() {
        html.push_str(text);
        return;
    }
    if class != *open {
        close_span(open, html);
        if let Some(class) = class {
            html.push_str(&format!("<span class=\"{class}\">"));
        }
        *open = class;
    }
    Escape::TEXT.append(text, html);
}

fn close_span(open: &mut Option<&'static str>, html: &mut String) {
    if open.take().is_some() {
        let end = html.trim_end().len();
        html.insert_str(end, "</span>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_as_pygments_names_them() {
        let lines = highlight("python", "def f(x):\n    return 'a' # <b>").expect("a language");
        assert_eq!(
            &*lines,
            [
                "<span class=\"k\">def</span> <span class=\"nf\">f</span><span class=\"p\">(</span><span class=\"n\">x</span><span class=\"p\">):</span>",
                "    <span class=\"k\">return</span> <span class=\"s1\">'a'</span> <span class=\"c1\"># &lt;b&gt;</span>",
            ]
        );
        assert_eq!(highlight("no-such-language", "x"), None);
    }

    #[test]
    fn comments_behind_expressions_of_javascript_end() {
        for language in ["js", "javascript", "JS", "node", "jsx", "ts"] {
            let lines = highlight(language, "x = 1 /* a */").expect("a language");
            assert!(
                lines[0].ends_with("<span class=\"cm\">/* a */</span>"),
                "{}",
                lines[0]
            );
        }
    }

    #[test]
    fn only_what_was_typed_in_a_session_is_in_its_language() {
        let lines = highlight("console", "$ echo 'a'\n\nServing <b>\n$ ls").expect("a language");
        assert!(
            lines[0].starts_with("<span class=\"gp\">$ </span><span"),
            "{}",
            lines[0]
        );
        assert_eq!(lines[1], "");
        assert_eq!(lines[2], "<span class=\"go\">Serving &lt;b&gt;</span>");
        assert!(
            lines[3].starts_with("<span class=\"gp\">$ </span>"),
            "{}",
            lines[3]
        );
    }

    #[test]
    fn languages_that_documentation_uses() {
        for language in [
            "bash",
            "powershell",
            "console",
            "yaml",
            "toml",
            "json",
            "rust",
            "go",
            "html",
            "css",
            "ini",
            "diff",
            "sql",
            "dockerfile",
            "js",
            "typescript",
            "java",
            "c",
            "cpp",
            "xml",
            "md",
            "nginx",
            "make",
            "kotlin",
            "swift",
            "ruby",
            "php",
            "lua",
            "r",
            "jinja",
        ] {
            let names: Vec<_> = SYNTAXES
                .syntaxes()
                .iter()
                .map(|syntax| &syntax.name)
                .collect();
            assert!(is_known(language), "{language} of {names:?}");
        }
    }
}
