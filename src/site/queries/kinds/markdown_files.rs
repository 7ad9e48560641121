use super::Listed;
use crate::files::SourcePath;
use crate::html::striptags;
use crate::site::queries::fronts::after_front;
use crate::site::queries::markdown_paths::path_of;
use crate::site::queries::settings::has_markdown_files;
use crate::site::queries::shown_navs::title;
use crate::site::queries::views::page_text;
use crate::site::queries::{files, front_matter, prepared};
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// The Markdown of pages, each named by the source of its page.
static KIND: OutputKind = OutputKind::new("markdown", OutputOrigin::Site, make);

pub(super) fn list(db: &dyn Db) -> Listed {
    if !has_markdown_files(db) {
        return Listed::new();
    }
    let files = files(db);
    let outputs = files.pages.iter().filter_map(|page| {
        let path = path_of(&page.address.output)?;
        Some((path, Output::named(&KIND, page.source.as_str())))
    });
    outputs.collect()
}

/// The text of a page as it is written, behind its front matter, with its title.
fn make(db: &dyn Db, output: &Output) -> Produced {
    let page = db.entry(&SourcePath::new(&output.name));
    let Some(text) = page_text(db, page).readable() else {
        return Produced::default();
    };
    let front = front_matter(db, page);
    let prepared = prepared(db, page);
    let written = prepared.generated.as_ref().map(|text| text.as_str());
    let text = written.unwrap_or_else(|| after_front(&text, &front));
    let text = text.trim_start_matches(['\r', '\n']);
    let has_title = text.starts_with("# ") || text.lines().nth(1).is_some_and(is_underline);
    if has_title {
        return Produced::text(text);
    }
    let title = striptags(&title(db, page));
    Produced::text(format!("# {title}\n\n{text}"))
}

/// Whether a line makes the one above it a heading of the first level.
fn is_underline(line: &str) -> bool {
    let line = line.trim_end();
    !line.is_empty() && line.bytes().all(|byte| byte == b'=')
}
