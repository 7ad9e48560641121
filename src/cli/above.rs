//! The site that a folder of its docs belongs to.

use std::path::{Path, PathBuf};

use crate::config::CONFIG_FILES;

/// The nearest folder above another one that has a configuration. It is looked for up to the
/// root of the repository and no further; nowhere, if the folder has a configuration of its
/// own or is in no repository.
pub(super) fn root_above(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let has_config = |folder: &Path| CONFIG_FILES.iter().any(|it| folder.join(it).is_file());
    let is_root = |folder: &Path| folder.join(".git").exists();
    let repository = folder.ancestors().find(|it| is_root(it))?;
    if has_config(&folder) || repository == folder {
        return None;
    }
    let above = folder.ancestors().skip(1);
    let mut above = above.take_while(|it| it.starts_with(repository));
    above.find(|it| has_config(it)).map(Path::to_owned)
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
}
