//! Regular expressions in the options of plugins, which are Python's.

use regex::Regex;

use crate::diagnostic::{Diagnostic, Rule};

/// Compiles an expression. If it is not valid, or has what only Python's may
/// have, the diagnostic has no place yet.
pub fn compile(written: &str) -> Result<Regex, Box<Diagnostic>> {
    Regex::new(written).map_err(|error| {
        // The last line says why; the others show the expression.
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default();
        let reason = reason.trim().trim_start_matches("error: ");
        let message = format!("the regular expression `{written}` cannot be used: {reason}");
        let help = "nothing matches it; correct it, or write it without look-around and \
                    references to groups";
        Box::new(Diagnostic::new(Rule::UnsupportedValue, message).help(help))
    })
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn the_reason_is_named() {
        for (written, reason) in [
            ("a(", "unclosed group"),
            ("a(?!b)", "look-around"),
            (r"(a)\1", "backreferences"),
        ] {
            let fault = compile(written).expect_err("it cannot be used");
            assert!(fault.message.contains(reason), "{}", fault.message);
            assert_eq!(fault.message.lines().count(), 1);
        }
    }
}
