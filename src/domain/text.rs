//! Texts as they are compared: folded keys for names, addresses and tags.

use unicode_normalization::UnicodeNormalization;

/// The text without surrounding or repeated white space; none when nothing is left.
#[must_use]
pub fn tidy(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What two texts have in common when people call them the same: compatibility forms, case and spacing aside.
#[must_use]
pub fn fold(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_call_the_same_fold_to_the_same() {
        assert_eq!(fold("  ADA\u{a0} Lovelace "), fold("ada lovelace"));
        assert_eq!(fold("ＡＤＡ"), "ada");
        assert_ne!(fold("Zoe"), fold("Zoë"));
    }

    #[test]
    fn nothing_but_space_is_nothing() {
        assert_eq!(tidy(" \n\t"), None);
        assert_eq!(tidy("  a  b "), Some("a b".to_owned()));
    }
}
