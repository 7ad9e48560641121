//! The law of all languages of a project together: what each shows, what all share,
//! and where each is, while languages come, go and move.

use std::sync::Arc;

use proofroom::files::{Memory, NoHistory, Overlay, System};
use proofroom::session::Sites;
use proofroom::site::queries;
use proptest::prelude::*;

use crate::content::LANGUAGES;
use crate::edits::{Edit, apply, edit_of_languages};
use crate::harness::everything::whole;
use crate::one_site::call;
use crate::regressions::check;
use crate::trees::over;

/// How many steps a sequence has, on average.
const STEPS: usize = 20;

fn holds(edits: &[Edit]) -> Result<(), String> {
    let (path, languages) = LANGUAGES[0];
    let files = Memory::new([
        (path, languages),
        ("mkdocs.yml", "site_name: Base\n"),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n\n[home](index.md)\n"),
        ("i18n/he/index.md", "# בית\n\n[a](a.md#a)\n"),
    ]);
    let overlay = Overlay::new(Arc::new(files.clone()));
    let sites = |system: Arc<dyn System>| Sites::new(system, Arc::new(NoHistory), call(None));
    let lived_through = sites(Arc::new(overlay.clone()));
    whole(&lived_through, queries::produce_cached);
    for (step, edit) in edits.iter().enumerate() {
        lived_through.apply(&apply(&files, &overlay, edit));
        let (lived, fresh) = std::thread::scope(|scope| {
            let fresh = scope.spawn(|| {
                let fresh = sites(Arc::new(over(&files, &overlay)));
                whole(&fresh, queries::produce)
            });
            let lived = whole(&lived_through, queries::produce_cached);
            (lived, fresh.join().expect("it does not panic"))
        });
        if lived != fresh {
            return Err(format!("step {step}: {:#?}", lived.differences(&fresh)));
        }
    }
    Ok(())
}

fn check_sequences(cases: u32) {
    let strategy = prop::collection::vec(edit_of_languages(), 1..2 * STEPS);
    check("all_languages", cases, &strategy, |case| holds(case));
}

#[test]
fn all_languages_equal_a_fresh_start() {
    check_sequences(25);
}

#[test]
#[ignore = "the long run: 1,000 sequences"]
fn all_languages_equal_a_fresh_start_at_length() {
    check_sequences(1000);
}
