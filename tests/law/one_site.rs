//! The law of one site, or of one language alone, which looks into the language
//! that it is translated from.

use std::sync::Arc;

use proofroom::files::{Keep, Keeper, Memory, NoHistory, Overlay, SourcePath, System};
use proofroom::session::Sites;
use proofroom::site::{Invocation, queries};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::edits::{Edit, apply, edit};
use crate::harness::everything::{Everything, differing, everything};
use crate::regressions::check;
use crate::trees::{merged, over};

/// When a sequence begins, in seconds since 1970: two days before the date of a page.
const BEGIN: i64 = 1_706_500_000;
/// A day in seconds.
const DAY: i64 = 24 * 60 * 60;
/// How many steps a sequence has, on average.
const STEPS: usize = 30;

/// A sequence of edits, and the language that is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Case {
    language: Option<String>,
    edits: Vec<Edit>,
}

/// As a server calls it.
pub fn call(language: Option<&str>) -> Invocation {
    Invocation {
        language: language.map(str::to_owned),
        folder_name: "example".to_owned(),
        drafts: true,
        sources: true,
        ..Invocation::default()
    }
}

/// Keeps cards in memory.
#[derive(Default)]
struct Kept(Memory);

impl Keep for Kept {
    fn get(&self, folder: &SourcePath, name: &str) -> Option<Vec<u8>> {
        self.0.read(&folder.join(name)).ok()
    }

    fn put(&self, folder: &SourcePath, name: &str, bytes: &[u8]) {
        self.0.write(&folder.join(name), bytes);
    }
}

/// A font for cards.
const FONT: &[u8] = include_bytes!("../social/cache/fonts/Roboto/Bold.ttf");

fn holds(case: &Case) -> Result<(), String> {
    let files = Memory::new([
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\n[home](index.md)\n"),
    ]);
    files.write(&SourcePath::new("cache/fonts/Roboto/Bold.ttf"), FONT);
    let overlay = Overlay::new(Arc::new(files.clone()));
    let call = Invocation {
        moment: BEGIN.into(),
        ..call(case.language.as_deref())
    };
    let sites = |system: Arc<dyn System>| Sites::new(system, Arc::new(NoHistory), call.clone());
    // What is kept from earlier steps is what would be made again.
    let keeping = Invocation {
        kept: Keeper(Some(Arc::new(Kept::default()))),
        ..call.clone()
    };
    let lived_through = Sites::new(Arc::new(overlay.clone()), Arc::new(NoHistory), keeping);
    for (step, edit) in case.edits.iter().enumerate() {
        if *edit == Edit::Midnight {
            call.moment.move_to_day_of(call.moment.seconds() + DAY);
        }
        lived_through.apply(&apply(&files, &overlay, edit));
        let first_sight: Arc<dyn System> = Arc::new(over(&files, &overlay));
        let mut clean = vec![("first sight", first_sight)];
        if !overlay.paths().is_empty() {
            clean.push(("texts as files", Arc::new(merged(&files, &overlay))));
        }
        let fresh = |system| {
            let sites = sites(system);
            sites.main().ask(|db| everything(db, queries::produce)).1
        };
        let (lived, fresh) = std::thread::scope(|scope| {
            let fresh: Vec<_> = clean
                .into_iter()
                .map(|(what, system)| (what, scope.spawn(|| fresh(system))))
                .collect();
            let session = lived_through.main();
            let (_, lived) = session.ask(|db| everything(db, queries::produce_cached));
            let join = |(what, thread): (_, std::thread::ScopedJoinHandle<'_, Everything>)| {
                (what, thread.join().expect("it does not panic"))
            };
            (lived, fresh.into_iter().map(join).collect::<Vec<_>>())
        });
        for (what, fresh) in fresh {
            if lived != fresh {
                let differ = differing(&lived, &fresh);
                return Err(format!(
                    "step {step}, {what}: {differ:?} differ; diagnostics: {:#?} against {:#?}",
                    lived.1, fresh.1
                ));
            }
        }
    }
    Ok(())
}

fn check_sequences(cases: u32) {
    let language = prop::sample::select(&[None, Some("he")][..]);
    let strategy =
        (prop::collection::vec(edit(), 1..2 * STEPS), language).prop_map(|(edits, language)| {
            Case {
                language: language.map(str::to_owned),
                edits,
            }
        });
    check("one_site", cases, &strategy, holds);
}

#[test]
fn a_site_equals_a_fresh_start() {
    check_sequences(100);
}

#[test]
#[ignore = "the long run: 2,000 sequences"]
fn a_site_equals_a_fresh_start_at_length() {
    check_sequences(2000);
}
