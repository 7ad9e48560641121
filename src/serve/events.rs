//! What tabs are told, and what of it concerns them.

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;

use super::view::View;
use crate::diagnostic::Diagnostic;
use crate::session::Revision;

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
        if let Some(script) = script {
            let reload = Some(format!("the script {script} changed"));
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
        let problems = now.problems.clone();
        events.push(Event::Problem { revision, problems });
    }
    events
}

#[cfg(test)]
mod tests {
    use super::{Event, events};
    use crate::diagnostic::Diagnostic;
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
        let problems = vec![Diagnostic::error("template-syntax", "x")];
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
}
