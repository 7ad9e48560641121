//! What a page says about itself, as its entry repeats it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::rules::{AuthorStyle, FeedRules};
use crate::python::{is_true, plain};

/// The authors of a blog by their ids.
pub type AuthorNames = BTreeMap<String, Map<String, Value>>;

impl FeedRules {
    /// The authors of a page. `known` are those of the blog that it is a post of.
    pub fn authors(
        &self,
        meta: &Map<String, Value>,
        known: Option<&AuthorNames>,
    ) -> Option<Vec<String>> {
        let texts = |value: &Value| match value {
            Value::String(name) => Some(vec![name.clone()]),
            Value::Array(names) => Some(names.iter().filter_map(plain).collect()),
            _ => None,
        };
        if let Some(author) = meta.get("author") {
            return texts(author);
        }
        let authors = meta.get("authors")?;
        let is_resolved = self.authors != AuthorStyle::AsWritten && authors.is_array();
        let known = if is_resolved { known } else { None };
        let names = texts(authors)?.into_iter();
        Some(match known {
            Some(known) => names.map(|id| self.shown_name(&id, known)).collect(),
            None => names.collect(),
        })
    }

    /// The categories of a page.
    pub fn categories_of(&self, meta: &Map<String, Value>) -> Option<Vec<String>> {
        let keys = self.categories.as_ref()?;
        let mut found = Vec::new();
        for value in keys.iter().filter_map(|key| meta.get(key)) {
            match value {
                Value::String(one) => found.push(one.clone()),
                Value::Array(several) => found.extend(several.iter().filter_map(plain)),
                _ => {}
            }
        }
        found.sort();
        Some(found)
    }

    /// The address that the entry of a page leads to, by that of the page.
    pub fn link(&self, page: &str) -> String {
        match &self.query {
            Some(query) => format!("{page}?{query}"),
            None => page.to_owned(),
        }
    }

    /// The address of the comments on a page.
    pub fn comments_of(&self, page: &str) -> Option<String> {
        Some(format!("{page}{}", self.comments.as_ref()?))
    }

    /// The image that a page names, as written.
    pub fn image_of(meta: &Map<String, Value>) -> Option<&str> {
        let mut keys = ["image", "illustration"].into_iter();
        let image = keys.find_map(|key| meta.get(key).filter(|image| is_true(image)))?;
        Some(image.as_str()?.trim())
    }

    /// How feeds name an author of a blog.
    fn shown_name(&self, id: &str, known: &AuthorNames) -> String {
        let Some(author) = known.get(id) else {
            return id.to_owned();
        };
        let text = |key: &str| author.get(key).and_then(plain);
        let name = text("name").unwrap_or_else(|| id.to_owned());
        match text("email") {
            Some(email) if self.authors == AuthorStyle::NamesWithAddresses => {
                format!("{email} ({name})")
            }
            _ => name,
        }
    }
}
