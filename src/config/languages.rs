use std::sync::Arc;

use super::{Config, Environment, Read, Remark, Sources, Subject, parse_env_file, static_i18n};
use crate::diagnostic::{Diagnostic, Rule};
use crate::languages::{Docs, Language, Languages};
use crate::url;

/// Adds a language's variables to those of the process: its file's, then its
/// own.
pub(super) fn extend(environment: &mut Environment, language: &Language, sources: &Sources<'_>) {
    let read = |file| (sources.read)(file);
    if let Some(Read::Present(text)) = language.env_file.as_ref().map(read) {
        environment.extend(parse_env_file(&text));
    }
    let own = language.env.iter();
    environment.extend(own.map(|(name, value)| (name.clone(), value.clone())));
}

/// What there is to say of a file of variables that cannot be read.
pub(super) fn missing_file(language: &Language, sources: &Sources<'_>) -> Option<Remark> {
    let file = language.env_file.as_ref()?;
    if matches!((sources.read)(file), Read::Present(_)) {
        return None;
    }
    let message = format!(
        "the variables of `{}` in `{file}` cannot be read",
        language.code
    );
    let warning = Diagnostic::new(Rule::MissingEnvFile, message)
        .help("the path is relative to the project; `{lang}` stands for the language");
    let subject = Subject::Language(language.code.clone());
    Some(Remark::about(subject, warning))
}

/// What there is to say where the plugin static-i18n names languages too.
pub(super) fn also_plugin(config: &Config) -> Option<Remark> {
    let plugin = config.plugins.iter().find(|plugin| plugin.name == "i18n")?;
    let message = "`[languages]` goes before the plugin `i18n`, which is not used";
    let warning = Diagnostic::warning(Rule::BadLanguage, message);
    Some(plugin.remark(warning.help("name the languages in one of the two")))
}

/// Makes a configuration that of one of its languages.
pub(super) fn apply(config: &mut Config, languages: Languages) {
    let language = languages.current();
    let speaks = |code: &str| {
        let primary = |code: &str| {
            let primary = code.split(['-', '_']).next();
            primary.unwrap_or_default().to_lowercase()
        };
        primary(code) == primary(&language.code)
    };
    // A theme that follows the environment speaks the language already, and
    // may have another name for it.
    if !speaks(&config.theme.language) {
        config.theme.language.clone_from(&language.code);
    }
    let prefix = format!("/{}", language.prefix);
    let of_default = format!("/{}", languages.default().prefix);
    let site = config.site_url.as_mut();
    if let Some(site) = site.filter(|site| !site.ends_with(&prefix)) {
        // An address that is the default language's is not for others to lie
        // below.
        if of_default.len() > 1 && site.ends_with(&of_default) {
            site.truncate(site.len() + 1 - of_default.len());
        }
        site.push_str(&language.prefix);
    }
    edit_sources(config, language);
    config.base = match &config.site_url {
        Some(site) => base(site),
        None => format!("/{}", language.prefix),
    };
    let languages = languages.with_folders(&config.docs_dir);
    config.docs = languages.docs[languages.current].clone();
    config.languages = Some(Arc::new(languages));
}

/// Lets pages of a language be edited where they lie: an `edit_uri` that leads
/// to the docs folder of the configuration below leads to the project instead.
fn edit_sources(config: &mut Config, language: &Language) {
    let Some(uri) = config.edit_uri.as_mut().filter(|_| language.docs.is_some()) else {
        return;
    };
    let Some(base) = config
        .base_docs
        .as_ref()
        .filter(|base| **base != config.docs_dir)
    else {
        return;
    };
    let folder = format!("{base}/");
    if uri.ends_with(&format!("/{folder}")) || *uri == folder {
        uri.truncate(uri.len() - folder.len());
        config.edits_project = true;
    }
}

/// Fills in what holds for a site without `[languages]`: it has one, or those
/// that the plugin static-i18n names.
pub(super) fn alone(config: &mut Config, wanted: Option<&str>) -> Result<(), Box<Remark>> {
    config.docs = Docs::of(config.docs_dir.clone());
    if let Some(site) = &config.site_url {
        config.base = base(site);
    }
    static_i18n::apply(config, wanted)
}

/// The path of a site's address, with `/` at both ends.
fn base(site: &str) -> String {
    match url::path(site).trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}
