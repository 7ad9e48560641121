use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The options given for an extension. Keeps track of which of them were asked
/// for, so that the others can be reported as having no effect.
#[derive(Debug)]
pub struct ExtensionOptions<'a> {
    given: &'a Map<String, Value>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> ExtensionOptions<'a> {
    /// Wraps an extension's options.
    pub fn new(given: &'a Map<String, Value>) -> Self {
        Self {
            given,
            asked: RefCell::default(),
        }
    }

    /// The value given for an option.
    pub fn get(&self, option: &str) -> Option<&'a Value> {
        self.asked.borrow_mut().insert(option.to_owned());
        self.given.get(option)
    }

    /// The boolean given for an option.
    pub fn flag(&self, option: &str, default: bool) -> bool {
        self.get(option).and_then(Value::as_bool).unwrap_or(default)
    }

    /// The text given for an option.
    pub fn text(&self, option: &str, default: &str) -> String {
        let text = self.get(option).and_then(Value::as_str);
        text.unwrap_or(default).to_owned()
    }

    /// Marks options as asked for that are read elsewhere, or whose effect is
    /// always on.
    pub fn pass(&self, options: &[&str]) {
        let mut asked = self.asked.borrow_mut();
        asked.extend(options.iter().map(|it| (*it).to_owned()));
    }

    /// The value given for an option, without marking it as asked for.
    pub fn given(&self, option: &str) -> Option<&'a Value> {
        self.given.get(option)
    }

    /// The given options that nothing asked for, and all that were asked for.
    pub fn unread(&self) -> (Vec<&'a str>, Vec<String>) {
        let asked = self.asked.borrow();
        let given = self.given.keys().map(String::as_str);
        let unread = given.filter(|option| !asked.contains(*option));
        (unread.collect(), asked.iter().cloned().collect())
    }
}
