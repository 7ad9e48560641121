//! What tabs are told, and what of it concerns them.

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;

use super::view::View;
use crate::diagnostic::{Diagnostic, Rule};
use crate::session::Revision;

/// How long what one event tells may be, in bytes.
const LONGEST: usize = 256 << 10;

/// What a tab is told. A closed set: the browser side knows each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Event {
    /// The subscription holds from this revision on.
    Connected {
        /// The server's revision.
        revision: Revision,
        /// Whether the tab may open the editor.
        editor: bool,
        /// Whether it follows what is saved.
        follow: bool,
    },
    /// The page is another now.
    Page {
        /// From which revision on.
        revision: Revision,
        /// Why a patch will not do and the page must be loaded anew.
        #[serde(skip_serializing_if = "Option::is_none")]
        reload: Option<String>,
    },
    /// Style sheets or images of the page changed.
    Style {
        /// From which revision on.
        revision: Revision,
        /// Their addresses, relative to the site's root.
        assets: Vec<String>,
    },
    /// What is wrong with the page; nothing any more where empty.
    Problem {
        /// From which revision on.
        revision: Revision,
        /// All of it.
        problems: Vec<Diagnostic>,
    },
    /// A page was saved, and the tab follows.
    Follow {
        /// In which revision.
        revision: Revision,
        /// The page's path.
        path: String,
        /// Its source.
        source: String,
        /// The first line that is another now.
        line: u32,
    },
}

/// Events as tabs read them.
pub(super) fn told(events: &[Event]) -> Vec<Utf8Bytes> {
    let texts = events
        .iter()
        .filter_map(|event| serde_json::to_string(event).ok());
    texts.map(Utf8Bytes::from).collect()
}

/// What a tab that saw `before` must hear of `now`.
pub(super) fn events(before: &View, now: &View, revision: Revision) -> Vec<Event> {
    let mut events = Vec::new();
    if !now.is_broken() {
        let assets = now.changed_assets(before);
        let script = assets
            .iter()
            .find(|asset| asset.ends_with(".js") || asset.ends_with(".mjs"));
        let length: usize = assets.iter().map(String::len).sum();
        let reload = match script {
            Some(script) => Some(format!("the script {script} changed")),
            None if length > LONGEST => Some(format!("{} of its files changed", assets.len())),
            None => None,
        };
        if reload.is_some() {
            events.push(Event::Page { revision, reload });
        } else {
            if before.fingerprint != now.fingerprint {
                events.push(Event::Page {
                    revision,
                    reload: None,
                });
            }
            if !assets.is_empty() {
                events.push(Event::Style { revision, assets });
            }
        }
    }
    if before.problems != now.problems {
        let problems = fitting(&now.problems);
        events.push(Event::Problem { revision, problems });
    }
    events
}

/// Those of the problems that fit into an event, and how many do not.
fn fitting(problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut left = LONGEST;
    let fits = |problem: &&Diagnostic| {
        let length = serde_json::to_string(problem).map_or(LONGEST, |text| text.len());
        let fits = left.checked_sub(length);
        left = fits.unwrap_or_default();
        fits.is_some()
    };
    let mut told: Vec<Diagnostic> = problems.iter().take_while(fits).cloned().collect();
    let more = problems.len() - told.len();
    if more > 0 {
        let message = match more {
            1 => "one more problem of this page is not shown here".to_owned(),
            more => format!("{more} more problems of this page are not shown here"),
        };
        let more = Diagnostic::new(Rule::MoreProblems, message);
        told.push(more.help("`proofroom check` names all of them"));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::{Event, LONGEST, events, told};
    use crate::diagnostic::{Diagnostic, Rule};
    use crate::serve::view::View;

    fn view(html: &str, style: u64) -> View {
        View {
            html: Some(html.into()),
            fingerprint: html.to_owned(),
            assets: [
                ("a.css".to_owned(), Some((style, 0))),
                ("b.js".to_owned(), Some((1, 0))),
            ]
            .into(),
            problems: Vec::new(),
            found: true,
            source: None,
        }
    }

    #[test]
    fn a_tab_hears_only_what_concerns_it() {
        let before = view("one", 1);
        assert_eq!(events(&before, &view("one", 1), 7), []);
        let page = Event::Page {
            revision: 7,
            reload: None,
        };
        assert_eq!(events(&before, &view("two", 1), 7), [page]);
        let style = Event::Style {
            revision: 7,
            assets: vec!["a.css".to_owned()],
        };
        assert_eq!(events(&before, &view("one", 2), 7), [style]);
        let mut script = view("two", 2);
        script.assets.insert("b.js".to_owned(), Some((2, 0)));
        let told = events(&before, &script, 7);
        assert!(
            matches!(
                &told[..],
                [Event::Page {
                    reload: Some(_),
                    ..
                }]
            ),
            "{told:?}"
        );
    }

    #[test]
    fn a_broken_page_leaves_the_tab_as_it_is() {
        let before = view("one", 1);
        let problems = vec![Diagnostic::new(Rule::TemplateSyntax, "x")];
        let broken = View {
            html: None,
            problems: problems.clone(),
            ..View::default()
        };
        assert_eq!(
            events(&before, &broken, 3),
            [Event::Problem {
                revision: 3,
                problems
            }]
        );
    }

    #[test]
    fn no_event_is_longer_than_a_tab_may_be_told_at_once() {
        let before = view("one", 1);
        let mut broken = view("one", 1);
        let problem =
            |nth| Diagnostic::error(Rule::MissingPage, format!("{nth}{}", "x".repeat(1000)));
        broken.problems = (0..5000).map(problem).collect();
        let events_of = |view: &View| told(&events(&before, view, 7));
        let texts = events_of(&broken);
        assert_eq!(texts.len(), 1);
        assert!(texts[0].len() < 2 * LONGEST, "{}", texts[0].len());
        let shown = texts[0].matches("\"rule\":\"missing-page\"").count();
        let rest = format!("{} more problems", 5000 - shown);
        assert!(shown > 100 && texts[0].contains(&rest), "{shown}");
        let long = "x".repeat(2 * LONGEST);
        broken.problems = vec![Diagnostic::error(Rule::MissingPage, long)];
        assert!(events_of(&broken)[0].contains("one more problem "));

        let mut many = view("one", 1);
        let mut others = view("one", 1);
        for nth in 0..5000 {
            let name = format!("{nth}{}.png", "x".repeat(100));
            many.assets.insert(name.clone(), Some((1, 0)));
            others.assets.insert(name, Some((2, 0)));
        }
        let texts = told(&events(&many, &others, 7));
        assert_eq!(texts.len(), 1);
        assert!(
            texts[0].contains("5000 of its files changed"),
            "{}",
            texts[0]
        );
    }
}
