use crate::config::Config;
use crate::files::SourcePath;
use crate::python;
use crate::url;

/// The settings that a page's absolute addresses and edit links depend on.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    site_url: Option<String>,
    repo_url: Option<String>,
    edit_uri: Option<String>,
    edit_uri_template: Option<String>,
    base: String,
    edits_project: bool,
    /// The folder that pages are edited in, if all languages share one site.
    shared: Option<SourcePath>,
}

impl Links {
    pub(super) fn new(config: &Config) -> Self {
        let languages = config.languages.as_ref();
        let shared = languages.filter(|it| it.one_site().is_some());
        Self {
            site_url: config.site_url.clone(),
            repo_url: config.repo_url.clone().filter(|url| !url.is_empty()),
            edit_uri: config.edit_uri.clone().filter(|uri| !uri.is_empty()),
            edit_uri_template: config.edit_uri_template.clone(),
            base: config.base.clone(),
            edits_project: config.edits_project,
            shared: shared.map(|_| config.docs_dir.clone()),
        }
    }

    /// The full address of a page.
    pub(super) fn canonical(&self, page: &str) -> Option<String> {
        Some(url::join(self.site_url.as_ref()?, page))
    }

    /// The address of a page, from the root of its server.
    pub(super) fn absolute(&self, page: &str) -> Option<String> {
        Some(url::path(&self.canonical(page)?).to_owned())
    }

    /// The path of the site on its server: `/en/` for `https://example.org/en/`,
    /// and `/` if it is not known.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// The path of a source below MkDocs' docs folder. `path` is the one that is
    /// the same in all languages.
    pub(super) fn source<'a>(&self, source: &'a SourcePath, path: &'a str) -> &'a str {
        let docs = self.shared.as_ref();
        docs.and_then(|docs| source.below(docs)).unwrap_or(path)
    }

    /// The path of a source in edit links.
    pub(super) fn edit_path<'a>(&self, source: &'a SourcePath, path: &'a str) -> &'a str {
        if self.edits_project {
            source.as_str()
        } else {
            self.source(source, path)
        }
    }

    /// The address at which a page is edited, by MkDocs' rules for `edit_uri`.
    pub(super) fn edit_url(&self, path: &str) -> Option<String> {
        let stem = match path.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => stem,
            _ => path,
        };
        let uri = match (&self.edit_uri_template, &self.edit_uri) {
            (Some(template), _) if !template.is_empty() => {
                let field = |name: &str| match name {
                    "path" => Some(path.to_owned()),
                    "path_noext" => Some(stem.to_owned()),
                    _ => None,
                };
                // Templates that cannot be formatted are refused as settings.
                python::format(template, &field).ok()?
            }
            (_, Some(uri)) if uri.ends_with('/') => format!("{uri}{path}"),
            (_, Some(uri)) => format!("{uri}/{path}"),
            _ => return None,
        };
        let Some(repo) = &self.repo_url else {
            return Some(uri);
        };
        let slash = if uri.starts_with(['?', '#']) || repo.ends_with('/') {
            ""
        } else {
            "/"
        };
        Some(url::join(&format!("{repo}{slash}"), &uri))
    }
}

#[cfg(test)]
mod tests {
    use super::Links;

    /// What MkDocs 1.6.1 makes of each.
    #[test]
    fn templates_say_where_pages_are_edited() {
        for (template, address) in [
            ("x/{path}", "https://r.example/a/x/sub/é.md"),
            ("x/{path!q}", "https://r.example/a/x/sub%2F%C3%A9.md"),
            (
                "?p={path_noext!q}&{{a}}",
                "https://r.example/a?p=sub%2F%C3%A9&{a}",
            ),
        ] {
            let links = Links {
                repo_url: Some("https://r.example/a".to_owned()),
                edit_uri_template: Some(template.to_owned()),
                ..Links::default()
            };
            assert_eq!(links.edit_url("sub/é.md").as_deref(), Some(address));
        }
    }
}
