use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::project::Project;
use super::{Common, Strictness, Withheld, project, terminal};
use crate::check::{self, Findings};
use crate::diagnostic::json;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    strictness: Strictness,
    #[command(flatten)]
    withheld: Withheld,
    /// Print every key of the configuration and whether it has an effect.
    #[arg(long)]
    config: bool,
    /// The same as `--format json`.
    #[arg(long)]
    json: bool,
    /// The output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = project::open(&arguments.common, true, arguments.withheld)?;
    let format = if arguments.json {
        Format::Json
    } else {
        arguments.format
    };
    if arguments.config {
        return print_keys(&project, arguments.strictness.given(), format);
    }
    let findings = check::check(&project.sites, arguments.strictness.given());
    match format {
        Format::Json => {
            let lines = findings.diagnostics.iter().map(json::render);
            terminal::write(&lines.map(|line| line + "\n").collect::<String>())?;
        }
        Format::Text => {
            terminal::print(&findings.diagnostics, true);
            if !arguments.common.quiet {
                terminal::out(match terminal::count(&findings.diagnostics).as_str() {
                    "" => "No problems found.",
                    problems => problems,
                });
            }
        }
    }
    Ok(exit_code(&findings))
}

fn exit_code(findings: &Findings) -> ExitCode {
    if findings.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Prints every key with its line and its status. If there are none because the
/// configuration cannot be read, the reason goes to standard error.
fn print_keys(project: &Project, strict: Option<bool>, format: Format) -> Result<ExitCode> {
    let (keys, findings) = check::keys(project.sites.main(), strict);
    let text = match format {
        Format::Json => {
            let lines = keys.iter().map(check::key_as_json);
            lines.map(|line| line + "\n").collect()
        }
        Format::Text => check::table(&keys),
    };
    terminal::write(&text)?;
    if keys.is_empty() {
        terminal::print(&findings.diagnostics, false);
    }
    Ok(exit_code(&findings))
}
