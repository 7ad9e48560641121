//! Font files, of which only the tables that are needed are read.

use std::sync::Arc;

use harfrust::Tag;
use harfrust::font::{Blob, Font, TableFunction};
use read_fonts::types::NameId;

use crate::files::{FileContent, SourcePath, System};

/// How many fonts one file may contain.
const MOST: u32 = 64;

/// How many tables a font may have.
const MOST_TABLES: usize = 128;

/// A font of a file, with its names.
#[derive(Clone)]
pub(super) struct FontFile {
    pub(super) path: SourcePath,
    pub(super) font: Font,
    pub(super) family: String,
    /// The style within the family, such as `Bold` or `Condensed Light Italic`.
    pub(super) style: String,
    /// The family as old programs know it, if that is another one.
    pub(super) old_family: Option<String>,
    pub(super) version: String,
    /// A number that changes with the content: that of the directory of its tables,
    /// which contains a sum of each.
    pub(super) print: Arc<[u8]>,
    /// The lightest and the boldest weight of a variable font.
    pub(super) weights: Option<(f32, f32)>,
}

/// The fonts in a file. Empty if it is none, or cannot be read.
pub(super) fn fonts(system: &Arc<dyn System>, path: &SourcePath) -> Vec<FontFile> {
    let Ok(file) = system.open(path) else {
        return Vec::new();
    };
    let starts = starts(&file).unwrap_or_default();
    let fonts = starts.into_iter();
    fonts
        .filter_map(|start| font(system, path, &file, start))
        .collect()
}

/// Where the fonts of a file begin.
fn starts(file: &FileContent) -> Option<Vec<u32>> {
    let head = file.part(0, 12).ok()?;
    if head.get(..4)? != b"ttcf" {
        return Some(vec![0]);
    }
    let count = number(&head, 8)?.min(MOST);
    let offsets = file.part(12, 4 * count as usize).ok()?;
    (0..count as usize)
        .map(|nth| number(&offsets, 4 * nth))
        .collect()
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// A table: its name, where it begins, and its length.
type Table = (Tag, u32, u32);

fn font(
    system: &Arc<dyn System>,
    path: &SourcePath,
    file: &FileContent,
    start: u32,
) -> Option<FontFile> {
    let head = file.part(start.into(), 12).ok()?;
    let is_font = [&[0, 1, 0, 0][..], b"OTTO", b"true"].contains(&head.get(..4)?);
    let count = usize::from(u16::from_be_bytes(head.get(4..6)?.try_into().ok()?));
    if !is_font || count > MOST_TABLES {
        return None;
    }
    let directory = file.part(u64::from(start) + 12, 16 * count).ok()?;
    let tables: Option<Vec<Table>> = directory
        .chunks_exact(16)
        .map(|entry| {
            let tag = Tag::new(entry.get(..4)?.try_into().ok()?);
            Some((tag, number(entry, 8)?, number(entry, 12)?))
        })
        .collect();
    let tables = tables?;
    let read = {
        let (system, path) = (system.clone(), path.clone());
        move |tag: Tag| {
            let (_, start, length) = tables.iter().find(|(it, ..)| *it == tag)?;
            let file = system.open(&path).ok()?;
            let bytes = file.part((*start).into(), *length as usize).ok()?;
            Some(Blob::from(bytes))
        }
    };
    let font = Font::new(TableFunction::new(Arc::new(read)), 0)?;
    let name = |id: NameId| {
        let names = font.names();
        let name = names.get(id)?.english_or_first()?;
        let name = name.name().to_string();
        Some(name).filter(|name| !name.is_empty())
    };
    let old_family = name(NameId::FAMILY_NAME);
    let family = name(NameId::TYPOGRAPHIC_FAMILY_NAME).or(old_family.clone())?;
    let style = name(NameId::TYPOGRAPHIC_SUBFAMILY_NAME).or(name(NameId::SUBFAMILY_NAME));
    let weight = font
        .axes()
        .iter()
        .find(|axis| axis.tag() == Tag::new(b"wght"));
    Some(FontFile {
        path: path.clone(),
        old_family: old_family.filter(|old| *old != family),
        family,
        style: style.unwrap_or_else(|| "Regular".to_owned()),
        version: version(&name(NameId::VERSION_STRING).unwrap_or_default()),
        print: directory.into(),
        weights: weight.map(|axis| (axis.min_value(), axis.max_value())),
        font,
    })
}

/// The number in `Version 2.138; 2017`.
fn version(text: &str) -> String {
    let text = text.trim_start_matches("Version ");
    let end = text.find([';', ' ', ',']).unwrap_or(text.len());
    text[..end].to_owned()
}
