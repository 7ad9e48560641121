use super::Listed;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::site::queries::{config, files, settled, surroundings, text, theme};
use crate::site::{Db, Maker, Output, OutputKind, Produced};
use crate::theme::TemplateSource;

/// Files of the docs folder that are templates (`extra_templates`), each named
/// by its path there.
static KIND: OutputKind = OutputKind {
    can_fail: true,
    ..OutputKind::new("extra-template", Maker::Site, make)
};

pub(super) fn list(db: &dyn Db) -> Listed {
    let Some(config) = config(db) else {
        return Listed::new();
    };
    let files = files(db);
    let names = config.extra_templates.iter();
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
    let text = source.and_then(|path| {
        let text = text(db, db.entry(&path)).readable()?;
        Some(TemplateSource { path, text })
    });
    let Some((theme, template)) = theme(db).zip(text) else {
        return Produced::default();
    };
    let surroundings = surroundings(db);
    let render = || theme.0.extra(&output.name, &template, &surroundings);
    Produced::of_template(settled(db, render))
}

/// Those that are named and do not exist; MkDocs passes them over too.
pub(in crate::site::queries) fn missing(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let files = files(db);
    let names = config.extra_templates.iter();
    let missing = names.filter(|name| !files.assets.contains_key(*name));
    missing
        .map(|name| {
            let message =
                format!("`extra_templates` names `{name}`, which is not in the docs folder");
            Diagnostic::warning("missing-template", message)
                .help("correct its name, or take it out")
        })
        .collect()
}
