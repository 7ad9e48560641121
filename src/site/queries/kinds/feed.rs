use super::Listed;
use crate::feeds::{Format, STYLE, STYLE_PATH, atom, json, rss};
use crate::site::queries::feed_rules::rules;
use crate::site::queries::feeds::feed;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// A feed, named by its path.
static FEED: OutputKind = OutputKind::new("feed", OutputOrigin::Plugin, make).of_indexes();

/// What browsers show feeds by.
static SHEET: OutputKind = OutputKind::new("feed-style", OutputOrigin::Plugin, |_, _| {
    Produced::text(STYLE)
});

pub(super) fn list(db: &dyn Db) -> Listed {
    let mut outputs = Listed::new();
    for rules in rules(db).iter() {
        if rules.style.as_deref() == Some(STYLE_PATH) {
            outputs.push((STYLE_PATH.to_owned(), Output::named(&SHEET, "")));
        }
        let files = rules.files.iter();
        outputs.extend(files.map(|file| {
            let output = Output::named(&FEED, file.path.as_str());
            (file.path.clone(), output)
        }));
    }
    outputs
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let rules = rules(db);
    // If several have the same path, the last one is written.
    let found = rules.iter().enumerate().rev().find_map(|(nth, rules)| {
        let mut files = rules.files.iter();
        let file = files.find(|file| file.path == output.name)?;
        Some((nth, rules, file))
    });
    let Some((nth, rules, file)) = found else {
        return Produced::default();
    };
    let feed = feed(db, nth, rules, file);
    Produced::text(match file.format {
        Format::Rss => rss(&feed, rules.is_pretty),
        Format::Atom => atom(&feed),
        Format::Json => json(&feed, rules.is_pretty),
    })
}
