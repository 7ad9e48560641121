//! The law of reviews: what has changed since a base is the same for a review that
//! lived through all edits as for one that sees both sides for the first time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proofroom::diff::Level;
use proofroom::files::{Memory, NoHistory, Overlay, SourcePath, System};
use proofroom::session::Sites;
use proofroom::session::review::{MarkedPage, Review};
use proofroom::site::queries;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::edits::{Edit, apply, edit_of_languages};
use crate::one_site::call;
use crate::regressions::check;
use crate::trees::over;

/// How many steps a sequence has, on average.
const STEPS: usize = 12;

/// Edits before the base, edits since, and whether each of these is on both sides: of
/// what git does not hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Case {
    before: Vec<Edit>,
    since: Vec<(Edit, bool)>,
}

fn review(base: Arc<dyn System>, now: Arc<dyn System>) -> Review {
    let renames = [("docs/a.md", "docs/b.md")];
    let renames = renames.map(|(old, new)| (SourcePath::new(old), SourcePath::new(new)));
    let now = Sites::new(now, Arc::new(NoHistory), call(None));
    let base = Arc::new(now.of_other_sources(base));
    Review::new(Arc::new(now), base, BTreeMap::from(renames))
}

/// All that a review says, in text.
fn everything(review: &Review) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    all.insert(
        "the list".to_owned(),
        format!("{:#?}", review.list(&|_| {})),
    );
    let problems = format!("{:#?}", review.new_problems());
    all.insert("new problems".to_owned(), problems);
    let outputs = |sites: &Sites, language: Option<&str>| -> BTreeSet<String> {
        let addresses = sites.addresses();
        let editions = addresses.editions.iter();
        let editions = editions.filter(|it| it.language.as_deref() == language);
        let outputs = editions.map(|it| sites.session(it).ask(|db| queries::outputs(db)).1);
        let pages = outputs.flat_map(|outputs| {
            let pages = outputs.iter().filter(|(_, output)| output.page().is_some());
            pages.map(|(path, _)| path.clone()).collect::<Vec<_>>()
        });
        pages.collect()
    };
    for edition in &review.now().addresses().editions {
        let language = edition.language.as_deref();
        let mut paths = outputs(review.now(), language);
        paths.extend(outputs(review.base(), language));
        for path in paths {
            let levels = [Level::Text, Level::Markup];
            let at_base = |it: &str| format!("/base/{it}");
            let MarkedPage { html, review, keys } =
                review.marked(language, &path, &at_base, &levels);
            let said = format!("{keys:?}\n{review:#?}\n{}", html.unwrap_or_default());
            all.insert(format!("{language:?} {path}"), said);
        }
    }
    all
}

fn holds(case: &Case) -> Result<(), String> {
    let files = Memory::new([
        (
            "docs/index.md",
            "# Home\n\n![image](img.svg)\n\n--8<-- \"snippet.txt\"\n",
        ),
        (
            "docs/a.md",
            "# A\n\n[home](index.md)\n\n## Below {#below}\n\nText.\n",
        ),
        ("snippet.txt", "Of two pages.\n"),
    ]);
    let overlay = Overlay::new(Arc::new(files.clone()));
    for edit in &case.before {
        let _ = apply(&files, &overlay, edit);
    }
    let old = files.copy();
    let typed_in_both = Overlay::new(Arc::new(old.clone()));
    let lived = review(Arc::new(typed_in_both.clone()), Arc::new(overlay.clone()));
    for (step, (edit, is_on_both)) in case.since.iter().enumerate() {
        let batch = apply(&files, &overlay, edit);
        lived.now().apply(&batch);
        if *is_on_both {
            lived.base().apply(&apply(&old, &typed_in_both, edit));
        }
        let fresh = review(
            Arc::new(over(&old, &typed_in_both)),
            Arc::new(over(&files, &overlay)),
        );
        let (found, expected) = (everything(&lived), everything(&fresh));
        for (what, expected) in &expected {
            if found.get(what) != Some(expected) {
                let found = found.get(what);
                let found = found.map_or("missing", String::as_str);
                return Err(format!(
                    "step {step}, {what}: {}",
                    first_difference(found, expected)
                ));
            }
        }
        if found.len() != expected.len() {
            return Err(format!("step {step}: there are other pages"));
        }
    }
    Ok(())
}

/// The first lines that differ.
fn first_difference(found: &str, expected: &str) -> String {
    let same = found.lines().zip(expected.lines());
    let same = same.take_while(|(found, expected)| found == expected);
    let at = same.count().saturating_sub(2);
    let few = |text: &str| text.lines().skip(at).take(6).collect::<Vec<_>>().join("\n");
    format!("{}\nagainst {}", few(found), few(expected))
}

fn check_sequences(cases: u32) {
    let before = prop::collection::vec(edit_of_languages(), 0..STEPS);
    let since = prop::collection::vec(
        (edit_of_languages(), prop::bool::weighted(0.2)),
        1..2 * STEPS,
    );
    let strategy = (before, since).prop_map(|(before, since)| Case { before, since });
    check("review", cases, &strategy, holds);
}

#[test]
fn a_review_equals_a_fresh_one() {
    check_sequences(20);
}

#[test]
#[ignore = "the long run: 1,000 sequences"]
fn a_review_equals_a_fresh_one_at_length() {
    check_sequences(1000);
}
