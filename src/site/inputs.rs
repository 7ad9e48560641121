#![expect(missing_docs, reason = "salsa's macros write functions without any")]

use std::sync::Arc;

use super::{Call, Elsewhere};
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

/// A page of another site that a question of this one has looked at.
///
/// Its version moves whenever that site may have changed.
#[salsa::input]
pub struct Import {
    /// The other site.
    #[returns(copy)]
    pub site: Elsewhere,
    /// The page's plain path there.
    #[returns(clone)]
    pub plain: Arc<str>,
    /// Counts possible changes.
    #[returns(copy)]
    pub version: u64,
}
