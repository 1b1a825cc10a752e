//! What an import makes of a contact that nobody knows yet.

use super::deal::Contact;
use crate::domain::contact::ContactFields;
use crate::domain::patch::Patch;
use crate::domain::text;

/// The fields of a contact that a row makes. The export has one text for its name and does not say whose: it is a
/// company's, unless the e-mail address is made of its words.
pub(super) fn fields(contact: &Contact, tags: &[String]) -> ContactFields {
    let mut fields = ContactFields {
        emails: contact.email.clone().map_or(Patch::Keep, |email| Patch::Set(vec![email])),
        phones: contact.phone.clone().map_or(Patch::Keep, |phone| Patch::Set(vec![phone])),
        tags: Patch::Set(tags.to_vec()),
        ..ContactFields::default()
    };
    let Some(name) = &contact.name else { return fields };
    match person(name, contact.email.as_deref()) {
        Some((first, last)) => {
            fields.first_name = Patch::Set(first.to_owned());
            fields.last_name = Patch::Set(last.to_owned());
        }
        None => fields.company = Patch::Set(name.clone()),
    }
    fields
}

/// First and last name, where the address before its `@` has both words: `Ada Lovelace`, `ada.lovelace@…`.
fn person<'n>(name: &'n str, email: Option<&str>) -> Option<(&'n str, &'n str)> {
    let (first, last) = name.split_once(' ').filter(|(_, last)| !last.contains(' '))?;
    let mailbox = text::fold(email?.split_once('@')?.0);
    (mailbox.contains(&text::fold(first)) && mailbox.contains(&text::fold(last))).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_persons_only_where_the_address_says_so() {
        for email in ["ada.lovelace@a.example", "LovelaceAda@a.example", "ada_lovelace7@a.example"] {
            assert_eq!(person("Ada Lovelace", Some(email)), Some(("Ada", "Lovelace")));
        }
        for email in [None, Some("ada@a.example"), Some("sales@ada-lovelace.example")] {
            assert_eq!(person("Ada Lovelace", email), None);
        }
        assert_eq!(person("Genco Pura Oil", Some("genco.pura.oil@a.example")), None);
        assert_eq!(person("Cancity", Some("cancity@a.example")), None);
    }
}
