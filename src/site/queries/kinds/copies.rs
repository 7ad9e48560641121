use super::{Listed, static_files};
use crate::files::SourcePath;
use crate::site::queries::privacy;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Outputs, Produced};

/// Copies of files of other sites, each named by its path below the site. They are part of
/// the site if something names them: the cache may be shared with other sites, and holds
/// what was named once. So `check` does not look at them either.
static KIND: OutputKind = OutputKind {
    is_optional: true,
    names_copies: true,
    ..OutputKind::new("copy", OutputOrigin::Plugin, |db, output| {
        made(db, output, true)
    })
};

/// Files of the site and its theme that may name files of other sites.
static NAMING_KIND: OutputKind = OutputKind {
    can_fail: true,
    names_copies: true,
    ..OutputKind::new("naming", OutputOrigin::Site, |db, output| {
        made(db, output, false)
    })
};

fn made(db: &dyn Db, output: &Output, is_copy: bool) -> Produced {
    let source = output.source.as_ref();
    let source = source.expect("these outputs are made from a file");
    privacy::file(db, source, &output.name, is_copy)
}

pub(super) fn list(db: &dyn Db) -> Listed {
    let copies = privacy::all_copies(db).into_iter();
    let output = |(path, source): (String, SourcePath)| {
        let output = named(&KIND, path.clone(), &source);
        (path, output)
    };
    copies.map(output).collect()
}

/// The same outputs, with those that are copied unchanged treated by the plugin if they may
/// name files of other sites.
pub(super) fn treated(db: &dyn Db, outputs: impl Iterator<Item = (String, Output)>) -> Outputs {
    let settings = privacy::settings(db);
    let Some(settings) = settings else {
        return outputs.collect();
    };
    let treat = |(path, output): (String, Output)| match &output.source {
        Some(source) if static_files::is_copied(&output) && settings.reads(&path) => {
            let naming = named(&NAMING_KIND, path.clone(), source);
            (path, naming)
        }
        _ => (path, output),
    };
    outputs.map(treat).collect()
}

fn named(kind: &'static OutputKind, path: String, source: &SourcePath) -> Output {
    Output {
        name: path,
        ..Output::of(kind, source)
    }
}
