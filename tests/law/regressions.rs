//! Runs random cases, after those that failed before.

use std::fmt::Debug;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::harness::in_repository;

/// Runs the cases in `tests/law/regressions/<name>.jsonl`, then as many random
/// ones. A random case that fails is shrunk and added to the file.
///
/// # Panics
/// When a case fails.
pub fn check<S>(
    name: &str,
    cases: u32,
    strategy: &S,
    holds: impl Fn(&S::Value) -> Result<(), String>,
) where
    S: Strategy,
    S::Value: Clone + Debug + Serialize + DeserializeOwned,
{
    let file = in_repository("tests/law/regressions").join(format!("{name}.jsonl"));
    for (number, line) in lines(&file).iter().enumerate() {
        let place = format!("{}:{}", file.display(), number + 1);
        let case = serde_json::from_str(line).unwrap_or_else(|error| panic!("{place}: {error}"));
        if let Err(why) = holds(&case) {
            panic!("{place} fails again: {why}");
        }
    }
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    let holds = |case: S::Value| holds(&case).map_err(TestCaseError::fail);
    match TestRunner::new(config).run(strategy, holds) {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => {
            let line = serde_json::to_string(&case).expect("a case can be written");
            let mut lines = lines(&file);
            if !lines.contains(&line) {
                lines.push(line);
            }
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(&file, lines.join("\n") + "\n").expect("the file can be written");
            panic!(
                "incremental is not clean: {why}\n{case:#?}\nis kept in {}",
                file.display()
            );
        }
        Err(error) => panic!("{error}"),
    }
}

fn lines(file: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
