//! Writes anew what records are found by, where it is missing or wrong: a batch at a time, nobody changing the account
//! meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    ContactId, OpportunityId, contact, contact_email, contact_phone, contact_token, opportunity,
    opportunity_token,
};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::{contact_words, opportunity_words};
use crate::domain::access::{Access, Base};
use crate::domain::error::Result;
use crate::domain::retry::retrying;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::{contact as contacts, opportunity as opportunities, text};

/// How many records one batch takes.
const BATCH: u64 = 500;

/// How many words one statement inserts.
const INSERTED: usize = 100;

/// How many records were found by the wrong words, or compared by the wrong texts, and are not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Rebuilt {
    /// Contacts.
    pub contacts: usize,
    /// Opportunities.
    pub opportunities: usize,
}

/// Writes anew what every record of the account is found and compared by, where it is not so already. Each batch is a
/// change of its own: when one fails, those before it stay, and the next run goes on.
///
/// # Errors
/// A database that fails.
pub async fn rebuild_search(access: &Access) -> Result<Rebuilt> {
    let mut rebuilt = Rebuilt::default();
    let mut after = None;
    while let Some((last, wrong)) = retrying(|| contacts_after(access, after)).await? {
        rebuilt.contacts += wrong;
        after = Some(last);
    }
    let mut after = None;
    while let Some((last, wrong)) = retrying(|| opportunities_after(access, after)).await? {
        rebuilt.opportunities += wrong;
        after = Some(last);
    }
    Ok(rebuilt)
}

/// The same for every account that has a record without any word, as those are that are older than search.
///
/// # Errors
/// A database that fails.
pub async fn rebuild_missing(base: &Base) -> Result<()> {
    for access in base.accounts().await? {
        if access.lacks_words().await? {
            rebuild_search(&access).await?;
        }
    }
    Ok(())
}

/// The next contacts, deleted ones among them: they may be restored. Answers the last one, and how many were wrong.
async fn contacts_after(access: &Access, after: Option<ContactId>) -> Result<Option<(ContactId, usize)>> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let account = unit.account().id;
    let mut batch = contact::Entity::find().filter(contact::Column::AccountId.eq(account));
    if let Some(after) = after {
        batch = batch.filter(contact::Column::Id.gt(after));
    }
    let rows = unit.rows(batch.order_by_asc(contact::Column::Id).limit(BATCH)).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };

    let words = words_of_contacts(&unit, &rows).await?;
    let ids = rows.iter().map(|row| row.id);
    let tokens = contact_token::Entity::find().filter(contact_token::Column::ContactId.is_in(ids));
    let mut found: HashMap<ContactId, BTreeMap<String, bool>> = HashMap::new();
    for token in unit.rows(tokens).await? {
        found.entry(token.contact_id).or_default().insert(token.word, token.shown);
    }
    let (mut wrong, mut made) = (BTreeSet::new(), Vec::new());
    for (id, words) in words {
        if found.get(&id) != Some(&words) {
            wrong.insert(id);
            made.extend(contacts::token_rows(account, id, words));
        }
    }
    let old = contact_token::Column::ContactId.is_in(wrong.iter().copied());
    unit.delete(contact_token::Entity::delete_many().filter(old)).await?;
    insert(&unit, made).await?;
    for row in rows {
        let id = row.id;
        if let Some(keys) = keys_of_contact(row) {
            unit.update(keys).await?;
            wrong.insert(id);
        }
    }
    unit.commit().await?;
    Ok(Some((last, wrong.len())))
}

/// What these contacts are to be found by.
async fn words_of_contacts(
    unit: &UnitOfWork<'_>,
    rows: &[contact::Model],
) -> Result<Vec<(ContactId, BTreeMap<String, bool>)>> {
    let ids = || rows.iter().map(|row| row.id);
    let mut emails: HashMap<ContactId, Vec<String>> = HashMap::new();
    let of_them = contact_email::Entity::find().filter(contact_email::Column::ContactId.is_in(ids()));
    for row in unit.rows(of_them).await? {
        emails.entry(row.contact_id).or_default().push(row.address);
    }
    let mut phones: HashMap<ContactId, Vec<String>> = HashMap::new();
    let of_them = contact_phone::Entity::find().filter(contact_phone::Column::ContactId.is_in(ids()));
    for row in unit.rows(of_them).await? {
        phones.entry(row.contact_id).or_default().push(row.number);
    }
    let words = rows.iter().map(|row| {
        let names = [&row.first_name, &row.last_name, &row.company].map(Option::as_deref);
        let emails = emails.get(&row.id).into_iter().flatten().map(String::as_str);
        let phones = phones.get(&row.id).into_iter().flatten().map(String::as_str);
        (row.id, contact_words(names, emails, phones))
    });
    Ok(words.collect())
}

/// The folded texts of a contact, where they are others than they should be.
fn keys_of_contact(row: contact::Model) -> Option<contact::ActiveModel> {
    let right = [&row.company, &row.city, &row.region, &row.postal_code, &row.source].map(folded);
    let kept = [row.company_key, row.city_key, row.region_key, row.postal_code_key, row.source_key];
    if right == kept {
        return None;
    }
    let [company_key, city_key, region_key, postal_code_key, source_key] = right.map(Set);
    let id = Set(row.id);
    Some(contact::ActiveModel {
        id,
        company_key,
        city_key,
        region_key,
        postal_code_key,
        source_key,
        ..Default::default()
    })
}

/// The same for the next opportunities.
async fn opportunities_after(
    access: &Access,
    after: Option<OpportunityId>,
) -> Result<Option<(OpportunityId, usize)>> {
    let unit = UnitOfWork::begin_alone(access).await?;
    let account = unit.account().id;
    let mut batch = opportunity::Entity::find().filter(opportunity::Column::AccountId.eq(account));
    if let Some(after) = after {
        batch = batch.filter(opportunity::Column::Id.gt(after));
    }
    let rows = unit.rows(batch.order_by_asc(opportunity::Column::Id).limit(BATCH)).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };

    let mut found: HashMap<OpportunityId, BTreeSet<String>> = HashMap::new();
    let of_them = opportunity_token::Column::OpportunityId.is_in(rows.iter().map(|row| row.id));
    for token in unit.rows(opportunity_token::Entity::find().filter(of_them)).await? {
        found.entry(token.opportunity_id).or_default().insert(token.word);
    }
    let (mut wrong, mut made) = (BTreeSet::new(), Vec::new());
    for row in &rows {
        let words = opportunity_words(&row.name);
        if found.get(&row.id) != Some(&words) {
            wrong.insert(row.id);
            made.extend(opportunities::token_rows(account, row.id, words));
        }
    }
    let old = opportunity_token::Column::OpportunityId.is_in(wrong.iter().copied());
    unit.delete(opportunity_token::Entity::delete_many().filter(old)).await?;
    insert(&unit, made).await?;
    for row in rows {
        let id = row.id;
        if let Some(keys) = keys_of_opportunity(row) {
            unit.update(keys).await?;
            wrong.insert(id);
        }
    }
    unit.commit().await?;
    Ok(Some((last, wrong.len())))
}

/// The folded texts of an opportunity, where they are others than they should be.
fn keys_of_opportunity(row: opportunity::Model) -> Option<opportunity::ActiveModel> {
    let (source_key, lost_reason_key) = (folded(&row.source), folded(&row.lost_reason));
    if (&source_key, &lost_reason_key) == (&row.source_key, &row.lost_reason_key) {
        return None;
    }
    let (id, source_key, lost_reason_key) = (Set(row.id), Set(source_key), Set(lost_reason_key));
    Some(opportunity::ActiveModel { id, source_key, lost_reason_key, ..Default::default() })
}

async fn insert<A>(unit: &UnitOfWork<'_>, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A> + ModelTrait,
{
    for chunk in rows.chunks(INSERTED) {
        unit.insert_many(chunk.to_vec()).await?;
    }
    Ok(())
}

fn folded(text: &Option<String>) -> Option<String> {
    text.as_deref().map(text::fold)
}
