use super::super::own_page::{document, quoted};
use super::super::{Server, error_page::escape, own_addresses};
use super::looks::Seen;
use super::{beside_address, label};
use crate::translations::{Counts, LanguageState, State, TranslatedPage, percent, share};

/// The table of all pages and languages, or of one language.
pub(super) fn page(server: &Server, seen: &Seen, language: Option<&str>) -> String {
    let (all, looking) = match seen {
        Seen::All(found) => (found.as_slice(), None),
        Seen::Before(found) => {
            let again = "Looking for what has changed since.".to_owned();
            (found.as_slice(), Some((again, None)))
        }
        Seen::SoFar(found, done, of) => {
            let what = match of {
                0 => "Reading the translations and their history.".to_owned(),
                of => format!("Looking at the pages: {done} of {of}."),
            };
            (found.as_slice(), Some((what, Some((*done, *of)))))
        }
    };
    let is_asked = |it: &&LanguageState| language.is_none_or(|language| it.language == language);
    let found: Vec<&LanguageState> = all.iter().filter(is_asked).collect();
    let own = own_addresses::below(&server.places.addresses().root);
    let mut body = String::from("<header><h1>Translations</h1>");
    if found.is_empty() && looking.is_none() {
        body.push_str(
            "</header><main><p>This site has one language. <code>[languages]</code> in \
             <code>proofroom.toml</code> says which there are.</p></main>",
        );
        return document("translations", "Translations", &body, "");
    }
    if language.is_some() {
        body.push_str(&format!(
            "<p><a href=\"{own}translations\">All languages</a></p>"
        ));
    }
    body.push_str(
        "<p>The share of passages that say what their source says now. Click a column to sort, \
         a cell to see the page beside its source.</p>",
    );
    let is_looking = looking.is_some();
    if let Some((what, progress)) = looking {
        let bar = match progress {
            Some((_, 0)) => "<progress aria-label=\"Pages\"></progress>".to_owned(),
            Some((done, of)) => {
                format!("<progress aria-label=\"Pages\" value=\"{done}\" max=\"{of}\"></progress>")
            }
            None => String::new(),
        };
        body.push_str(&format!(
            "<p class=\"looking\" role=\"status\">{bar} {what}</p>"
        ));
    }
    body.push_str(if is_looking {
        "</header><main data-looking>"
    } else {
        "</header><main>"
    });
    let pages = found.iter().flat_map(|it| &it.pages);
    let mut unknown: Vec<&str> = pages.filter_map(|it| it.state.unknown.as_deref()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    for why in unknown {
        let why = escape(why);
        body.push_str(&format!(
            "<p class=\"note\">What is out of date is not known: {why}.</p>"
        ));
    }
    body.push_str(&table(&found, &own));
    body.push_str("</main>");
    document("translations", "Translations", &body, "")
}

fn table(found: &[&LanguageState], own: &str) -> String {
    let heads = found.iter().map(|language| {
        let code = escape(&language.language);
        format!("<th scope=\"col\"><button>{code}</button></th>")
    });
    let totals = found.iter().map(|language| {
        let counts = language.counts();
        let address = format!("{own}translations?language={}", quoted(&language.language));
        cell(&counts, &address, &language.language)
    });
    let mut table = format!(
        "<table class=\"matrix\"><thead><tr><th scope=\"col\"><button>Page</button></th>\
         <th scope=\"col\"><button title=\"Words to translate, by how many see them\">To do\
         </button></th>{}</tr></thead><tbody class=\"total\"><tr><th scope=\"row\">All pages</th>\
         <td class=\"work\">{}</td>{}</tr></tbody><tbody>",
        heads.collect::<String>(),
        found
            .iter()
            .flat_map(|it| &it.pages)
            .map(TranslatedPage::work)
            .sum::<usize>(),
        totals.collect::<String>(),
    );
    let rows = found.first().map_or(0, |it| it.pages.len());
    for row in 0..rows {
        let pages = || {
            found
                .iter()
                .filter_map(|it| Some((&it.language, it.pages.get(row)?)))
        };
        let Some((_, first)) = pages().next() else {
            continue;
        };
        let work: usize = pages().map(|(_, page)| page.work()).sum();
        table.push_str(&format!(
            "<tr><th scope=\"row\" title=\"{}\">{}</th><td class=\"work\">{work}</td>",
            escape(first.of.as_str()),
            escape(&first.title),
        ));
        for (language, page) in pages() {
            let address = beside_address(own, language, &page.of);
            table.push_str(&cell(&page.state.counts(), &address, language));
        }
        table.push_str("</tr>");
    }
    table + "</tbody></table>"
}

/// A cell with the share of what is current, and the counts as its title.
fn cell(counts: &Counts, address: &str, language: &str) -> String {
    let share = share(counts);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 5"
    )]
    let class = share.map_or(0, |share| (share * 5.0).floor() as usize);
    let described = State::ALL.iter().filter_map(|state| {
        let count = counts.get(state).filter(|it| **it > 0)?;
        Some(format!("{count} {}", label(*state)))
    });
    let described: Vec<String> = described.collect();
    let is_absent = counts.len() == 1 && counts.contains_key(&State::Missing);
    let absent = if is_absent { " absent" } else { "" };
    format!(
        "<td class=\"s{class}{absent}\" data-sort=\"{:.4}\"><a href=\"{}\" title=\"{}: {}\">{}</a></td>",
        share.unwrap_or(-1.0),
        escape(address),
        escape(language),
        escape(&described.join(", ")),
        percent(counts),
    )
}
