//! Finds the contacts that rows name: by e-mail, then phone, then name.

use std::collections::HashMap;

use entity::{ContactId, UserId, contact, contact_email, contact_phone, contact_tag};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

use super::columns::Column;
use super::deal::{Contact, refuse};
use crate::domain::error::Result;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;

/// The contacts that a batch may mean, the ones that it makes among them.
#[derive(Debug, Default)]
pub(super) struct Contacts {
    cards: HashMap<ContactId, Card>,
    by_email: HashMap<String, Vec<ContactId>>,
    by_phone: HashMap<String, Vec<ContactId>>,
    by_name: HashMap<String, Vec<ContactId>>,
}

/// What the import has to know of a contact.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub owner: Option<UserId>,
    pub tags: Vec<String>,
    name: String,
    emails: Vec<String>,
    phones: Vec<String>,
}

impl Card {
    /// Of a contact that a row makes.
    pub fn made(contact: &Contact, owner: Option<UserId>, tags: Vec<String>) -> Self {
        let name = contact.name.as_deref().map(text::fold).unwrap_or_default();
        let emails = contact.email.as_deref().map(text::fold).into_iter().collect();
        Self { owner, tags, name, emails, phones: contact.phone.iter().cloned().collect() }
    }

    /// Those of these tags that the contact does not have.
    pub fn missing<'t>(&self, tags: &'t [String]) -> Vec<&'t String> {
        let has = |tag: &String| self.tags.iter().any(|other| text::fold(other) == text::fold(tag));
        tags.iter().filter(|tag| !has(tag)).collect()
    }
}

impl Contacts {
    /// Reads every contact that one of these rows may mean, and those with these ids, with as many statements as for one.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn load(unit: &UnitOfWork<'_>, wanted: &[&Contact], mut ids: Vec<ContactId>) -> Result<Self> {
        let account = unit.account().id;
        let mut this = Self::default();
        let emails = keys(wanted, |contact| contact.email.as_deref().map(text::fold));
        let phones = keys(wanted, |contact| contact.phone.clone());
        let names = keys(wanted, |contact| contact.name.as_deref().map(text::fold));

        if !emails.is_empty() {
            let rows = contact_email::Entity::find()
                .filter(contact_email::Column::AccountId.eq(account))
                .filter(contact_email::Column::AddressKey.is_in(emails));
            ids.extend(unit.rows(rows).await?.into_iter().map(|row| row.contact_id));
        }
        if !phones.is_empty() {
            let rows = contact_phone::Entity::find()
                .filter(contact_phone::Column::AccountId.eq(account))
                .filter(contact_phone::Column::Number.is_in(phones));
            ids.extend(unit.rows(rows).await?.into_iter().map(|row| row.contact_id));
        }
        let named = contact::Column::NameKey.is_in(names).or(contact::Column::Id.is_in(ids));
        let rows = contact::Entity::find()
            .filter(contact::Column::AccountId.eq(account))
            .filter(contact::Column::DeletedAt.is_null())
            .filter(named);
        for row in unit.rows(rows).await? {
            let card = Card { owner: row.owner_id, name: row.name_key, ..Card::default() };
            this.cards.insert(row.id, card);
        }
        this.load_parts(unit).await?;
        for (id, card) in this.cards.clone() {
            this.index(id, &card);
        }
        Ok(this)
    }

    async fn load_parts(&mut self, unit: &UnitOfWork<'_>) -> Result<()> {
        let ids: Vec<ContactId> = self.cards.keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let emails =
            contact_email::Entity::find().filter(contact_email::Column::ContactId.is_in(ids.clone()));
        for row in unit.rows(emails).await? {
            self.card(row.contact_id).emails.push(row.address_key);
        }
        let phones =
            contact_phone::Entity::find().filter(contact_phone::Column::ContactId.is_in(ids.clone()));
        for row in unit.rows(phones).await? {
            self.card(row.contact_id).phones.push(row.number);
        }
        let tags = contact_tag::Entity::find().filter(contact_tag::Column::ContactId.is_in(ids));
        for row in unit.rows(tags).await? {
            self.card(row.contact_id).tags.push(row.tag);
        }
        Ok(())
    }

    /// What is known of a contact.
    pub fn card(&mut self, id: ContactId) -> &mut Card {
        self.cards.entry(id).or_default()
    }

    /// Takes in a contact that a row made.
    pub fn add(&mut self, id: ContactId, card: Card) {
        self.index(id, &card);
        self.cards.insert(id, card);
    }

    /// Whom a row means; nobody yet is fine.
    ///
    /// # Errors
    /// Several contacts, which nothing in the row tells apart.
    pub fn find(&self, wanted: &Contact) -> Result<Option<ContactId>> {
        let name = wanted.name.as_deref().map(text::fold).unwrap_or_default();
        let is_called_so = |card: &Card| card.name == name;
        let has_phone = |card: &Card| wanted.phone.as_ref().is_some_and(|phone| card.phones.contains(phone));

        if let Some(email) = &wanted.email
            && let Some(found) = self.by_email.get(&text::fold(email))
        {
            let found = self.narrow(&self.narrow(found, has_phone), is_called_so);
            return one(&found, Column::Email, email);
        }
        if let Some(phone) = &wanted.phone
            && let Some(found) = self.by_phone.get(phone)
        {
            return one(&self.narrow(found, is_called_so), Column::Phone, phone);
        }
        // Two people of one name with different addresses are two people.
        let found = self.by_name.get(&name).map(Vec::as_slice).unwrap_or_default();
        let fits = |card: &Card| {
            (wanted.email.is_none() || card.emails.is_empty())
                && (wanted.phone.is_none() || card.phones.is_empty())
        };
        let found: Vec<ContactId> = found.iter().copied().filter(|id| fits(&self.cards[id])).collect();
        match wanted.name.as_deref() {
            Some(name) if !found.is_empty() => one(&found, Column::ContactName, name),
            _ => Ok(None),
        }
    }

    /// Those that fit, or all of them when none does.
    fn narrow(&self, found: &[ContactId], fits: impl Fn(&Card) -> bool) -> Vec<ContactId> {
        let fitting: Vec<ContactId> = found.iter().copied().filter(|id| fits(&self.cards[id])).collect();
        if fitting.is_empty() { found.to_vec() } else { fitting }
    }

    fn index(&mut self, id: ContactId, card: &Card) {
        for email in &card.emails {
            self.by_email.entry(email.clone()).or_default().push(id);
        }
        for phone in &card.phones {
            self.by_phone.entry(phone.clone()).or_default().push(id);
        }
        self.by_name.entry(card.name.clone()).or_default().push(id);
    }
}

fn keys(wanted: &[&Contact], key: impl Fn(&Contact) -> Option<String>) -> Vec<String> {
    let mut keys: Vec<String> = wanted.iter().filter_map(|contact| key(contact)).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn one(found: &[ContactId], column: Column, text: &str) -> Result<Option<ContactId>> {
    match found {
        [one] => Ok(Some(*one)),
        _ => Err(refuse(
            column,
            format!(
                "ambiguous: {} contacts have `{text}`, merge them or tell them apart by e-mail",
                found.len()
            ),
        )),
    }
}
