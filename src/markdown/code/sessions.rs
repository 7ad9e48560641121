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
}

/// A prompt of a shell: perhaps an environment, a name and a place, then a sign.
static SHELL: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^(?:\(\S+\)\s*)?(?:\s*|sh\S*?|\w+\S*[@:]\S+(?:\s+\S+)?|\[\S+[@:][^\]]*\]\s*)\s*[$#%](?:\s+|$)";
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
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let prompt = [">>> ", "... "].into_iter().find(|it| line.starts_with(it));
        let end = match prompt {
            Some(prompt) => Some(prompt.len()),
            None => matches!(line.trim_end(), ">>>" | "...").then_some(line.len()),
        };
        lines.push(match end {
            Some(end) => {
                let (prompt, text) = line.split_at(end);
                SessionLine::Typed { prompt, text }
            }
            None => SessionLine::Said(line),
        });
    }
    lines
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
    }
}
