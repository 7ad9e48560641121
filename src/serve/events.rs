//! The events sent to tabs, and which of them a tab needs.

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;

use super::loads::Loads;
use super::view::View;
use crate::diagnostic::{Diagnostic, Rule};
use crate::session::Revision;
use crate::site::queries;

/// The maximum length of an event's content, in bytes.
const LONGEST: usize = 256 << 10;

/// An event sent to a tab. A closed set: the code in the browser handles each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Event {
    /// The tab is subscribed.
    Connected {
        /// The server's revision.
        revision: Revision,
        /// Whether the tab may open the editor.
        editor: bool,
        /// Whether it may apply fixes.
        fix: bool,
        /// Whether it goes to the page that was just saved.
        follow: bool,
    },
    /// The page has changed.
    Page {
        /// The first revision with the change.
        revision: Revision,
        /// Why the page must be reloaded instead of patched.
        #[serde(skip_serializing_if = "Option::is_none")]
        reload: Option<String>,
    },
    /// Something else that the page has loaded changed.
    Style {
        /// The first revision with the change.
        revision: Revision,
        /// The paths on the server; of parts of the nav, the addresses in the site.
        assets: Vec<String>,
    },
    /// The problems of the page have changed.
    Problem {
        /// The first revision with the change.
        revision: Revision,
        /// All of them; empty once everything is fixed.
        problems: Vec<Diagnostic>,
    },
    /// A page was saved, and the tab follows saves.
    Follow {
        /// The first revision with the change.
        revision: Revision,
        /// The page's path.
        path: String,
        /// Its source.
        source: String,
        /// The first line that differs.
        line: u32,
    },
}

/// Serializes events for tabs.
pub(super) fn serialize(events: &[Event]) -> Vec<Utf8Bytes> {
    let text = |event| serde_json::to_string(event).expect("events consist of plain values");
    events.iter().map(text).map(Utf8Bytes::from).collect()
}

/// The events that take a tab that has these loads from `before` to `now`. `reach` is
/// what it has loaded and what the scripts among that have.
pub(super) fn events(
    before: &View,
    now: &View,
    loads: &Loads,
    reach: &Loads,
    revision: Revision,
) -> Vec<Event> {
    let mut events = Vec::new();
    if !now.is_broken() {
        let assets = now.changed_assets(before, reach);
        let is_script = |asset: &str| asset.ends_with(".js") || asset.ends_with(".mjs");
        let mut scripts = assets.iter().filter(|asset| is_script(asset));
        // The theme loads parts of the nav again without a new page.
        let script = scripts.find(|asset| !queries::is_nav_part(asset));
        let is_of_worker =
            |asset: &&String| !loads.contains(*asset) && !now.assets.contains_key(*asset);
        let of_worker = assets.iter().find(is_of_worker);
        let length: usize = assets.iter().map(String::len).sum();
        let reload = match (script, of_worker) {
            (Some(script), _) => Some(format!("the script {script} changed")),
            (None, Some(read)) => Some(format!("{read} changed, which a worker reads")),
            (None, None) if length > LONGEST => {
                Some(format!("{} of its files changed", assets.len()))
            }
            (None, None) => None,
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
        let problems = truncate(&now.problems);
        events.push(Event::Problem { revision, problems });
    }
    events
}

/// As many problems as fit into an event, and a note on how many were left out.
fn truncate(problems: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut left = LONGEST;
    let fits = |problem: &&Diagnostic| {
        let length = serde_json::to_string(problem).map_or(LONGEST, |text| text.len());
        match left.checked_sub(length) {
            Some(remaining) => {
                left = remaining;
                true
            }
            None => false,
        }
    };
    let mut shown: Vec<Diagnostic> = problems.iter().take_while(fits).cloned().collect();
    let more = problems.len() - shown.len();
    if more > 0 {
        let message = match more {
            1 => "one more problem on this page is not shown here".to_owned(),
            more => format!("{more} more problems on this page are not shown here"),
        };
        let more = Diagnostic::new(Rule::MoreProblems, message);
        shown.push(more.help("run `proofroom check` to see all of them"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Event, LONGEST, events, serialize};
    use crate::diagnostic::{Diagnostic, Rule};
    use crate::plugins::privacy::Needs;
    use crate::serve::loads::Loads;
    use crate::serve::view::View;
    use crate::session::Revision;

    fn view(html: &str, style: u64) -> View {
        View {
            html: Some(html.into()),
            fingerprint: html.to_owned(),
            assets: [
                ("a.css".to_owned(), Some((style, 0))),
                ("b.js".to_owned(), Some((1, 0))),
            ]
            .into(),
            loaded: [("/data.json".to_owned(), Some((style, 0)))].into(),
            problems: Vec::new(),
            found: true,
            source: None,
            needs: Needs::default(),
        }
    }

    /// The events of a tab that has loaded nothing but what its page names.
    fn told(before: &View, now: &View, revision: Revision) -> Vec<Event> {
        events(before, now, &Loads::new(), &Loads::new(), revision)
    }

    #[test]
    fn a_tab_hears_of_what_it_has_loaded_itself() {
        let (before, now) = (view("one", 1), view("one", 2));
        let loads = Loads::from(["/data.json".to_owned()]);
        let style = Event::Style {
            revision: 7,
            assets: vec!["/data.json".to_owned(), "a.css".to_owned()],
        };
        assert_eq!(events(&before, &now, &loads, &loads, 7), [style]);
        let told = events(&before, &now, &Loads::new(), &loads, 7);
        let [Event::Page { reload, .. }] = &told[..] else {
            panic!("{told:?}");
        };
        assert!(reload.as_ref().is_some_and(|why| why.contains("a worker")));
    }

    #[test]
    fn a_tab_hears_only_what_concerns_it() {
        let before = view("one", 1);
        assert_eq!(told(&before, &view("one", 1), 7), []);
        let page = Event::Page {
            revision: 7,
            reload: None,
        };
        assert_eq!(told(&before, &view("two", 1), 7), [page]);
        let style = Event::Style {
            revision: 7,
            assets: vec!["a.css".to_owned()],
        };
        assert_eq!(told(&before, &view("one", 2), 7), [style]);
        let mut script = view("two", 2);
        script.assets.insert("b.js".to_owned(), Some((2, 0)));
        let heard = told(&before, &script, 7);
        assert!(
            matches!(
                &heard[..],
                [Event::Page {
                    reload: Some(_),
                    ..
                }]
            ),
            "{heard:?}"
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
            told(&before, &broken, 3),
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
        let events_of = |view: &View| serialize(&told(&before, view, 7));
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
        let texts = serialize(&told(&many, &others, 7));
        assert_eq!(texts.len(), 1);
        assert!(
            texts[0].contains("5000 of its files changed"),
            "{}",
            texts[0]
        );
    }
}
