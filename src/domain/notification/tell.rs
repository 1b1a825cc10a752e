//! Works out who is told of a change: the last reaction, on owners and followers as they now stand (N2).

use std::collections::{BTreeMap, HashMap};

use entity::notification::Kind;
use entity::{UserId, contact, opportunity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::matter::{Matter, matters};
use super::people::People;
use super::scene::Scene;
use super::{MOST_NAMED, Notice};
use crate::domain::activity::{Event, Subject, What};
use crate::domain::contact::display_name;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;

/// How many rows one statement names.
pub(super) const CHUNK: usize = 5_000;

/// The notices of a change, one per person at most. It asks nothing where nobody but the actor can be concerned.
///
/// # Errors
/// A database that fails.
pub(in crate::domain) async fn notices(unit: &UnitOfWork<'_>) -> Result<Vec<Notice>> {
    let events: Vec<&Event> = unit.events().iter().filter(|event| concerns_people(event)).collect();
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let scene = Scene::of(unit, &events).await?;
    let mut matters = matters(unit, &scene, &events);
    if matters.is_empty() {
        return Ok(Vec::new());
    }
    let people = People::of(unit, &scene, matters.keys().copied()).await?;
    for (user, matters) in &mut matters {
        matters.retain(|matter| people.hears(&scene, *user, matter));
        matters.sort_by_key(Matter::rank);
    }
    matters.retain(|_, matters| !matters.is_empty());
    let names = names(unit, &matters).await?;
    Ok(matters.into_iter().filter_map(|(user, matters)| notice(user, &matters, &events, &names)).collect())
}

/// What happens to pipelines, calendars, people and settings is in the history alone, and a purge tells nobody (R4).
fn concerns_people(event: &Event) -> bool {
    let subject = matches!(
        event.subject,
        Subject::Record(_) | Subject::Appointment { .. } | Subject::Note { .. } | Subject::Task { .. }
    );
    subject && event.what != What::Purged
}

fn notice(
    user: UserId,
    matters: &[Matter],
    events: &[&Event],
    names: &HashMap<RecordRef, String>,
) -> Option<Notice> {
    let first = matters.first()?;
    let activities = matters.iter().take(MOST_NAMED).filter_map(|matter| events.get(matter.place));
    Some(Notice {
        user,
        kind: first.kind,
        reason: first.reason,
        activity: events.get(first.place)?.id,
        activities: activities.map(|event| event.id).collect(),
        count: i64::try_from(matters.len()).unwrap_or(i64::MAX),
        record: Some(first.record),
        display_name: names.get(&first.record).filter(|_| takes_away(first.kind)).cloned(),
    })
}

/// Whether a notice may be about something that the person sees no more, and says what it was called.
#[must_use]
pub(in crate::domain) const fn takes_away(kind: Kind) -> bool {
    matches!(kind, Kind::OwnershipLost | Kind::FollowLost | Kind::RecordDeleted)
}

/// What the records are called that people may have lost by this.
async fn names(
    unit: &UnitOfWork<'_>,
    matters: &BTreeMap<UserId, Vec<Matter>>,
) -> Result<HashMap<RecordRef, String>> {
    let first = matters.values().filter_map(|matters| matters.first());
    let mut lost: Vec<RecordRef> =
        first.filter(|matter| takes_away(matter.kind)).map(|matter| matter.record).collect();
    lost.sort_unstable();
    lost.dedup();
    let mut contacts = Vec::new();
    let mut opportunities = Vec::new();
    for record in lost {
        match record {
            RecordRef::Contact(id) => contacts.push(id),
            RecordRef::Opportunity(id) => opportunities.push(id),
        }
    }
    let mut names = HashMap::new();
    for ids in contacts.chunks(CHUNK) {
        let rows = contact::Entity::find().filter(contact::Column::Id.is_in(ids.iter().copied()));
        for row in unit.rows(rows).await? {
            let name =
                display_name(row.first_name.as_deref(), row.last_name.as_deref(), row.company.as_deref());
            names.insert(row.id.into(), name);
        }
    }
    for ids in opportunities.chunks(CHUNK) {
        let rows = opportunity::Entity::find().filter(opportunity::Column::Id.is_in(ids.iter().copied()));
        names.extend(unit.rows(rows).await?.into_iter().map(|row| (row.id.into(), row.name)));
    }
    Ok(names)
}
