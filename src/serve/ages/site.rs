use std::collections::BTreeSet;

use super::super::own_page::{document, quoted};
use super::super::{Server, error_page::escape};
use super::{AgesQuery, sentence, view_of};
use crate::ages::{Dating, LineAges as _, Month, Scale, day, spread};
use crate::files::SourcePath;
use crate::session::{CommitRange, PageAge, SiteAges, site_ages};

/// How many entries of the list are shown per page.
const SHOWN: usize = 200;

/// Lists all pages or blocks of the site, the least recently edited first.
pub(super) fn page(server: &Server, asked: &AgesQuery) -> String {
    let by_block = asked.show == "blocks";
    let mut site = site_ages(&server.places.sites, &*server.aged.ages, by_block);
    let scale = Scale::new(site.dates.iter().copied());
    let options = Options::of(&site);
    let folder = SourcePath::new(&asked.folder);
    let is_meant = |page: &PageAge| {
        let language = page.language.as_deref();
        (asked.language.is_empty() || language == Some(asked.language.as_str()))
            && page.source.below(&folder).is_some()
    };
    site.pages.retain(is_meant);
    let dating = server.aged.ages.dating();
    let mut body = String::from("<header><h1>Ages of the site</h1>");
    body.push_str(&form(asked, &options));
    body.push_str("</header><main>");
    for unknown in &site.unknown {
        body.push_str(&format!("<p class=\"note\">{}.</p>", sentence(unknown)));
    }
    body.push_str(&chart(&spread(site.dates.iter().copied()), &scale));
    let root = server.places.addresses().root.clone();
    let look = Look {
        server,
        root: &root,
        scale: &scale,
        dating,
    };
    let (rows, total) = if by_block {
        blocks(&site, &look, asked.from)
    } else {
        pages(&site, &look, asked.from)
    };
    let kind = if by_block { "Block" } else { "Page" };
    body.push_str(&format!(
        "<table class=\"list\"><thead><tr><th>Newest edit</th><th>Oldest</th><th>{kind}</th>\
         <th>Source</th></tr></thead><tbody>{rows}</tbody></table>"
    ));
    let next = asked.from.saturating_add(SHOWN);
    if next < total {
        body.push_str(&format!(
            "<p><a href=\"?show={}&amp;folder={}&amp;language={}&amp;from={next}\">{} more</a></p>",
            if by_block { "blocks" } else { "pages" },
            quoted(&asked.folder),
            quoted(&asked.language),
            total - next
        ));
    }
    body.push_str("</main>");
    document("ages", "Ages of the site", &body, "")
}

/// The choices of the form.
struct Options {
    folders: BTreeSet<String>,
    languages: BTreeSet<String>,
}

impl Options {
    fn of(site: &SiteAges) -> Self {
        let above = |page: &PageAge| {
            let above = std::iter::successors(page.source.parent(), |it| it.parent());
            above.map(|it| it.as_str().to_owned()).collect::<Vec<_>>()
        };
        Self {
            folders: site.pages.iter().flat_map(above).collect(),
            languages: site
                .pages
                .iter()
                .filter_map(|it| it.language.clone())
                .collect(),
        }
    }
}

fn form(asked: &AgesQuery, options: &Options) -> String {
    let choice = |value: &str, text: &str, chosen: &str| {
        let selected = if value == chosen { " selected" } else { "" };
        format!(
            "<option value=\"{}\"{selected}>{}</option>",
            escape(value),
            escape(text)
        )
    };
    let select = |name: &str, label: &str, options: String| {
        format!("<label>{label} <select name=\"{name}\">{options}</select></label> ")
    };
    let show = choice("pages", "pages", &asked.show) + &choice("blocks", "blocks", &asked.show);
    let mut form = format!("<form>{}", select("show", "Show", show));
    let folders = options.folders.iter().map(|folder| {
        let text = if folder.is_empty() { "all" } else { folder };
        choice(folder, text, &asked.folder)
    });
    form.push_str(&select("folder", "Folder", folders.collect()));
    if !options.languages.is_empty() {
        let languages = options
            .languages
            .iter()
            .map(|it| choice(it, it, &asked.language));
        let options = choice("", "all", &asked.language) + &languages.collect::<String>();
        form.push_str(&select("language", "Language", options));
    }
    form + "<noscript><button>Show</button></noscript></form>"
}

struct Look<'a> {
    server: &'a Server,
    root: &'a str,
    scale: &'a Scale,
    dating: Dating,
}

impl Look<'_> {
    /// The table cells of the newest and the oldest edit.
    fn dates(&self, age: &CommitRange) -> String {
        let cell = |commit: Option<&crate::ages::Commit>| match commit {
            Some(commit) => {
                let time = commit.time(self.dating);
                let mark = if commit.at_least { "≤ " } else { "" };
                format!(
                    "<td class=\"date c{}\" title=\"{} — {}\">{mark}{}</td>",
                    self.scale.class(time),
                    escape(&commit.author),
                    escape(&commit.summary),
                    day(time)
                )
            }
            None => "<td class=\"date\"></td>".to_owned(),
        };
        let newest = if age.edited {
            "<td class=\"date new\">not committed yet</td>".to_owned()
        } else {
            cell(age.newest.as_ref())
        };
        newest + &cell(age.oldest.as_ref())
    }
}

fn pages(site: &SiteAges, look: &Look<'_>, from: usize) -> (String, usize) {
    let rows = site.pages.iter().skip(from).take(SHOWN).map(|page| {
        let path = format!("{}{}", look.root, page.address);
        format!(
            "<tr>{}<td dir=\"auto\"><a href=\"{}\">{}</a></td><td><a href=\"{}\">{}</a></td></tr>",
            look.dates(&page.age),
            escape(&path),
            escape(&page.title),
            escape(&view_of(look.server, &page.source, &path)),
            escape(page.source.as_str())
        )
    });
    (rows.collect(), site.pages.len())
}

fn blocks(site: &SiteAges, look: &Look<'_>, from: usize) -> (String, usize) {
    let mut entries: Vec<_> = site
        .pages
        .iter()
        .flat_map(|page| page.blocks.iter().map(move |block| (page, block)))
        .collect();
    let key = |age: &CommitRange| {
        (
            age.edited,
            age.newest.as_ref().map(|it| it.time(look.dating)),
        )
    };
    entries.sort_by_key(|(_, block)| key(&block.age));
    let rows = entries.iter().skip(from).take(SHOWN).map(|(page, block)| {
        let path = format!("{}{}", look.root, page.address);
        let file = block.place.file.as_ref().map(|it| it.as_str().into());
        let file = file.as_ref().unwrap_or(&page.source);
        let view = format!("{}#L{}", view_of(look.server, file, &path), block.place.first);
        let short: String = block.text.chars().take(90).collect();
        format!(
            "<tr>{}<td dir=\"auto\"><a href=\"{}#proofroom-L{}\">{}</a></td><td><a href=\"{}\">{}:{}</a></td></tr>",
            look.dates(&block.age),
            escape(&path),
            block.line,
            escape(&short),
            escape(&view),
            escape(file.as_str()),
            block.place.first
        )
    });
    (rows.collect(), entries.len())
}

/// Lines by month, as bars.
fn chart(months: &[Month], scale: &Scale) -> String {
    let (Some(first), Some(last)) = (months.first(), months.last()) else {
        return String::new();
    };
    let most = months.iter().map(|month| month.lines).max();
    let most = most.map_or(1, |lines| lines.max(1));
    let width = 6;
    let bars = months.iter().enumerate().map(|(nth, month)| {
        // Rounded up, so that a few lines beside many stay visible.
        let height = (month.lines * 80).div_ceil(most);
        format!(
            "<rect class=\"c{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\"><title>{}: {} lines</title></rect>",
            month.newest.map_or(0, |time| scale.class(time)),
            nth * width,
            80 - height,
            width - 1,
            month.name,
            month.lines
        )
    });
    format!(
        "<figure><svg viewBox=\"0 0 {} 80\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-label=\"Lines by the month of their last edit\">{}</svg><figcaption><span>{}</span>\
         <span>lines by the month of their last edit</span><span>{}</span></figcaption></figure>",
        months.len() * width,
        bars.collect::<String>(),
        first.name,
        last.name
    )
}
