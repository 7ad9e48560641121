//! Inflected forms of a word as one.

use rust_stemmers::{Algorithm, Stemmer};

use super::fold::fold;

/// Finds what the forms of a word have in common, in a language.
pub struct Stems {
    /// That of the language.
    own: Option<Stemmer>,
    /// Of words in Latin letters in a language that has others.
    latin: Option<Stemmer>,
}

impl Stems {
    /// Those of a language, such as `pt-BR`.
    pub fn of(language: &str) -> Self {
        let main = language.split(['-', '_']).next().unwrap_or(language);
        let algorithm = algorithm(main);
        let is_latin = !matches!(
            main,
            "ar" | "fa"
                | "ur"
                | "he"
                | "yi"
                | "el"
                | "ru"
                | "uk"
                | "be"
                | "bg"
                | "sr"
                | "mk"
                | "ta"
                | "hi"
                | "bn"
                | "zh"
                | "ja"
                | "ko"
                | "th"
                | "lo"
                | "km"
                | "my"
                | "ka"
                | "hy"
                | "kn"
                | "te"
                | "sa"
                | "si"
                | "ku"
                | "mn"
        );
        Self {
            own: algorithm.map(Stemmer::create),
            latin: (!is_latin).then(|| Stemmer::create(Algorithm::English)),
        }
    }

    /// What the forms of a word have in common, as it is searched for.
    pub fn stem(&self, word: &str) -> String {
        let is_latin = word.chars().all(|it| it < '\u{250}');
        let stemmer = match &self.latin {
            Some(latin) if is_latin => Some(latin),
            _ => self.own.as_ref(),
        };
        let word = without_plural(word);
        let lower = word.to_lowercase();
        match stemmer {
            Some(stemmer) if !lower.chars().any(|it| it.is_ascii_digit()) => {
                fold(&stemmer.stem(&lower))
            }
            _ => fold(&lower),
        }
    }
}

/// An abbreviation in capitals without the `s` of its plural, such as `VPNs`.
fn without_plural(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(rest) if rest.len() > 1 && rest.chars().all(char::is_uppercase) => rest,
        _ => word,
    }
}

fn algorithm(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" | "af" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" | "gl" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::Stems;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (language, forms) in [
            ("en", &["messenger", "messengers", "Messenger"][..]),
            ("de", &["Haus", "Hauses"]),
            ("ru", &["пароль", "пароли", "паролей"]),
            ("ar", &["التشفير", "تشفير"]),
            ("ja", &["passwords", "password"]),
            ("pt-BR", &["senha", "senhas"]),
            ("he", &["VPNs", "VPN", "vpn"]),
        ] {
            let stems = Stems::of(language);
            let found: Vec<_> = forms.iter().map(|form| stems.stem(form)).collect();
            assert!(found.windows(2).all(|two| two[0] == two[1]), "{found:?}");
        }
        let stems = Stems::of("xx");
        assert_ne!(stems.stem("messenger"), stems.stem("messengers"));
    }
}
