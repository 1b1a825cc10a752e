//! The fields of a contact as callers give them, checked and put into the form in which they are kept (R5).

use std::collections::BTreeMap;

use entity::{
    AccountId, ContactId, account, contact, contact_email, contact_phone, contact_tag, contact_token,
};
use sea_orm::Set;

use crate::domain::activity::Change;
use crate::domain::duplicates::Marks;
use crate::domain::error::Result;
use crate::domain::patch::Patch;
use crate::domain::search::contact_words;
use crate::domain::text;
use crate::domain::validate::{MAX_PARTS, Problems};

/// What a contact without name parts and company is called (A8).
pub const UNNAMED: &str = "Unnamed contact";

/// A way to reach a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// Telephone call.
    Call,
}

impl Channel {
    /// All of them, in the order of their bits.
    pub const ALL: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Call];

    const fn bit(self) -> i32 {
        match self {
            Channel::Email => 1,
            Channel::Sms => 2,
            Channel::Call => 4,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Channel::Email => "EMAIL",
            Channel::Sms => "SMS",
            Channel::Call => "CALL",
        }
    }
}

/// A set of channels, as the database keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Channels(pub i32);

impl Channels {
    /// The members.
    pub fn iter(self) -> impl Iterator<Item = Channel> {
        Channel::ALL.into_iter().filter(move |channel| self.0 & channel.bit() != 0)
    }

    fn text(self) -> Option<String> {
        let names: Vec<&str> = self.iter().map(Channel::name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

impl FromIterator<Channel> for Channels {
    fn from_iter<I: IntoIterator<Item = Channel>>(channels: I) -> Self {
        Self(channels.into_iter().fold(0, |bits, channel| bits | channel.bit()))
    }
}

/// What a caller says of a contact's fields.
#[derive(Clone, Debug, Default)]
pub struct ContactFields {
    /// Given name.
    pub first_name: Patch<String>,
    /// Family name.
    pub last_name: Patch<String>,
    /// Company.
    pub company: Patch<String>,
    /// E-mail addresses, the primary one first.
    pub emails: Patch<Vec<String>>,
    /// Phone numbers, the primary one first.
    pub phones: Patch<Vec<String>>,
    /// Street and house number.
    pub street: Patch<String>,
    /// City.
    pub city: Patch<String>,
    /// State or region.
    pub region: Patch<String>,
    /// Postal code.
    pub postal_code: Patch<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Patch<String>,
    /// Tags; two that differ in case are one.
    pub tags: Patch<Vec<String>>,
    /// Where the contact came from.
    pub source: Patch<String>,
    /// Channels on which not to disturb.
    pub do_not_disturb: Patch<Vec<Channel>>,
}

/// A contact as it is, or will be.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Shape {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company: Option<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub tags: Vec<String>,
    pub source: Option<String>,
    pub do_not_disturb: Channels,
}

/// What a contact is called: its name parts, else its company, else [`UNNAMED`].
#[must_use]
pub fn display_name(first_name: Option<&str>, last_name: Option<&str>, company: Option<&str>) -> String {
    let parts: Vec<&str> = [first_name, last_name].into_iter().flatten().collect();
    if parts.is_empty() { company.unwrap_or(UNNAMED).to_owned() } else { parts.join(" ") }
}

impl Shape {
    pub fn of(row: contact::Model, emails: Vec<String>, phones: Vec<String>, tags: Vec<String>) -> Self {
        Self {
            first_name: row.first_name,
            last_name: row.last_name,
            company: row.company,
            emails,
            phones,
            street: row.street,
            city: row.city,
            region: row.region,
            postal_code: row.postal_code,
            country: row.country,
            tags,
            source: row.source,
            do_not_disturb: Channels(row.do_not_disturb),
        }
    }

    /// The contact after the patch.
    ///
    /// # Errors
    /// Every field that cannot be taken.
    pub fn patched(&self, fields: &ContactFields, account_country: &str) -> Result<Self> {
        let mut problems = Problems::new();
        let shape = Self {
            first_name: line(&mut problems, "firstName", &fields.first_name, self.first_name.as_ref()),
            last_name: line(&mut problems, "lastName", &fields.last_name, self.last_name.as_ref()),
            company: line(&mut problems, "company", &fields.company, self.company.as_ref()),
            street: line(&mut problems, "street", &fields.street, self.street.as_ref()),
            city: line(&mut problems, "city", &fields.city, self.city.as_ref()),
            region: line(&mut problems, "region", &fields.region, self.region.as_ref()),
            postal_code: line(&mut problems, "postalCode", &fields.postal_code, self.postal_code.as_ref()),
            source: line(&mut problems, "source", &fields.source, self.source.as_ref()),
            country: match &fields.country {
                Patch::Set(code) if text::tidy(code).is_some() => problems.country("country", Some(code)),
                other => line(&mut problems, "country", other, self.country.as_ref()),
            },
            emails: list(&mut problems, "emails", &fields.emails, &self.emails, |problems, field, text| {
                problems.email(field, text)
            }),
            phones: list(&mut problems, "phones", &fields.phones, &self.phones, |problems, field, text| {
                problems.phone(field, text, account_country)
            }),
            tags: list(&mut problems, "tags", &fields.tags, &self.tags, |problems, field, text| {
                Some(problems.required_line(field, text)).filter(|tag| !tag.is_empty())
            }),
            do_not_disturb: match &fields.do_not_disturb {
                Patch::Keep => self.do_not_disturb,
                Patch::Clear => Channels::default(),
                Patch::Set(channels) => channels.iter().copied().collect(),
            },
        };
        problems.none()?;
        Ok(shape)
    }

    /// The fields in which `self` differs from `before`, for the history.
    pub fn changes_since(&self, before: &Self) -> Vec<Change> {
        let list = |texts: &[String]| (!texts.is_empty()).then(|| texts.join(", "));
        [
            Change::between("firstName", before.first_name.clone(), self.first_name.clone()),
            Change::between("lastName", before.last_name.clone(), self.last_name.clone()),
            Change::between("company", before.company.clone(), self.company.clone()),
            Change::between("emails", list(&before.emails), list(&self.emails)),
            Change::between("phones", list(&before.phones), list(&self.phones)),
            Change::between("street", before.street.clone(), self.street.clone()),
            Change::between("city", before.city.clone(), self.city.clone()),
            Change::between("region", before.region.clone(), self.region.clone()),
            Change::between("postalCode", before.postal_code.clone(), self.postal_code.clone()),
            Change::between("country", before.country.clone(), self.country.clone()),
            Change::between("tags", list(&before.tags), list(&self.tags)),
            Change::between("source", before.source.clone(), self.source.clone()),
            Change::between("doNotDisturb", before.do_not_disturb.text(), self.do_not_disturb.text()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The columns of the contact's own row.
    pub fn columns(&self) -> contact::ActiveModel {
        let name =
            display_name(self.first_name.as_deref(), self.last_name.as_deref(), self.company.as_deref());
        contact::ActiveModel {
            first_name: Set(self.first_name.clone()),
            last_name: Set(self.last_name.clone()),
            company: Set(self.company.clone()),
            name_key: Set(text::fold(&name)),
            company_key: Set(key(self.company.as_ref())),
            city_key: Set(key(self.city.as_ref())),
            region_key: Set(key(self.region.as_ref())),
            postal_code_key: Set(key(self.postal_code.as_ref())),
            source_key: Set(key(self.source.as_ref())),
            street: Set(self.street.clone()),
            city: Set(self.city.clone()),
            region: Set(self.region.clone()),
            postal_code: Set(self.postal_code.clone()),
            country: Set(self.country.clone()),
            source: Set(self.source.clone()),
            do_not_disturb: Set(self.do_not_disturb.0),
            ..Default::default()
        }
    }

    pub fn email_rows(&self, account: AccountId, contact: ContactId) -> Vec<contact_email::ActiveModel> {
        (0..)
            .zip(&self.emails)
            .map(|(position, address)| contact_email::ActiveModel {
                contact_id: Set(contact),
                position: Set(position),
                account_id: Set(account),
                address: Set(address.clone()),
                address_key: Set(text::fold(address)),
            })
            .collect()
    }

    pub fn phone_rows(&self, account: AccountId, contact: ContactId) -> Vec<contact_phone::ActiveModel> {
        (0..)
            .zip(&self.phones)
            .map(|(position, number)| contact_phone::ActiveModel {
                contact_id: Set(contact),
                position: Set(position),
                account_id: Set(account),
                number: Set(number.clone()),
            })
            .collect()
    }

    /// By what it is told to be the same as another, as the account looks at it (R3).
    pub fn marks(&self, account: &account::Model) -> Marks {
        Marks::of(account, &self.emails, &self.phones)
    }

    /// The words that it is found by, each with whether it shows (A8).
    pub fn words(&self) -> BTreeMap<String, bool> {
        let names = [&self.first_name, &self.last_name, &self.company].map(Option::as_deref);
        contact_words(names, self.emails.iter().map(String::as_str), self.phones.iter().map(String::as_str))
    }

    pub fn tag_rows(&self, account: AccountId, contact: ContactId) -> Vec<contact_tag::ActiveModel> {
        self.tags
            .iter()
            .map(|tag| contact_tag::ActiveModel {
                contact_id: Set(contact),
                tag_key: Set(text::fold(tag)),
                account_id: Set(account),
                tag: Set(tag.clone()),
            })
            .collect()
    }
}

/// The rows of the words that a contact is found by.
pub(in crate::domain) fn token_rows(
    account: AccountId,
    contact: ContactId,
    words: BTreeMap<String, bool>,
) -> Vec<contact_token::ActiveModel> {
    words
        .into_iter()
        .map(|(word, shown)| contact_token::ActiveModel {
            contact_id: Set(contact),
            word: Set(word),
            account_id: Set(account),
            shown: Set(shown),
        })
        .collect()
}

fn key(text: Option<&String>) -> Option<String> {
    text.map(|text| text::fold(text))
}

/// A text field: null clears it, an empty text is a mistake.
fn line(
    problems: &mut Problems,
    field: &str,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Option<String> {
    match patch {
        Patch::Keep => current.cloned(),
        Patch::Clear => None,
        Patch::Set(value) if text::tidy(value).is_none() => {
            problems.add(field, "must not be empty: give null to clear it");
            None
        }
        Patch::Set(value) => problems.line(field, Some(value)),
    }
}

/// A list: every item is checked, and those that mean the same are kept once.
fn list(
    problems: &mut Problems,
    field: &str,
    patch: &Patch<Vec<String>>,
    current: &[String],
    check: impl Fn(&mut Problems, &str, &str) -> Option<String>,
) -> Vec<String> {
    let values = match patch {
        Patch::Keep => return current.to_vec(),
        Patch::Clear => return Vec::new(),
        Patch::Set(values) => values,
    };
    if values.len() > MAX_PARTS {
        problems.add(field, format!("at most {MAX_PARTS} fit here"));
        return Vec::new();
    }
    let mut kept: Vec<String> = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let Some(value) = check(problems, &format!("{field}.{place}"), value) else { continue };
        if kept.iter().all(|other| text::fold(other) != text::fold(&value)) {
            kept.push(value);
        }
    }
    kept
}
