//! What a query asks for: every word of it begins a word of the record.

use super::words::{digits, parts, split, without_apostrophes};

/// The longest query, in characters.
pub const MAX_SEARCH_LENGTH: usize = 200;

/// The most words of a query.
pub const MAX_SEARCH_WORDS: usize = 10;

/// The fewest digits of a number that is dialled with `00`: fewer are a number like any other, such as `007`.
const MIN_INTERNATIONAL: usize = 6;

/// A query, taken apart. Without words it asks for nothing, and everything passes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Search(Vec<Term>);

/// A word of a query: one of these readings must hold, all words of which begin a word of the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term(Vec<Vec<String>>);

/// The query is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a search has at most {MAX_SEARCH_WORDS} words and {MAX_SEARCH_LENGTH} characters")]
pub struct TooMuch;

impl Search {
    /// Takes a query apart.
    ///
    /// # Errors
    /// One with too many words or characters.
    pub fn parse(text: &str) -> Result<Self, TooMuch> {
        if text.chars().count() > MAX_SEARCH_LENGTH {
            return Err(TooMuch);
        }
        let mut terms = Vec::new();
        let mut number: Vec<&str> = Vec::new();
        for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
            if is_of_a_number(word) {
                number.push(word);
                continue;
            }
            terms.extend(Term::of_number(&std::mem::take(&mut number)));
            terms.extend(split(word).iter().map(|word| Term::of_word(word)));
        }
        terms.extend(Term::of_number(&number));
        if terms.len() > MAX_SEARCH_WORDS {
            return Err(TooMuch);
        }
        Ok(Self(terms))
    }

    /// Its words.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

impl Term {
    /// The readings; never none.
    #[must_use]
    pub fn readings(&self) -> &[Vec<String>] {
        &self.0
    }

    /// The word as it stands, its parts, or itself without apostrophes. An address is read as it stands.
    fn of_word(word: &str) -> Self {
        let mut readings = vec![vec![word.to_owned()]];
        if !word.contains('@') {
            readings.extend(without_apostrophes(word).map(|word| vec![word]));
            readings.push(parts(word));
        }
        Self::new(readings)
    }

    /// Digits that stand beside one another may be one phone number, or several words.
    fn of_number(words: &[&str]) -> Option<Self> {
        let text = words.join(" ");
        let all = digits(&text);
        if all.is_empty() {
            return None;
        }
        let mut readings = Vec::new();
        if text.starts_with('+') || (all.starts_with("00") && all.len() >= MIN_INTERNATIONAL) {
            // `+49 (0)30 …`: the zero is dialled within the country only.
            let dialled = digits(&text.replace("(0)", ""));
            readings.push(vec![dialled.strip_prefix("00").unwrap_or(&dialled).to_owned()]);
        }
        readings.push(vec![all]);
        readings.push(parts(&text));
        Some(Self::new(readings))
    }

    fn new(readings: Vec<Vec<String>>) -> Self {
        let mut kept: Vec<Vec<String>> = Vec::new();
        for reading in readings {
            if !reading.is_empty() && !kept.contains(&reading) {
                kept.push(reading);
            }
        }
        Self(kept)
    }
}

/// Whether a word of a query can be a part of a phone number.
fn is_of_a_number(word: &str) -> bool {
    word.contains(|letter: char| letter.is_ascii_digit())
        && word.chars().all(|letter| letter.is_ascii_digit() || "+()-./".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(text: &str) -> Vec<Vec<String>> {
        let search = Search::parse(text).unwrap();
        search.0.into_iter().map(|term| term.0.into_iter().map(|words| words.join("+")).collect()).collect()
    }

    #[test]
    fn a_query_is_its_words() {
        assert_eq!(readings("  Ada  LOVE, "), [["ada"], ["love"]]);
        assert_eq!(readings("ada@exam"), [["ada@exam"]]);
        assert_eq!(readings("O’Neil"), [["o'neil", "oneil", "o+neil"]]);
        assert_eq!(readings(" % "), [["%"]]);
        assert_eq!(readings(" \u{0}\t "), Vec::<Vec<String>>::new());
    }

    #[test]
    fn digits_beside_one_another_may_be_one_number() {
        assert_eq!(readings("Ada 1815"), [vec!["ada"], vec!["1815"]]);
        assert_eq!(readings("+49 (0)30 12"), [["493012", "4903012", "49+0+30+12"]]);
        assert_eq!(readings("0049 30"), [["4930", "004930", "0049+30"]]);
        assert_eq!(readings("030/12-3"), [["030123", "030+12+3"]]);
        assert_eq!(readings("007"), [["007"]]);
    }

    #[test]
    fn a_query_has_an_end() {
        assert_eq!(Search::parse(&"a ".repeat(11)), Err(TooMuch));
        assert_eq!(Search::parse(&"a".repeat(201)), Err(TooMuch));
        assert!(Search::parse(&"a".repeat(200)).is_ok());
    }
}
