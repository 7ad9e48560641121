use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

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
    let findings = check::check(&project.session, arguments.strict);
    match arguments.format {
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
