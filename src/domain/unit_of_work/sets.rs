//! Writes many rows with one statement.

use policy::RecordColumns;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use uuid::Uuid;

use super::UnitOfWork;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;

/// How many rows one statement names.
const CHUNK: usize = 500;

impl UnitOfWork<'_> {
    /// Raises the version and the time of held records of one kind, whose parts the caller changes itself (R6).
    ///
    /// # Errors
    /// A bug, when one is not held; a database that fails.
    pub(in crate::domain) async fn raise_versions(
        &mut self,
        columns: RecordColumns,
        records: &[RecordRef],
    ) -> Result<()> {
        let now = self.now;
        for record in records {
            let held = self.held_mut(*record)?;
            (held.version, held.updated_at) = (held.version + 1, now);
        }
        let ids: Vec<Uuid> = records.iter().map(|record| record.uuid()).collect();
        for ids in ids.chunks(CHUNK) {
            let update = Query::update()
                .table(columns.table())
                // As wide as elsewhere: the driver keeps one prepared statement for one text.
                .value("version", Expr::col("version").add(1_i64))
                .value("updated_at", now)
                .and_where(Expr::col("id").is_in(ids.iter().copied()))
                .take();
            self.transaction.execute(&update).await?;
            self.touch(columns, ids).await?;
        }
        Ok(())
    }
}
