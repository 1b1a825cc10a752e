//! What the ownership settings come to, counted by person (O9): only over records that the viewer may see.

use std::collections::HashMap;

use entity::UserId;
use entity::member::FOLLOWER_LIMIT;
use policy::{Action, Record as _, RecordColumns, Relation, Wish};
use sea_orm::sea_query::{Expr, IntoIden, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, ExprTrait, FromQueryResult};

use super::Access;
use super::alignment::owners_differ;
use crate::domain::error::Result;

/// Records that would go from one person to another, all alike in what decides about sight.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Pair {
    /// Who would get them.
    pub winner: UserId,
    /// Who has them; nobody, where they are unassigned.
    pub loser: Option<UserId>,
    /// Whether the winner follows them.
    pub follows: bool,
    /// Whether there would be room for the loser among the followers.
    pub has_room: bool,
    /// How many.
    pub counted: i64,
}

/// Opportunities of one owner, all alike in what decides about handing them over where owners are linked.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct HeldByOwner {
    /// Who owns them.
    pub owner: UserId,
    /// Who owns their contacts.
    pub contact_owner: Option<UserId>,
    /// Whether their owner follows the contacts.
    pub follows: bool,
    /// Whether that follow inherits the right to edit.
    pub inherits: bool,
    /// Whether their owner follows an opportunity that a change would reach (O3).
    pub reaches: bool,
    /// How many.
    pub counted: i64,
}

impl Access {
    /// How many contacts and opportunities differ.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn differing_counts(&self) -> Result<(i64, i64)> {
        let mut select = self.opportunities_with_contacts();
        select
            .expr_as(Expr::cust("COUNT(DISTINCT \"contact\".\"id\")"), "contacts")
            .expr_as(Expr::cust("COUNT(*)"), "opportunities")
            .and_where(owners_differ());
        let row = self.reader().query_one(&select).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.try_get("", "contacts")?, row.try_get("", "opportunities")?)))
    }

    /// The opportunities that would go to their contact's owner.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn pairs_to_contacts(&self) -> Result<Vec<Pair>> {
        let mut select = self.opportunities_with_contacts();
        select.and_where(owner("contact").is_not_null()).and_where(owners_differ());
        self.pairs(select, policy::Opportunity::COLUMNS, owner("contact")).await
    }

    /// The contacts that would go to the one owner of their opportunities, and the unassigned opportunities that would.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn pairs_to_opportunities(&self) -> Result<(Vec<Pair>, Vec<Pair>)> {
        let mut contacts = Query::select();
        self.scope_from::<policy::Contact>(&mut contacts);
        contacts
            .join_subquery(
                JoinType::InnerJoin,
                self.agreed(),
                "agreed",
                Expr::col(("agreed", "contact_id")).equals(("contact", "id")),
            )
            .and_where(owner("contact").is_null().or(owner("contact").ne(owner("agreed"))));
        let mut opportunities = self.opportunities_with_contacts();
        opportunities
            .join_subquery(
                JoinType::InnerJoin,
                self.agreed(),
                "agreed",
                Expr::col(("agreed", "contact_id")).equals(("contact", "id")),
            )
            .and_where(owner("opportunity").is_null());
        Ok((
            self.pairs(contacts, policy::Contact::COLUMNS, owner("agreed")).await?,
            self.pairs(opportunities, policy::Opportunity::COLUMNS, owner("agreed")).await?,
        ))
    }

    /// Opportunities that have an owner, by what decides whether that owner could hand them over.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn held_opportunities(&self) -> Result<Vec<HeldByOwner>> {
        let of_owner = || owner("opportunity");
        let mut inherits = self.follow(policy::Contact::COLUMNS, &of_owner());
        inherits.and_where(Expr::col(("follow", "inherits_edit")).eq(true));
        let mut reaches = Query::select();
        reaches
            .expr(Expr::value(1))
            .from_as("opportunity_member", "follow")
            .and_where(Expr::col(("follow", "user_id")).eq(of_owner()))
            .cond_where(policy::is_related(&"follow".into_iden(), &[Relation::Follower], self.now()))
            .join_as(
                JoinType::InnerJoin,
                "opportunity",
                "reached",
                Expr::col(("reached", "id")).equals(("follow", "record_id")),
            )
            .and_where(Expr::col(("reached", "contact_id")).equals(("contact", "id")))
            .and_where(Expr::col(("reached", "deleted_at")).is_null())
            .and_where(
                owner("reached")
                    .eq(owner("contact"))
                    .or(owner("reached").is_null().and(owner("contact").is_null())),
            );
        let mut select = self.opportunities_with_contacts();
        select
            .and_where(of_owner().is_not_null())
            .expr_as(of_owner(), "owner")
            .expr_as(owner("contact"), "contact_owner")
            .expr_as(Expr::exists(self.follow(policy::Contact::COLUMNS, &of_owner())), "follows")
            .expr_as(Expr::exists(inherits), "inherits")
            .expr_as(Expr::exists(reaches), "reaches");
        self.read_groups(select, &["owner", "contact_owner", "follows", "inherits", "reaches"]).await
    }

    /// How many contacts each owner of opportunities would come to follow (AF1).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn contacts_to_follow(&self) -> Result<HashMap<UserId, i64>> {
        let mut select = self.opportunities_with_contacts();
        select
            .distinct()
            .and_where(owner("opportunity").is_not_null())
            .expr_as(Expr::col(("contact", "id")), "record");
        self.to_follow(select, policy::Contact::COLUMNS, owner("opportunity")).await
    }

    /// How many opportunities each owner of contacts would come to follow (AF2).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunities_to_follow(&self) -> Result<HashMap<UserId, i64>> {
        let mut select = self.opportunities_with_contacts();
        select.and_where(owner("contact").is_not_null()).expr_as(Expr::col(("opportunity", "id")), "record");
        self.to_follow(select, policy::Opportunity::COLUMNS, owner("contact")).await
    }

    async fn to_follow(
        &self,
        mut select: SelectStatement,
        columns: RecordColumns,
        who: Expr,
    ) -> Result<HashMap<UserId, i64>> {
        select
            .and_where(owners_differ())
            .and_where(Expr::exists(self.follow(columns, &who)).not())
            .and_where(self.has_room(columns, &who))
            .expr_as(who, "who");
        let grouped = Query::select()
            .column("who")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .from_subquery(select, "found")
            .group_by_col("who")
            .take();
        let rows = self.reader().query_all(&grouped).await?;
        rows.iter().map(|row| Ok((row.try_get("", "who")?, row.try_get("", "counted")?))).collect()
    }

    async fn pairs(
        &self,
        mut select: SelectStatement,
        columns: RecordColumns,
        winner: Expr,
    ) -> Result<Vec<Pair>> {
        select
            .expr_as(winner.clone(), "winner")
            .expr_as(owner(columns.table), "loser")
            .expr_as(Expr::exists(self.follow(columns, &winner)), "follows")
            .expr_as(self.has_room(columns, &winner), "has_room");
        self.read_groups(select, &["winner", "loser", "follows", "has_room"]).await
    }

    async fn read_groups<T: FromQueryResult>(
        &self,
        rows: SelectStatement,
        by: &[&'static str],
    ) -> Result<Vec<T>> {
        let mut select = Query::select();
        for column in by {
            select.column(*column).group_by_col(*column);
        }
        select.expr_as(Expr::cust("COUNT(*)"), "counted").from_subquery(rows, "found");
        let rows = self.reader().query_all(&select).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
    }

    /// Every visible opportunity whose contact is visible too, with it.
    fn opportunities_with_contacts(&self) -> SelectStatement {
        let mut select = Query::select();
        self.scope_from::<policy::Opportunity>(&mut select);
        let contact = |name: &'static str| Expr::col(("contact", name));
        select
            .join(
                JoinType::InnerJoin,
                policy::Contact::COLUMNS.table(),
                contact("id").equals(("opportunity", "contact_id")),
            )
            .and_where(contact("deleted_at").is_null())
            .cond_where(policy::filter::<policy::Contact>(
                self.actor(),
                Action::View,
                Wish::Nobody,
                false,
                self.now(),
            ));
        select
    }

    /// Contacts whose opportunities have one owner between them, with that owner.
    fn agreed(&self) -> SelectStatement {
        let assigned = || {
            let mut select = Query::select();
            self.scope_from::<policy::Opportunity>(&mut select);
            select
                .column(("opportunity", "contact_id"))
                .and_where(owner("opportunity").is_not_null())
                .group_by_col(("opportunity", "contact_id"));
            select
        };
        let mut agreeing = assigned();
        agreeing.and_having(Expr::cust("COUNT(DISTINCT \"opportunity\".\"owner_id\") = 1"));
        let mut agreed = assigned();
        agreed
            .column(("opportunity", "owner_id"))
            .group_by_col(("opportunity", "owner_id"))
            .and_where(Expr::col(("opportunity", "contact_id")).in_subquery(agreeing));
        agreed
    }

    /// Finds the follow of a record by `who` that has not ended.
    fn follow(&self, columns: RecordColumns, who: &Expr) -> SelectStatement {
        Query::select()
            .expr(Expr::value(1))
            .from_as(columns.members(), "follow")
            .and_where(Expr::col(("follow", "record_id")).equals((columns.table(), "id")))
            .and_where(Expr::col(("follow", "user_id")).eq(who.clone()))
            .cond_where(policy::is_related(&"follow".into_iden(), &[Relation::Follower], self.now()))
            .take()
    }

    /// Whether a record has room for one more follower when `leaving` has left the list.
    fn has_room(&self, columns: RecordColumns, leaving: &Expr) -> Expr {
        let places = Query::select()
            .expr(Expr::cust("COUNT(*)"))
            .from_as(columns.members(), "place")
            .and_where(Expr::col(("place", "record_id")).equals((columns.table(), "id")))
            .and_where(Expr::col(("place", "user_id")).ne(leaving.clone()))
            .cond_where(policy::is_related(&"place".into_iden(), &[Relation::Follower], self.now()))
            .take();
        Expr::SubQuery(None, Box::new(places.into())).lt(FOLLOWER_LIMIT)
    }
}

fn owner(table: &'static str) -> Expr {
    Expr::col((table, "owner_id"))
}
