use super::Config;
use crate::files::SourcePath;

/// The folders from which pages and templates are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// The folder of pages.
    pub docs_dir: SourcePath,
    /// The folder of the configuration file; the root if there is no file.
    pub project: SourcePath,
    /// The folder whose files are copied to the site root as they are.
    pub static_dir: Option<SourcePath>,
    /// Folders of the site's own templates and assets, which override the
    /// theme's. Earlier ones take precedence.
    pub themes: Vec<SourcePath>,
    /// The folders of an installed theme's templates and assets. Earlier ones
    /// take precedence.
    pub packages: Vec<SourcePath>,
}

impl Folders {
    /// The folders of a configuration.
    pub fn of(config: &Config) -> Self {
        let theme = &config.theme;
        let by_name = config.themes_dir.as_ref().zip(theme.name.as_ref());
        let by_name = by_name.map(|(themes, name)| themes.join(name));
        let file = config.file.as_ref();
        Self {
            docs_dir: config.docs_dir.clone(),
            project: file
                .and_then(SourcePath::parent)
                .unwrap_or_else(SourcePath::root),
            static_dir: config.static_dir.clone(),
            themes: theme
                .custom_dir
                .clone()
                .into_iter()
                .chain(by_name)
                .collect(),
            packages: theme.packages.clone(),
        }
    }
}
