//! Options of the extensions that change the HTML of a page once it is written.

use super::ExtensionOptions;
use super::added::list;

/// The extensions that change the HTML of a page, as far as they are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Postprocess {
    /// `pymdownx.pathconverter`.
    pub paths: Option<PathConverter>,
    /// `pymdownx.b64`.
    pub embed: Option<Embed>,
    /// `pymdownx.striphtml`.
    pub strip_html: Option<StripHtml>,
}

/// `pymdownx.pathconverter`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathConverter {
    /// `base_path`: the folder that paths are relative to.
    pub base_path: String,
    /// `relative_path`: the folder that they will be relative to.
    pub relative_path: String,
    /// `absolute`: whether they become absolute instead.
    pub absolute: bool,
    /// `file_scheme`: whether absolute ones begin with `file:`.
    pub file_scheme: bool,
    /// `tags`: the elements whose paths are converted.
    pub tags: Vec<String>,
}

impl PathConverter {
    /// Reads the configured options; `None` if nothing is converted.
    pub fn new(with: &ExtensionOptions<'_>) -> Option<Self> {
        let tags = with.text("tags", "img script a link");
        let options = Self {
            base_path: with.text("base_path", ""),
            relative_path: with.text("relative_path", ""),
            absolute: with.flag("absolute", false),
            file_scheme: with.flag("file_scheme", false),
            tags: tags.split_whitespace().map(str::to_owned).collect(),
        };
        let has_target = options.absolute || !options.relative_path.is_empty();
        (!options.base_path.is_empty() && has_target).then_some(options)
    }
}

/// `pymdownx.b64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// `base_path`: the folder that paths are relative to.
    pub base_path: String,
    /// `root_path`: the folder whose images may be embedded.
    pub root_path: String,
    /// `restrict_path`: whether they must be in that folder.
    pub restrict_path: bool,
}

impl Embed {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let base_path = with.text("base_path", ".");
        let root_path = with.text("root_path", "");
        Self {
            root_path: if root_path.is_empty() {
                base_path.clone()
            } else {
                root_path
            },
            base_path,
            restrict_path: with.flag("restrict_path", true),
        }
    }
}

/// `pymdownx.striphtml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripHtml {
    /// `strip_comments`.
    pub comments: bool,
    /// `strip_js_on_attributes`: attributes such as `onclick`.
    pub handlers: bool,
    /// `strip_attributes`.
    pub attributes: Vec<String>,
}

impl StripHtml {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let attributes = list(with, "strip_attributes");
        let attributes = attributes.iter().map(|name| name.trim().to_owned());
        Self {
            comments: with.flag("strip_comments", true),
            handlers: with.flag("strip_js_on_attributes", true),
            attributes: attributes.filter(|name| !name.is_empty()).collect(),
        }
    }
}
