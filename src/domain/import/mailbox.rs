//! The addresses of people whom an import makes.

use unicode_normalization::UnicodeNormalization;

/// Where mail to people goes whom an import made: nowhere (RFC 2606).
pub(super) const DOMAIN: &str = "users.invalid";

/// The letters and digits of a name that every mail program knows.
pub(super) fn mailbox(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let plain = word.nfkd().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-');
        plain.collect::<String>().trim_matches('-').to_owned()
    });
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    // The part before the `@` has room for 64 characters.
    let mailbox: String = words.join(".").chars().take(50).collect();
    let mailbox = mailbox.trim_end_matches(['.', '-']);
    if mailbox.is_empty() { "person".to_owned() } else { mailbox.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_mailbox() {
        for (name, expected) in [
            ("moses frase", "moses.frase"),
            ("mei-mei johns", "mei-mei.johns"),
            ("zoë o'hara", "zoe.ohara"),
            ("李雷", "person"),
            ("- x", "x"),
        ] {
            assert_eq!(mailbox(name), expected);
            assert!(email_address::EmailAddress::is_valid(&format!("{}@{DOMAIN}", mailbox(name))));
        }
    }
}
