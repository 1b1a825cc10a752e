//! Writes what a change holds, as sets: the number of statements does not grow with the number of records.

use std::collections::BTreeMap;

use entity::UserId;
use policy::{RecordColumns, Resource as _};
use sea_orm::sea_query::{Expr, Query};
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
        for held in self.held.values_mut().filter(|held| held.owner != held.first_owner) {
            held.updated_at = now;
        }
        for kind in [policy::Contact::NAME, policy::Opportunity::NAME] {
            let held: Vec<&Held> = self.held.values().filter(|held| held.record.kind() == kind).collect();
            if let Some(first) = held.first() {
                let columns = first.record.columns();
                self.flush_owners(columns, &held).await?;
                self.flush_rosters(columns, &held).await?;
            }
        }
        Ok(())
    }

    async fn flush_owners(&self, columns: RecordColumns, held: &[&Held]) -> Result<()> {
        let mut by_owner: BTreeMap<Option<UserId>, Vec<Uuid>> = BTreeMap::new();
        for held in held.iter().filter(|held| held.owner != held.first_owner) {
            by_owner.entry(held.owner).or_default().push(held.record.uuid());
        }
        for (owner, ids) in by_owner {
            for ids in ids.chunks(CHUNK) {
                let update = Query::update()
                    .table(columns.table())
                    .value("owner_id", owner)
                    .value("version", Expr::col("version").add(1))
                    .value("updated_at", self.now)
                    .and_where(Expr::col("id").is_in(ids.iter().copied()))
                    .take();
                self.transaction.execute(&update).await?;
                self.touch(columns, ids).await?;
            }
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
            insert
                .into_table(columns.members())
                .columns(MEMBER_COLUMNS.into_iter().chain(["account_id", "record_updated_at"]));
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
                    ])
                    .map_err(|error| Error::bug(error.to_string()))?;
            }
            self.transaction.execute(&insert).await?;
        }
        Ok(())
    }
}
