//! Options of `mdx_math`.

use super::ExtensionOptions;

/// `mdx_math`: formulas as scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptMath {
    /// `enable_dollar_delimiter`: `$x$` inside a line.
    pub dollar: bool,
    /// `add_preview`: formulas can be read before they are typeset.
    pub preview: bool,
    /// `use_asciimath`: formulas are AsciiMath rather than TeX.
    pub ascii: bool,
    /// `use_gitlab_delimiters`: only `` $`x`$ `` and fences of `math`.
    pub gitlab: bool,
}

impl ScriptMath {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let flag = |key: &str| with.flag(key, false);
        Self {
            dollar: flag("enable_dollar_delimiter"),
            preview: flag("add_preview"),
            ascii: flag("use_asciimath"),
            gitlab: flag("use_gitlab_delimiters"),
        }
    }

    /// The type of the scripts inside a line.
    pub fn script_type(self) -> &'static str {
        if self.ascii {
            "math/asciimath"
        } else {
            "math/tex"
        }
    }
}
