//! The site that a folder of its docs belongs to.

use std::path::{Path, PathBuf};

use crate::config::CONFIG_FILES;

/// The nearest folder above another one that has a configuration. It is looked for up to the
/// root of the repository and no further; nowhere, if the folder has a configuration of its
/// own or is in no repository.
pub(super) fn root_above(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let is_root = |folder: &Path| folder.join(".git").exists();
    let repository = folder.ancestors().find(|it| is_root(it))?;
    let mut inside = folder
        .ancestors()
        .take_while(|it| it.starts_with(repository));
    let configured = inside.find(|it| CONFIG_FILES.iter().any(|name| it.join(name).is_file()))?;
    let root = match configured.parent() {
        Some(parent) if parent.starts_with(repository) && belongs_to(configured, parent) => parent,
        _ => configured,
    };
    (root != folder).then(|| root.to_owned())
}

/// Whether the configuration in a folder is `docs/proofroom.toml` of the site around it.
fn belongs_to(folder: &Path, parent: &Path) -> bool {
    const IN_DOCS: &str = "docs/proofroom.toml";
    let is_only = |folder: &Path, only: &str| {
        let mut names = CONFIG_FILES
            .iter()
            .filter(|name| folder.join(name).is_file());
        names.next() == Some(&only) && names.next().is_none()
    };
    folder == parent.join("docs") && is_only(folder, "proofroom.toml") && is_only(parent, IN_DOCS)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::root_above;

    #[test]
    fn a_configuration_is_looked_for_inside_the_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        let inner = root.join("repository/docs/guide");
        fs::create_dir_all(&inner).expect("folders");
        fs::write(root.join("mkdocs.yml"), "site_name: Outside\n").expect("written");
        assert_eq!(root_above(&inner), None);
        fs::create_dir(root.join("repository/.git")).expect("a folder");
        assert_eq!(root_above(&inner), None);
        fs::write(root.join("repository/mkdocs.yml"), "site_name: S\n").expect("written");
        let expected = Some(root.join("repository"));
        assert_eq!(root_above(&inner), expected);
        assert_eq!(root_above(&root.join("repository/docs")), expected);
        assert_eq!(root_above(&root.join("repository")), None);
        fs::write(inner.join("mkdocs.yml"), "site_name: Own\n").expect("written");
        assert_eq!(root_above(&inner), None);
    }

    #[test]
    fn a_configuration_in_the_docs_is_that_of_the_site_around_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        fs::create_dir_all(root.join("docs/guide")).expect("folders");
        fs::create_dir(root.join(".git")).expect("a folder");
        fs::write(root.join("docs/proofroom.toml"), "").expect("written");
        for inner in ["docs", "docs/guide"] {
            assert_eq!(root_above(&root.join(inner)), Some(root.clone()), "{inner}");
        }
        fs::write(root.join("mkdocs.yml"), "").expect("written");
        assert_eq!(root_above(&root.join("docs")), None);
    }
}
