use std::sync::Arc;

use super::{
    Config, Environment, Read, SettingDiagnostic, SettingRef, Sources, parse_env_file, static_i18n,
};
use crate::diagnostic::{Diagnostic, Rule};
use crate::languages::{Docs, Language, Languages};
use crate::url;

/// Adds a language's variables to those of the process: first those of its env
/// file, then those in its settings.
pub(super) fn extend_environment(
    environment: &mut Environment,
    language: &Language,
    sources: &Sources<'_>,
) {
    if let Some(file) = &language.env_file
        && let Read::Present(text) = (sources.read)(file)
    {
        environment.extend(parse_env_file(&text));
    }
    environment.extend(language.env.clone());
}

/// Warns if a language's env file cannot be read.
pub(super) fn check_env_file(
    language: &Language,
    sources: &Sources<'_>,
) -> Option<SettingDiagnostic> {
    let file = language.env_file.as_ref()?;
    if matches!((sources.read)(file), Read::Present(_)) {
        return None;
    }
    let message = format!(
        "the env file `{file}` of the language `{}` cannot be read",
        language.code
    );
    let warning = Diagnostic::new(Rule::MissingEnvFile, message)
        .help("the path is relative to the project; `{lang}` stands for the language");
    let subject = SettingRef::Language(language.code.clone());
    Some(SettingDiagnostic::about(subject, warning))
}

/// Warns if the plugin static-i18n configures languages too.
pub(super) fn check_plugin(config: &Config) -> Option<SettingDiagnostic> {
    let plugin = config.plugins.iter().find(|plugin| plugin.name == "i18n")?;
    let message = "the plugin `i18n` is ignored, because there is a `[languages]` table";
    let warning = Diagnostic::warning(Rule::BadLanguage, message);
    Some(plugin.remark(warning.help("configure the languages in only one of the two")))
}

/// Turns a configuration into that of the current language.
pub(super) fn apply(config: &mut Config, languages: Languages) {
    let language = languages.current();
    // A theme whose language comes from the environment has the right one
    // already, perhaps under another code.
    if primary_code(&config.theme.language) != primary_code(&language.code) {
        config.theme.language.clone_from(&language.code);
    }
    let prefix = format!("/{}", language.prefix);
    let default_prefix = format!("/{}", languages.default().prefix);
    if let Some(site) = &mut config.site_url
        && !site.ends_with(&prefix)
    {
        // The other languages are not below the default language's address.
        if default_prefix.len() > 1 && site.ends_with(&default_prefix) {
            site.truncate(site.len() + 1 - default_prefix.len());
        }
        site.push_str(&language.prefix);
    }
    adjust_edit_uri(config, language);
    config.base = match &config.site_url {
        Some(site) => base_path(site),
        None => format!("/{}", language.prefix),
    };
    let languages = languages.with_folders(&config.docs_dir);
    config.docs = languages.docs[languages.current].clone();
    config.languages = Some(Arc::new(languages));
}

/// The code without its region: `pt` for `pt-BR` and `pt_BR`.
fn primary_code(code: &str) -> String {
    let end = code.find(['-', '_']).unwrap_or(code.len());
    code[..end].to_lowercase()
}

/// Makes `edit_uri` lead to a language's own docs folder: if it ends in the
/// docs folder of the base configuration, it leads to the project instead.
fn adjust_edit_uri(config: &mut Config, language: &Language) {
    let (Some(uri), Some(base)) = (&mut config.edit_uri, &config.base_docs) else {
        return;
    };
    if language.docs.is_none() || *base == config.docs_dir {
        return;
    }
    let folder = format!("{base}/");
    if uri.ends_with(&format!("/{folder}")) || *uri == folder {
        uri.truncate(uri.len() - folder.len());
        config.edits_project = true;
    }
}

/// Completes the configuration of a site without `[languages]`, which has a
/// single language or those of the plugin static-i18n.
pub(super) fn apply_without_table(
    config: &mut Config,
    wanted: Option<&str>,
) -> Result<(), Box<SettingDiagnostic>> {
    config.docs = Docs::of(config.docs_dir.clone());
    if let Some(site) = &config.site_url {
        config.base = base_path(site);
    }
    static_i18n::apply(config, wanted)
}

/// The path of a site's address, with `/` at both ends.
fn base_path(site: &str) -> String {
    match url::path(site).trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}
