//! The command line, with one module per command. Flags are the same as those of
//! MkDocs, so that scripts that call `mkdocs` keep working.

mod above;
mod base;
mod blame;
mod build;
mod check;
mod clock;
mod external;
mod fetching;
mod fix;
mod impact;
mod kept;
mod new;
mod project;
mod recover;
mod review;
mod serve;
mod terminal;
mod translations;

use std::panic::resume_unwind;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{ArgAction, Args, Parser, Subcommand};

use crate::theme::STACK;

/// Serves documentation while people write it, and builds the site for release.
#[derive(Debug, Parser)]
#[command(name = "proofroom", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a small site in a folder that has none.
    New(new::Arguments),
    /// Serve the site and update open tabs when files change.
    Serve(serve::Arguments),
    /// Build the site.
    Build(build::Arguments),
    /// Report every problem of the site.
    Check(check::Arguments),
    /// Show what changed for readers since another version.
    Review(review::Arguments),
    /// Show how old the lines of a file are.
    Blame(blame::Arguments),
    /// Show how old each passage of translations is against its source.
    Translations(translations::Arguments),
}

/// The arguments of all commands.
#[derive(Debug, Default, Args)]
struct Common {
    /// The project's folder; the current one by default.
    #[arg(value_name = "FOLDER")]
    folder: Option<std::path::PathBuf>,
    /// The configuration file.
    #[arg(short = 'f', long, value_name = "FILE")]
    config_file: Option<std::path::PathBuf>,
    /// An installed theme package, such as Material for MkDocs: its folder or
    /// its wheel.
    #[arg(long, value_name = "PATH")]
    theme_path: Option<std::path::PathBuf>,
    /// The theme to use instead of the configured one.
    #[arg(short, long, value_name = "NAME")]
    theme: Option<String>,
    /// Give pages addresses like `a/` (the default).
    #[arg(long, overrides_with = "no_directory_urls")]
    use_directory_urls: bool,
    /// Give pages addresses like `a.html`.
    #[arg(long, overrides_with = "use_directory_urls")]
    no_directory_urls: bool,
    /// Accepted for compatibility with MkDocs; set `NO_COLOR` instead.
    #[arg(long, hide = true)]
    color: bool,
    /// Accepted for compatibility with MkDocs; set `NO_COLOR` instead.
    #[arg(long, hide = true)]
    no_color: bool,
    /// Use only one language of a site with several.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// Print problems only.
    #[arg(short, long)]
    quiet: bool,
    /// Print more details.
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
}

impl Common {
    /// Whether pages get addresses such as `a/`; `None` where no flag says so.
    fn directory_urls(&self) -> Option<bool> {
        if self.use_directory_urls {
            Some(true)
        } else {
            self.no_directory_urls.then_some(false)
        }
    }
}

/// `--strict` and `--no-strict`.
#[derive(Debug, Default, Clone, Copy, Args)]
struct Strictness {
    /// Fail on warnings.
    #[arg(short, long, overrides_with = "no_strict")]
    strict: bool,
    /// Do not fail on warnings, even if the configuration is strict.
    #[arg(long, overrides_with = "strict")]
    no_strict: bool,
}

impl Strictness {
    /// Whether warnings are failures; `None` where no flag says so.
    fn given(self) -> Option<bool> {
        if self.strict {
            Some(true)
        } else {
            self.no_strict.then_some(false)
        }
    }
}

/// The flag for pages that only a missing plugin could protect.
#[derive(Debug, Default, Clone, Copy, Args)]
struct Withheld {
    /// Publish pages as they are that a plugin, which proofroom does not have,
    /// would encrypt or hide from some readers.
    #[arg(long)]
    publish_withheld: bool,
}

/// Notes that a flag of MkDocs is accepted but has no effect.
fn without_effect(flag: &str, given: bool, why: &str) {
    if given {
        terminal::err(format_args!("note: `{flag}` has no effect: {why}"));
    }
}

/// Runs the command given on the command line.
pub fn main() -> ExitCode {
    if let Some(code) = crate::git::stand_in(std::env::args_os()) {
        return code;
    }
    let arguments = Arguments::parse();
    // Every thread that may render a template needs a large stack.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    let thread = std::thread::Builder::new()
        .name("command".to_owned())
        .stack_size(STACK);
    let result = pool
        .build_global()
        .context("cannot start threads")
        .and_then(|()| {
            let thread = thread.spawn(|| run(arguments.command));
            let thread = thread.context("cannot start a thread")?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
    result.unwrap_or_else(|error| {
        terminal::err(format_args!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::New(arguments) => new::run(&arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Blame(arguments) => blame::run(&arguments),
        Command::Translations(arguments) => translations::run(&arguments),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{Arguments, Command};

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    /// Flags as scripts pass them that were written for MkDocs.
    #[test]
    fn flags_of_mkdocs_are_read() {
        for line in [
            "build -c -s -f conf/mkdocs.yml -d out -t material -q",
            "build --clean --no-strict --use-directory-urls --verbose",
            "build --dirty --no-directory-urls -v --color",
            "serve -a 127.0.0.1:8001 -o --livereload --watch a -w b --dirty",
            "serve --dev-addr=:80 --no-livereload --dirtyreload --watch-theme --no-color",
            "check --strict --format json -f mkdocs.yml",
        ] {
            let words = line.split(' ');
            let read = Arguments::try_parse_from(["proofroom"].into_iter().chain(words));
            assert!(read.is_ok(), "{line}: {}", read.expect_err("it fails"));
        }
    }

    /// Each command in the documentation can be run as it is written.
    #[test]
    fn the_documentation_shows_commands_that_exist() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut folders = vec![root.join("docs")];
        let mut pages = vec![root.join("README.md")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "md") {
                    pages.push(path);
                }
            }
        }
        let mut count = 0;
        for page in pages {
            let text = std::fs::read_to_string(&page).expect("a text");
            let shown = text.lines().filter_map(|line| line.strip_prefix("$ "));
            let named = text.split('`').skip(1).step_by(2);
            for command in shown.chain(named) {
                // Not those that name parts of commands, or pass the output on.
                let is_whole = command.starts_with("proofroom ")
                    && !command.contains(['[', '|', '>', '&', ';'])
                    && !command.ends_with("--fail-on");
                if !is_whole {
                    continue;
                }
                count += 1;
                let read = Arguments::try_parse_from(command.split_whitespace());
                let is_help = command.contains("--help") || command.contains("--version");
                assert!(read.is_ok() || is_help, "{}: {command}", page.display());
            }
        }
        assert!(count > 30, "{count}");
    }

    #[test]
    fn flags_that_contradict_each_other_are_refused_or_the_last_one_counts() {
        let urls = |line: &str| {
            let words = ["proofroom", "build"].into_iter();
            let words = words.chain(line.split_whitespace());
            match Arguments::try_parse_from(words).map(|it| it.command) {
                Ok(Command::Build(arguments)) => arguments.common.directory_urls(),
                other => panic!("{line}: {other:?}"),
            }
        };
        for (line, expected) in [
            ("", None),
            ("--use-directory-urls", Some(true)),
            ("--no-directory-urls", Some(false)),
            ("--use-directory-urls --no-directory-urls", Some(false)),
            ("--no-directory-urls --use-directory-urls", Some(true)),
        ] {
            assert_eq!(urls(line), expected, "{line}");
        }
        let both = ["proofroom", "serve", "--livereload", "--no-livereload"];
        assert!(Arguments::try_parse_from(both).is_err());
        assert!(Arguments::try_parse_from(["proofroom", "blame"]).is_err());
    }
}
