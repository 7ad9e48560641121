use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::files::{SourcePath, System, same_content};
use crate::site::{Output, Outputs};
use crate::url;

/// The size of a file, and a stamp that changes with it.
type Stamp = Option<(u64, u128)>;

struct Compared {
    /// What both files looked like then.
    stamps: (Stamp, Stamp),
    are_same: bool,
}

/// Which pictures are the same on both sides, as far as it is known.
#[derive(Default)]
pub(super) struct Pictures {
    /// By their sources on both sides.
    known: Mutex<BTreeMap<(SourcePath, SourcePath), Compared>>,
}

impl Pictures {
    /// Whether two files show the same. What cannot be read counts as the same as
    /// nothing.
    pub(super) fn are_same(
        &self,
        base: (&dyn System, &SourcePath),
        now: (&dyn System, &SourcePath),
    ) -> bool {
        let stamps = (base.0.stamp(base.1), now.0.stamp(now.1));
        let key = (base.1.clone(), now.1.clone());
        if let Some(known) = self.known.lock().get(&key)
            && known.stamps == stamps
        {
            return known.are_same;
        }
        let opened = base
            .0
            .open(base.1)
            .and_then(|old| Ok((old, now.0.open(now.1)?)));
        let are_same = opened
            .and_then(|(old, new)| same_content(&old, &new))
            .unwrap_or(false);
        self.known.lock().insert(key, Compared { stamps, are_same });
        are_same
    }
}

/// The file of the site that an address on a page leads to.
pub(super) fn file<'o>(outputs: &'o Outputs, address: &str, page: &str) -> Option<&'o SourcePath> {
    let path = url::split(address).0;
    if path.is_empty() || url::is_absolute(path) {
        return None;
    }
    let path = url::resolve(&url::unquote(path)?, page)?;
    outputs.get(&path).and_then(Output::asset)
}
