use std::str::FromStr;

use super::settings::Reader;
use crate::diagnostic::{Diagnostic, Rule};

/// What opens a file at its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Editor {
    /// An address that the browser follows, with `{path}`, `{line}` and
    /// `{column}` in it.
    Address(String),
    /// A command and its arguments, with the same marks in them.
    Command(Vec<String>),
    /// The command that the variables `VISUAL` and `EDITOR` name.
    Own,
}

/// Editors with an address of their own.
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

/// Schemes that a browser does not hand to another program.
const OWN_SCHEMES: [&str; 9] = [
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

/// Programs that want the line behind the path.
const COLONS: [&str; 7] = ["subl", "zed", "hx", "helix", "micro", "lapce", "fresh"];

/// Programs that want `--goto` before it.
const GOTO: [&str; 5] = ["code", "code-insiders", "codium", "cursor", "windsurf"];

impl FromStr for Editor {
    type Err = String;

    /// Reads a name, an address with `://`, `$EDITOR`, or a command.
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
                if OWN_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                    return Err(format!("`{scheme}://` opens no editor"));
                }
                if !text.contains("{path}") && !text.contains("{relative}") {
                    return Err("the address has no `{path}` in it".to_owned());
                }
                Ok(Self::Address(text.to_owned()))
            }
            _ => command(text).map(Self::Command),
        }
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Programs that read the argument behind `-c`, `-e` or the like as a script.
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

/// Programs that give all their arguments to a shell elsewhere.
const REMOTE: [&str; 2] = ["mosh", "ssh"];

/// The name of a program, without its folder.
fn program_of(word: &str) -> &str {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Refuses a command in which the name of a file could become a part of a
/// script: a name may hold blanks, quotes and `$(..)`.
fn refuse_scripts(words: &[String]) -> Result<(), String> {
    let has_name = |word: &str| word.contains("{path}") || word.contains("{relative}");
    let is_plain = |c: char| c.is_alphanumeric() || "-_.,:=+/\\@%{}".contains(c);
    let is = |names: &[&str], words: &[String]| {
        let mut words = words.iter();
        words.any(|word| names.contains(&program_of(word)))
    };
    for (at, word) in words.iter().enumerate().filter(|(_, word)| has_name(word)) {
        let before = &words[..at];
        let flag = before.last().and_then(|it| it.strip_prefix(['-', '/']));
        let flag = flag.filter(|it| !it.contains('/')).unwrap_or_default();
        let flag = flag.to_ascii_lowercase();
        let is_short = !flag.starts_with('-');
        let runs = is_short && (flag.ends_with(['c', 'e', 'k', 'r']) || flag == "command")
            || ["command", "execute", "run"].contains(&flag.trim_start_matches('-'));
        let is_script = runs && is(&INTERPRETERS, before)
            || flag.trim_start_matches('-') == "eval"
            || is(&REMOTE, before);
        if is_script || !word.chars().all(is_plain) {
            return Err(format!(
                "`{word}` would make a file's name a part of a script: give the name by itself, \
                 as in `sh -c 'vim \"$1\"' sh {{path}}`"
            ));
        }
    }
    Ok(())
}

/// The words of a command, quotes taken off; the place to open is added where
/// the command does not say where it goes.
fn command(text: &str) -> Result<Vec<String>, String> {
    let mut words = words(text)?;
    let Some(program) = words.first() else {
        return Err("no editor is named".to_owned());
    };
    refuse_scripts(&words)?;
    if !words
        .iter()
        .any(|word| word.contains("{path}") || word.contains("{relative}"))
    {
        let name = program_of(program).to_owned();
        let more: &[&str] = match name.as_str() {
            name if GOTO.contains(&name) => &["--goto", "{path}:{line}:{column}"],
            name if COLONS.contains(&name) => &["{path}:{line}:{column}"],
            _ => &["+{line}", "{path}"],
        };
        words.extend(more.iter().map(|word| (*word).to_owned()));
    }
    Ok(words)
}

fn words(text: &str) -> Result<Vec<String>, String> {
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
        return Err(format!("a {quote} is not closed"));
    }
    words.extend(word);
    Ok(words)
}

/// `[server] editor`. A command is refused there: a project that somebody else
/// wrote must not choose what runs on this machine.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Editor> {
    let server = reader.get("server")?;
    if server.entries().is_none() {
        reader.wrong("server", server, "a table");
        return None;
    }
    reader.know(server, &["editor"], " of `server`");
    let node = server.get("editor").filter(|node| !node.is_null())?;
    let text = reader.text_of("server.editor", node)?;
    match text.parse() {
        Ok(Editor::Command(_)) => {
            let known = NAMED.iter().map(|(name, _)| *name);
            let near = reader.suggestions.suggest(&text, known);
            let message = "`server.editor` names a command, which only `--editor` may";
            let error = Diagnostic::new(Rule::BadValue, message).at(node.span());
            reader.diagnostics.push(match near {
                Some(near) => error.did_you_mean(&text, &near),
                None => error.help(
                    "name an editor such as `vscode`, write an address such as \
                     `vscode://file{path}:{line}`, or `$EDITOR`; commands go to `--editor`",
                ),
            });
            None
        }
        Ok(editor) => Some(editor),
        Err(why) => {
            let message = format!("`server.editor` cannot be used: {why}");
            reader.refuse(node, message, "write a name such as `vscode`");
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
            ("vim 'a", Err("a ' is not closed".to_owned())),
            (
                "javascript://%0aalert(1){path}",
                Err("`javascript://` opens no editor".to_owned()),
            ),
            (
                "HTTP://evil.example/{path}",
                Err("`HTTP://` opens no editor".to_owned()),
            ),
            (
                "vscode://file",
                Err("the address has no `{path}` in it".to_owned()),
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
            let refused = text.parse::<Editor>().expect_err(text);
            assert!(refused.contains("part of a script"), "{text}: {refused}");
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
            let marks = words.iter().filter(|word| word.contains('{'));
            assert!(marks.count() <= 2, "{words:?}");
        }
    }
}
