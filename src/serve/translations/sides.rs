use super::super::live_client::with_client;
use super::super::own_page::document;
use super::super::{Server, error_page::escape, own_addresses};
use super::label;
use crate::ages::day;
use crate::align::{Word, words_of_change};
use crate::files::SourcePath;
use crate::languages::direction;
use crate::session::Beside;
use crate::translations::{BlockState, State, percent};

/// A page beside its translation, passage by passage.
pub(super) fn page(server: &Server, language: &str, of: &SourcePath) -> Option<String> {
    let desk = &server.translating;
    let history = desk.history();
    let found = desk
        .questions(&server.places.sites, &history)
        .beside(language, of)?;
    let languages = server.places.sites.languages()?;
    let addresses = server.places.addresses();
    let own = own_addresses::below(&addresses.root);
    let counts = found.state.counts();
    let open = found
        .state
        .blocks
        .iter()
        .filter(|it| it.state.is_open())
        .count();
    let mut body = format!(
        "<header><h1>{} <small>{}</small></h1><p><a href=\"{own}translations\">All translations\
         </a> · <a href=\"{}\">{}</a>",
        escape(of.as_str()),
        escape(language),
        escape(&format!("{}{}", addresses.root, found.source.address)),
        escape(of.as_str()),
    );
    let page = found
        .own
        .as_ref()
        .map(|it| format!("{}{}", addresses.root, it.address));
    if let (Some(own), Some(page)) = (&found.own, &page) {
        let file = escape(own.source.as_str());
        body.push_str(&format!(" · <a href=\"{}\">{file}</a>", escape(page)));
    }
    let marks = if open == 1 {
        "passage needs"
    } else {
        "passages need"
    };
    body.push_str(&format!(
        "</p><p role=\"status\">{} current; {open} {marks} work. <button id=\"next\" \
         title=\"The next passage that needs work (n)\">Next</button>",
        percent(&counts)
    ));
    let is_left = |it: &BlockState| it.state == State::Untranslated && it.lines.is_some();
    if found.state.blocks.iter().any(is_left) {
        let of = of.as_str();
        body.push_str(&format!(
            " <button id=\"lost\" data-language=\"{}\" data-of=\"{}\" title=\"Look for \
             translations of what is not translated in the history\">Look in the history</button>",
            escape(language),
            escape(of),
        ));
    }
    let source_path = format!("{}{}", addresses.root, found.source.address);
    let source_view = server.places.view(&source_path);
    body.push_str(&format!(
        "</p></header><main data-source=\"{}\" data-fingerprint=\"{}\">",
        escape(&source_path),
        source_view.1.fingerprint
    ));
    if let Some(why) = &found.state.unknown {
        let why = escape(why);
        body.push_str(&format!(
            "<p class=\"note\">What is out of date is not known: {why}.</p>"
        ));
    }
    let default = &languages.default().code;
    body.push_str(&rows(&found, (default, language)));
    body.push_str("</main>");
    let here = format!("/__proofroom/translations/{language}/{of}");
    let to_own = own_addresses::relative("", &here, &addresses.root);
    let html = document(
        "translations",
        &format!("{of} in {language}"),
        &body,
        &to_own,
    );
    // What is not translated is kept up to date with its source.
    let (path, (revision, view)) = match page {
        Some(path) => {
            let view = server.places.view(&path);
            (path, view)
        }
        None => (source_path, source_view),
    };
    let source = found.own.as_ref().map(|it| &it.source);
    let shown = (here.as_str(), path.as_str());
    Some(with_client(
        server,
        &html,
        shown.0,
        shown.1,
        &view.fingerprint,
        source,
        revision,
    ))
}

fn rows(found: &Beside, (default, language): (&str, &str)) -> String {
    let source: Vec<&str> = found.source.text.lines().collect();
    let own: Vec<&str> = found.own.iter().flat_map(|it| it.text.lines()).collect();
    let mut table = format!(
        "<table class=\"sides\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr>\
         </thead><tbody>",
        escape(default),
        escape(language)
    );
    for block in &found.state.blocks {
        let state = block.state;
        let open = if state.is_open() { " open" } else { "" };
        let own_language = if state == State::Untranslated {
            default
        } else {
            language
        };
        // Not by the first letter, which often belongs to a mark or a name.
        table.push_str(&format!(
            "<tr class=\"{}{open}\"><td lang=\"{}\" dir=\"{}\">{}{}</td>\
             <td lang=\"{}\" dir=\"{}\">{}{}</td></tr>",
            state.name(),
            escape(default),
            direction(default),
            place(block.source_lines, &found.source.source),
            said(block, &source),
            escape(own_language),
            direction(own_language),
            match &found.own {
                Some(page) => place(block.lines, &page.source),
                None => String::new(),
            },
            written(block, &own),
        ));
    }
    table + "</tbody></table>"
}

/// The lines of a passage, as a button that opens the editor there.
fn place(lines: Option<(u32, u32)>, file: &SourcePath) -> String {
    let Some((first, _)) = lines else {
        return String::new();
    };
    let file = escape(file.as_str());
    format!(
        "<button class=\"place\" data-file=\"{file}\" data-line=\"{first}\" \
         title=\"Open in the editor\">{first}</button>"
    )
}

/// The lines of a text, without blank lines around them.
pub(super) fn text(lines: Option<(u32, u32)>, of: &[&str]) -> String {
    let Some((first, last)) = lines else {
        return String::new();
    };
    let (first, last) = (first.max(1) as usize - 1, last as usize);
    let lines = of.get(first..last.min(of.len())).unwrap_or_default();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// What the source says, with its changes where the translation missed them.
fn said(block: &BlockState, source: &[&str]) -> String {
    let now = text(block.source_lines, source);
    let Some(before) = &block.before else {
        return format!("<div class=\"text\">{}</div>", escape(&now));
    };
    let words = words_of_change(before, &now)
        .into_iter()
        .map(|word| match word {
            Word::Same(text) => escape(text),
            Word::Added(text) => format!("<ins>{}</ins>", escape(text)),
            Word::Removed(text) => format!("<del>{}</del>", escape(text)),
        });
    format!("<div class=\"text\">{}</div>", words.collect::<String>())
}

/// What the translation says, with its state.
fn written(block: &BlockState, own: &[&str]) -> String {
    let mut html = format!(
        "<div class=\"text\">{}</div>",
        escape(&text(block.lines, own))
    );
    if block.state == State::Current {
        return html;
    }
    let since = match &block.since {
        Some(since) => format!(
            " since <time>{}</time> <code>{}</code>",
            day(since.date),
            escape(&since.commit.chars().take(8).collect::<String>())
        ),
        None if block.state == State::Stale => " since a change that is not committed".to_owned(),
        None => String::new(),
    };
    html.push_str(&format!(
        "<p class=\"state\">{}{since}</p>",
        label(block.state)
    ));
    html
}
