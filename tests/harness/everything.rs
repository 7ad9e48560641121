//! Everything that is made of a site's sources, to be compared.

use std::collections::BTreeMap;

use proofroom::diagnostic::Diagnostic;
use proofroom::session::Sites;
use proofroom::site::{Content, Database, Db, Output, Part, Produced, queries};

/// How an output is made: [`queries::produce`] or [`queries::produce_cached`], which
/// must give the same.
pub type Make = fn(&dyn Db, &Output) -> Produced;

/// All outputs and all diagnostics.
pub type Everything = (BTreeMap<String, Vec<u8>>, Vec<Diagnostic>);

/// The bytes of an output and its diagnostics.
fn bytes(db: &Database, produced: &Produced) -> Vec<u8> {
    let mut bytes = match &produced.content {
        None => b"none".to_vec(),
        Some(Content::Bytes(bytes)) => bytes.to_vec(),
        Some(Content::File(source)) => db.system().read(source).unwrap_or_default(),
    };
    bytes.extend(format!("{:?}", produced.diagnostics).into_bytes());
    bytes
}

/// Everything of one site.
pub fn everything(db: &Database, make: Make) -> Everything {
    let mut outputs = BTreeMap::new();
    for (path, output) in queries::outputs(db).iter() {
        outputs.insert(path.clone(), bytes(db, &make(db, output)));
    }
    (outputs, queries::all_diagnostics(db))
}

/// The outputs that differ.
pub fn differing<'a>(one: &'a Everything, other: &'a Everything) -> Vec<&'a String> {
    let names = one.0.keys().chain(other.0.keys());
    let mut differ: Vec<_> = names
        .filter(|name| one.0.get(*name) != other.0.get(*name))
        .collect();
    differ.sort();
    differ.dedup();
    differ
}

/// Everything of all languages of a project.
#[derive(Debug, PartialEq)]
pub struct Whole {
    /// Where the languages are.
    addresses: String,
    /// By language.
    sites: BTreeMap<String, Everything>,
    /// The outputs where no language is.
    at_root: BTreeMap<String, Vec<u8>>,
}

impl Whole {
    /// What differs, for people to read.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.addresses != other.addresses {
            differences.push(format!("{} against {}", self.addresses, other.addresses));
        }
        let nothing = Everything::default();
        for language in self.sites.keys().chain(other.sites.keys()) {
            let one = self.sites.get(language).unwrap_or(&nothing);
            let two = other.sites.get(language).unwrap_or(&nothing);
            let outputs = differing(one, two);
            if !outputs.is_empty() {
                differences.push(format!("`{language}`: {outputs:?}"));
            }
            if one.1 != two.1 {
                differences.push(format!("`{language}`: {:#?} against {:#?}", one.1, two.1));
            }
        }
        if self.at_root != other.at_root {
            differences.push("outputs at the root".to_owned());
        }
        differences.sort();
        differences.dedup();
        differences
    }
}

/// Everything of all languages of a project.
pub fn whole(sites: &Sites, make: Make) -> Whole {
    let addresses = sites.addresses();
    let sessions: Vec<_> = addresses
        .editions
        .iter()
        .map(|edition| (edition, sites.session(edition)))
        .collect();
    let parts: Vec<Part> = sessions
        .iter()
        .map(|(_, session)| session.ask(|db| queries::part(db)).1)
        .collect();
    // Outputs that all languages share are made of what each brings.
    let of_all = |db: &Database, output: &Output| {
        if queries::covers_all_languages(db, output) {
            bytes(db, &queries::produce_for_all_languages(db, output, &parts))
        } else {
            bytes(db, &make(db, output))
        }
    };
    let of_session = |db: &Database| {
        let outputs = queries::outputs(db);
        let made = outputs
            .iter()
            .map(|(path, output)| (path.clone(), of_all(db, output)));
        (made.collect(), queries::all_diagnostics(db))
    };
    let at_root = |db: &Database| {
        let outputs = queries::root_outputs(db);
        let made = outputs
            .iter()
            .map(|(path, output)| (path.clone(), of_all(db, output)));
        made.collect()
    };
    Whole {
        addresses: format!("{addresses:?}"),
        at_root: sites.main().ask(at_root).1,
        sites: sessions
            .iter()
            .map(|(edition, session)| {
                let language = edition.language.clone().unwrap_or_default();
                (language, session.ask(of_session).1)
            })
            .collect(),
    }
}
