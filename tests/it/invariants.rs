//! What holds in every account at every moment, read from the tables: whatever was done, by whomever, at once or not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{ContactId, Timestamp, UserId, activity, activity_value, contact, opportunity, user};
use retinue::domain::activity::Change;
use retinue::domain::record::RecordRef;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder};

use crate::world::{Seat, World, apart};

/// Whether contacts and opportunities must have one owner now (O3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owners {
    MayDiffer,
    AreOne,
}

/// What is common to the rows of both records.
struct Row {
    record: RecordRef,
    contact: ContactId,
    owner: Option<UserId>,
    version: i64,
    updated_at: Timestamp,
}

/// What the history says of a record.
#[derive(Debug, Default)]
struct Told {
    owner: Option<UserId>,
    followers: BTreeSet<UserId>,
    raised: i64,
}

/// Fails when anything in the account contradicts a rule or itself.
pub async fn assert_hold(world: &World, owners: Owners) {
    let contacts = contact::Entity::find()
        .filter(contact::Column::AccountId.eq(world.account))
        .all(&world.sql)
        .await
        .expect("contacts");
    let contacts: Vec<ContactId> = contacts.into_iter().map(|row| row.id).collect();
    assert_hold_of(world, &contacts, owners).await;
}

/// The same for some contacts and their opportunities.
pub async fn assert_hold_of(world: &World, contacts: &[ContactId], owners: Owners) {
    let rows = rows(world, contacts).await;
    let records: Vec<RecordRef> = rows.iter().map(|row| row.record).collect();
    let active = active_users(world).await;
    let told = told_by_the_history(world, &records).await;
    let mut seats = world.all_seats_of(&records).await;
    for row in &rows {
        let seats = seats.remove(&row.record).unwrap_or_default();
        seats_are_right(row, &seats, &active);
        history_tells(row, &seats, &told);
    }
    if owners == Owners::AreOne {
        // O3
        let owner_of: HashMap<RecordRef, Option<UserId>> =
            rows.iter().map(|row| (row.record, row.owner)).collect();
        for row in &rows {
            assert_eq!(row.owner, owner_of[&row.contact.into()], "{:?} has its contact's owner", row.record);
        }
    }
}

fn seats_are_right(row: &Row, seats: &[Seat], active: &BTreeSet<UserId>) {
    let record = row.record;
    let slots: Vec<i16> = seats.iter().map(|seat| seat.slot).collect();
    let followers: Vec<&Seat> = seats.iter().filter(|seat| seat.slot != 0).collect();
    let owner = seats.iter().find(|seat| seat.slot == 0).map(|seat| seat.user);
    assert_eq!(owner, row.owner, "slot 0 of {record:?} is its owner");
    // F1
    assert!(followers.len() <= 10, "{record:?} has followers in {slots:?}");
    assert!(slots.iter().all(|slot| (0..=10).contains(slot)), "{record:?} has followers in {slots:?}");
    // F3
    let people: BTreeSet<UserId> = seats.iter().map(|seat| seat.user).collect();
    assert_eq!(people.len(), seats.len(), "nobody sits twice on {record:?}");
    for seat in seats {
        assert_eq!(seat.record_updated_at, row.updated_at, "the sort key of {seat:?} on {record:?}");
    }
    // F5
    for seat in followers {
        assert!(active.contains(&seat.user), "{seat:?} on {record:?} is of somebody who left");
    }
}

// N1: the history alone says who owns and who follows, and how often the record changed.
fn history_tells(row: &Row, seats: &[Seat], told: &BTreeMap<RecordRef, Told>) {
    let told = told.get(&row.record).unwrap_or_else(|| panic!("{:?} has no history", row.record));
    assert_eq!(told.owner, row.owner, "the history of {:?} names its owner", row.record);
    let followers: BTreeSet<UserId> =
        seats.iter().filter(|seat| seat.slot != 0).map(|seat| seat.user).collect();
    assert_eq!(told.followers, followers, "the history of {:?} names its followers", row.record);
    // R6
    assert_eq!(row.version, 1 + told.raised, "every change of {:?} raised its version once", row.record);
}

async fn active_users(world: &World) -> BTreeSet<UserId> {
    let users = user::Entity::find()
        .filter(user::Column::AccountId.eq(world.account))
        .filter(user::Column::Active.eq(true))
        .all(&world.sql)
        .await;
    users.expect("users").into_iter().map(|user| user.id).collect()
}

async fn rows(world: &World, of: &[ContactId]) -> Vec<Row> {
    let contacts = contact::Entity::find()
        .filter(contact::Column::Id.is_in(of.iter().copied()))
        .all(&world.sql)
        .await
        .expect("contacts");
    let opportunities = opportunity::Entity::find()
        .filter(opportunity::Column::ContactId.is_in(of.iter().copied()))
        .all(&world.sql)
        .await
        .expect("opportunities");
    let contacts = contacts.into_iter().map(|row| Row {
        record: row.id.into(),
        contact: row.id,
        owner: row.owner_id,
        version: row.version,
        updated_at: row.updated_at,
    });
    let opportunities = opportunities.into_iter().map(|row| Row {
        record: row.id.into(),
        contact: row.contact_id,
        owner: row.owner_id,
        version: row.version,
        updated_at: row.updated_at,
    });
    contacts.chain(opportunities).collect()
}

async fn told_by_the_history(world: &World, records: &[RecordRef]) -> BTreeMap<RecordRef, Told> {
    let (contacts, opportunities) = apart(records);
    let of_them =
        activity::Column::ContactId.is_in(contacts).or(activity::Column::OpportunityId.is_in(opportunities));
    let entries = activity::Entity::find()
        .filter(of_them)
        .order_by_asc(activity::Column::Id)
        .all(&world.sql)
        .await
        .expect("the history");
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let values = activity_value::Entity::find()
        .filter(activity_value::Column::ActivityId.is_in(ids))
        .all(&world.sql)
        .await
        .expect("its values");
    let values: HashMap<_, _> = values.into_iter().map(|value| (value.activity_id, value.changes)).collect();

    let mut told: BTreeMap<RecordRef, Told> = BTreeMap::new();
    for entry in entries {
        let contact = entry.contact_id.map(RecordRef::from);
        let Some(record) = contact.or(entry.opportunity_id.map(RecordRef::from)) else { continue };
        let changes = values.get(&entry.id).map(|changes| Change::read(changes).expect("readable"));
        let changes = changes.unwrap_or_default();
        told.entry(record).or_default().hear(&entry, &changes);
    }
    told
}

impl Told {
    fn hear(&mut self, entry: &activity::Model, changes: &[Change]) {
        let kind = entry.kind.split('.').next_back().unwrap_or_default();
        for change in changes {
            let user = |text: &Option<String>| -> Option<UserId> {
                text.as_ref().map(|text| text.parse().expect("the id of a user"))
            };
            match &*change.field {
                "owner" => {
                    assert_eq!(self.owner, user(&change.before), "{entry:?} follows what was before");
                    self.owner = user(&change.after);
                }
                "followers" => {
                    if let Some(gone) = user(&change.before) {
                        assert!(self.followers.remove(&gone), "{entry:?} takes off who followed");
                    }
                    if let Some(come) = user(&change.after) {
                        assert!(self.followers.insert(come), "{entry:?} adds who did not follow");
                    }
                }
                _ => {}
            }
        }
        if matches!(kind, "updated" | "stage_moved" | "status_changed" | "owner_changed") {
            self.raised += 1;
        }
    }
}
