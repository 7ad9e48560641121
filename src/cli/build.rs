use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, project, terminal, without_effect};
use crate::build;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The folder to write the site to.
    #[arg(short = 'd', long, value_name = "FOLDER")]
    site_dir: Option<PathBuf>,
    /// Let warnings fail the build.
    #[arg(short, long, overrides_with = "no_strict")]
    strict: bool,
    /// Let no warning fail the build.
    #[arg(long, hide = true)]
    no_strict: bool,
    /// Remove from the site folder what an earlier build made and this one does
    /// not (always done).
    #[arg(short, long)]
    clean: bool,
    /// Accepted for MkDocs' sake; builds are whole and quick.
    #[arg(long)]
    dirty: bool,
    /// Write into a folder that holds what no build made: files of the same
    /// names are overwritten, and all others stay.
    #[arg(long)]
    adopt: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    without_effect("--dirty", arguments.dirty, "builds are whole and quick");
    let project = project::open(&arguments.common, false)?;
    let site_dir = arguments
        .site_dir
        .as_ref()
        .map(|path| project::source(&project.disk, path));
    let options = build::Options {
        site_dir: site_dir.transpose()?,
        strict: arguments.strict,
        adopt: arguments.adopt,
        home: project.home.clone(),
    };
    let bar = progress_bar(arguments.common.quiet);
    let progress = |done: usize, pages: usize| {
        bar.set_length(pages as u64);
        bar.set_position(done as u64);
    };
    let notice = |note: String| bar.suspend(|| eprintln!("note: {note}"));
    let report = build::build(&project.disk, &project.sites, &options, &progress, &notice)
        .context("the site cannot be written")?;
    bar.finish_and_clear();
    terminal::print(&report.diagnostics, arguments.common.verbose > 0);
    let left_out = terminal::left_out(&report.diagnostics);
    if let Some(left_out) = left_out.filter(|_| arguments.common.verbose == 0) {
        eprintln!("{left_out}");
    }
    let seconds = begun.elapsed().as_secs_f32();
    let wrong = terminal::counted(&report.diagnostics);
    if !report.written {
        eprintln!(
            "The site was not written: {wrong} ({seconds:.2} s). What was there before is untouched."
        );
        return Ok(ExitCode::FAILURE);
    }
    if !arguments.common.quiet {
        let wrong = if wrong.is_empty() {
            "no warnings".to_owned()
        } else {
            wrong
        };
        let pages = if report.pages == 1 {
            "1 page".to_owned()
        } else {
            format!("{} pages", report.pages)
        };
        println!(
            "Built {pages} in {seconds:.2} s to {}, {wrong}",
            report.site_dir.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn progress_bar(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pages")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
