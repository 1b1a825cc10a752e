//! Appends events to the history, values apart from the facts (R4).

use entity::activity::{self, Cause};
use entity::{AccountId, Timestamp, UserId, activity_value};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use sha2::{Digest, Sha256};

use crate::domain::activity::{Event, Subject};
use crate::domain::error::{Error, Result};
use crate::domain::record::RecordRef;

/// How many rows one statement inserts. A larger statement does not fit one TLS record, and the driver leaves Nagle's
/// algorithm on: the rest of it would wait 40 ms for PostgreSQL to acknowledge the first part.
const CHUNK: usize = 40;

/// Appends `events`, which all happened at `at` in one transaction.
pub(super) async fn append(
    connection: &impl ConnectionTrait,
    account: AccountId,
    actor: Option<UserId>,
    at: Timestamp,
    events: &[Event],
) -> Result<()> {
    for chunk in events.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        let mut values = Vec::new();
        for event in chunk {
            let (hash, value) = seal(account, event)?.unzip();
            rows.push(row(account, actor, at, event, hash));
            values.extend(value);
        }
        activity::Entity::insert_many(rows).exec_without_returning(connection).await?;
        if !values.is_empty() {
            activity_value::Entity::insert_many(values).exec_without_returning(connection).await?;
        }
    }
    Ok(())
}

fn row(
    account: AccountId,
    actor: Option<UserId>,
    at: Timestamp,
    event: &Event,
    values_hash: Option<Vec<u8>>,
) -> activity::ActiveModel {
    let mut row = activity::ActiveModel {
        contact_id: Set(None),
        opportunity_id: Set(None),
        user_id: Set(None),
        pipeline_id: Set(None),
        stage_id: Set(None),
        calendar_id: Set(None),
        appointment_id: Set(None),
        note_id: Set(None),
        task_id: Set(None),
        id: Set(event.id),
        account_id: Set(account),
        at: Set(at),
        // What the clock brings about is nobody's doing, in whosever change it is written down.
        actor_id: Set(actor.filter(|_| event.cause != Cause::Clock)),
        cause: Set(event.cause),
        caused_by: Set(event.caused_by),
        kind: Set(format!("{}.{}", event.subject.kind(), event.what.name())),
        values_hash: Set(values_hash),
    };
    match event.subject.record() {
        Some(RecordRef::Contact(id)) => row.contact_id = Set(Some(id)),
        Some(RecordRef::Opportunity(id)) => row.opportunity_id = Set(Some(id)),
        None => {}
    }
    match event.subject {
        Subject::Note { note, .. } => row.note_id = Set(Some(note)),
        Subject::Task { task, .. } => row.task_id = Set(Some(task)),
        Subject::User(id) => row.user_id = Set(Some(id)),
        Subject::Pipeline(id) => row.pipeline_id = Set(Some(id)),
        Subject::Stage { stage, pipeline } => {
            (row.pipeline_id, row.stage_id) = (Set(Some(pipeline)), Set(Some(stage)));
        }
        Subject::Calendar(id) => row.calendar_id = Set(Some(id)),
        Subject::BlockedSlot { calendar, user, .. } => {
            (row.calendar_id, row.user_id) = (Set(calendar), Set(user));
        }
        Subject::Appointment { appointment, contact } => {
            (row.appointment_id, row.contact_id) = (Set(Some(appointment)), Set(Some(contact)));
        }
        Subject::Record(_) | Subject::CalendarGroup(_) | Subject::LostReason { .. } | Subject::Account => {}
    }
    row
}

/// The values of an event and their salted hash, which outlives them.
fn seal(account: AccountId, event: &Event) -> Result<Option<(Vec<u8>, activity_value::ActiveModel)>> {
    if event.changes.is_empty() {
        return Ok(None);
    }
    let changes = serde_json::to_string(&event.changes)
        .map_err(|error| Error::bug(format!("unwritable activity: {error}")))?;
    let mut salt = vec![0; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::bug(format!("no randomness: {error}")))?;
    let hash = Sha256::new().chain_update(&salt).chain_update(&changes).finalize().to_vec();
    let value = activity_value::ActiveModel {
        activity_id: Set(event.id),
        account_id: Set(account),
        salt: Set(salt),
        changes: Set(changes),
    };
    Ok(Some((hash, value)))
}
