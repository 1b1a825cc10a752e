//! Colleagues, and who owns or follows a record.

use std::collections::HashMap;

use entity::member::{Cause, OWNER_SLOT};
use entity::{ActivityId, Timestamp, TypedId, UserId, user};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryTrait,
};
use uuid::Uuid;

use super::list::window_onto;
use super::{Access, Count};
use crate::domain::error::Result;
use crate::domain::page::{Key, Page, Position, Window};
use crate::domain::record::RecordTable;

/// One row of a membership table, whichever record it is of.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Member {
    /// The record.
    pub record_id: Uuid,
    /// The person.
    pub user_id: UserId,
    /// 0 is the owner, 1 to 10 are followers.
    pub slot: i16,
    /// Why (F7).
    pub cause: Cause,
    /// Who added them; none for the command line.
    pub added_by: Option<UserId>,
    /// When.
    pub added_at: Timestamp,
    /// The activity that caused it.
    pub event_id: Option<ActivityId>,
    /// When the follow ends.
    pub until: Option<Timestamp>,
    /// Whether the follow inherits the owner's edit (A2).
    pub inherits_edit: bool,
    /// Since when the person wants no notices about the record (F8).
    pub muted_at: Option<Timestamp>,
}

impl Member {
    /// Whether this is the owner.
    #[must_use]
    pub const fn is_owner(&self) -> bool {
        self.slot == OWNER_SLOT
    }

    /// Whether this is a follow that has not ended at `now` (F7).
    #[must_use]
    pub fn follows_at(&self, now: Timestamp) -> bool {
        !self.is_owner() && self.until.is_none_or(|until| until > now)
    }
}

impl Access {
    /// These people of the account, inactive ones too: history and records name them.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn users(&self, ids: &[UserId]) -> Result<HashMap<UserId, user::Model>> {
        let rows = user::Entity::find()
            .filter(user::Column::AccountId.eq(self.actor().account))
            .filter(user::Column::Id.is_in(ids.iter().copied()))
            .all(self.reader())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    /// A page of the active colleagues, by name.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn colleagues(&self, window: &Window) -> Result<Page<user::Model>> {
        let mut select = user::Entity::find()
            .filter(user::Column::AccountId.eq(self.actor().account))
            .filter(user::Column::Active.eq(true))
            .into_query();
        let column = |name: &'static str| Expr::col(("user", name));
        window_onto(&mut select, column("name_key"), column("id"), false, window);
        let rows = self.reader().query_all(&select).await?;
        let found = rows
            .iter()
            .map(|row| {
                let user = user::Model::from_query_result(row, "")?;
                let position = Position { key: Key::Text(user.name_key.clone()), id: user.id.uuid() };
                Ok((position, user))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Page::of(found, window))
    }

    /// How many active colleagues there are.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn count_colleagues(&self) -> Result<Count> {
        let found = user::Entity::find()
            .filter(user::Column::AccountId.eq(self.actor().account))
            .filter(user::Column::Active.eq(true))
            .count(self.reader())
            .await?;
        Ok(Count { value: found, is_exact: true })
    }

    /// The followers of each of these records, by slot. The records must be visible.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn followers<R: RecordTable>(&self, records: &[R::Id]) -> Result<HashMap<R::Id, Vec<Member>>> {
        let column = |name: &'static str| Expr::col((R::COLUMNS.members(), name));
        let mut select = Query::select();
        for name in MEMBER_COLUMNS {
            select.expr(column(name));
        }
        select
            .from(R::COLUMNS.members())
            .and_where(column("record_id").is_in(records.iter().map(|record| record.uuid())))
            .and_where(column("account_id").eq(self.actor().account))
            .cond_where(policy::is_related(&R::COLUMNS.members(), &[policy::Relation::Follower], self.now()))
            .order_by_expr(column("record_id"), sea_orm::Order::Asc)
            .order_by_expr(column("added_at"), sea_orm::Order::Asc)
            .order_by_expr(column("slot"), sea_orm::Order::Asc);
        let rows = self.reader().query_all(&select).await?;

        let mut followers: HashMap<R::Id, Vec<Member>> = HashMap::new();
        for row in &rows {
            let member = Member::from_query_result(row, "")?;
            followers.entry(R::Id::from_uuid(member.record_id)).or_default().push(member);
        }
        Ok(followers)
    }
}

/// The columns that [`Member`] is read from.
pub(in crate::domain) const MEMBER_COLUMNS: [&str; 10] = [
    "record_id",
    "user_id",
    "slot",
    "cause",
    "added_by",
    "added_at",
    "event_id",
    "until",
    "inherits_edit",
    "muted_at",
];
