use super::Config;
use crate::files::SourcePath;

/// The folders that pages and templates take from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The folder of pages.
    pub docs_dir: SourcePath,
    /// The folder that the configuration lies in; the root where there is
    /// none.
    pub project: SourcePath,
    /// The folder whose files are copied to the site root as they are.
    pub static_dir: Option<SourcePath>,
    /// Folders of the site's own templates and assets, which go before the
    /// theme's; first one first.
    pub themes: Vec<SourcePath>,
    /// The folder of an installed theme package.
    pub package: Option<SourcePath>,
}

impl Folders {
    /// Those of a configuration.
    pub fn of(config: &Config) -> Self {
        let theme = &config.theme;
        let named = config.themes_dir.as_ref().zip(theme.name.as_ref());
        let named = named.map(|(themes, name)| themes.join(name));
        let file = config.file.as_ref();
        Self {
            docs_dir: config.docs_dir.clone(),
            project: file
                .and_then(SourcePath::parent)
                .unwrap_or_else(SourcePath::root),
            static_dir: config.static_dir.clone(),
            themes: theme.custom_dir.clone().into_iter().chain(named).collect(),
            package: theme.package.clone(),
        }
    }
}
