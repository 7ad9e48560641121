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

/// The file with the macro, and that of the words which are used where a language lacks one.
const FINDER: &str = "partials/language.html";
const FALLBACK: &str = "partials/languages/en.html";

/// Finds a word apart from any page: what a page may spend on its template must not depend
/// on the words that others have asked for.
const ALONE: &str = "{%- import 'partials/language.html' as lang with context -%}\
                     {{- lang.find(key) -}}";

/// The most words that are kept: templates may ask for what they like.
const MOST: usize = 1000;

/// The words found so far, by language and key.
type Known = Mutex<FxHashMap<(Box<str>, Box<str>), Value>>;

/// Adds the filter to the environment of a theme.
pub(super) fn add(environment: &mut Environment<'static>, shelf: TemplateLoader) {
    let known = Arc::new(Known::default());
    let remembered = move |find: Value, language: &str, file: &str| {
        // What a file of the site does may depend on the page.
        let is_builtin = |name: &str| {
            let found = shelf.find(name);
            found.is_none_or(|it| it.path.as_str().starts_with(BUILTIN))
        };
        if ![FINDER, FALLBACK, file].into_iter().all(is_builtin) {
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

impl Words {
    fn word(&self, state: &State<'_, '_>, key: &str) -> Result<Value, Error> {
        let place = (self.language.clone(), key.into());
        if let Some(known) = self.known.lock().get(&place) {
            return Ok(known.clone());
        }
        let config = state.lookup("config").unwrap_or_default();
        let template = state.env().template_from_str(ALONE)?;
        let word = template.render(minijinja::context! { config, key })?;
        let word = Value::from(word);
        let mut known = self.known.lock();
        if known.len() < MOST {
            known.insert(place, word.clone());
        }
        Ok(word)
    }
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
        if let [key] = arguments
            && let Some(key) = key.as_str()
        {
            return self.word(state, key);
        }
        self.find.call(state, arguments)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.find)
    }
}
