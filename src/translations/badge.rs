//! A badge for a README: how much of the translations is current.

use serde_json::json;

use super::{LanguageState, percent, share, total};
use crate::html::Escape;

/// What a badge says: of one language its share, of several how many they are.
struct Words {
    label: String,
    message: String,
    colour: &'static str,
}

fn words(languages: &[LanguageState]) -> Words {
    let total = total(languages.iter().map(LanguageState::counts));
    let share_of_all = percent(&total);
    let (label, message) = match languages {
        [one] => (one.language.clone(), share_of_all),
        all => (
            "translations".to_owned(),
            format!("{share_of_all} of {} languages", all.len()),
        ),
    };
    // Dark enough for white letters.
    let colour = match share(&total) {
        None => "#5f5f5f",
        Some(share) if share >= 0.9 => "#2d6a3e",
        Some(share) if share >= 0.7 => "#56661f",
        Some(share) if share >= 0.4 => "#855a12",
        Some(_) => "#9c3a24",
    };
    Words {
        label,
        message,
        colour,
    }
}

/// What every badge of ours has, so that no other file is overwritten.
const SIGN: &str = "data-proofroom-badge";

/// The badge as an SVG.
pub fn badge_svg(languages: &[LanguageState]) -> String {
    let words = words(languages);
    let (label, message) = (&words.label, &words.message);
    // Fonts differ: the text is fitted into what its letters take on average.
    let width = |text: &str| 7 * text.chars().count();
    let (one, two) = (width(label), width(message));
    let left = one + 16;
    let whole = left + two + 16;
    let label = Escape::QUOTED.apply(label);
    let message = Escape::QUOTED.apply(message);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"22\" role=\"img\" \
         aria-label=\"{label}: {message}\" {SIGN}=\"\">\n\
         <title>{label}: {message}</title>\n\
         <path fill=\"#3a3630\" d=\"M4 0H{left}V22H4A4 4 0 0 1 0 18V4A4 4 0 0 1 4 0Z\"/>\n\
         <path fill=\"{}\" d=\"M{left} 0H{}A4 4 0 0 1 {whole} 4V18A4 4 0 0 1 {} 22H{left}Z\"/>\n\
         <g fill=\"#fff\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n\
         <text x=\"8\" y=\"15\" textLength=\"{one}\" lengthAdjust=\"spacingAndGlyphs\">{label}</text>\n\
         <text x=\"{}\" y=\"15\" textLength=\"{two}\" lengthAdjust=\"spacingAndGlyphs\">{message}</text>\n\
         </g>\n</svg>\n",
        words.colour,
        whole - 4,
        whole - 4,
        left + 8,
    )
}

/// The badge as data from which shields.io draws one.
pub fn badge_endpoint(languages: &[LanguageState]) -> String {
    let words = words(languages);
    let badge = json!({
        "schemaVersion": 1,
        "label": words.label,
        "message": words.message,
        "color": words.colour,
    });
    format!("{badge:#}\n")
}

/// Whether a text is a badge, which another one may replace.
pub fn is_badge(text: &str) -> bool {
    let is_endpoint = || {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(value.get("schemaVersion").is_some() && value.get("label").is_some())
    };
    text.contains(SIGN) || is_endpoint().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{badge_endpoint, badge_svg, is_badge};
    use crate::translations::{LanguageState, PageState, TranslatedPage};

    #[test]
    fn badges_say_the_share_of_all_languages_or_of_one() {
        let language = |code: &str| LanguageState {
            repositories: None,
            language: code.to_owned(),
            pages: vec![TranslatedPage {
                source: None,
                of: "docs/a.md".into(),
                address: None,
                title: "A".to_owned(),
                place: None,
                state: Arc::new(PageState::of_missing("# A\n")),
            }],
        };
        let svg = badge_svg(&[language("de"), language("<fr>")]);
        assert!(
            svg.contains("aria-label=\"translations: 0% of 2 languages\""),
            "{svg}"
        );
        let svg = badge_svg(&[language("<fr>")]);
        assert!(svg.contains("<title>&lt;fr&gt;: 0%</title>"), "{svg}");
        let json = badge_endpoint(&[language("de")]);
        assert!(json.contains("\"message\": \"0%\""), "{json}");
        assert!(is_badge(&svg) && is_badge(&json) && !is_badge("{\"label\": 1}"));
    }
}
