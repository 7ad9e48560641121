/// How texts of one language are searched, where the configuration does not
/// say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language {
    /// The stemmer.
    pub search: &'static str,
    /// What separates words, as a regular expression of JavaScript.
    pub separator: &'static str,
    /// What is done with each word.
    pub pipeline: &'static str,
}

const WORDS: &str = r"[\s\-]+";

/// Languages with a stemmer under another name than their own, as Material's
/// `search.config.lang` has them.
const STEMMERS: [(&str, &str); 32] = [
    ("af", "nl"),
    ("be", "ru"),
    ("bg", "ru"),
    ("da", "da"),
    ("de", "de"),
    ("eo", "es"),
    ("es", "es"),
    ("fi", "fi"),
    ("fr", "fr"),
    ("gl", "es"),
    ("hi", "hi"),
    ("hu", "hu"),
    ("it", "it"),
    ("ja", "ja"),
    ("mk", "ru"),
    ("nb", "no"),
    ("nl", "nl"),
    ("nn", "no"),
    ("pt", "pt"),
    ("pt-BR", "pt"),
    ("ro", "ro"),
    ("ru", "ru"),
    ("sl", "sl"),
    ("sv", "sv"),
    ("th", "th"),
    ("tr", "tr"),
    ("uz", "tr"),
    ("vi", "vi"),
    ("zh", "en"),
    ("zh-Hant", "en"),
    ("zh-TW", "en"),
    ("en", "en"),
];

/// Languages without a stemmer or stop words (`search.config.pipeline`).
const PLAIN: [&str; 15] = [
    "ar", "bn", "fa", "he", "hy", "id", "ka", "ko", "ku-IQ", "lt", "my", "pl", "si", "ta", "ur",
];

/// Stemmers that MkDocs' search plugin brings.
const KNOWN: [&str; 28] = [
    "ar", "da", "de", "du", "es", "fi", "fr", "hi", "hu", "hy", "it", "ja", "jp", "kn", "ko", "nl",
    "no", "pt", "ro", "ru", "sa", "sv", "ta", "te", "th", "tr", "vi", "zh",
];

/// Whether MkDocs' search has words of a language.
fn is_stemmed(code: &str) -> bool {
    code == "en" || KNOWN.contains(&code)
}

impl Language {
    /// Of the theme's language.
    pub fn of(theme: &str) -> Self {
        let stemmer = STEMMERS.iter().find(|(code, _)| *code == theme);
        let (separator, pipeline) = match theme {
            "zh" | "zh-Hant" | "zh-TW" => (r"[\s\u200b\u3000\-、。，．？！；]+", "stemmer"),
            "ja" => ("[\\s\\-\u{3000}、。，．]+", "stemmer"),
            theme if PLAIN.contains(&theme) => (WORDS, " "),
            _ => (WORDS, "stopWordFilter"),
        };
        Self {
            search: stemmer.map_or("en", |(_, search)| search),
            separator,
            pipeline,
        }
    }
}

/// The configured languages, those without a stemmer replaced as MkDocs'
/// `LangOption` replaces them.
pub(super) fn supported(languages: Vec<String>) -> Vec<String> {
    let mut found = languages.clone();
    for language in languages.iter().filter(|language| *language != "en") {
        let known = language.split('_').find_map(|part| {
            let part = part.to_lowercase();
            let part = if part == "uk" { "ru" } else { &part };
            KNOWN.iter().find(|known| **known == part).copied()
        });
        if known == Some(language) {
            continue;
        }
        found.retain(|it| it != language);
        let instead = known.unwrap_or("en");
        if known.is_some() || !found.iter().any(|it| it == "en") {
            found.push(instead.to_owned());
        }
    }
    found
}

/// Adds all of these languages that there are words for to those that are
/// named.
pub fn know<'a>(known: &mut Vec<String>, languages: impl Iterator<Item = &'a str>) {
    for language in languages.filter(|language| is_stemmed(language)) {
        if !known.iter().any(|it| it == language) {
            known.push(language.to_owned());
        }
    }
}
