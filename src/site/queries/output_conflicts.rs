use std::collections::BTreeMap;
use std::sync::Arc;

use super::kinds::wanted_at_root;
use super::settings::{levels, use_directory_urls};
use super::{addresses, files, outputs};
use crate::config::{SettingDiagnostic, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::expect::ExpectOrDefault as _;
use crate::site::{Db, Output, OutputOrigin};

/// Outputs whose paths conflict. Of two outputs with the same path, MkDocs
/// silently writes one; a file and a folder of the same name cannot be written.
#[salsa::tracked(returns(clone))]
pub fn conflicts(db: &dyn Db) -> Arc<Vec<Diagnostic>> {
    let mut conflicts = Vec::new();
    let outputs = outputs(db);
    for (path, output) in outputs.iter() {
        let folder = format!("{path}/");
        let below = outputs.range(folder.clone()..).next();
        let below = below.filter(|(path, _)| path.starts_with(&folder));
        let Some((other_path, other)) = below else {
            continue;
        };
        let message = format!(
            "{} becomes the file `{path}`, and {} the file `{other_path}`: they cannot both exist",
            describe(output, path),
            describe(other, other_path),
        );
        let error = Diagnostic::new(Rule::OutputConflict, message);
        conflicts.push(error.help("rename one of the two"));
    }
    conflicts.extend(duplicates(db));
    levels(db).apply(&mut conflicts);
    Arc::new(conflicts)
}

/// Pages and files whose addresses belong to another language, so that readers
/// cannot reach them.
pub(super) fn covered(db: &dyn Db) -> Vec<SettingDiagnostic> {
    let Some(addresses) = addresses(db) else {
        return Vec::new();
    };
    let site = &addresses.main().site;
    let (outputs, wanted) = (outputs(db), wanted_at_root(db));
    let of_site = addresses.covered(site, &outputs).into_iter();
    let of_root = addresses.covered("", &wanted).into_iter();
    let of_root = of_root.map(|covered| (covered, " at the root"));
    let covered = of_site.map(|covered| (covered, "")).chain(of_root);
    let remarks = covered.map(|((edition, path), place)| {
        let code = edition.language.as_deref();
        let code = code.expect_or_default("only the site of a language is below another");
        let message = format!(
            "`{path}` is where the pages of the language `{code}` begin, and is not shown{place}"
        );
        let warning = Diagnostic::new(Rule::ShadowedPage, message)
            .help("give the language another `prefix`, or the page another name");
        SettingDiagnostic::about(SettingRef::Language(code.to_owned()), warning)
    });
    remarks.collect()
}

/// Files of the docs folder that become the same output; the last one is
/// written.
fn duplicates(db: &dyn Db) -> Vec<Diagnostic> {
    let files = files(db);
    let directories = use_directory_urls(db);
    let mut sources: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, source) in &files.assets {
        sources.entry(path).or_default().push(source.as_str());
    }
    for page in &files.pages {
        let output = &page.address.output;
        sources
            .entry(output)
            .or_default()
            .push(page.source.as_str());
    }
    let several = sources.into_iter().filter(|(_, sources)| sources.len() > 1);
    several
        .map(|(output, sources)| {
            let (written, others) = sources.split_last().expect("there are several sources");
            let others: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
            let message = format!(
                "`{written}` and {} become the same file, `{output}`; only the first of them is \
                 in the site",
                others.join(" and "),
            );
            let note = Diagnostic::note(Rule::OutputConflict, message);
            let help = if directories {
                "rename all but one: `a.md` and `a/index.md` have the same address"
            } else {
                "rename all but one"
            };
            note.help(help)
        })
        .collect()
}

fn describe(output: &Output, path: &str) -> String {
    let maker = match (&output.source, output.kind.maker) {
        (Some(source), _) => return format!("`{source}`"),
        (None, OutputOrigin::Site) => "the site",
        (None, OutputOrigin::Theme) => "the theme",
        (None, OutputOrigin::Plugin) => "a plugin",
    };
    format!("what {maker} makes (`{path}`)")
}
