//! Writes what a change holds, as sets: the number of statements does not grow with the number of records.

use std::collections::BTreeMap;

use entity::UserId;
use policy::{RecordColumns, Resource as _};
use sea_orm::sea_query::{DynIden, Expr, Query, Value};
use sea_orm::{ActiveEnum, ConnectionTrait, ExprTrait};
use uuid::Uuid;

use super::{Held, UnitOfWork};
use crate::domain::access::{MEMBER_COLUMNS, Member};
use crate::domain::error::{Error, Result};

/// How many rows one statement names.
const CHUNK: usize = 500;

/// How many rows one statement inserts. A larger statement does not fit one TLS record, and the driver leaves Nagle's
/// algorithm on: the rest of it would wait 40 ms for PostgreSQL to acknowledge the first part.
const INSERTED: usize = 40;

impl UnitOfWork<'_> {
    pub(super) async fn flush(&mut self) -> Result<()> {
        let now = self.now;
        for held in self.held.values_mut().filter(|held| held.is_rewritten()) {
            held.updated_at = now;
        }
        for kind in [policy::Contact::NAME, policy::Opportunity::NAME] {
            let held: Vec<&Held> = self.held.values().filter(|held| held.record.kind() == kind).collect();
            if let Some(first) = held.first() {
                let columns = first.record.columns();
                self.flush_versions(columns, &held).await?;
                self.flush_owners(columns, &held).await?;
                self.flush_stages(columns, &held).await?;
                self.flush_deletions(columns, &held).await?;
                self.flush_rosters(columns, &held).await?;
            }
        }
        self.flush_totals().await
    }

    /// Raises the version once for each of owner, stage and deletion (R6).
    async fn flush_versions(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let rewritten = held.iter().filter(|held| held.is_rewritten());
        for (raised, ids) in grouped(rewritten.map(|held| (held.rewrites(), held.record.uuid()))) {
            for ids in ids.chunks(CHUNK) {
                let update = Query::update()
                    .table(columns.table())
                    .value("version", Expr::col("version").add(raised))
                    .value("updated_at", self.now)
                    .and_where(Expr::col("id").is_in(ids.iter().copied()))
                    .take();
                self.transaction.execute(&update).await?;
                self.touch(columns, ids).await?;
            }
        }
        Ok(())
    }

    async fn flush_owners(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let changed = held.iter().filter(|held| held.owner != held.first.owner);
        let by_owner = grouped(changed.map(|held| (held.owner, held.record.uuid())));
        for (owner, ids) in by_owner {
            self.set(columns.table(), "id", &ids, &[("owner_id", owner.into())]).await?;
        }
        Ok(())
    }

    async fn flush_stages(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let changed = held.iter().filter(|held| held.changed_stage());
        let by_stage = grouped(
            changed.filter_map(|held| Some(((held.deal?.pipeline, held.deal?.stage), held.record.uuid()))),
        );
        for ((pipeline, stage), ids) in by_stage {
            let values = [
                ("pipeline_id", pipeline.into()),
                ("stage_id", stage.into()),
                ("stage_changed_at", self.now.into()),
            ];
            self.set(columns.table(), "id", &ids, &values).await?;
        }
        Ok(())
    }

    async fn flush_deletions(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let changed = held.iter().filter(|held| held.deletion != held.first.deletion);
        let by_deletion = grouped(changed.map(|held| (held.deletion, held.record.uuid())));
        for (deletion, ids) in by_deletion {
            let at = deletion.map(|_| self.now);
            let values = [("deletion_id", deletion.into()), ("deleted_at", at.into())];
            self.set(columns.table(), "id", &ids, &values).await?;
            self.set(columns.members(), "record_id", &ids, &[("deleted_at", at.into())]).await?;
        }
        Ok(())
    }

    async fn set(
        &self,
        table: DynIden,
        key: &'static str,
        ids: &[Uuid],
        values: &[(&'static str, Value)],
    ) -> Result<()> {
        for ids in ids.chunks(CHUNK) {
            let mut update = Query::update();
            update.table(table.clone()).and_where(Expr::col(key).is_in(ids.iter().copied()));
            for (column, value) in values {
                update.value(*column, value.clone());
            }
            self.transaction.execute(&update).await?;
        }
        Ok(())
    }

    /// Carries the new time of change into the sort key of the memberships.
    pub(in crate::domain) async fn touch(&self, columns: RecordColumns, ids: &[Uuid]) -> Result<()> {
        let update = Query::update()
            .table(columns.members())
            .value("record_updated_at", self.now)
            .and_where(Expr::col("record_id").is_in(ids.iter().copied()))
            .take();
        self.transaction.execute(&update).await?;
        Ok(())
    }

    async fn flush_rosters(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let mut lost: Vec<(Uuid, UserId)> = Vec::new();
        let mut gained: Vec<(Member, &Held)> = Vec::new();
        for held in held {
            let (less, more) = held.roster.difference();
            lost.extend(less.into_iter().map(|member| (member.record_id, member.user_id)));
            gained.extend(more.into_iter().map(|member| (member, *held)));
        }
        // First the old rows, so that their slots are free for the new ones.
        for chunk in lost.chunks(CHUNK) {
            let key = Expr::tuple([Expr::col("record_id"), Expr::col("user_id")]);
            let delete = Query::delete()
                .from_table(columns.members())
                .and_where(key.in_tuples(chunk.iter().copied()))
                .take();
            self.transaction.execute(&delete).await?;
        }
        for chunk in gained.chunks(INSERTED) {
            let mut insert = Query::insert();
            insert.into_table(columns.members()).columns(MEMBER_COLUMNS.into_iter().chain([
                "account_id",
                "record_updated_at",
                "deleted_at",
            ]));
            for (member, held) in chunk {
                insert
                    .values([
                        Expr::val(member.record_id),
                        Expr::val(member.user_id),
                        Expr::val(member.slot),
                        Expr::val(member.cause.to_value()),
                        Expr::val(member.added_by),
                        Expr::val(member.added_at),
                        Expr::val(member.event_id),
                        Expr::val(member.until),
                        Expr::val(member.inherits_edit),
                        Expr::val(member.muted_at),
                        Expr::val(self.account.id),
                        Expr::val(held.updated_at),
                        Expr::val(held.deletion.map(|_| self.now)),
                    ])
                    .map_err(|error| Error::bug(error.to_string()))?;
            }
            self.transaction.execute(&insert).await?;
        }
        Ok(())
    }
}

/// The ids of each value.
fn grouped<K: Ord>(items: impl Iterator<Item = (K, Uuid)>) -> BTreeMap<K, Vec<Uuid>> {
    let mut groups: BTreeMap<K, Vec<Uuid>> = BTreeMap::new();
    for (key, id) in items {
        groups.entry(key).or_default().push(id);
    }
    groups
}
