//! Words of the interface, found once for all pages.
//!
//! A page asks for some forty of them, each of which takes two or three macros of the
//! built-in theme. What those find depends on nothing but the language and the key: the
//! filter [`REMEMBERED`] keeps it.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, State};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use super::BUILTIN;
use super::template_loader::TemplateLoader;

/// `macro|remembered(language, file)`: the macro, which finds the words of a language with
/// the help of a file, as a function that asks it only once for each key. Where the site
/// has a file of its own in place of the theme's, the macro itself.
const REMEMBERED: &str = "remembered";

/// The file of the words that are used where a language lacks one.
const FALLBACK: &str = "partials/languages/en.html";

/// The words found so far, by language and key, with the fuel that finding them took.
type Known = Mutex<FxHashMap<(Box<str>, Box<str>), (Value, u64)>>;

/// Adds the filter to the environment of a theme.
pub(super) fn add(environment: &mut Environment<'static>, shelf: TemplateLoader) {
    let known = Arc::new(Known::default());
    let remembered = move |find: Value, language: &str, file: &str| {
        // What a file of the site does may depend on the page.
        let is_builtin = |name: &str| {
            let found = shelf.find(name);
            found.is_none_or(|it| it.path.as_str().starts_with(BUILTIN))
        };
        if !is_builtin(file) || !is_builtin(FALLBACK) {
            return find;
        }
        Value::from_object(Words {
            find,
            language: language.into(),
            known: known.clone(),
        })
    };
    environment.add_filter(REMEMBERED, remembered);
}

/// A function that finds the words of a language.
pub(super) struct Words {
    /// The macro.
    find: Value,
    language: Box<str>,
    known: Arc<Known>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.find.fmt(f)
    }
}

impl Object for Words {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let [key] = arguments else {
            return self.find.call(state, arguments);
        };
        let Some(key) = key.as_str() else {
            return self.find.call(state, arguments);
        };
        let key = (self.language.clone(), key.into());
        let known = self.known.lock().get(&key).cloned();
        if let Some((word, fuel)) = known {
            // Whether a page is within its limit does not depend on other pages.
            state.consume_fuel(fuel)?;
            return Ok(word);
        }
        let used = |state: &State<'_, '_>| state.fuel_levels().map_or(0, |(used, _)| used);
        let before = used(state);
        let word = self.find.call(state, arguments)?;
        let fuel = used(state) - before;
        self.known.lock().insert(key, (word.clone(), fuel));
        Ok(word)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.find)
    }
}
