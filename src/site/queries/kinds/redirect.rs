use super::Listed;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, suggest};
use crate::files::SourcePath;
use crate::plugins::options::Options;
use crate::plugins::redirects;
use crate::site::queries::pages::source_at;
use crate::site::queries::settings::plugin;
use crate::site::queries::{config, files, target, translated};
use crate::site::{Db, Maker, Output, OutputKind, Produced};

/// Pages at the addresses of old Markdown files, each named by its file.
static KIND: OutputKind = OutputKind::new("redirect", Maker::Plugin, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    let Some(config) = config(db) else {
        return Listed::new();
    };
    let old = redirects(&config).into_iter().flatten().map(|(old, _)| old);
    let leads = old.filter(|old| redirect_address(db, &config, old).is_some());
    leads
        .map(|old| {
            let path = redirects::output(old, config.use_directory_urls);
            (path, Output::named(&KIND, old.as_str()))
        })
        .collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let to = config(db).and_then(|config| redirect_address(db, &config, &output.name));
    Produced::text(redirects::page(&to.unwrap_or_default()))
}

/// The old pages, and the new ones that they lead to.
fn redirects(config: &Config) -> Option<&serde_json::Map<String, serde_json::Value>> {
    Options(&plugin(config, "redirects")?.options).map("redirect_maps")
}

/// Where an old page leads; `None` where that is no page.
fn redirect_address(db: &dyn Db, config: &Config, old: &str) -> Option<String> {
    let new = redirects(config)?.get(old)?.as_str()?;
    if redirects::is_outside(new) {
        return Some(new.to_owned());
    }
    let path = new.split('#').next().unwrap_or_default();
    let path = SourcePath::new(path);
    let real = translated::real_source(db, config, &path);
    let source = real.or_else(|| source_at(db, config, path.as_str()))?;
    let address = target(db, db.entry(&source)).filter(|_| source.is_markdown())?;
    Some(redirects::target(
        old,
        new,
        &address,
        config.use_directory_urls,
    ))
}

/// What is wrong with the redirections.
pub(in crate::site::queries) fn faults(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(plugin) = plugin(config, "redirects") else {
        return found;
    };
    let mut say = |message: String, help: String| {
        let mut warning = Diagnostic::warning("bad-redirect", message).help(help);
        warning.span = plugin.span.clone();
        found.push(warning);
    };
    for (old, new) in redirects(config).into_iter().flatten() {
        let shown = new.as_str().unwrap_or_default();
        if !SourcePath::new(old).is_markdown() {
            let message = format!("the redirect from `{old}` begins at no Markdown file");
            say(
                message,
                "name the page that there was, such as `old.md`".to_owned(),
            );
        }
        if redirect_address(db, config, old).is_none()
            && !translated::is_of_others(db, config, shown)
        {
            let files = files(db);
            let known = files.pages.iter().map(|page| page.path.as_str());
            let message = format!("the redirect from `{old}` leads to `{shown}`, which is no page");
            say(
                message,
                match suggest(shown, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "it is left out; name a page of the docs folder".to_owned(),
                },
            );
        }
    }
    found
}
