//! Who owns a record: the record says it, and slot 0 of its memberships says it again. The record is right: everybody is
//! shown what it says, and the history tells the same.

use entity::UserId;
use policy::RecordColumns;
use uuid::Uuid;

use super::Difference;
use super::memberships::named;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

pub(super) async fn differences(unit: &UnitOfWork<'_>, columns: RecordColumns) -> Result<Vec<Difference>> {
    let RecordColumns { table, members, .. } = columns;
    let rows = unit
        .read_by(&format!(
            "SELECT r.id AS id, m.user_id AS kept, r.owner_id AS truth FROM {table} r \
             LEFT JOIN {members} m ON m.record_id = r.id AND m.slot = 0 \
             WHERE r.account_id = $1 AND r.owner_id IS DISTINCT FROM m.user_id ORDER BY r.id"
        ))
        .await?;
    let person = |user: Option<UserId>| user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    rows.iter()
        .map(|row| {
            Ok(Difference {
                about: format!("owner of {}", named(columns, row.try_get::<Uuid>("", "id")?)),
                kept: person(row.try_get("", "kept")?),
                truth: person(row.try_get("", "truth")?),
            })
        })
        .collect()
}

pub(super) async fn mend(unit: &UnitOfWork<'_>, columns: RecordColumns) -> Result<()> {
    let RecordColumns { table, members, .. } = columns;
    let is_its_owner =
        format!("EXISTS (SELECT 1 FROM {table} r WHERE r.id = record_id AND r.owner_id = user_id)");
    unit.write_by(&format!(
        "DELETE FROM {members} WHERE account_id = $1 AND slot = 0 AND NOT {is_its_owner}"
    ))
    .await?;
    // An owner who stands among the followers moves up, and keeps the mute (F3, F8).
    unit.write_by(&format!(
        "UPDATE {members} SET slot = 0, until = NULL WHERE account_id = $1 AND slot > 0 AND {is_its_owner}"
    ))
    .await?;
    unit.write_by(&format!(
        "INSERT INTO {members} (record_id, user_id, account_id, slot, cause, added_at, inherits_edit, \
         record_updated_at, deleted_at) \
         SELECT r.id, r.owner_id, r.account_id, 0, 'MANUAL', r.updated_at, false, r.updated_at, r.deleted_at \
         FROM {table} r WHERE r.account_id = $1 AND r.owner_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM {members} m WHERE m.record_id = r.id AND m.slot = 0)"
    ))
    .await?;
    Ok(())
}
