use std::collections::BTreeMap;

use super::reader::Reader;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::yaml::Node;

/// `[check] rules`: the level of each rule by its name; `None` for rules that
/// are off.
pub(super) fn read(reader: &mut Reader<'_>) -> BTreeMap<Rule, Option<Severity>> {
    let mut levels = BTreeMap::new();
    let Some(check) = reader.get("check") else {
        return levels;
    };
    if check.entries().is_none() {
        reader.wrong("check", check, "a table");
        return levels;
    }
    reader.check_keys(check, &["rules"], " of `check`");
    let Some(rules) = check.get("rules") else {
        return levels;
    };
    let Some(entries) = rules.entries() else {
        reader.wrong("check.rules", rules, "a table");
        return levels;
    };
    for (key, value) in entries {
        let name = key.key_text();
        let Some(rule) = Rule::named(&name) else {
            report_unknown(reader, &name, key);
            continue;
        };
        let level = match value.as_str() {
            Some("error") => Some(Severity::Error),
            Some("warning") => Some(Severity::Warning),
            Some("note") => Some(Severity::Note),
            Some("off") => None,
            _ => {
                let message = format!(
                    "`check.rules.{name}` takes `error`, `warning`, `note` or `off`, not {}",
                    value.to_json()
                );
                reader.refuse(value, message, "use one of the four");
                continue;
            }
        };
        levels.insert(rule, level);
    }
    levels
}

fn report_unknown(reader: &mut Reader<'_>, name: &str, key: &Node) {
    let message = format!("there is no rule `{name}`");
    let diagnostic = Diagnostic::new(Rule::UnknownKey, message).at(key.span());
    let known = Rule::ALL.iter().map(|rule| rule.name());
    let near = reader.suggestions.suggest(name, known);
    reader.diagnostics.push(match near {
        Some(near) => diagnostic.did_you_mean(name, &near),
        None => diagnostic.help("messages show the names of rules in square brackets"),
    });
}
