//! The words that records are found by, folded.

use std::collections::{BTreeMap, BTreeSet};

use phonenumber::Mode;

use crate::domain::contact::display_name;
use crate::domain::text;

/// The fewest digits that a part of a phone number has to be a word of its own.
const MIN_DIGITS: usize = 4;

/// The words of a contact, each with whether it is one of its display name (A8).
#[must_use]
pub fn contact_words<'t>(
    [first_name, last_name, company]: [Option<&'t str>; 3],
    emails: impl IntoIterator<Item = &'t str>,
    phones: impl IntoIterator<Item = &'t str>,
) -> BTreeMap<String, bool> {
    let mut hidden = BTreeSet::new();
    hidden.extend(company.map(of_text).unwrap_or_default());
    hidden.extend(emails.into_iter().flat_map(of_email));
    hidden.extend(phones.into_iter().flat_map(of_phone));
    let mut words: BTreeMap<String, bool> = hidden.into_iter().map(|word| (word, false)).collect();
    let shown = of_text(&display_name(first_name, last_name, company));
    words.extend(shown.into_iter().map(|word| (word, true)));
    words
}

/// The words of an opportunity's own name.
#[must_use]
pub fn opportunity_words(name: &str) -> BTreeSet<String> {
    of_text(name)
}

/// The words of an appointment's own title and place.
#[must_use]
pub fn appointment_words(title: Option<&str>, location: Option<&str>) -> BTreeSet<String> {
    [title, location].into_iter().flatten().flat_map(of_text).collect()
}

fn of_text(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for word in split(text) {
        words.extend(parts(&word));
        words.extend(without_apostrophes(&word));
        words.insert(word);
    }
    words
}

/// The whole address, what stands before and after its `@`, and the words of both. The top-level domain is no word of its
/// own: whoever types `co` does not look for everybody at a `.com`.
fn of_email(address: &str) -> BTreeSet<String> {
    let whole = text::fold(address);
    let mut words = BTreeSet::new();
    if let Some((mailbox, domain)) = whole.rsplit_once('@') {
        let named = domain.rsplit_once('.').map_or(domain, |(named, _)| named);
        words.extend(parts(mailbox));
        words.extend(parts(named));
        words.extend([mailbox.to_owned(), domain.to_owned()]);
    }
    words.insert(whole);
    words
}

/// The digits with and without the country code, and as they are dialled within the country, from each of their groups on.
fn of_phone(number: &str) -> BTreeSet<String> {
    let international = digits(number);
    let mut words = BTreeSet::new();
    if let Ok(parsed) = phonenumber::parse(None, number) {
        words.insert(parsed.national().to_string());
        let dialled = parsed.format().mode(Mode::National).to_string();
        let groups: Vec<String> = parts(&dialled).into_iter().collect();
        for from in 0..groups.len() {
            words.insert(groups[from..].concat());
        }
    }
    words.retain(|word| word.len() >= MIN_DIGITS);
    words.insert(international);
    words
}

/// The words of a text as they stand between spaces, folded, without what encloses them: `(Berlin)` is `berlin`. One that
/// has neither letter nor digit stays as it is.
pub(super) fn split(text: &str) -> Vec<String> {
    let plain: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { plain(letter) }).collect();
    let folded = text::fold(&plain);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let core = word.trim_matches(|letter: char| !letter.is_alphanumeric());
            if core.is_empty() { word.to_owned() } else { core.to_owned() }
        })
        .collect()
}

/// The runs of letters and digits in a word.
pub(super) fn parts(word: &str) -> Vec<String> {
    word.split(|letter: char| !letter.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `o'neil` as `oneil`; none where nothing is left out.
pub(super) fn without_apostrophes(word: &str) -> Option<String> {
    word.contains('\'').then(|| word.replace('\'', "")).filter(|word| !word.is_empty())
}

pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Apostrophes and dashes as keyboards have them.
const fn plain(letter: char) -> char {
    match letter {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{00b4}' => '\'',
        '\u{2010}'..='\u{2014}' => '-',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(words: &BTreeSet<String>, all: &[&str]) {
        for word in all {
            assert!(words.contains(*word), "{word} in {words:?}");
        }
    }

    #[test]
    fn a_name_is_found_by_its_words_and_their_parts() {
        assert_eq!(of_text("Ada  LOVELACE"), BTreeSet::from(["ada".into(), "lovelace".into()]));
        has(
            &of_text("Åsa O’Neil-Müller (Berlin)"),
            &["åsa", "o'neil-müller", "oneil-müller", "neil", "berlin"],
        );
        assert_eq!(of_text("&"), BTreeSet::from(["&".into()]));
        assert_eq!(of_text(" \u{0} "), BTreeSet::new());
    }

    #[test]
    fn an_address_is_found_whole_and_by_its_parts_but_not_by_its_top_level_domain() {
        let words = of_email("Ada.Lovelace@Mail.Example.com");
        has(
            &words,
            &["ada.lovelace@mail.example.com", "ada.lovelace", "ada", "lovelace", "mail.example.com"],
        );
        has(&words, &["mail", "example"]);
        assert!(!words.contains("com"));
    }

    #[test]
    fn a_number_is_found_with_and_without_its_country_code() {
        has(&of_phone("+493012345678"), &["493012345678", "3012345678", "03012345678", "12345678"]);
        has(&of_phone("+14155552671"), &["14155552671", "4155552671", "5552671", "2671"]);
        has(&of_phone("+390612345678"), &["390612345678", "0612345678"]);
    }

    #[test]
    fn only_words_of_the_display_name_show() {
        let words = contact_words([Some("Ada"), None, Some("Engines")], ["a@b.example"], ["+493012345678"]);
        let shown: Vec<&String> = words.iter().filter(|(_, shown)| **shown).map(|(word, _)| word).collect();
        assert_eq!(shown, ["ada"]);
        assert_eq!(words.get("engines"), Some(&false));
        assert_eq!(contact_words([None, None, Some("Engines")], [], []).get("engines"), Some(&true));
        assert_eq!(contact_words([None; 3], [], []).get("unnamed"), Some(&true));
    }
}
