//! Code in colours: syntect's scopes as Pygments' short classes, for which
//! existing sites have style sheets.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::sessions::{self, SessionLine};
use crate::html::Escape;

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

/// Pygments' names for languages that syntect calls differently, with
/// syntect's name.
const NAMES: [(&str, &str); 34] = [
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
    ("js", "JavaScript"),
    ("node", "JavaScript"),
    ("jsx", "JavaScript"),
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
    let lower = language.to_ascii_lowercase();
    let index = TITLES
        .binary_search_by(|(name, _)| (*name).cmp(lower.as_str()))
        .ok()?;
    Some(TITLES[index].1)
}

/// The name of a language in classes: as written, or `text` if Pygments does
/// not know it.
pub fn class_name(language: &str) -> &str {
    if title(language).is_some() {
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
            SessionLine::Said(_) => None,
        });
        let text = typed.collect::<Vec<_>>().join("\n");
        let mut coloured = highlight_lines(syntax, &text).into_iter();
        lines.extend(run.iter().map(|line| match line {
            SessionLine::Typed { prompt, .. } => {
                let rest = coloured.next().unwrap_or_default();
                in_class("gp", prompt) + &rest
            }
            SessionLine::Said(text) => in_class("go", text),
        }));
    }
    lines
}

/// A text in a class; nothing around what has no signs.
fn in_class(class: &str, text: &str) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let mut html = format!("<span class=\"{class}\">");
    Escape::TEXT.append(text, &mut html);
    html + "</span>"
}

fn highlight_lines(syntax: &SyntaxReference, text: &str) -> Vec<String> {
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
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
            append_span(&line[at..end], class(&stack), &mut open, &mut html);
            at = end;
            // A grammar that leaves the stack inconsistent only costs colours.
            let _ = stack.apply(&operation);
        }
        append_span(&line[at..], class(&stack), &mut open, &mut html);
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

/// Scopes and the class of text in them; the first match wins.
const CLASSES: [(&str, &str); 66] = [
    ("comment.block.documentation", "sd"),
    ("comment.block", "cm"),
    ("comment.line", "c1"),
    ("comment", "c"),
    ("string.regexp", "sr"),
    ("string.quoted.single", "s1"),
    ("string.quoted.double", "s2"),
    ("string.quoted.triple", "sd"),
    ("string.interpolated", "sb"),
    ("string.unquoted", "l"),
    ("string", "s"),
    ("constant.character.escape", "se"),
    ("constant.character", "sc"),
    ("constant.numeric.float", "mf"),
    ("constant.numeric.hex", "mh"),
    ("constant.numeric", "mi"),
    ("constant.language", "kc"),
    ("constant.other.placeholder", "si"),
    ("constant", "no"),
    ("invalid", "err"),
    ("keyword.operator.word", "ow"),
    ("keyword.operator", "o"),
    ("keyword.control.import", "kn"),
    ("keyword.other.unit", "kt"),
    ("keyword.declaration", "kd"),
    ("keyword", "k"),
    ("storage.type.function", "k"),
    ("storage.type.class", "k"),
    ("storage.type.numeric", "mi"),
    ("storage.type", "kt"),
    ("storage.modifier", "kd"),
    ("storage", "kd"),
    ("entity.name.function.decorator", "nd"),
    ("entity.name.function", "nf"),
    ("entity.name.class", "nc"),
    ("entity.name.type", "nc"),
    ("entity.name.struct", "nc"),
    ("entity.name.namespace", "nn"),
    ("entity.name.module", "nn"),
    ("entity.name.tag", "nt"),
    ("entity.name.label", "nl"),
    ("entity.name.constant", "no"),
    ("entity.name.section", "gh"),
    ("entity.name", "n"),
    ("entity.other.attribute-name", "na"),
    ("entity.other.inherited-class", "nc"),
    ("support.function", "nb"),
    ("support.type.property-name", "nt"),
    ("support.type", "nb"),
    ("support.class", "nc"),
    ("support.constant", "no"),
    ("support", "nb"),
    ("variable.language", "bp"),
    ("variable.function", "nf"),
    ("variable.annotation", "nd"),
    ("variable.parameter", "n"),
    ("variable.other.readwrite", "nv"),
    ("variable.other", "n"),
    ("variable", "nv"),
    ("markup.heading", "gh"),
    ("markup.bold", "gs"),
    ("markup.italic", "ge"),
    ("markup.inserted", "gi"),
    ("markup.deleted", "gd"),
    ("meta.diff.range", "gu"),
    ("punctuation", "p"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    let scopes = CLASSES.iter().map(|(scope, class)| {
        let scope = Scope::new(scope).expect("the scopes of the table are valid");
        (scope, *class)
    });
    scopes.collect()
});

/// The class of text in a stack of scopes. Punctuation that opens or closes
/// a string or a comment gets the class of that.
fn class(stack: &ScopeStack) -> Option<&'static str> {
    let class_of = |scope: &Scope| {
        SCOPES
            .iter()
            .find(|(prefix, _)| prefix.is_prefix_of(*scope))
            .map(|(_, class)| *class)
    };
    let mut classes = stack.scopes.iter().rev().filter_map(class_of);
    let innermost = classes.next()?;
    if innermost != "p" {
        return Some(innermost);
    }
    let is_text = |class: &&str| {
        class.starts_with('s') || class.starts_with('c') || matches!(*class, "nd" | "gh")
    };
    classes.next().filter(is_text).or(Some(innermost))
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
                "<span class=\"kd\">def</span> <span class=\"nf\">f</span><span class=\"p\">(</span><span class=\"n\">x</span><span class=\"p\">):</span>",
                "    <span class=\"k\">return</span> <span class=\"s1\">'a'</span> <span class=\"c1\"># &lt;b&gt;</span>",
            ]
        );
        assert_eq!(highlight("no-such-language", "x"), None);
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
