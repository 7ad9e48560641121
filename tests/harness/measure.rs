//! What benchmarks measure with: percentiles, and what a process costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How often the memory of a command is looked at.
const LOOK: Duration = Duration::from_millis(4);
/// A process that uses no processor for so long has finished what it was doing.
const QUIET: Duration = Duration::from_millis(600);

/// The value below which this share of all lies.
pub fn percentile(taken: &[f64], share: f64) -> f64 {
    let mut sorted = taken.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share) as usize;
    sorted
        .get(place)
        .or(sorted.last())
        .copied()
        .unwrap_or(f64::NAN)
}

/// A duration in milliseconds.
pub fn milliseconds(taken: Duration) -> f64 {
    taken.as_secs_f64() * 1000.0
}

/// Lets time pass.
pub fn pause(time: Duration) {
    let (_clock, end) = mpsc::channel::<()>();
    let _ = end.recv_timeout(time);
}

/// The processor time that a process and those it waited for have used, in seconds,
/// in steps of ten milliseconds; `NAN` where the system does not say.
pub fn processor_time(id: u32) -> f64 {
    let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else {
        return f64::NAN;
    };
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let ticks = behind.split_whitespace().skip(11).take(4);
    // A hundred ticks a second.
    ticks.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Waits until a process has nothing to do, and returns its processor time.
pub fn wait_until_idle(id: u32) -> f64 {
    let mut used = processor_time(id);
    let mut since = Instant::now();
    let begun = since;
    while since.elapsed() < QUIET && begun.elapsed() < Duration::from_secs(300) {
        pause(Duration::from_millis(50));
        let now = processor_time(id);
        // One tick may be the watcher that looks at the list of mounts.
        if now - used > 0.015 {
            (used, since) = (now, Instant::now());
        }
    }
    processor_time(id)
}

/// The most memory that a process held at any time, in bytes.
fn peak_memory(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What a command cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// From start to end, in seconds.
    pub wall: f64,
    /// Of all its threads, in seconds; `NAN` where the system does not say.
    pub processor: f64,
    /// The most memory it held, in bytes; 0 where the system does not say.
    pub memory: u64,
}

/// Runs a command to its end.
///
/// # Errors
///
/// What it printed if it fails, and that it took too long if it takes `limit`.
pub fn cost(command: &mut Command, limit: Duration) -> Result<Cost, String> {
    let log = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let output = || log.reopen().map_or_else(|_| Stdio::null(), Stdio::from);
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(output())
        .stderr(output())
        .spawn()
        .map_err(|error| error.to_string())?;
    let (id, ended, late) = (child.id(), AtomicBool::new(false), AtomicBool::new(false));
    let (wall, processor, memory) = std::thread::scope(|scope| {
        let (over, end) = mpsc::channel::<()>();
        let (ended, late) = (&ended, &late);
        let watch = scope.spawn(move || {
            let mut most = 0;
            loop {
                most = most.max(peak_memory(id).unwrap_or_default());
                if begun.elapsed() > limit && !ended.load(Ordering::SeqCst) {
                    late.store(true, Ordering::SeqCst);
                    kill(id);
                }
                if end.recv_timeout(LOOK) != Err(mpsc::RecvTimeoutError::Timeout) {
                    return most;
                }
            }
        });
        wait_for_end(id);
        let wall = begun.elapsed().as_secs_f64();
        ended.store(true, Ordering::SeqCst);
        // It has ended, but is kept until it is waited for.
        let processor = processor_time(id);
        drop(over);
        (wall, processor, watch.join().unwrap_or_default())
    });
    let status = child.wait().map_err(|error| error.to_string())?;
    if late.into_inner() {
        return Err(format!("more than {} s", limit.as_secs()));
    }
    if !status.success() {
        let said = fs::read(log.path()).unwrap_or_default();
        return Err(String::from_utf8_lossy(&said).into_owned());
    }
    Ok(Cost {
        wall,
        processor,
        memory,
    })
}

#[cfg(unix)]
fn wait_for_end(id: u32) {
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    if let Some(id) = pid(id) {
        let _ = waitid(
            WaitId::Pid(id),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
    }
}

#[cfg(unix)]
fn kill(id: u32) {
    if let Some(id) = pid(id) {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
    }
}

#[cfg(unix)]
fn pid(id: u32) -> Option<rustix::process::Pid> {
    rustix::process::Pid::from_raw(i32::try_from(id).ok()?)
}

#[cfg(not(unix))]
fn wait_for_end(_: u32) {}

#[cfg(not(unix))]
fn kill(_: u32) {}

/// The program of this name on the `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// All files of a folder with their sizes in bytes, by path.
pub fn files(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(it) if it.is_dir() => folders.push(entry.path()),
                Ok(it) => found.push((entry.path(), it.len())),
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}
