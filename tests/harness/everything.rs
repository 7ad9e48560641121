//! Whatever a database makes of its sources.

use std::collections::BTreeMap;

use proofroom::diagnostic::Diagnostic;
use proofroom::site::{Content, Database, Db, Output, Produced, queries};

/// All outputs, and all that is wrong.
pub type Everything = (BTreeMap<String, Vec<u8>>, Vec<Diagnostic>);

/// What an output holds, with what is wrong with it.
fn bytes(db: &Database, produced: &Produced) -> Vec<u8> {
    let mut bytes = match &produced.content {
        None => b"none".to_vec(),
        Some(Content::Bytes(bytes)) => bytes.to_vec(),
        Some(Content::File(source)) => db.system().read(source).unwrap_or_default(),
    };
    bytes.extend(format!("{:?}", produced.diagnostics).into_bytes());
    bytes
}

/// Everything, each output made in this way: those that are remembered and
/// those that are not are the same.
pub fn everything(db: &Database, make: fn(&dyn Db, &Output) -> Produced) -> Everything {
    let mut outputs = BTreeMap::new();
    for (path, output) in queries::outputs(db).iter() {
        outputs.insert(path.clone(), bytes(db, &make(db, output)));
    }
    (outputs, queries::all_diagnostics(db))
}

/// The outputs that are not the same in both.
pub fn differing<'a>(one: &'a Everything, other: &'a Everything) -> Vec<&'a String> {
    let names = one.0.keys().chain(other.0.keys());
    let mut differ: Vec<_> = names
        .filter(|name| one.0.get(*name) != other.0.get(*name))
        .collect();
    differ.sort();
    differ.dedup();
    differ
}
