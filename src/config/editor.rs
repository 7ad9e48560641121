use std::str::FromStr;

use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Rule};
use crate::url::is_scheme;

/// What opens a file at a given line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Editor {
    /// An address that the browser follows, with the placeholders `{path}`,
    /// `{line}` and `{column}`.
    Address(String),
    /// A command and its arguments, with the same placeholders.
    Command(Vec<String>),
    /// The command in the environment variable `VISUAL` or `EDITOR`.
    Own,
}

/// Editors that register a URL scheme.
const NAMED: [(&str, &str); 7] = [
    ("vscode", "vscode://file{path}:{line}:{column}"),
    ("vscodium", "vscodium://file{path}:{line}:{column}"),
    ("cursor", "cursor://file{path}:{line}:{column}"),
    ("zed", "zed://file{path}:{line}:{column}"),
    (
        "jetbrains",
        "jetbrains://idea/navigate/reference?project={project}&path={relative}:{line}:{column}",
    ),
    ("idea", "idea://open?file={path}&line={line}"),
    (
        "textmate",
        "txmt://open?url=file://{path}&line={line}&column={column}",
    ),
];

/// Schemes that a browser opens itself instead of passing them on.
const BROWSER_SCHEMES: [&str; 9] = [
    "http",
    "https",
    "javascript",
    "data",
    "file",
    "blob",
    "about",
    "vbscript",
    "view-source",
];

/// Programs that take `path:line:column`.
const COLONS: [&str; 7] = ["subl", "zed", "hx", "helix", "micro", "lapce", "fresh"];

/// Programs that take it after `--goto`.
const GOTO: [&str; 5] = ["code", "code-insiders", "codium", "cursor", "windsurf"];

impl FromStr for Editor {
    type Err = String;

    /// Parses a name, an address with `://`, `$EDITOR`, or a command.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some((_, address)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(Self::Address((*address).to_owned()));
        }
        if matches!(text, "$EDITOR" | "$VISUAL") {
            return Ok(Self::Own);
        }
        match text.split_once("://") {
            Some((scheme, _)) if is_scheme(scheme) => {
                if BROWSER_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                    return Err(format!("`{scheme}://` does not open an editor"));
                }
                if !has_path(text) {
                    return Err("the address does not contain `{path}`".to_owned());
                }
                Ok(Self::Address(text.to_owned()))
            }
            _ => parse_command(text).map(Self::Command),
        }
    }
}

/// Whether a text has a placeholder for the path of the file.
fn has_path(text: &str) -> bool {
    text.contains("{path}") || text.contains("{relative}")
}

/// Programs that run the argument of `-c`, `-e` or the like as a script.
const INTERPRETERS: [&str; 24] = [
    "ash",
    "bash",
    "cmd",
    "csh",
    "dash",
    "fish",
    "ksh",
    "lua",
    "node",
    "nu",
    "osascript",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "ruby",
    "runuser",
    "script",
    "sh",
    "su",
    "tcsh",
    "zsh",
];

/// Programs that pass all their arguments to a remote shell.
const REMOTE: [&str; 2] = ["mosh", "ssh"];

/// The name of a program, without its folder.
fn program_name(word: &str) -> &str {
    let name = match word.rsplit_once(['/', '\\']) {
        Some((_folder, name)) => name,
        None => word,
    };
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Refuses a command in which a file name could become part of a script: names
/// may contain blanks, quotes and `$(..)`.
fn refuse_scripts(words: &[String]) -> Result<(), String> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_.,:=+/\\@%{}".contains(c);
    for (at, word) in words.iter().enumerate() {
        if !has_path(word) {
            continue;
        }
        if is_script_argument(&words[..at]) || !word.chars().all(is_plain) {
            return Err(format!(
                "`{word}` would make a file name part of a script: pass the name as a separate \
                 argument, as in `sh -c 'vim \"$1\"' sh {{path}}`"
            ));
        }
    }
    Ok(())
}

/// Whether the argument that follows these words is run as a script.
fn is_script_argument(before: &[String]) -> bool {
    let runs_any_of = |programs: &[&str]| {
        let mut words = before.iter();
        words.any(|word| programs.contains(&program_name(word)))
    };
    let flag = before
        .last()
        .and_then(|word| word.strip_prefix(['-', '/']))
        .filter(|flag| !flag.contains('/'))
        .unwrap_or("")
        .to_ascii_lowercase();
    let is_short = !flag.starts_with('-');
    let name = flag.trim_start_matches('-');
    let takes_script = is_short && flag.ends_with(['c', 'e', 'k', 'r'])
        || ["command", "execute", "run"].contains(&name);
    takes_script && runs_any_of(&INTERPRETERS) || name == "eval" || runs_any_of(&REMOTE)
}

/// The words of a command, without quotes. If no word contains the path, the
/// arguments that open a file are added.
fn parse_command(text: &str) -> Result<Vec<String>, String> {
    let mut words = split_words(text)?;
    let Some(program) = words.first() else {
        return Err("no editor is named".to_owned());
    };
    refuse_scripts(&words)?;
    if !words.iter().any(|word| has_path(word)) {
        let name = program_name(program);
        let arguments: &[&str] = if GOTO.contains(&name) {
            &["--goto", "{path}:{line}:{column}"]
        } else if COLONS.contains(&name) {
            &["{path}:{line}:{column}"]
        } else {
            &["+{line}", "{path}"]
        };
        words.extend(arguments.iter().map(|word| (*word).to_owned()));
    }
    Ok(words)
}

fn split_words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => word.get_or_insert_default().push(c),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            None => word.get_or_insert_default().push(c),
        }
    }
    if let Some(quote) = quote {
        return Err(format!("the closing {quote} is missing"));
    }
    words.extend(word);
    Ok(words)
}

/// `[server] editor`. Commands are refused: a project written by somebody else
/// must not choose what runs on this machine.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Editor> {
    let server = reader.get("server")?;
    if server.entries().is_none() {
        reader.wrong("server", server, "a table");
        return None;
    }
    reader.check_keys(server, &["editor"], " of `server`");
    let node = server.get("editor").filter(|node| !node.is_null())?;
    let text = reader.text_of("server.editor", node)?;
    match text.parse() {
        Ok(Editor::Command(_)) => {
            let names = NAMED.iter().map(|(name, _)| *name);
            let near = reader.suggestions.suggest(&text, names);
            let message = "`server.editor` is a command, which only `--editor` may be";
            let error = Diagnostic::new(Rule::BadValue, message).at(node.span());
            reader.diagnostics.push(match near {
                Some(near) => error.did_you_mean(&text, &near),
                None => error.help(
                    "give the name of an editor such as `vscode`, an address such as \
                     `vscode://file{path}:{line}`, or `$EDITOR`; pass a command with `--editor`",
                ),
            });
            None
        }
        Ok(editor) => Some(editor),
        Err(why) => {
            let message = format!("`server.editor` cannot be used: {why}");
            reader.refuse(node, message, "use a name such as `vscode`");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Editor;

    #[test]
    fn reads_names_addresses_and_commands() {
        let command = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned());
            Ok(Editor::Command(words.collect()))
        };
        let address = |text: &str| Ok(Editor::Address(text.to_owned()));
        for (text, editor) in [
            ("vscode", address("vscode://file{path}:{line}:{column}")),
            (
                "my-editor://open?f={path}",
                address("my-editor://open?f={path}"),
            ),
            ("$EDITOR", Ok(Editor::Own)),
            ("vim", command(&["vim", "+{line}", "{path}"])),
            (
                "/usr/bin/code -n",
                command(&["/usr/bin/code", "-n", "--goto", "{path}:{line}:{column}"]),
            ),
            ("hx", command(&["hx", "{path}:{line}:{column}"])),
            (
                "'my editor' --at={line} \"{path}\"",
                command(&["my editor", "--at={line}", "{path}"]),
            ),
            ("a ''", command(&["a", "", "+{line}", "{path}"])),
            ("", Err("no editor is named".to_owned())),
            ("vim 'a", Err("the closing ' is missing".to_owned())),
            (
                "javascript://%0aalert(1){path}",
                Err("`javascript://` does not open an editor".to_owned()),
            ),
            (
                "HTTP://evil.example/{path}",
                Err("`HTTP://` does not open an editor".to_owned()),
            ),
            (
                "vscode://file",
                Err("the address does not contain `{path}`".to_owned()),
            ),
        ] {
            assert_eq!(text.parse::<Editor>(), editor, "{text}");
        }
    }

    #[test]
    fn no_name_becomes_a_part_of_a_script() {
        for text in [
            "sh -c 'vim {path}'",
            "sh -c \"vim '{path}'\"",
            "sh -c {path}",
            "/bin/bash -lc {relative}",
            "env sh -ec {path}",
            "xterm -e 'vim {path}'",
            "emacsclient --eval '(find-file \"{path}\")'",
            "cmd /c {path}",
            "pwsh -Command {path}",
            "sh -c vim;{path}",
            "sh -c $({relative})",
            "python3 -c {path}",
            "su me -c {path}",
            "ssh host vim {path}",
            "emacsclient --eval {path}",
        ] {
            let error = text.parse::<Editor>().expect_err(text);
            assert!(error.contains("part of a script"), "{text}: {error}");
        }
        for text in [
            "sh -c 'vim \"$1\"' sh {path}",
            "sh open.sh {line} {path}",
            "vim +{line} {path}",
            "edit --at={path}:{line}",
            "edit --in {relative}",
            "emacsclient -c {path}",
            "open -e {path}",
            "sh /opt/code {path}",
        ] {
            let Ok(Editor::Command(words)) = text.parse() else {
                panic!("{text} is a command");
            };
            let placeholders = words.iter().filter(|word| word.contains('{'));
            assert!(placeholders.count() <= 2, "{words:?}");
        }
    }
}
