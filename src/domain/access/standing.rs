//! How the viewer and the owner stand to a record: read together with it, so that decisions cost no statement.

use entity::{Timestamp, UserId, member};
use policy::{Facts, Owner, Permissions, RecordColumns, Relation};
use sea_orm::sea_query::{Alias, Expr, SelectStatement};
use sea_orm::{DbErr, ExprTrait, FromQueryResult, JoinType, QueryResult};

/// The viewer's own membership of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mine {
    /// 0 is the owner.
    pub slot: i16,
    /// When the follow ends.
    pub until: Option<Timestamp>,
    /// Whether the follow inherits the owner's edit (A2).
    pub inherits_edit: bool,
    /// Since when the viewer wants no notices about the record (F8).
    pub muted_at: Option<Timestamp>,
}

/// What a decision needs, as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The viewer's membership, ended ones included.
    pub mine: Option<Mine>,
    /// The owner.
    pub owner: Owner,
}

impl Standing {
    /// The viewer's relation at `now`.
    #[must_use]
    pub fn relation(&self, now: Timestamp) -> Option<Relation> {
        let mine = self.mine?;
        if mine.slot == member::OWNER_SLOT {
            return Some(Relation::Owner);
        }
        mine.until.is_none_or(|until| until > now).then_some(Relation::Follower)
    }

    /// The facts for the policy at `now`. Without a wish and a link; a change of owner adds them.
    #[must_use]
    pub fn facts(&self, now: Timestamp) -> Facts {
        Facts {
            relation: self.relation(now),
            follow_inherits: self.mine.is_some_and(|mine| mine.inherits_edit),
            owner: self.owner,
            ..Facts::none()
        }
    }
}

impl FromQueryResult for Standing {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let mine = match row.try_get::<Option<i16>>(prefix, "mine_slot")? {
            None => None,
            Some(slot) => Some(Mine {
                slot,
                until: row.try_get(prefix, "mine_until")?,
                inherits_edit: row.try_get(prefix, "mine_inherits_edit")?,
                muted_at: row.try_get(prefix, "mine_muted_at")?,
            }),
        };
        let owner = match row.try_get::<Option<bool>>(prefix, "owner_active")? {
            None => Owner::Unassigned,
            Some(active) => Owner::Assigned {
                active,
                permissions: Permissions::from_bits(row.try_get(prefix, "owner_permissions")?),
            },
        };
        Ok(Self { mine, owner })
    }
}

/// Adds the columns that [`Standing`] is read from. The joins must be there under `mine` and `owner`.
pub(in crate::domain) fn select_standing(select: &mut SelectStatement) {
    for (column, name) in [
        ("slot", "mine_slot"),
        ("until", "mine_until"),
        ("inherits_edit", "mine_inherits_edit"),
        ("muted_at", "mine_muted_at"),
    ] {
        select.expr_as(Expr::col(("mine", column)), Alias::new(name));
    }
    select.expr_as(Expr::col(("owner", "active")), Alias::new("owner_active"));
    select.expr_as(Expr::col(("owner", "effective_permissions")), Alias::new("owner_permissions"));
}

/// Joins the viewer's membership (unless the query is driven by it already) and the owner.
pub(in crate::domain) fn standing_joins(
    select: &mut SelectStatement,
    columns: RecordColumns,
    viewer: Option<UserId>,
    mine_is_joined: bool,
) {
    if !mine_is_joined {
        let of_viewer = match viewer {
            Some(user) => Expr::col(("mine", "user_id")).eq(user),
            None => Expr::value(1).eq(0),
        };
        select.join_as(
            JoinType::LeftJoin,
            columns.members(),
            "mine",
            Expr::col(("mine", "record_id")).equals((columns.table(), "id")).and(of_viewer),
        );
    }
    select.join_as(
        JoinType::LeftJoin,
        "user",
        "owner",
        Expr::col(("owner", "id")).equals((columns.table(), "owner_id")),
    );
}
