//! Which fonts there are, and which of them draws what.

mod choice;
mod file;
mod style;

use std::sync::{Arc, OnceLock};

use harfrust::Tag;
use harfrust::font::{Font, Variation};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use crate::files::{Kind, SourcePath, System};
use file::FontFile;

/// How deep font folders are searched.
const DEEPEST: usize = 6;

/// How many files are looked at.
const MOST_FILES: usize = 20_000;

/// A folder with fonts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFolder {
    /// Its path.
    pub path: SourcePath,
    /// Whether it is laid out like the cache of Material's plugin: a folder for each
    /// family, whose files are named by their styles.
    pub is_by_family: bool,
}

/// A font as a layout names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// The family.
    pub family: &'a str,
    /// What comes before the style, such as `Condensed`; may be empty.
    pub variant: &'a str,
    /// The style, such as `Bold`.
    pub style: &'a str,
}

impl Wanted<'_> {
    /// The whole name of the style.
    pub(super) fn full_style(&self) -> String {
        match self.variant {
            "" => self.style.to_owned(),
            variant => format!("{variant} {}", self.style),
        }
    }
}

/// A font of a book: its number, and the weight that a variable font is set to (0 for
/// its own).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FontKey {
    pub(super) number: usize,
    pub(super) weight: u16,
}

/// A font that text is set in.
pub(super) struct Face {
    pub(super) font: Font,
    /// The units of the em square.
    pub(super) units: f32,
    /// How far lines reach above and below their baselines, in units.
    pub(super) ascender: f32,
    pub(super) descender: f32,
}

/// The font that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) key: FontKey,
    /// What takes the place of the wanted family, if it was not found: a family and its
    /// version.
    pub(super) substitute: Option<String>,
}

/// What a character is drawn with if the wanted font lacks it.
type Fallbacks = FxHashMap<(FontKey, String, char), Option<FontKey>>;

/// All fonts of some folders. Nothing is read before the first of them is needed, and
/// then only their names.
pub struct FontBook {
    system: Arc<dyn System>,
    folders: Vec<FontFolder>,
    files: OnceLock<Vec<FontFile>>,
    faces: Mutex<FxHashMap<FontKey, Arc<Face>>>,
    fallbacks: Mutex<Fallbacks>,
}

impl std::fmt::Debug for FontBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let folders = ("folders", &self.folders);
        f.debug_struct("FontBook")
            .field(folders.0, folders.1)
            .finish_non_exhaustive()
    }
}

impl FontBook {
    /// The fonts in these folders. Those of earlier folders are preferred.
    pub fn new(system: Arc<dyn System>, folders: Vec<FontFolder>) -> Self {
        Self {
            system,
            folders,
            files: OnceLock::new(),
            faces: Mutex::default(),
            fallbacks: Mutex::default(),
        }
    }

    /// Whether there is no font at all.
    pub fn is_empty(&self) -> bool {
        self.files().is_empty()
    }

    fn files(&self) -> &[FontFile] {
        self.files.get_or_init(|| {
            let mut files = Vec::new();
            let mut left = MOST_FILES;
            for folder in &self.folders {
                let from = files.len();
                self.gather(&folder.path, DEEPEST, &mut left, &mut files);
                for file in &mut files[from..] {
                    if folder.is_by_family {
                        name_by_path(file, &folder.path);
                    }
                }
            }
            files
        })
    }

    fn gather(&self, folder: &SourcePath, depth: usize, left: &mut usize, to: &mut Vec<FontFile>) {
        for (name, kind) in self.system.list(folder).unwrap_or_default() {
            let path = folder.join(&name);
            let extension = path.extension().map(str::to_ascii_lowercase);
            let is_font = extension.is_some_and(|it| ["otc", "otf", "ttc", "ttf"].contains(&&*it));
            if kind == Kind::Folder && depth > 0 {
                self.gather(&path, depth - 1, left, to);
            } else if kind == Kind::File && is_font && *left > 0 {
                *left -= 1;
                to.extend(file::fonts(&self.system, &path));
            }
        }
    }

    /// A font, ready to set text in.
    pub(super) fn face(&self, key: FontKey) -> Option<Arc<Face>> {
        if let Some(face) = self.faces.lock().get(&key) {
            return Some(face.clone());
        }
        let file = self.files().get(key.number)?;
        let font = if key.weight == 0 {
            file.font.clone()
        } else {
            let weight = Variation::new(Tag::new(b"wght"), f32::from(key.weight));
            file.font.instance_builder().variations([weight]).build()
        };
        let metrics = font.metrics();
        let line = metrics.h_line();
        let (ascender, descender) = line.map_or((0.0, 0.0), |line| {
            (line.ascender.to_f32(), -line.descender.to_f32())
        });
        let face = Face {
            units: f32::from(metrics.units_per_em.max(1)),
            ascender,
            descender,
            font,
        };
        let face = Arc::new(face);
        self.faces.lock().insert(key, face.clone());
        Some(face)
    }

    /// What tells the content of a font from that of others.
    pub(super) fn print(&self, key: FontKey) -> Arc<[u8]> {
        let file = self.files().get(key.number);
        file.map_or_else(Arc::default, |file| file.print.clone())
    }
}

/// Names a font by its folder and file, as Material's plugin does.
fn name_by_path(file: &mut FontFile, folder: &SourcePath) {
    let below = file.path.below(folder).unwrap_or_default();
    if let Some((family, name)) = below.split_once('/') {
        let style = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        file.old_family = Some(std::mem::replace(&mut file.family, family.to_owned()));
        style.clone_into(&mut file.style);
    }
}
