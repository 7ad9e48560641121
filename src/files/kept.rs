use std::fmt;
use std::sync::Arc;

use super::SourcePath;

/// A place to keep what takes long to make, from one run to the next. Nothing depends on
/// it: what it lacks is made again, and is the same.
pub trait Keep: Send + Sync + 'static {
    /// What is kept in a folder of the project under a name; `None` if nothing is, or it
    /// cannot be read.
    fn get(&self, folder: &SourcePath, name: &str) -> Option<Vec<u8>>;

    /// Keeps something. Where that is not possible, it does nothing.
    fn put(&self, folder: &SourcePath, name: &str, bytes: &[u8]);
}

/// Where things are kept, if anywhere. It says nothing about what is made, so all are
/// equal.
#[derive(Clone, Default)]
pub struct Keeper(pub Option<Arc<dyn Keep>>);

impl Keeper {
    /// See [`Keep::get`].
    pub fn get(&self, folder: &SourcePath, name: &str) -> Option<Vec<u8>> {
        self.0.as_ref()?.get(folder, name)
    }

    /// See [`Keep::put`].
    pub fn put(&self, folder: &SourcePath, name: &str, bytes: &[u8]) {
        if let Some(keep) = &self.0 {
            keep.put(folder, name, bytes);
        }
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").finish_non_exhaustive()
    }
}

impl PartialEq for Keeper {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Keeper {}
