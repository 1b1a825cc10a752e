//! Adds tags to many contacts and takes tags off them (A2, R5).

use std::collections::HashMap;

use entity::{ContactId, TypedId, contact_tag};
use policy::{Action, Record as _};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::choice::Choice;
use super::run::{Bulk, BulkDone};
use crate::domain::access::{Access, Filter};
use crate::domain::activity::{Change, What};
use crate::domain::error::{Refusal, Result};
use crate::domain::record::RecordRef;
use crate::domain::text;
use crate::domain::unit_of_work::{Reach, UnitOfWork};
use crate::domain::validate::{MAX_PARTS, Problems};

/// How many rows one statement inserts: more does not fit one TLS record.
const INSERTED: usize = 40;

/// The wish to tag many contacts.
#[derive(Clone, Debug)]
pub struct BulkTag<F> {
    /// Which contacts.
    pub choice: Choice<F>,
    /// Tags that they shall have.
    pub add: Vec<String>,
    /// Tags that they shall not have.
    pub remove: Vec<String>,
}

/// A tag: its folded text, and how it is written.
type Tag = (String, String);

/// Tags of one contact to write: those that go and those that come.
#[derive(Debug)]
struct Difference {
    before: Vec<String>,
    after: Vec<String>,
    lost: Vec<String>,
    gained: Vec<Tag>,
}

/// Adds and removes tags. A contact that would have more than it can have is refused and keeps its own.
///
/// # Errors
/// Denied without `BULK_ACTIONS`; invalid (too many records, a tag that cannot be taken, one that is to come and to go).
pub async fn tag(access: &Access, wish: &BulkTag<impl Filter<policy::Contact>>) -> Result<BulkDone> {
    let mut bulk = Bulk::begin::<policy::Contact>(access, &wish.choice, |_| Reach::Alone).await?;
    let (add, remove) = read(wish)?;
    let checked = bulk.check(|unit, record| unit.require(record, Action::Edit, "id"))?;
    let mut tags = tags_of(&bulk.unit, checked.iter().map(|(record, ())| record.uuid())).await?;
    let checked = bulk.check(|unit, record| {
        unit.require(record, Action::Edit, "id")?;
        difference(tags.get(&record.uuid()).map_or(&[], Vec::as_slice), &add, &remove)
    })?;
    tags.clear();

    let mut differences: Vec<(ContactId, Difference)> = Vec::new();
    bulk.change(checked, |unit, record, planned| {
        let Some(planned) = planned else { return Ok(false) };
        let list = |tags: &[String]| (!tags.is_empty()).then(|| tags.join(", "));
        let change = Change::between("tags", list(&planned.before), list(&planned.after));
        unit.record(record, What::Updated, change.into_iter().collect(), None);
        differences.push((ContactId(record.uuid()), planned));
        Ok(true)
    })?;
    write(&mut bulk.unit, &differences).await?;
    bulk.commit().await
}

fn read<F>(wish: &BulkTag<F>) -> Result<(Vec<Tag>, Vec<Tag>)> {
    let mut problems = Problems::new();
    let mut texts = |field: &str, tags: &[String]| -> Vec<Tag> {
        let tag = |(place, tag): (usize, &String)| {
            let tag = problems.required_line(&format!("{field}.{place}"), tag);
            (text::fold(&tag), tag)
        };
        let mut read: Vec<Tag> = Vec::new();
        for tag in tags.iter().enumerate().map(tag) {
            if read.iter().all(|(key, _)| *key != tag.0) {
                read.push(tag);
            }
        }
        read
    };
    let (add, remove) = (texts("add", &wish.add), texts("remove", &wish.remove));
    if wish.add.is_empty() && wish.remove.is_empty() {
        problems.add("", "say which tags to add or to remove");
    }
    for (place, (key, _)) in add.iter().enumerate() {
        if !key.is_empty() && remove.iter().any(|(other, _)| other == key) {
            problems.add(&format!("add.{place}"), "this tag is to be removed too: name it once");
        }
    }
    problems.none()?;
    Ok((add, remove))
}

async fn tags_of(
    unit: &UnitOfWork<'_>,
    contacts: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Tag>>> {
    let select = contact_tag::Entity::find()
        .filter(contact_tag::Column::ContactId.is_in(contacts.map(ContactId)))
        .order_by_asc(contact_tag::Column::TagKey);
    let mut tags: HashMap<Uuid, Vec<Tag>> = HashMap::new();
    for row in unit.rows(select).await? {
        tags.entry(row.contact_id.uuid()).or_default().push((row.tag_key, row.tag));
    }
    Ok(tags)
}

/// What a contact's tags would lose and gain; none when nothing.
fn difference(tags: &[Tag], add: &[Tag], remove: &[Tag]) -> Result<Option<Difference>> {
    let has = |tags: &[Tag], key: &str| tags.iter().any(|(other, _)| other == key);
    let (lost, kept): (Vec<&Tag>, Vec<&Tag>) = tags.iter().partition(|(key, _)| has(remove, key));
    let gained: Vec<Tag> = add.iter().filter(|(key, _)| !has(tags, key)).cloned().collect();
    if lost.is_empty() && gained.is_empty() {
        return Ok(None);
    }
    if !gained.is_empty() && kept.len() + gained.len() > MAX_PARTS {
        let message = format!("a contact has at most {MAX_PARTS} tags, and this one would have more");
        return Err(Refusal::invalid("add", message).into());
    }
    let mut after: Vec<&Tag> = kept.into_iter().chain(&gained).collect();
    after.sort();
    Ok(Some(Difference {
        before: tags.iter().map(|(_, tag)| tag.clone()).collect(),
        after: after.into_iter().map(|(_, tag)| tag.clone()).collect(),
        lost: lost.into_iter().map(|(key, _)| key.clone()).collect(),
        gained,
    }))
}

async fn write(unit: &mut UnitOfWork<'_>, differences: &[(ContactId, Difference)]) -> Result<()> {
    let account = unit.account().id;
    let contacts: Vec<RecordRef> = differences.iter().map(|(contact, _)| (*contact).into()).collect();
    unit.raise_versions(policy::Contact::COLUMNS, &contacts).await?;

    let losers = differences.iter().filter(|(_, planned)| !planned.lost.is_empty());
    let losers: Vec<ContactId> = losers.map(|(contact, _)| *contact).collect();
    let mut lost: Vec<&String> = differences.iter().flat_map(|(_, planned)| &planned.lost).collect();
    lost.sort();
    lost.dedup();
    if !losers.is_empty() {
        // Whoever loses one of these tags loses all of them that they have.
        let gone = contact_tag::Entity::delete_many()
            .filter(contact_tag::Column::ContactId.is_in(losers))
            .filter(contact_tag::Column::TagKey.is_in(lost));
        unit.delete(gone).await?;
    }
    let gained = differences.iter().flat_map(|(contact, planned)| {
        planned.gained.iter().map(|(key, tag)| contact_tag::ActiveModel {
            contact_id: Set(*contact),
            tag_key: Set(key.clone()),
            account_id: Set(account),
            tag: Set(tag.clone()),
        })
    });
    let gained: Vec<contact_tag::ActiveModel> = gained.collect();
    for rows in gained.chunks(INSERTED) {
        unit.insert_many(rows.to_vec()).await?;
    }
    Ok(())
}
