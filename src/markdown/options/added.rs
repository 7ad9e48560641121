//! Options of the extensions that add one construct each.

use serde_json::Value;

use super::With;

/// `pymdownx.progressbar`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressBar {
    /// `level_class`: whether a class tells how far it is.
    pub level_class: bool,
    /// `progress_increment`: the steps of that class.
    pub increment: u32,
    /// `add_classes`.
    pub classes: Vec<String>,
}

impl ProgressBar {
    /// As configured.
    pub fn new(with: &With<'_>) -> Self {
        let increment = with.get("progress_increment").and_then(Value::as_u64);
        let increment = increment.and_then(|step| u32::try_from(step).ok());
        let classes = with.get("add_classes").and_then(Value::as_str);
        Self {
            level_class: with.flag("level_class", true),
            increment: increment.filter(|step| *step > 0).unwrap_or(20),
            classes: classes
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// `pymdownx.escapeall`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscapeAll {
    /// `hardbreak`: an escaped line break is a `<br>`.
    pub hardbreak: bool,
    /// `nbsp`: an escaped space breaks no line.
    pub nbsp: bool,
}

impl EscapeAll {
    /// As configured.
    pub fn new(with: &With<'_>) -> Self {
        Self {
            hardbreak: with.flag("hardbreak", false),
            nbsp: with.flag("nbsp", false),
        }
    }
}

/// `pymdownx.quotes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotes {
    /// `callouts`: `> [!note]` is an admonition.
    pub callouts: bool,
}

impl Quotes {
    /// As configured.
    pub fn new(with: &With<'_>) -> Self {
        Self {
            callouts: with.flag("callouts", false),
        }
    }
}

/// `pymdownx.fancylists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FancyLists {
    /// `a.` and `A)`.
    pub alphabetic: bool,
    /// `iv.` and `IV)`.
    pub roman: bool,
    /// `#.`
    pub generic: bool,
    /// `inject_style`.
    pub with_style: bool,
    /// `inject_class`.
    pub with_class: bool,
}

impl FancyLists {
    /// As configured.
    pub fn new(with: &With<'_>) -> Self {
        let styles = with
            .get("additional_ordered_styles")
            .and_then(Value::as_array);
        let has = |name: &str| {
            styles.is_none_or(|styles| styles.iter().any(|style| style.as_str() == Some(name)))
        };
        Self {
            alphabetic: has("alpha"),
            roman: has("roman"),
            generic: has("generic"),
            with_style: with.flag("inject_style", false),
            with_class: with.flag("inject_class", false),
        }
    }
}
