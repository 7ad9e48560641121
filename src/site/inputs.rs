#![expect(missing_docs, reason = "salsa's macros write functions without any")]

use std::sync::Arc;

use super::Call;
use crate::files::SourcePath;

/// The input that holds the [`Call`].
#[salsa::input(singleton)]
pub struct Launch {
    /// Its value.
    #[returns(clone)]
    pub call: Arc<Call>,
}

/// One path of the project, whether something is there or not.
///
/// Its version moves whenever the path may have changed; the queries that
/// read it then ask the [`System`] again.
#[salsa::input]
pub struct Entry {
    /// The path.
    #[returns(clone)]
    pub path: SourcePath,
    /// Counts possible changes.
    #[returns(copy)]
    pub version: u64,
}
