//! The command line: one file per command. Flags are spelled as MkDocs
//! spells them, so that scripts that call `mkdocs` keep working.

mod blame;
mod build;
mod check;
mod project;
mod serve;
mod terminal;

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
    /// Serve the site and reload open tabs as sources change.
    Serve(serve::Arguments),
    /// Build the site.
    Build(build::Arguments),
    /// Say everything that is wrong with the site.
    Check(check::Arguments),
    /// Say how old the lines of a file are.
    Blame(blame::Arguments),
}

/// What all commands take.
#[derive(Debug, Default, Args)]
struct Common {
    /// The project's folder, where it is not the current one.
    #[arg(value_name = "FOLDER")]
    folder: Option<std::path::PathBuf>,
    /// The configuration file.
    #[arg(short = 'f', long, value_name = "FILE")]
    config_file: Option<std::path::PathBuf>,
    /// The package of a theme's own templates, such as Material for MkDocs: its
    /// folder or its wheel.
    #[arg(long, value_name = "PATH")]
    theme_path: Option<std::path::PathBuf>,
    /// The theme, before the one that the configuration names.
    #[arg(short, long, value_name = "NAME")]
    theme: Option<String>,
    /// Give pages addresses such as `a/` (the default).
    #[arg(long, overrides_with = "no_directory_urls")]
    use_directory_urls: bool,
    /// Give pages addresses such as `a.html`.
    #[arg(long, overrides_with = "use_directory_urls")]
    no_directory_urls: bool,
    /// Accepted for MkDocs' sake: `NO_COLOR` in the environment counts.
    #[arg(long, hide = true)]
    color: bool,
    /// Accepted for MkDocs' sake: `NO_COLOR` in the environment counts.
    #[arg(long, hide = true)]
    no_color: bool,
    /// One language alone, of a site that has several.
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    /// Say only what is wrong.
    #[arg(short, long)]
    quiet: bool,
    /// Say more.
    #[arg(short, long, action = ArgAction::Count)]
    verbose: u8,
}

/// Says that a flag of MkDocs was read and changes nothing.
fn without_effect(flag: &str, given: bool, why: &str) {
    if given {
        eprintln!("note: `{flag}` has no effect: {why}");
    }
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    if let Some(code) = crate::git::stand_in(std::env::args_os()) {
        return code;
    }
    let arguments = Arguments::parse();
    // Whatever may render a template has a stack that templates fit in.
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    let thread = std::thread::Builder::new()
        .name("command".to_owned())
        .stack_size(STACK);
    let result = pool
        .build_global()
        .context("no threads can be started")
        .and_then(|()| {
            let thread = thread.spawn(|| run(arguments.command));
            let thread = thread.context("no thread can be started")?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Blame(arguments) => blame::run(&arguments),
    }
}
