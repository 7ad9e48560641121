use super::super::answer::with_client;
use super::super::{Server, overlay::escape};
use super::page::texts;
use super::{document, sentence, view_of};
use crate::ages::{Blames as _, Run, day, iso};
use crate::files::SourcePath;
use crate::site::queries;

/// The lines of a file with the commits that they come from. Only files that
/// the page at `path` is made of are shown; without one, sources of pages.
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
        "<header><h1>{}</h1><p><a href=\"{}\">The page</a> · <a href=\"/__proofroom/ages\">All ages</a>",
        escape(file.as_str()),
        escape(&path)
    );
    for (other, _) in texts.iter().filter(|(other, _)| *other != file) {
        let view = view_of(other, &path);
        let name = escape(other.as_str());
        body.push_str(&format!(" · <a href=\"{}\">{name}</a>", escape(&view)));
    }
    body.push_str("</p></header><main>");
    match server.aged.ages.blame(&file, text) {
        Err(unknown) => body.push_str(&format!("<p class=\"note\">{}.</p>", sentence(&unknown))),
        Ok(blame) => {
            let scale = server.aged.scale();
            let lines: Vec<&str> = text.lines().collect();
            body.push_str("<table class=\"lines\"><tbody>");
            // Lines of included files have no places of their own in the page.
            let is_own = file == source;
            for run in blame.runs() {
                let commit = blame.commit(run);
                let class = commit.map(|it| scale.class(it.time(server.aged.ages.dating())));
                let class = class.map_or_else(|| "new".to_owned(), |class| format!("c{class}"));
                let cell = match commit {
                    None => "<b>not committed yet</b>".to_owned(),
                    Some(commit) => {
                        let time = commit.time(server.aged.ages.dating());
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
                };
                let link = is_own.then(|| {
                    let target = format!("{}#proofroom-L{}", escape(&path), target(run, &lines));
                    format!(" <a class=\"to\" href=\"{target}\" title=\"In the page\">↗</a>")
                });
                let link = link.unwrap_or_default();
                for line in run.first..=run.last {
                    let is_first = line == run.first;
                    let height = run.last - run.first + 1;
                    let cell = is_first
                        .then(|| format!("<th rowspan=\"{height}\"><div>{cell}{link}</div></th>"));
                    let text = lines.get(line - 1).copied().unwrap_or_default();
                    body.push_str(&format!(
                        "<tr id=\"L{line}\" class=\"{class}{}\">{}<td class=\"no\"><a \
                         href=\"#L{line}\">{line}</a></td><td class=\"text\" dir=\"auto\">{}</td></tr>",
                        if is_first { " first" } else { "" },
                        cell.unwrap_or_default(),
                        escape(text),
                    ));
                }
            }
            body.push_str("</tbody></table>");
        }
    }
    body.push_str("</main>");
    let html = document(&title, &body);
    let fingerprint = server.places.view(&path).1.fingerprint;
    Some(with_client(
        server,
        &html,
        &path,
        &fingerprint,
        Some(&file),
        revision,
    ))
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

/// The path of the page that is made from a source.
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
