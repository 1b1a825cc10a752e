//! What holds in every account at every moment, read from the tables: whatever was done, by whomever, at once or not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    ContactId, StageId, Timestamp, UserId, activity, activity_value, contact, member_stage_total,
    notification, opportunity, stage_total, stream, user,
};
use retinue::domain::activity::Change;
use retinue::domain::record::RecordRef;
use retinue::domain::search::{Rebuilt, rebuild_search};
use sea_orm::{ActiveEnum as _, ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder};

use crate::world::{Acts as _, Seat, World, apart};

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
    deleted_at: Option<Timestamp>,
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
    assert_totals(world).await;
    assert_found_and_dated(world).await;
    assert_inboxes(world).await;
}

/// Fails when an inbox has a gap, when a notice went to whoever did what it tells of, or when one person has two of one
/// act: N2, N4. Nothing was forgotten for its age yet.
pub async fn assert_inboxes(world: &World) {
    let rows = notification::Entity::find()
        .filter(notification::Column::AccountId.eq(world.account))
        .order_by_asc(notification::Column::UserId)
        .order_by_asc(notification::Column::Number)
        .all(&world.sql)
        .await
        .expect("notices");
    let last = stream::Entity::find().filter(stream::Column::AccountId.eq(world.account));
    let last = last.all(&world.sql).await.expect("streams");
    let last: HashMap<_, _> = last.into_iter().map(|row| (row.topic, row.last_number)).collect();
    let mut numbers: BTreeMap<UserId, i64> = BTreeMap::new();
    let mut met = BTreeSet::new();
    for row in &rows {
        let number = numbers.entry(row.user_id).or_default();
        *number += 1;
        assert_eq!(row.number, *number, "the inbox of {} has no gap", row.user_id);
        assert_ne!(row.actor_id, Some(row.user_id), "{row:?} went to whoever did it");
        assert!(met.insert((row.user_id, row.activity_id)), "{row:?} is told twice");
    }
    for (user, number) in numbers {
        assert_eq!(last.get(&user.0), Some(&number), "the inbox of {user} goes on from where it is");
    }
}

/// Fails when records are found or compared by other words than their own, or when their last activity is another than
/// the newest entry of their own history (A7).
pub async fn assert_found_and_dated(world: &World) {
    let access = world.command_line().access().await;
    let wrong = rebuild_search(&access).await.expect("the words are read");
    assert_eq!(wrong, Rebuilt::default(), "every record is found by its own words");
    let entries = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        // A7: what happens to appointments, which may be hidden, is no activity of the contact itself.
        .filter(activity::Column::AppointmentId.is_null());
    let mut newest: BTreeMap<RecordRef, Timestamp> = BTreeMap::new();
    for entry in entries.all(&world.sql).await.expect("the history") {
        let record = entry.contact_id.map(RecordRef::from).or(entry.opportunity_id.map(RecordRef::from));
        if let Some(record) = record {
            let at = newest.entry(record).or_insert(entry.at);
            *at = std::cmp::max(*at, entry.at);
        }
    }
    let contacts = contact::Entity::find().filter(contact::Column::AccountId.eq(world.account));
    let contacts = contacts.all(&world.sql).await.expect("contacts");
    let opportunities = opportunity::Entity::find().filter(opportunity::Column::AccountId.eq(world.account));
    let opportunities = opportunities.all(&world.sql).await.expect("opportunities");
    let kept = contacts
        .iter()
        .map(|row| (RecordRef::from(row.id), row.last_activity_at))
        .chain(opportunities.iter().map(|row| (RecordRef::from(row.id), row.last_activity_at)));
    let kept: BTreeMap<_, _> = kept.collect();
    // R4: what was purged has a history, and is not there.
    newest.retain(|record, _| kept.contains_key(record));
    assert_eq!(kept, newest, "the last activity is that of the history");
}

/// What is there of opportunities, and what they are worth.
type Totals<K> = BTreeMap<(K, StageId, String), (i64, i64)>;

/// Fails when the totals of stages, or of people and stages, differ from the opportunities that are there.
pub async fn assert_totals(world: &World) {
    let there = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(world.account))
        .filter(opportunity::Column::DeletedAt.is_null())
        .all(&world.sql)
        .await
        .expect("opportunities");
    let records: Vec<RecordRef> = there.iter().map(|row| row.id.into()).collect();
    let mut seats = world.all_seats_of(&records).await;
    let (mut stages, mut people) = (Totals::<()>::new(), Totals::<(UserId, bool)>::new());
    for row in &there {
        let status = row.status.to_value();
        let sum = stages.entry(((), row.stage_id, status.clone())).or_default();
        *sum = (sum.0 + 1, sum.1 + row.value_minor.unwrap_or_default());
        for seat in seats.remove(&row.id.into()).unwrap_or_default() {
            let key = ((seat.user, seat.slot == 0), row.stage_id, status.clone());
            let sum = people.entry(key).or_default();
            *sum = (sum.0 + 1, sum.1 + row.value_minor.unwrap_or_default());
        }
    }

    let (mut kept_stages, mut kept_people) = (Totals::<()>::new(), Totals::<(UserId, bool)>::new());
    let rows = stage_total::Entity::find().filter(stage_total::Column::AccountId.eq(world.account));
    for row in rows.all(&world.sql).await.expect("totals") {
        let sum = kept_stages.entry(((), row.stage_id, row.status.to_value())).or_default();
        *sum = (sum.0 + row.opportunities, sum.1 + row.value_minor);
    }
    let rows =
        member_stage_total::Entity::find().filter(member_stage_total::Column::AccountId.eq(world.account));
    for row in rows.all(&world.sql).await.expect("totals") {
        let key = ((row.user_id, row.owns), row.stage_id, row.status.to_value());
        kept_people.insert(key, (row.opportunities, row.value_minor));
    }
    kept_stages.retain(|_, sum| *sum != (0, 0));
    kept_people.retain(|_, sum| *sum != (0, 0));
    assert_eq!(kept_stages, stages, "the totals of the stages are the truth");
    assert_eq!(kept_people, people, "the totals of people and stages are the truth");
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
        // R4: what is deleted keeps its owner until it is restored.
        for row in rows.iter().filter(|row| row.deleted_at.is_none()) {
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
        // R4
        assert_eq!(seat.deleted_at, row.deleted_at, "{seat:?} on {record:?} is deleted with it");
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
        deleted_at: row.deleted_at,
    });
    let opportunities = opportunities.into_iter().map(|row| Row {
        record: row.id.into(),
        contact: row.contact_id,
        owner: row.owner_id,
        version: row.version,
        updated_at: row.updated_at,
        deleted_at: row.deleted_at,
    });
    contacts.chain(opportunities).collect()
}

async fn told_by_the_history(world: &World, records: &[RecordRef]) -> BTreeMap<RecordRef, Told> {
    let (contacts, opportunities) = apart(records);
    let of_them =
        activity::Column::ContactId.is_in(contacts).or(activity::Column::OpportunityId.is_in(opportunities));
    let entries = activity::Entity::find()
        .filter(of_them)
        .filter(activity::Column::AppointmentId.is_null())
        // R6: what hangs on a record raises no version of it.
        .filter(activity::Column::NoteId.is_null())
        .filter(activity::Column::TaskId.is_null())
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
        if matches!(
            kind,
            "updated" | "stage_moved" | "status_changed" | "owner_changed" | "deleted" | "restored"
        ) {
            self.raised += 1;
        }
    }
}
