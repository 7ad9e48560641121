use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::project::Project;
use super::{blame, terminal};
use crate::ages::day;
use crate::align::Degree;
use crate::diagnostic::fixing::difference;
use crate::diagnostic::terminal::harmless;
use crate::files::SourcePath;
use crate::git::Texts;
use crate::session::{Progress, Translations};
use crate::translations::{KnownStates, LostTranslation, with_recovered};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The page: the file of its source, or of its translation. Without it, all pages are
    /// listed with how much can be recovered.
    #[arg(value_name = "PAGE", required_if_eq("write", "true"))]
    page: Option<String>,
    /// The language of the translation.
    #[arg(long, value_name = "CODE")]
    pub(super) language: String,
    /// Write what is shown into the file.
    #[arg(long)]
    write: bool,
    /// Print them as a PO file, which translation platforms import.
    #[arg(long, conflicts_with = "write", requires = "page")]
    po: bool,
    /// Print them as a CSV file, with the columns `file`, `line`, `source` and `translation`.
    #[arg(long, conflicts_with_all = ["write", "po"], requires = "page")]
    csv: bool,
    /// Also put back translations of passages that said something else then.
    #[arg(long)]
    outdated: bool,
}

pub(super) fn run(arguments: &Arguments, project: &Project) -> Result<ExitCode> {
    let asked = Translations {
        sites: &project.sites,
        history: &Texts::new(project.disk.clone(), blame::cache().as_deref()),
        known: &KnownStates::default(),
        stay: false,
    };
    let Some(page) = &arguments.page else {
        return list(&asked, &arguments.language);
    };
    let found = asked.lost(&arguments.language, &SourcePath::new(&**page));
    let found = found.with_context(|| {
        format!(
            "`{page}` is not a page with a translation into `{}`\n\
             help: name the file of the source or of the translation, as seen from the \
             project's folder",
            arguments.language
        )
    })?;
    let is_safe = |it: &&LostTranslation| it.degree < Degree::Changed;
    let (safe, outdated): (Vec<_>, Vec<_>) = found.lost.values().partition(|it| is_safe(it));
    let mut put: Vec<&LostTranslation> = safe;
    if arguments.outdated {
        put.extend(&outdated);
    }
    if arguments.po {
        terminal::write(&as_po(&arguments.language, &found.file, &put))?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.csv {
        terminal::write(&as_csv(&found.file, &put))?;
        return Ok(ExitCode::SUCCESS);
    }
    let after = with_recovered(&found.text, put.iter().copied());
    let mut shown = String::new();
    for (line, lost) in ordered(&put) {
        let author = harmless(&lost.commit.author);
        let commit: String = lost.commit.id.chars().take(8).collect();
        shown += &format!(
            "line {line}: {} {commit} {author}\n",
            day(lost.commit.committed)
        );
    }
    shown += &difference(found.file.as_str(), &found.text, &after);
    terminal::write(&shown)?;
    let left = found.untranslated - put.len();
    let mut summary = format!(
        "{} of {} passages that are not translated {}.",
        put.len(),
        found.untranslated,
        if arguments.write {
            "were recovered"
        } else {
            "can be recovered"
        },
    );
    if !arguments.outdated && !outdated.is_empty() {
        summary += &format!(
            " For {} more there is a translation of what the source said then: see them with \
             `--outdated`.",
            outdated.len()
        );
    } else if left > 0 && put.is_empty() {
        summary += " The history has no translation of them.";
    }
    if arguments.write && !put.is_empty() {
        let (before, now) = (found.text.as_bytes(), after.as_bytes());
        if let Err(why) = project.disk.replace(&found.file, before, now) {
            bail!("`{}` is not written: {why}", found.file);
        }
        summary += " Where translations come from a platform, such as Crowdin or Weblate, its next \
                    synchronization overwrites them: enter them there too.";
    }
    terminal::err(summary);
    Ok(ExitCode::SUCCESS)
}

/// A translation without the mark of the item that it may be.
fn bare(lost: &LostTranslation) -> String {
    let mut passages = crate::align::passages(&lost.text).into_iter();
    passages
        .next()
        .map_or_else(|| lost.text.clone(), |it| it.text)
}

/// As a CSV file with a row for each passage.
fn as_csv(file: &SourcePath, put: &[&LostTranslation]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut csv = String::from("file,line,source,translation\r\n");
    for (line, lost) in ordered(put) {
        let cells = [
            quoted(file.as_str()),
            line.to_string(),
            quoted(&lost.said),
            quoted(&bare(lost)),
        ];
        csv += &(cells.join(",") + "\r\n");
    }
    csv
}

/// As a PO file: what the source said, and its translation.
fn as_po(language: &str, file: &SourcePath, put: &[&LostTranslation]) -> String {
    let quoted = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n"))
    };
    let mut po = format!(
        "msgid \"\"\nmsgstr \"\"\n{}\n{}\n",
        quoted("Content-Type: text/plain; charset=UTF-8\n"),
        quoted(&format!("Language: {language}\n"))
    );
    for (line, lost) in ordered(put) {
        let text = &bare(lost);
        let name = harmless(file.as_str());
        po += &format!("\n#: {name}:{line}\n");
        po += &format!("msgid {}\nmsgstr {}\n", quoted(&lost.said), quoted(text));
    }
    po
}

/// Lists the pages of a language with how much of them can be recovered.
fn list(asked: &Translations<'_>, language: &str) -> Result<ExitCode> {
    let pages = asked.all(Some(language), &Progress::default());
    let mut shown = String::new();
    let (mut safe, mut outdated, mut total) = (0, 0, 0);
    for page in pages.iter().flat_map(|it| &it.pages) {
        let Some(found) = asked.lost(language, &page.of) else {
            continue;
        };
        let is_safe = |it: &&LostTranslation| it.degree < Degree::Changed;
        let of_page = found.lost.values().filter(is_safe).count();
        safe += of_page;
        outdated += found.lost.len() - of_page;
        total += found.untranslated;
        if !found.lost.is_empty() {
            shown += &format!(
                "{}: {of_page} of {}, and {} outdated\n",
                harmless(found.file.as_str()),
                found.untranslated,
                found.lost.len() - of_page
            );
        }
    }
    terminal::write(&shown)?;
    terminal::err(format_args!(
        "{safe} of {total} passages that are not translated can be recovered. For {outdated} more \
         there is a translation of what the source said then."
    ));
    Ok(ExitCode::SUCCESS)
}

fn ordered<'l>(put: &[&'l LostTranslation]) -> BTreeMap<u32, &'l LostTranslation> {
    put.iter().map(|it| (it.lines.0, *it)).collect()
}
