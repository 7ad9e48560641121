#![expect(
    missing_docs,
    reason = "salsa's macros generate functions without docs"
)]

use std::sync::Arc;

use super::{Invocation, OtherSite};
use crate::files::SourcePath;

/// The input with the [`Invocation`].
#[salsa::input(singleton)]
pub struct InvocationInput {
    /// Its value.
    #[returns(clone)]
    pub call: Arc<Invocation>,
}

/// One path of the project, whether something exists there or not.
///
/// Its version is incremented whenever the path may have changed; queries that
/// have read it then ask the [`System`] again.
#[salsa::input]
pub struct Entry {
    /// The path.
    #[returns(clone)]
    pub path: SourcePath,
    /// The number of possible changes so far.
    #[returns(copy)]
    pub version: u64,
}

/// A page of another site that a query of this one has read.
///
/// Its version is incremented whenever that site may have changed.
#[salsa::input]
pub struct Import {
    /// The other site.
    #[returns(copy)]
    pub site: OtherSite,
    /// The page's plain path there.
    #[returns(clone)]
    pub plain: Arc<str>,
    /// The number of possible changes so far.
    #[returns(copy)]
    pub version: u64,
}
