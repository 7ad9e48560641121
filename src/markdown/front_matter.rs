//! stub
use crate::{diagnostic::Diagnostic, files::SourcePath};
use serde_json::{Map, Value};
#[derive(Debug,Clone,PartialEq,Eq)]
pub struct FrontMatter { pub meta: Map<String, Value>, pub body_start: usize, pub body_first_line: u32, pub diagnostics: Vec<Diagnostic> }
pub fn split(_: &SourcePath, _: &str) -> FrontMatter { FrontMatter{meta: Map::new(), body_start:0, body_first_line:1, diagnostics: vec![]} }
