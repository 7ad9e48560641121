//! What cannot be missing, said where it is read.

use std::fmt::Debug;

/// A value that is certain to be there, in places where an empty one would do
/// less harm than a panic: a page with a word missing beats no page.
pub(crate) trait ExpectOrDefault {
    /// What is there.
    type Value;

    /// The value. Where it is missing after all, tests and debug builds panic
    /// with `why` it had to be there; release builds go on with the default.
    ///
    /// Where the default would do harm, such as an empty file in place of an
    /// asset, `expect` is the right one.
    fn expect_or_default(self, why: &str) -> Self::Value;
}

impl<T: Default> ExpectOrDefault for Option<T> {
    type Value = T;

    fn expect_or_default(self, why: &str) -> T {
        debug_assert!(self.is_some(), "{why}");
        self.unwrap_or_default()
    }
}

impl<T: Default, E: Debug> ExpectOrDefault for Result<T, E> {
    type Value = T;

    fn expect_or_default(self, why: &str) -> T {
        debug_assert!(self.is_ok(), "{why}: {:?}", self.as_ref().err());
        self.unwrap_or_default()
    }
}
