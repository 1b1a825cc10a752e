//! The totals that boards are read from, counted again from the opportunities that are there. Follows that have ended
//! count until they are taken off, here as in what is maintained.

use entity::{StageId, UserId};
use sea_orm::QueryResult;

use super::Difference;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// What is kept and what is there, side by side; only the sum over the parts of a stage's total says something.
const STAGES: &str = "
SELECT stage_id, status, CAST(SUM(kept) AS bigint) AS kept, CAST(SUM(kept_value) AS bigint) AS kept_value,
    CAST(SUM(truth) AS bigint) AS truth, CAST(SUM(true_value) AS bigint) AS true_value
FROM (
    SELECT stage_id, status, opportunities AS kept, value_minor AS kept_value, 0 AS truth, 0 AS true_value
    FROM stage_total WHERE account_id = $1
    UNION ALL
    SELECT stage_id, status, 0, 0, 1, COALESCE(value_minor, 0)
    FROM opportunity WHERE account_id = $1 AND deleted_at IS NULL
) both_sides
GROUP BY stage_id, status
HAVING SUM(kept) <> SUM(truth) OR SUM(kept_value) <> SUM(true_value)
ORDER BY stage_id, status";

const PEOPLE: &str = "
SELECT user_id, stage_id, status, owns, CAST(SUM(kept) AS bigint) AS kept,
    CAST(SUM(kept_value) AS bigint) AS kept_value, CAST(SUM(truth) AS bigint) AS truth,
    CAST(SUM(true_value) AS bigint) AS true_value
FROM (
    SELECT user_id, stage_id, status, owns, opportunities AS kept, value_minor AS kept_value, 0 AS truth,
        0 AS true_value
    FROM member_stage_total WHERE account_id = $1
    UNION ALL
    SELECT m.user_id, o.stage_id, o.status, m.slot = 0, 0, 0, 1, COALESCE(o.value_minor, 0)
    FROM opportunity o JOIN opportunity_member m ON m.record_id = o.id
    WHERE o.account_id = $1 AND o.deleted_at IS NULL
) both_sides
GROUP BY user_id, stage_id, status, owns
HAVING SUM(kept) <> SUM(truth) OR SUM(kept_value) <> SUM(true_value)
ORDER BY user_id, stage_id, status, owns";

pub(super) async fn differences_of_stages(unit: &UnitOfWork<'_>) -> Result<Vec<Difference>> {
    let rows = unit.read_by(STAGES).await?;
    rows.iter().map(|row| difference(row, format!("total of {}", of_stage(row)?))).collect()
}

pub(super) async fn differences_of_people(unit: &UnitOfWork<'_>) -> Result<Vec<Difference>> {
    let rows = unit.read_by(PEOPLE).await?;
    rows.iter()
        .map(|row| {
            let user: UserId = row.try_get("", "user_id")?;
            let does = if row.try_get("", "owns")? { "owns" } else { "follows" };
            difference(row, format!("total of what {user} {does} in {}", of_stage(row)?))
        })
        .collect()
}

/// A total is put into one part: the next changes spread over all of them again.
pub(super) async fn mend_stages(unit: &UnitOfWork<'_>) -> Result<()> {
    unit.write_by("DELETE FROM stage_total WHERE account_id = $1").await?;
    unit.write_by(
        "INSERT INTO stage_total (stage_id, status, shard, account_id, opportunities, value_minor) \
         SELECT stage_id, status, 0, account_id, COUNT(*), CAST(COALESCE(SUM(value_minor), 0) AS bigint) \
         FROM opportunity WHERE account_id = $1 AND deleted_at IS NULL GROUP BY stage_id, status, account_id",
    )
    .await?;
    Ok(())
}

pub(super) async fn mend_people(unit: &UnitOfWork<'_>) -> Result<()> {
    unit.write_by("DELETE FROM member_stage_total WHERE account_id = $1").await?;
    unit.write_by(
        "INSERT INTO member_stage_total (user_id, stage_id, status, owns, account_id, opportunities, value_minor) \
         SELECT m.user_id, o.stage_id, o.status, m.slot = 0, o.account_id, COUNT(*), \
         CAST(COALESCE(SUM(o.value_minor), 0) AS bigint) \
         FROM opportunity o JOIN opportunity_member m ON m.record_id = o.id \
         WHERE o.account_id = $1 AND o.deleted_at IS NULL \
         GROUP BY m.user_id, o.stage_id, o.status, m.slot = 0, o.account_id",
    )
    .await?;
    Ok(())
}

fn of_stage(row: &QueryResult) -> Result<String> {
    let (stage, status): (StageId, String) = (row.try_get("", "stage_id")?, row.try_get("", "status")?);
    Ok(format!("{stage} {status}"))
}

fn difference(row: &QueryResult, about: String) -> Result<Difference> {
    let told = |count: i64, value: i64| format!("{count} worth {value} minor units");
    Ok(Difference {
        about,
        kept: told(row.try_get("", "kept")?, row.try_get("", "kept_value")?),
        truth: told(row.try_get("", "truth")?, row.try_get("", "true_value")?),
    })
}
