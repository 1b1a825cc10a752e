//! What memberships repeat of their record: when it last changed, by which lists are sorted, and whether it is deleted.

use entity::{ContactId, OpportunityId, Timestamp, TypedId, UserId};
use policy::{RecordColumns, Resource as _};
use uuid::Uuid;

use super::Difference;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::rfc3339;

/// The record of a row that differs, and in what.
const DIFFERS: &str = "(m.record_updated_at <> r.updated_at OR m.deleted_at IS DISTINCT FROM r.deleted_at)";

pub(super) async fn differences(unit: &UnitOfWork<'_>, columns: RecordColumns) -> Result<Vec<Difference>> {
    let RecordColumns { table, members, .. } = columns;
    let rows = unit
        .read_by(&format!(
            "SELECT m.record_id AS record_id, m.user_id AS user_id, m.record_updated_at AS kept_at, \
             m.deleted_at AS kept_deleted, r.updated_at AS true_at, r.deleted_at AS true_deleted \
             FROM {members} m JOIN {table} r ON r.id = m.record_id \
             WHERE m.account_id = $1 AND {DIFFERS} ORDER BY m.record_id, m.user_id"
        ))
        .await?;
    let told = |at: Timestamp, deleted: Option<Timestamp>| match deleted {
        None => format!("changed {}", rfc3339(at)),
        Some(deleted) => format!("changed {}, deleted {}", rfc3339(at), rfc3339(deleted)),
    };
    rows.iter()
        .map(|row| {
            let record = named(columns, row.try_get("", "record_id")?);
            let user: UserId = row.try_get("", "user_id")?;
            Ok(Difference {
                about: format!("membership of {user} in {record}"),
                kept: told(row.try_get("", "kept_at")?, row.try_get("", "kept_deleted")?),
                truth: told(row.try_get("", "true_at")?, row.try_get("", "true_deleted")?),
            })
        })
        .collect()
}

pub(super) async fn mend(unit: &UnitOfWork<'_>, columns: RecordColumns) -> Result<()> {
    let RecordColumns { table, members, .. } = columns;
    let of_record = |column: &str| format!("(SELECT r.{column} FROM {table} r WHERE r.id = record_id)");
    let (updated_at, deleted_at) = (of_record("updated_at"), of_record("deleted_at"));
    unit.write_by(&format!(
        "UPDATE {members} SET record_updated_at = {updated_at}, deleted_at = {deleted_at} \
         WHERE account_id = $1 AND (record_updated_at <> {updated_at} \
         OR deleted_at IS DISTINCT FROM {deleted_at})"
    ))
    .await?;
    Ok(())
}

/// The record's id as it is shown everywhere.
pub(super) fn named(columns: RecordColumns, id: Uuid) -> String {
    match columns.table == policy::Contact::NAME {
        true => shown(ContactId::from_uuid(id).into()),
        false => shown(OpportunityId::from_uuid(id).into()),
    }
}

fn shown(record: RecordRef) -> String {
    match record {
        RecordRef::Contact(id) => id.to_string(),
        RecordRef::Opportunity(id) => id.to_string(),
    }
}
