//! Carries the time of what happened to a record onto it, for lists that are sorted by it (A7: its own history alone).

use std::collections::BTreeSet;

use entity::Timestamp;
use policy::{Contact, Opportunity, Record as _};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait};
use uuid::Uuid;

use crate::domain::activity::Event;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;

/// How many rows one statement names.
const CHUNK: usize = 500;

/// Says on every record that something happened to that it did so at `at`. Those that were made just now say so already.
pub(super) async fn raise(connection: &impl ConnectionTrait, at: Timestamp, events: &[Event]) -> Result<()> {
    let records: BTreeSet<RecordRef> = events.iter().filter_map(|event| event.subject.record()).collect();
    // Contacts first, each kind by id: the order of locks.
    for columns in [Contact::COLUMNS, Opportunity::COLUMNS] {
        let ids: Vec<Uuid> =
            records.iter().filter(|record| record.columns() == columns).map(|record| record.uuid()).collect();
        for ids in ids.chunks(CHUNK) {
            let update = Query::update()
                .table(columns.table())
                .value("last_activity_at", at)
                .and_where(Expr::col("id").is_in(ids.iter().copied()))
                .and_where(Expr::col("last_activity_at").lt(at))
                .take();
            connection.execute(&update).await?;
        }
    }
    Ok(())
}
