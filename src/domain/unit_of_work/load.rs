//! Reads locked records into what a change holds.

use std::collections::HashMap;

use entity::activity::Cause;
use policy::{Action, RecordColumns, Resource};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, QueryResult};
use uuid::Uuid;

use super::decide::decide;
use super::held::First;
use super::hold::CHUNK;
use super::{Deal, Held, UnitOfWork};
use crate::domain::access::{MEMBER_COLUMNS, Member, Standing, select_standing, standing_joins};
use crate::domain::activity::{Change, What};
use crate::domain::error::Result;
use crate::domain::ownership::roster::Roster;
use crate::domain::record::{RecordRef, RecordTable};

impl UnitOfWork<'_> {
    pub(super) async fn load_locked(&mut self, contacts: Vec<Uuid>, opportunities: Vec<Uuid>) -> Result<()> {
        // Whoever was waited for has written a later time than that of the beginning; follows may have ended since.
        self.now = std::cmp::max(self.now, self.access.base().clock.now());
        self.load::<policy::Contact>(contacts).await?;
        self.load::<policy::Opportunity>(opportunities).await
    }

    /// Reads locked rows with a statement of its own: one that waits for a lock sees joined tables as they were before.
    async fn load<R: RecordTable>(&mut self, ids: Vec<Uuid>) -> Result<()> {
        let columns = R::COLUMNS;
        let fresh: Vec<Uuid> =
            ids.into_iter().filter(|id| !self.held.contains_key(&R::reference(*id))).collect();
        for fresh in fresh.chunks(CHUNK) {
            let mut select = Query::select();
            for column in ["id", "owner_id", "version", "updated_at", "deletion_id"] {
                select.expr(Expr::col((columns.table(), column)));
            }
            if R::NAME == policy::Opportunity::NAME {
                for column in ["pipeline_id", "stage_id", "status", "value_minor"] {
                    select.expr(Expr::col((columns.table(), column)));
                }
            }
            select
                .expr_as(Expr::col((columns.table(), columns.contact)), "of_contact")
                .from(columns.table())
                .and_where(Expr::col((columns.table(), "id")).is_in(fresh.iter().copied()));
            standing_joins(&mut select, columns, self.actor().user, false);
            select_standing(&mut select);

            let rows = self.transaction.query_all(&select).await?;
            let mut rosters = self.read_rosters(columns, fresh).await?;
            for row in &rows {
                let id: Uuid = row.try_get("", "id")?;
                let members = rosters.remove(&id).unwrap_or_default();
                self.take_in(R::reference(id), row, members)?;
            }
        }
        Ok(())
    }

    fn take_in(&mut self, record: RecordRef, row: &QueryResult, members: Vec<Member>) -> Result<()> {
        let standing = Standing::from_query_result(row, "")?;
        let facts = standing.facts(self.now);
        let deal = match record {
            RecordRef::Contact(_) => None,
            RecordRef::Opportunity(_) => Some(Deal {
                pipeline: row.try_get("", "pipeline_id")?,
                stage: row.try_get("", "stage_id")?,
                status: row.try_get("", "status")?,
                value_minor: row.try_get("", "value_minor")?,
            }),
        };
        let first = First {
            made: false,
            owner: row.try_get("", "owner_id")?,
            deal,
            deletion: row.try_get("", "deletion_id")?,
            version: row.try_get("", "version")?,
        };
        let held = Held {
            record,
            contact: row.try_get("", "of_contact")?,
            owner: first.owner,
            version: first.version,
            updated_at: row.try_get("", "updated_at")?,
            standing,
            actor_could_edit: decide(self.actor(), record, Action::Edit, &facts).is_granted(),
            roster: Roster::loaded(record, members),
            deal,
            deletion: first.deletion,
            first,
        };
        self.keep_held(held);
        self.reap(record)
    }

    async fn read_rosters(&self, columns: RecordColumns, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Member>>> {
        let select = Query::select()
            .columns(MEMBER_COLUMNS)
            .from(columns.members())
            .and_where(Expr::col("record_id").is_in(ids.iter().copied()))
            .take();
        let mut rosters: HashMap<Uuid, Vec<Member>> = HashMap::new();
        for row in self.transaction.query_all(&select).await? {
            let member = Member::from_query_result(&row, "")?;
            rosters.entry(member.record_id).or_default().push(member);
        }
        Ok(rosters)
    }

    /// Follows that have ended give up their places before anybody counts them (F7).
    fn reap(&mut self, record: RecordRef) -> Result<()> {
        let now = self.now;
        for user in self.held_mut(record)?.roster.reap(now) {
            let change = Change::between("followers", Some(user.to_string()), None);
            self.record_as(
                Cause::Clock,
                record,
                What::FollowEnded { user },
                change.into_iter().collect(),
                None,
            );
        }
        Ok(())
    }
}
