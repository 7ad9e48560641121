use std::collections::BTreeMap;
use std::sync::Arc;

use super::kinds::wanted_at_root;
use super::settings::use_directory_urls;
use super::{addresses, files, outputs};
use crate::config::{Remark, Subject};
use crate::diagnostic::{Diagnostic, Rule};
use crate::site::{Db, Maker, Output};

/// Outputs that want one name. Of two with the same, MkDocs writes one and says
/// nothing; a file where another output needs a folder can nobody write.
#[salsa::tracked(returns(clone))]
pub fn conflicts(db: &dyn Db) -> Arc<Vec<Diagnostic>> {
    let mut found = Vec::new();
    let outputs = outputs(db);
    for (path, output) in outputs.iter() {
        let folder = format!("{path}/");
        let below = outputs.range(folder.clone()..).next();
        let Some((other, its)) = below.filter(|(other, _)| other.starts_with(&folder)) else {
            continue;
        };
        let message = format!(
            "{} becomes the file `{path}`, and {} the file `{other}`: both cannot be there",
            said(output, path),
            said(its, other),
        );
        let error = Diagnostic::new(Rule::OutputConflict, message);
        found.push(error.help("rename one of the two"));
    }
    found.extend(doubles(db));
    Arc::new(found)
}

/// Pages and files that lie where another language does: readers find that
/// language there.
pub(super) fn covered(db: &dyn Db) -> Vec<Remark> {
    let Some(addresses) = addresses(db) else {
        return Vec::new();
    };
    let site = &addresses.main().site;
    let (outputs, wanted) = (outputs(db), wanted_at_root(db));
    let of_site = addresses.covered(site, &outputs).into_iter();
    let of_root = addresses.covered("", &wanted).into_iter();
    let of_root = of_root.map(|covered| (covered, " at the root"));
    let all = of_site.map(|covered| (covered, "")).chain(of_root);
    let said = all.map(|((edition, path), place)| {
        let code = edition.language.as_deref().unwrap_or_default();
        let message =
            format!("`{path}` lies where the language `{code}` begins, and is not shown{place}");
        let warning = Diagnostic::new(Rule::ShadowedPage, message)
            .help("give the language another `prefix`, or the page another name");
        Remark::about(Subject::Language(code.to_owned()), warning)
    });
    said.collect()
}

/// Files of the docs folder that become one output: the last one is written.
fn doubles(db: &dyn Db) -> Vec<Diagnostic> {
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
            let (written, others) = sources.split_last().expect("there are several");
            let others: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
            let message = format!(
                "`{written}` and {} become the same file, `{output}`; only the first of them is \
                 in the site",
                others.join(" and "),
            );
            let note = Diagnostic::note(Rule::OutputConflict, message);
            let help = if directories {
                "rename all but one: `a.md` and `a/index.md` have one address"
            } else {
                "rename all but one"
            };
            note.help(help)
        })
        .collect()
}

fn said(output: &Output, path: &str) -> String {
    let maker = match (&output.source, output.kind.maker) {
        (Some(source), _) => return format!("`{source}`"),
        (None, Maker::Site) => "the site",
        (None, Maker::Theme) => "the theme",
        (None, Maker::Plugin) => "a plugin",
    };
    format!("what {maker} makes (`{path}`)")
}
