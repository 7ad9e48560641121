// Loaded before the scripts of the page, so that the keys of a review come before
// those of its theme.
addEventListener("keydown", (event) => window.proofroomKey?.(event), true);
