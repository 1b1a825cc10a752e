//! Single records, and pages of them by id.

use std::collections::HashMap;

use entity::{TypedId, UserId};
use policy::{Action, Decision, Facts, Link, OwnerChange, Record, Relation, Resource};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryResult};
use uuid::Uuid;

use super::Access;
use super::search::Drive;
use super::standing::{Standing, select_standing, standing_joins};
use crate::domain::error::Result;
use crate::domain::record::{RecordRow, RecordTable};

/// A record that the viewer may see, with what decisions about it need.
#[derive(Clone, Debug)]
pub struct Seen<R: RecordTable> {
    /// The row.
    pub row: R::Row,
    /// How the viewer and the owner stand to it.
    pub standing: Standing,
}

impl<R: RecordTable> Seen<R> {
    pub(super) fn from_row(row: &QueryResult) -> Result<Self> {
        Ok(Self { row: R::Row::from_query_result(row, "")?, standing: Standing::from_query_result(row, "")? })
    }
}

impl Access {
    /// The visible ones among these records.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn find<R: RecordTable>(&self, ids: &[R::Id]) -> Result<HashMap<R::Id, Seen<R>>> {
        let mut select = self.select::<R>();
        select.and_where(Expr::col((R::COLUMNS.table(), "id")).is_in(ids.iter().map(|id| id.uuid())));
        let rows = self.reader().query_all(&select).await?;
        rows.iter().map(|row| Seen::<R>::from_row(row).map(|seen| (seen.row.id(), seen))).collect()
    }

    /// Decides one act on a record that was seen.
    #[must_use]
    pub fn decide<R: RecordTable>(&self, seen: &Seen<R>, action: Action) -> Decision {
        policy::decide::<R>(self.actor(), action, &seen.standing.facts(self.now()))
    }

    /// To whom the viewer may give each of these records (A5, O3). One statement in linked mode, none otherwise.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn owner_changes<R: RecordTable>(
        &self,
        records: &[&Seen<R>],
    ) -> Result<HashMap<R::Id, OwnerChange>> {
        let mut links = if self.account().separate_owners {
            HashMap::new()
        } else {
            self.links::<R>(records.iter().map(|seen| seen.row.id().uuid()).collect()).await?
        };
        Ok(records
            .iter()
            .map(|seen| {
                let id = seen.row.id();
                let facts = Facts { link: links.remove(&id.uuid()), ..seen.standing.facts(self.now()) };
                (id, policy::owner_change::<R>(self.actor(), &facts))
            })
            .collect())
    }

    /// What is linked to each record (O3): how the viewer stands to its contact, and whether they follow an
    /// opportunity that a change would reach.
    async fn links<R: RecordTable>(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Link>> {
        let viewer = self.actor().user;
        let contact = policy::Contact::COLUMNS;
        let mut select = Query::select();
        let record = Alias::new("record");
        select
            .expr_as(Expr::col((record.clone(), "id")), Alias::new("record_id"))
            .expr_as(self.follows_reached(viewer), Alias::new("follows_reached"))
            .from_as(R::COLUMNS.table(), record.clone())
            .join(
                JoinType::InnerJoin,
                contact.table(),
                Expr::col((contact.table(), "id")).equals((record.clone(), R::COLUMNS.contact)),
            )
            .and_where(Expr::col((record, "id")).is_in(ids));
        standing_joins(&mut select, contact, viewer, false);
        select_standing(&mut select);

        let rows = self.reader().query_all(&select).await?;
        rows.iter()
            .map(|row| {
                let is_contact = R::NAME == policy::Contact::NAME;
                let facts = Standing::from_query_result(row, "")?.facts(self.now());
                let link = Link {
                    contact: (!is_contact).then(|| Box::new(facts)),
                    follows_reached: row.try_get("", "follows_reached")?,
                };
                Ok((row.try_get::<Uuid>("", "record_id")?, link))
            })
            .collect()
    }

    /// Whether the viewer follows an opportunity of `contact` that has the contact's owner.
    fn follows_reached(&self, viewer: Option<UserId>) -> Expr {
        let Some(viewer) = viewer else { return Expr::value(false) };
        let owner = |table: &'static str| Expr::col((table, "owner_id"));
        Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from_as("opportunity", "reached")
                .join_as(
                    JoinType::InnerJoin,
                    "opportunity_member",
                    "follow",
                    Expr::col(("follow", "record_id")).equals(("reached", "id")),
                )
                .and_where(Expr::col(("reached", "contact_id")).equals(("contact", "id")))
                .and_where(
                    owner("reached")
                        .equals(("contact", "owner_id"))
                        .or(owner("reached").is_null().and(owner("contact").is_null())),
                )
                .and_where(Expr::col(("reached", "deleted_at")).is_null())
                .and_where(Expr::col(("follow", "user_id")).eq(viewer))
                .cond_where(policy::is_related(
                    &sea_orm::sea_query::IntoIden::into_iden("follow"),
                    &[Relation::Follower],
                    self.now(),
                ))
                .take(),
        )
    }

    /// Every visible record of one kind, with its standing: where each read of records starts.
    pub(super) fn select<R: RecordTable>(&self) -> SelectStatement {
        self.select_driven::<R>(None)
    }

    /// The same, driven by a search.
    pub(super) fn select_driven<R: RecordTable>(&self, drive: Option<Drive>) -> SelectStatement {
        let mut select = Query::select();
        let driven_by_membership = self.scope_driven::<R>(&mut select, drive);
        for column in <R::Entity as sea_orm::EntityTrait>::Column::iter() {
            select.column((R::COLUMNS.table(), Alias::new(column.as_str())));
        }
        standing_joins(&mut select, R::COLUMNS, self.actor().user, driven_by_membership);
        select_standing(&mut select);
        select
    }

    /// Puts the visible records into FROM and WHERE; true when the membership table drives the query, as `mine`.
    pub(super) fn scope_from<R: RecordTable>(&self, select: &mut SelectStatement) -> bool {
        self.scope_driven::<R>(select, None)
    }

    /// The same, driven by a search. The membership table is never driven by anything else.
    pub(super) fn scope_driven<R: RecordTable>(
        &self,
        select: &mut SelectStatement,
        drive: Option<Drive>,
    ) -> bool {
        let columns = R::COLUMNS;
        let mut driven_by_membership = false;
        match (policy::scope::<R>(self.actor(), Action::View, self.now()), self.actor().user) {
            (policy::Scope::Related(relations), Some(user)) => {
                driven_by_membership = true;
                select
                    .from_as(columns.members(), "mine")
                    .join(
                        JoinType::InnerJoin,
                        columns.table(),
                        Expr::col((columns.table(), "id")).equals(("mine", "record_id")),
                    )
                    .and_where(Expr::col(("mine", "user_id")).eq(user))
                    .and_where(Expr::col(("mine", "deleted_at")).is_null())
                    .cond_where(policy::is_related(
                        &sea_orm::sea_query::IntoIden::into_iden("mine"),
                        relations,
                        self.now(),
                    ));
            }
            (policy::Scope::Everything, _) => Drive::from(drive, &columns.table(), select),
            (policy::Scope::Filtered(condition), _) => {
                Drive::from(drive, &columns.table(), select);
                select.cond_where(condition);
            }
            (policy::Scope::Nothing | policy::Scope::Related(_), _) => {
                select.from(columns.table()).and_where(Expr::value(1).eq(0));
            }
        }
        // The account is the floor, and what is deleted is not there (R4); no rule repeats either. A membership and its
        // record are of one account by a foreign key: asked of the membership, SQLite is not led through the whole
        // account by an index of the record's.
        let floor = if driven_by_membership {
            Expr::col(("mine", "account_id"))
        } else {
            Expr::col((columns.table(), "account_id"))
        };
        select
            .and_where(floor.eq(self.actor().account))
            .and_where(Expr::col((columns.table(), "deleted_at")).is_null());
        driven_by_membership
    }
}
