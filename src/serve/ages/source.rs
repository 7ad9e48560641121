use super::super::live_client::with_client;
use super::super::own_page::document;
use super::super::{Server, error_page::escape, own_addresses};
use super::page::texts;
use super::{sentence, view_of};
use crate::ages::{Blame, Commit, Dating, LineAges as _, Run, day, iso};
use crate::files::SourcePath;
use crate::site::queries;

/// The lines of a file with the commits that they come from. Only files that
/// the page at `path` is made from are shown; without `path`, only sources of
/// pages.
pub(super) fn page(server: &Server, file: &str, path: Option<&str>) -> Option<String> {
    let file = SourcePath::new(file);
    let path = match path {
        Some(path) => path.to_owned(),
        None => path_of(server, &file)?,
    };
    let place = server.places.place(&path);
    let source = place.page()?;
    let (revision, texts) = place.session.ask(|db| texts(db, &source));
    let (_, text) = texts.iter().find(|(found, _)| *found == file)?;
    let title = format!("Ages of {file}");
    let mut body = format!(
        "<header><h1>{}</h1><p><a href=\"{}\">The page</a> · <a href=\"{}ages\">All ages</a>",
        escape(file.as_str()),
        escape(&path),
        escape(&own_addresses::below(&server.places.addresses().root))
    );
    for (other, _) in texts.iter().filter(|(other, _)| *other != file) {
        let view = view_of(server, other, &path);
        let name = escape(other.as_str());
        body.push_str(&format!(" · <a href=\"{}\">{name}</a>", escape(&view)));
    }
    body.push_str("</p></header><main>");
    match server.aged.ages.blame(&file, text) {
        Err(unknown) => body.push_str(&format!("<p class=\"note\">{}.</p>", sentence(&unknown))),
        Ok(blame) => {
            // Lines of included files cannot be located in the page.
            let page = (file == source).then_some(path.as_str());
            body.push_str(&table(server, &blame, text, page));
        }
    }
    body.push_str("</main>");
    let here = format!("/__proofroom/blame/{file}");
    let root = server.places.addresses().root.clone();
    let own = own_addresses::relative("", &here, &root);
    let html = document("ages", &title, &body, &own);
    let fingerprint = server.places.view(&path).1.fingerprint;
    Some(with_client(
        server,
        &html,
        &here,
        &path,
        &fingerprint,
        Some(&file),
        revision,
    ))
}

/// The lines of a text with their commits, as a table. `page` is the path of
/// the page that shows the lines, if they can be located in it.
fn table(server: &Server, blame: &Blame, text: &str, page: Option<&str>) -> String {
    let scale = server.aged.scale();
    let dating = server.aged.ages.dating();
    let lines: Vec<&str> = text.lines().collect();
    let mut table = String::from("<table class=\"lines\"><tbody>");
    for run in blame.runs() {
        let (class, description) = match blame.commit(run) {
            Some(commit) => {
                let class = scale.class(commit.time(dating));
                (format!("c{class}"), describe(commit, dating))
            }
            None => ("new".to_owned(), "<b>not committed yet</b>".to_owned()),
        };
        let link = match page {
            Some(path) => {
                let target = format!("{}#proofroom-L{}", escape(path), target(run, &lines));
                format!(" <a class=\"to\" href=\"{target}\" title=\"In the page\">↗</a>")
            }
            None => String::new(),
        };
        let height = run.last - run.first + 1;
        for line in run.first..=run.last {
            // One cell describes the whole run.
            let (first, cell) = if line == run.first {
                let cell = format!("<th rowspan=\"{height}\"><div>{description}{link}</div></th>");
                (" first", cell)
            } else {
                ("", String::new())
            };
            // Git may count an empty last line.
            let text = lines.get(line - 1).copied().unwrap_or("");
            table.push_str(&format!(
                "<tr id=\"L{line}\" class=\"{class}{first}\">{cell}<td class=\"no\"><a \
                 href=\"#L{line}\">{line}</a></td><td class=\"text\" dir=\"auto\">{}</td></tr>",
                escape(text),
            ));
        }
    }
    table + "</tbody></table>"
}

fn describe(commit: &Commit, dating: Dating) -> String {
    let time = commit.time(dating);
    let mark = if commit.at_least { "≤ " } else { "" };
    format!(
        "<time datetime=\"{}\">{mark}{}</time> <span dir=\"auto\">{}</span> \
         <code>{}</code><br><span dir=\"auto\">{}</span>",
        iso(time),
        day(time),
        escape(&commit.author),
        escape(&commit.id.chars().take(8).collect::<String>()),
        escape(&commit.summary),
    )
}

/// The first line of a run that has text: blocks begin with one.
fn target(run: Run, lines: &[&str]) -> usize {
    let written = |line: &usize| {
        lines
            .get(line - 1)
            .is_some_and(|text| !text.trim().is_empty())
    };
    (run.first..=run.last).find(written).unwrap_or(run.first)
}

/// The path of the page made from a source.
fn path_of(server: &Server, file: &SourcePath) -> Option<String> {
    let addresses = server.places.addresses();
    for edition in &addresses.editions {
        let session = server.places.sites.session(edition);
        let (_, files) = session.ask(|db| queries::files(db));
        if let Some(page) = files.pages.iter().find(|page| page.source == *file) {
            return Some(addresses.path_of(edition, &page.address.url));
        }
    }
    None
}
