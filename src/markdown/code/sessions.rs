//! Sessions of a shell or of Python: what was typed behind prompts, and what the machine
//! said. Source of the rules: Pygments' `ShellSessionBaseLexer` and `PythonConsoleLexer`.

use std::sync::LazyLock;

use regex::Regex;

/// A line of a session.
#[derive(Debug, PartialEq, Eq)]
pub enum SessionLine<'t> {
    /// What was typed, behind a prompt.
    Typed {
        /// The prompt, with the blanks behind it; may be empty.
        prompt: &'t str,
        /// The rest of the line.
        text: &'t str,
    },
    /// What the machine said.
    Said(&'t str),
    /// A line of a traceback: its parts, with their classes.
    Traceback(Vec<(&'static str, &'t str)>),
}

/// A prompt of a shell: perhaps an environment, a name and a place, then a sign.
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?:\(\S+\)\s*)?(?:\s*|sh\S*?|\w+\S*[@:]\S+(?:\s+\S+)?|\[\S+[@:][^\]]*\]\s*)\s*[$#%](?:\s+|$)";
    Regex::new(pattern).expect("the pattern is valid")
});

/// A place in a traceback: a file, a line, perhaps a function.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"^(  File )("[^"]+")(, line )([0-9]+)(?:(, in )(.+))?$"#;
    Regex::new(pattern).expect("the pattern is valid")
});

/// The lines of a session in this language; `None` if it is none of sessions.
pub fn lines<'t>(language: &str, text: &'t str) -> Option<Vec<SessionLine<'t>>> {
    match language {
        "console" | "shell-session" | "sh-session" => Some(of_shell(text)),
        "pycon" => Some(of_python(text)),
        _ => None,
    }
}

fn of_shell(text: &str) -> Vec<SessionLine<'_>> {
    // Whether the line before ends with a backslash, so that this one is typed too.
    let mut goes_on = false;
    let line = |line| {
        let typed = match SHELL.find(line) {
            Some(prompt) => Some(prompt.end()),
            None if goes_on => {
                let rest = line.strip_prefix('>').map(str::trim_start);
                Some(rest.map_or(0, |rest| line.len() - rest.len()))
            }
            None => None,
        };
        let Some(end) = typed else {
            return SessionLine::Said(line);
        };
        let (prompt, text) = line.split_at(end);
        goes_on = text.ends_with('\\');
        SessionLine::Typed { prompt, text }
    };
    text.split('\n').map(line).collect()
}

fn of_python(text: &str) -> Vec<SessionLine<'_>> {
    let mut is_in_traceback = false;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let prompt = [">>> ", "... "].into_iter().find(|it| line.starts_with(it));
        let is_empty_prompt = match line.trim_end() {
            ">>>" => true,
            "..." => !is_in_traceback,
            _ => false,
        };
        let end = match prompt {
            Some(prompt) => Some(prompt.len()),
            None => is_empty_prompt.then_some(line.len()),
        };
        if let Some(end) = end {
            is_in_traceback = false;
            let (prompt, text) = line.split_at(end);
            lines.push(SessionLine::Typed { prompt, text });
        } else if is_in_traceback {
            lines.push(of_traceback(line));
            is_in_traceback = line.starts_with(' ') || line.trim() == "...";
        } else if line.starts_with("Traceback (most recent call last):") {
            is_in_traceback = true;
            lines.push(SessionLine::Traceback(vec![("gt", line)]));
        } else if line == "KeyboardInterrupt" {
            lines.push(SessionLine::Traceback(vec![("gr", line)]));
        } else {
            lines.push(SessionLine::Said(line));
        }
    }
    lines
}

/// A line of a traceback below the first one.
fn of_traceback(line: &str) -> SessionLine<'_> {
    if let Some(found) = FRAME.captures(line) {
        let classes = ["", "nb", "", "m", "", "n"];
        let parts = classes.into_iter().zip(1..);
        let parts = parts.filter_map(|(class, at)| Some((class, found.get(at)?.as_str())));
        return SessionLine::Traceback(parts.collect());
    }
    let text = line.trim_start();
    let prompt = &line[..line.len() - text.len()];
    if text.trim_end() == "..." {
        SessionLine::Traceback(vec![("", prompt), ("c", text)])
    } else if !text.is_empty() && text.chars().all(|it| matches!(it, '~' | '^')) {
        SessionLine::Traceback(vec![("", prompt), ("pm", text)])
    } else if !prompt.is_empty() {
        SessionLine::Typed { prompt, text }
    } else if let Some((error, message)) = line.split_once(": ") {
        let colon = &line[error.len()..line.len() - message.len()];
        SessionLine::Traceback(vec![("gr", error), ("", colon), ("n", message)])
    } else {
        SessionLine::Traceback(vec![("gr", line.trim_end_matches(':'))])
    }
}

#[cfg(test)]
mod tests {
    use super::{SessionLine, lines};

    /// Each line as `prompt|text`, or as it is if the machine said it.
    fn split(language: &str, text: &str) -> Vec<String> {
        let lines = lines(language, text).expect("a session");
        let shown = lines.iter().map(|line| match line {
            SessionLine::Typed { prompt, text } => format!("{prompt}|{text}"),
            SessionLine::Said(text) => (*text).to_owned(),
            SessionLine::Traceback(parts) => {
                let parts = parts.iter().map(|(class, text)| format!("{class}<{text}>"));
                parts.collect()
            }
        });
        shown.collect()
    }

    #[test]
    fn prompts_are_told_from_what_is_said() {
        let text = "$ ls -l \\\n> x\nfile\n\n# apt update\nuser@host:~/x$ echo 'a'\n[me@h d]$ ls\n(venv) $ pip\n100% done\ncosts $5\n$\n  $ b";
        let expected = [
            "$ |ls -l \\",
            "> |x",
            "file",
            "",
            "# |apt update",
            "user@host:~/x$ |echo 'a'",
            "[me@h d]$ |ls",
            "(venv) $ |pip",
            "100% done",
            "costs $5",
            "$|",
            "  $ |b",
        ];
        assert_eq!(split("console", text), expected);
        let text = ">>> def f(x):\n...     return x\n...\n>>> f('a')\n'a'";
        let expected = [
            ">>> |def f(x):",
            "... |    return x",
            "...|",
            ">>> |f('a')",
            "'a'",
        ];
        assert_eq!(split("pycon", text), expected);
        assert!(lines("bash", text).is_none());
        let text = ">>> 1 / 0\nTraceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n    1 / 0\n    ~~^~~\nZeroDivisionError: by zero\nmore";
        let expected = [
            ">>> |1 / 0",
            "gt<Traceback (most recent call last):>",
            "<  File >nb<\"<stdin>\"><, line >m<1><, in >n<<module>>",
            "    |1 / 0",
            "<    >pm<~~^~~>",
            "gr<ZeroDivisionError><: >n<by zero>",
            "more",
        ];
        assert_eq!(split("pycon", text), expected);
    }
}
