use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use clap::{Args, ValueEnum};

use super::external::External;
use super::project::Project;
use super::{Common, Strictness, Withheld, base, fix, project, terminal};
use crate::check::{self, Baseline, Findings};
use crate::diagnostic::{github, json, sarif, sort_and_dedup};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    strictness: Strictness,
    #[command(flatten)]
    withheld: Withheld,
    /// Find only what is new since a branch, tag or commit, or since where this branch
    /// left it; among it addresses and anchors that are lost.
    #[arg(long, value_name = "BASE", conflicts_with = "config")]
    since: Option<String>,
    /// Print every key of the configuration and whether it has an effect.
    #[arg(long)]
    config: bool,
    /// Print the files of other sites that browsers ask for, with the pages that name them;
    /// all of these with `--verbose`.
    #[arg(long, conflicts_with_all = ["config", "since"])]
    assets: bool,
    /// Apply the fixes that are certain to the files, and show them as a difference.
    #[arg(long, conflicts_with_all = ["config", "since", "assets"])]
    fix: bool,
    /// With `--fix`: show the difference only.
    #[arg(long, requires = "fix")]
    dry_run: bool,
    #[command(flatten)]
    external: External,
    /// Leave out the problems that are known by this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "assets", "fix"])]
    baseline: Option<PathBuf>,
    /// Write the problems that there are to the file of `--baseline`.
    #[arg(long, requires = "baseline")]
    write_baseline: bool,
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
    /// One SARIF 2.1.0 document.
    Sarif,
    /// Commands for a workflow on GitHub.
    Github,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    // What is told of files of other sites is what would be published.
    let serves = !arguments.assets;
    let project = if arguments.fix {
        project::open_to_fix(&arguments.common, arguments.withheld)?
    } else {
        project::open(&arguments.common, serves, arguments.withheld)?
    };
    let format = if arguments.json {
        Format::Json
    } else {
        arguments.format
    };
    if arguments.config {
        return print_keys(&project, arguments.strictness.given(), format);
    }
    if arguments.assets {
        return print_assets(&project, arguments.common.verbose > 0, format);
    }
    let strict = arguments.strictness.given();
    if arguments.fix {
        return apply_fixes(&project, arguments, format);
    }
    let (mut findings, nothing) = match &arguments.since {
        None => (
            check_all(&project, arguments)?,
            "No problems found.".to_owned(),
        ),
        Some(base) => check_since(project, base, strict)?,
    };
    if let Some(file) = &arguments.baseline {
        let quiet = arguments.common.quiet;
        if arguments.write_baseline {
            return write_baseline(file, &findings, quiet);
        }
        findings = without_known(file, findings, quiet)?;
    }
    print_findings(&findings, &nothing, format, arguments.common.quiet)?;
    Ok(exit_code(&findings))
}

/// Everything that is wrong, with links to other sites if that is asked for.
fn check_all(project: &Project, arguments: &Arguments) -> Result<Findings> {
    let findings = check::check(&project.sites, arguments.strictness.given());
    if !arguments.external.external {
        return Ok(findings);
    }
    let quiet = arguments.common.quiet;
    let external = arguments.external.problems(project, quiet)?;
    Ok(findings.changed(|all| {
        all.extend(external);
        *all = sort_and_dedup(std::mem::take(all));
    }))
}

/// Prints what was found, or `nothing` if that is nothing.
fn print_findings(findings: &Findings, nothing: &str, format: Format, quiet: bool) -> Result<()> {
    match format {
        Format::Json => {
            let lines = findings.diagnostics.iter().map(json::render);
            terminal::write(&lines.map(|line| line + "\n").collect::<String>())?;
        }
        Format::Sarif => terminal::write(&sarif::render(&findings.diagnostics))?,
        Format::Github => {
            let lines = findings.diagnostics.iter().map(github::render);
            terminal::write(&lines.map(|line| line + "\n").collect::<String>())?;
        }
        Format::Text => {
            terminal::print(&findings.diagnostics, true);
            if !quiet {
                terminal::out(match terminal::count(&findings.diagnostics).as_str() {
                    "" => nothing,
                    problems => problems,
                });
            }
        }
    }
    Ok(())
}

/// Writes the problems that there are to a file.
fn write_baseline(file: &Path, findings: &Findings, quiet: bool) -> Result<ExitCode> {
    let text = Baseline::of(&findings.diagnostics).to_text();
    let failed = || format!("cannot write `{}`", file.display());
    std::fs::write(file, text).with_context(failed)?;
    if !quiet {
        terminal::out(format_args!("Wrote `{}`.", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is not known by a file.
fn without_known(file: &Path, findings: Findings, quiet: bool) -> Result<Findings> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| {
        format!("cannot read `{shown}`; `--write-baseline` writes it for the first time")
    })?;
    let baseline = Baseline::parse(&text);
    let baseline = baseline.map_err(|why| anyhow!("`{shown}` is not a baseline: {why}"))?;
    let (mut known, mut gone) = (0, 0);
    let findings = findings.changed(|diagnostics| (known, gone) = baseline.apply(diagnostics));
    if !quiet && known > 0 {
        terminal::err(format_args!(
            "note: known problems that are not shown: {known}"
        ));
    }
    if !quiet && gone > 0 {
        terminal::err(format_args!(
            "note: known problems that are gone: {gone}; `--write-baseline` forgets them"
        ));
    }
    Ok(findings)
}

/// Applies fixes, and prints what is left. The difference goes to standard output, or to
/// standard error if programs read that.
fn apply_fixes(project: &Project, arguments: &Arguments, format: Format) -> Result<ExitCode> {
    let fixing = fix::fix(project, arguments.dry_run)?;
    match format {
        Format::Text => terminal::write(&fixing.difference)?,
        Format::Json | Format::Sarif | Format::Github => {
            terminal::err(fixing.difference.trim_end());
        }
    }
    let strict = arguments.strictness.given();
    let findings = check::check_found(&project.sites, fixing.left, strict);
    if !arguments.common.quiet {
        terminal::err(&fixing.summary);
    }
    print_findings(
        &findings,
        "No problems left.",
        format,
        arguments.common.quiet,
    )?;
    Ok(if fixing.failed {
        ExitCode::FAILURE
    } else {
        exit_code(&findings)
    })
}

/// What is new since a base, and what to say if that is nothing. What limits the
/// comparison goes to standard error.
fn check_since(project: Project, base: &str, strict: Option<bool>) -> Result<(Findings, String)> {
    let sites = Arc::new(project.sites);
    let open = base::open(
        &project.disk,
        &sites,
        &project.environment,
        Some(base),
        None,
    )?;
    let open = open.review;
    let findings = check::check_since(&open.review, strict);
    let notes: BTreeSet<String> = open.notes.into_iter().chain(open.review.notes()).collect();
    for note in notes {
        terminal::err(format_args!("note: {note}"));
    }
    let nothing = format!("No new problems since {}.", open.title);
    Ok((findings, nothing))
}

/// Prints the files of other sites that pages ask for.
fn print_assets(project: &Project, whole: bool, format: Format) -> Result<ExitCode> {
    let uses = check::assets(&project.sites);
    let text = match format {
        Format::Json => {
            let lines = uses.iter().map(check::asset_as_json);
            lines.map(|line| line + "\n").collect()
        }
        Format::Sarif | Format::Github => return Err(without_problems()),
        Format::Text if uses.is_empty() => "Nothing of other sites is loaded.\n".to_owned(),
        Format::Text => check::assets_table(&uses, whole),
    };
    terminal::write(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The error for a format that only has problems.
fn without_problems() -> anyhow::Error {
    anyhow!("this format is for problems only; use `--format json`")
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
        Format::Sarif | Format::Github => return Err(without_problems()),
        Format::Text => check::table(&keys),
    };
    terminal::write(&text)?;
    if keys.is_empty() {
        terminal::print(&findings.diagnostics, false);
    }
    Ok(exit_code(&findings))
}
