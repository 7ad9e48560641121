use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::project::Project;
use super::{Common, project, terminal};
use crate::check;
use crate::diagnostic::json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Let warnings fail the check.
    #[arg(short, long)]
    strict: bool,
    /// Print every key of the configuration and what becomes of it.
    #[arg(long)]
    config: bool,
    /// The same as `--format json`.
    #[arg(long)]
    json: bool,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = project::open(&arguments.common, true)?;
    let format = if arguments.json {
        Format::Json
    } else {
        arguments.format
    };
    if arguments.config {
        return Ok(print_keys(&project, arguments.strict, format));
    }
    let findings = check::check(&project.sites, arguments.strict);
    match format {
        Format::Json => {
            for diagnostic in &findings.diagnostics {
                println!("{}", json::render(diagnostic));
            }
        }
        Format::Text => {
            terminal::print(&findings.diagnostics, arguments.common.verbose > 0);
            let wrong = terminal::counted(&findings.diagnostics);
            if !arguments.common.quiet {
                println!(
                    "{}",
                    if wrong.is_empty() {
                        "Nothing is wrong."
                    } else {
                        &wrong
                    }
                );
            }
        }
    }
    Ok(if findings.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Every key with its line and what becomes of it; what keeps the file from
/// being read goes to standard error.
fn print_keys(project: &Project, strict: bool, format: Format) -> ExitCode {
    let (keys, findings) = check::keys(project.sites.main(), strict);
    match format {
        Format::Json => {
            for key in &keys {
                println!("{}", check::key_as_json(key));
            }
        }
        Format::Text => print!("{}", check::table(&keys)),
    }
    if keys.is_empty() {
        terminal::print(&findings.diagnostics, false);
    }
    if findings.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
