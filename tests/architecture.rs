//! The floors of `src/`, guarded.
