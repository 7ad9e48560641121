use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::fetch::{Fetcher, Limits};
use crate::files::Disk;
use crate::plugins::privacy::{Downloaded, Downloads, Storage, Wanted};

/// The flags for files of other sites.
#[derive(Debug, Default, Clone, Copy, Args)]
pub(super) struct Fetching {
    /// Publish copies of the scripts, styles, fonts and images of other sites, as the plugin
    /// `privacy` does, even if it is not enabled.
    #[arg(long)]
    pub(super) fetch_assets: bool,
    /// Also download from this machine and from private networks.
    #[arg(long)]
    fetch_private: bool,
    /// Download nothing: use the copies that are in the cache.
    #[arg(long)]
    offline: bool,
}

impl Fetching {
    /// What downloads files for the project on a disk.
    pub(super) fn downloads(self, disk: &Disk) -> Result<ProjectDownloads> {
        let limits = Limits {
            allows_private: self.fetch_private,
            ..Limits::default()
        };
        let fetcher = Fetcher::new(disk.root(), limits);
        Ok(ProjectDownloads {
            fetcher: fetcher.context("cannot open the project\u{2019}s folder")?,
            disk: disk.clone(),
        })
    }

    /// The same, shared; `None` if nothing may be downloaded.
    pub(super) fn shared_downloads(self, disk: &Disk) -> Result<Option<Arc<dyn Downloads>>> {
        if self.offline {
            return Ok(None);
        }
        Ok(Some(Arc::new(self.downloads(disk)?)))
    }

    /// Whether nothing may be downloaded.
    pub(super) fn is_offline(self) -> bool {
        self.offline
    }
}

/// Downloads files for a project, whose disk sees them afterwards.
#[derive(Debug)]
pub(super) struct ProjectDownloads {
    fetcher: Fetcher,
    disk: Disk,
}

impl Downloads for ProjectDownloads {
    fn download(&self, wanted: &BTreeSet<Wanted>, storage: &Storage) -> Downloaded {
        let mut downloaded = self.fetcher.download(wanted, storage);
        self.disk.forget_folders();
        let files = |count: usize| match count {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        if downloaded.count > 0 {
            let size = downloaded.bytes.div_ceil(1000);
            downloaded.notes.push(format!(
                "downloaded {} of other sites ({size} kB) into `{}`",
                files(downloaded.count),
                storage.cache
            ));
        }
        downloaded
    }

    fn verify(&self, used: &BTreeSet<Wanted>, storage: &Storage) -> Vec<String> {
        self.fetcher.verify(used, storage)
    }
}
