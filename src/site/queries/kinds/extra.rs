use super::Listed;
use crate::diagnostic::{Diagnostic, Rule};
use crate::site::queries::page_faults::diagnostics_of;
use crate::site::queries::settings::named_templates;
use crate::site::queries::site_context::in_site;
use crate::site::queries::{Unreadable, files, privacy, text};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};
use crate::theme::TemplateSource;

/// Templates in the docs folder (`extra_templates`), each named by its path
/// there.
static KIND: OutputKind = OutputKind {
    can_fail: true,
    around,
    ..OutputKind::new("extra-template", OutputOrigin::Site, make)
};

pub(super) fn list(db: &dyn Db) -> Listed {
    let files = files(db);
    let templates = named_templates(db);
    let names = templates.1.iter();
    let output = |name: &String| {
        let output = Output {
            name: name.clone(),
            ..Output::of(&KIND, files.assets.get(name)?)
        };
        Some((name.clone(), output))
    };
    names.filter_map(output).collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let source = output.source.clone();
    let template = source.and_then(|path| {
        let text = text(db, db.entry(&path)).readable()?;
        Some(TemplateSource { path, text })
    });
    let result = template.and_then(|template| {
        in_site(db, None, |theme, site| {
            theme.extra(&output.name, &template, site)
        })
    });
    match result {
        Some(Ok(html)) => privacy::template(db, &output.name, html),
        Some(Err(error)) => Produced::of_template(Err(error)),
        None => Produced::default(),
    }
}

fn around(db: &dyn Db, output: &Output, produced: &mut Produced) {
    let Some(source) = &output.source else {
        return;
    };
    let unreadable = text::accumulated::<Unreadable>(db, db.entry(source));
    produced.is_partial = !unreadable.is_empty();
    produced
        .diagnostics
        .extend(diagnostics_of(unreadable.into_iter()));
}

/// Reports templates that do not exist; like MkDocs, the site is built without
/// them.
pub(in crate::site::queries) fn missing(db: &dyn Db) -> Vec<Diagnostic> {
    let files = files(db);
    let templates = named_templates(db);
    let names = templates.1.iter();
    let missing = names.filter(|name| !files.assets.contains_key(*name));
    missing
        .map(|name| {
            let message =
                format!("`extra_templates` names `{name}`, which is not in the docs folder");
            Diagnostic::warning(Rule::MissingTemplate, message)
                .help("correct its name or remove it")
        })
        .collect()
}
