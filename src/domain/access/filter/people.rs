//! Filters by the people of a record.

use entity::UserId;
use policy::Relation;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, IntoIden, Query};

use super::truth::Truth;
use crate::domain::access::Access;
use crate::domain::record::RecordTable;

/// A filter by a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PersonFilter {
    /// This one.
    Is(UserId),
    /// Anybody else, or nobody.
    IsNot(UserId),
    /// One of these.
    In(Vec<UserId>),
    /// Somebody.
    Any,
    /// Nobody.
    Nobody,
    /// The viewer.
    Me,
}

impl PersonFilter {
    /// Over the owner of a record.
    pub(super) fn of_owner<R: RecordTable>(&self, access: &Access) -> Truth {
        let owner = Expr::col((R::COLUMNS.table(), "owner_id"));
        let is = |users: &[UserId]| match users {
            [] => Truth::Never,
            [user] => Truth::when_there_is(&owner, owner.clone().eq(*user)),
            users => Truth::when_there_is(&owner, owner.clone().is_in(users.iter().copied())),
        };
        self.over(access, is, || Truth::when(owner.clone().is_not_null()))
    }

    /// Over the followers of a record at this moment.
    pub(super) fn of_followers<R: RecordTable>(&self, access: &Access) -> Truth {
        self.over(access, |users| follows::<R>(access, Some(users)), || follows::<R>(access, None))
    }

    /// Over nobody.
    pub(super) fn of_nobody(&self, access: &Access) -> Truth {
        self.over(access, |_| Truth::Never, || Truth::Never)
    }

    /// Over whoever `is` says that one of these is, and `any` that there is anybody.
    pub(super) fn over(
        &self,
        access: &Access,
        is: impl Fn(&[UserId]) -> Truth,
        any: impl Fn() -> Truth,
    ) -> Truth {
        match self {
            PersonFilter::Is(user) => is(&[*user]),
            PersonFilter::IsNot(user) => is(&[*user]).not(),
            PersonFilter::In(users) => is(users),
            PersonFilter::Any => any(),
            PersonFilter::Nobody => any().not(),
            PersonFilter::Me => access.actor().user.map_or(Truth::Never, |user| is(&[user])),
        }
    }
}

/// Whether one of these users, or anybody, follows the record at this moment.
fn follows<R: RecordTable>(access: &Access, users: Option<&[UserId]>) -> Truth {
    let follow = "follow".into_iden();
    let mut select = Query::select();
    select
        .expr(Expr::value(1))
        .from_as(R::COLUMNS.members(), "follow")
        .and_where(Expr::col(("follow", "record_id")).equals((R::COLUMNS.table(), "id")))
        .cond_where(policy::is_related(&follow, &[Relation::Follower], access.now()));
    match users {
        None => {}
        Some([]) => return Truth::Never,
        Some([user]) => {
            select.and_where(Expr::col(("follow", "user_id")).eq(*user));
        }
        Some(users) => {
            select.and_where(Expr::col(("follow", "user_id")).is_in(users.iter().copied()));
        }
    }
    Truth::when(Expr::exists(select))
}
