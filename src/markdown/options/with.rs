use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The options of an extension as they are given, and which of them somebody
/// asks for: the others are read by nothing.
#[derive(Debug)]
pub struct With<'a> {
    given: &'a Map<String, Value>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> With<'a> {
    /// Of an extension's options.
    pub fn new(given: &'a Map<String, Value>) -> Self {
        Self {
            given,
            asked: RefCell::default(),
        }
    }

    /// What is given for an option.
    pub fn get(&self, option: &str) -> Option<&'a Value> {
        self.asked.borrow_mut().insert(option.to_owned());
        self.given.get(option)
    }

    /// Yes or no.
    pub fn flag(&self, option: &str, default: bool) -> bool {
        self.get(option).and_then(Value::as_bool).unwrap_or(default)
    }

    /// A text.
    pub fn text(&self, option: &str, default: &str) -> String {
        let text = self.get(option).and_then(Value::as_str);
        text.unwrap_or(default).to_owned()
    }

    /// Says that options are read by another room, or that what they ask for
    /// is always done.
    pub fn pass(&self, options: &[&str]) {
        let mut asked = self.asked.borrow_mut();
        asked.extend(options.iter().map(|it| (*it).to_owned()));
    }

    /// What is given for an option, without asking for it.
    pub fn given(&self, option: &str) -> Option<&'a Value> {
        self.given.get(option)
    }

    /// The options that are given and that nothing has asked for, and those
    /// that have been asked for.
    pub fn unread(&self) -> (Vec<&'a str>, Vec<String>) {
        let asked = self.asked.borrow();
        let given = self.given.keys().map(String::as_str);
        let unread = given.filter(|option| !asked.contains(*option));
        (unread.collect(), asked.iter().cloned().collect())
    }
}
