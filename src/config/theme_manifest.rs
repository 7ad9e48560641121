use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::from_toml;
use crate::files::SourcePath;
use crate::yaml::Node;

const TEXT: &str = include_str!("../../themes/default/theme.toml");

static BUILT_IN: LazyLock<ThemeManifest> = LazyLock::new(|| {
    let root = from_toml(&SourcePath::new("theme.toml"), TEXT)
        .expect("the manifest of the built-in theme is valid TOML");
    ThemeManifest::read(&root)
});

/// What the built-in theme reads of a configuration. Tests compare it with the
/// theme's templates, scripts and style sheets.
#[derive(Debug)]
pub struct ThemeManifest {
    /// Keys of `theme`.
    pub settings: Vec<String>,
    /// Entries of `theme.features`, with what each does.
    pub features: BTreeMap<String, String>,
    /// Keys of `theme.icon`.
    pub icons: Vec<String>,
    /// Keys of `extra`.
    pub extra: Vec<String>,
    /// Languages of the interface.
    pub languages: Vec<String>,
    /// Colour schemes of `theme.palette`.
    pub schemes: Vec<String>,
    /// Its primary colours.
    pub primary: Vec<String>,
    /// Its accent colours.
    pub accent: Vec<String>,
    /// Features that change nothing, with the reason.
    pub needless_features: BTreeMap<String, String>,
    /// Features of Material for MkDocs that the theme lacks, with what readers
    /// lose.
    pub missing_features: BTreeMap<String, String>,
    /// The same for icons.
    pub missing_icons: BTreeMap<String, String>,
    /// The same for `extra`.
    pub missing_extra: BTreeMap<String, String>,
    /// Blocks of the templates, with what is in them.
    pub blocks: BTreeMap<String, String>,
    /// Partials without their folder and ending, with what they are.
    pub partials: BTreeMap<String, String>,
    /// Custom properties of the style sheets that sites may set.
    pub variables: BTreeMap<String, String>,
    /// Keys of front matter that the templates read.
    pub front_matter: BTreeMap<String, String>,
    /// The values of settings that a site does not give.
    pub defaults: Map<String, Value>,
}

impl ThemeManifest {
    /// The manifest of the built-in theme.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    fn read(root: &Node) -> Self {
        let list = |key: &str| {
            let items = root.get(key).and_then(Node::items).unwrap_or(&[]);
            items
                .iter()
                .filter_map(Node::as_str)
                .map(str::to_owned)
                .collect()
        };
        let entries = |table: Option<&Node>| {
            let entries = table.and_then(Node::entries).unwrap_or(&[]);
            entries
                .iter()
                .filter_map(|(name, text)| Some((name.key_text(), text.as_str()?.to_owned())))
                .collect()
        };
        let table = |group: &str, key: &str| entries(root.get(group).and_then(|it| it.get(key)));
        Self {
            settings: list("settings"),
            features: entries(root.get("features")),
            icons: list("icons"),
            extra: list("extra"),
            languages: list("languages"),
            schemes: list("schemes"),
            primary: list("primary"),
            accent: list("accent"),
            needless_features: table("needless", "features"),
            missing_features: table("missing", "features"),
            missing_icons: table("missing", "icons"),
            missing_extra: table("missing", "extra"),
            blocks: entries(root.get("blocks")),
            partials: entries(root.get("partials")),
            variables: entries(root.get("variables")),
            front_matter: entries(root.get("front_matter")),
            defaults: root.get("defaults").map_or_else(Map::new, Node::to_map),
        }
    }
}
