//! How many opportunities each stage of a board has, and what they are worth.
//!
//! Both come from the maintained totals wherever these answer exactly, at any size; what they do not know (who follows at
//! all, owner and follower at once, somebody else's records in the eyes of a restricted viewer) is added up from the rows
//! that the viewer may see, in one statement either way.

use std::collections::HashMap;

use entity::{StageId, UserId};
use policy::{Action, Scope};
use sea_orm::sea_query::{Expr, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ActiveEnum, ConnectionTrait, ExprTrait, JoinType};

use super::Access;
use super::board::BoardFilter;
use super::filter::{Filter, PersonFilter};
use crate::domain::error::Result;

/// What a stage holds for the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct StageTotal {
    /// How many opportunities.
    pub opportunities: u64,
    /// What they are worth together, in minor units; those whose worth is not known add nothing. Gated by
    /// `VIEW_LEAD_VALUE` (A9) wherever it is shown.
    pub value_minor: i64,
}

/// A part of a total, as it is maintained.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Everything.
    All,
    /// What these people own.
    OwnedBy(Vec<UserId>),
    /// What anybody owns.
    Owned,
    /// What this person follows, and what they followed until it ended and nobody has taken it off yet.
    FollowedBy(UserId),
    /// The latter alone.
    EndedOf(UserId),
}

const PLUS: i64 = 1;
const MINUS: i64 = -1;

impl Access {
    /// How many visible opportunities that pass `filter` each of these stages has, and what they are worth. The stages
    /// must be of the account. One statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn stage_totals(
        &self,
        stages: &[StageId],
        filter: &BoardFilter,
    ) -> Result<HashMap<StageId, StageTotal>> {
        let select = match self.maintained(filter) {
            Some(parts) => self.added_up(stages, filter, &parts),
            None => self.added_up_anew(stages, filter),
        };
        let mut totals: HashMap<StageId, StageTotal> =
            stages.iter().map(|stage| (*stage, StageTotal::default())).collect();
        for row in self.reader().query_all(&select).await? {
            let counted: i64 = row.try_get("", "counted")?;
            let total = StageTotal {
                opportunities: u64::try_from(counted).unwrap_or_default(),
                value_minor: row.try_get("", "summed")?,
            };
            totals.insert(row.try_get("", "stage_id")?, total);
        }
        Ok(totals)
    }

    /// The maintained parts that add up to what the viewer may see through this filter; none where they cannot say. What
    /// a restricted viewer reads comes from their own rows alone (A7).
    fn maintained(&self, filter: &BoardFilter) -> Option<Vec<(i64, Part)>> {
        let me = self.actor().user;
        // The command line is nobody: `me` is told by the rows then.
        let named = |wanted: &Option<PersonFilter>| match wanted {
            Some(PersonFilter::Me) => me.map(|me| Some(PersonFilter::Is(me))),
            other => Some(other.clone()),
        };
        let people = (named(&filter.owner)?, named(&filter.followers)?);
        match policy::scope::<policy::Opportunity>(self.actor(), Action::View, self.now()) {
            Scope::Everything => of_everything(&people),
            Scope::Related(_) => of_ones_own(me?, &people),
            Scope::Filtered(_) | Scope::Nothing => None,
        }
    }

    fn added_up(&self, stages: &[StageId], filter: &BoardFilter, parts: &[(i64, Part)]) -> SelectStatement {
        let mut selects = parts.iter().map(|(sign, part)| self.part(*sign, part, stages, filter));
        let Some(mut all) = selects.next() else { return self.added_up_anew(stages, filter) };
        for select in selects {
            all.union(UnionType::All, select);
        }
        Query::select()
            .expr_as(Expr::col("stage_id"), "stage_id")
            .expr_as(Expr::cust("CAST(SUM(opportunities) AS bigint)"), "counted")
            .expr_as(Expr::cust("CAST(SUM(value_minor) AS bigint)"), "summed")
            .from_subquery(all, "part")
            .add_group_by([Expr::col("stage_id")])
            .take()
    }

    fn part(&self, sign: i64, part: &Part, stages: &[StageId], filter: &BoardFilter) -> SelectStatement {
        let (table, owns, users) = match part {
            Part::All => ("stage_total", None, None),
            Part::OwnedBy(users) => ("member_stage_total", Some(true), Some(users.clone())),
            Part::Owned => ("member_stage_total", Some(true), None),
            Part::FollowedBy(user) => ("member_stage_total", Some(false), Some(vec![*user])),
            Part::EndedOf(user) => return self.ended(sign, *user, stages, filter),
        };
        let column = |name: &'static str| Expr::col((table, name));
        let mut select = Query::select();
        select
            .expr_as(column("stage_id"), "stage_id")
            .expr_as(column("opportunities").mul(sign), "opportunities")
            .expr_as(column("value_minor").mul(sign), "value_minor")
            .from(table)
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("stage_id").is_in(stages.iter().copied()));
        if let Some(owns) = owns {
            select.and_where(column("owns").eq(owns));
        }
        if let Some(users) = users {
            select.and_where(column("user_id").is_in(users));
        }
        if let Some(statuses) = &filter.statuses {
            select.and_where(column("status").is_in(statuses.iter().map(ActiveEnum::to_value)));
        }
        select
    }

    /// Follows of `user` that have ended and still count in the maintained totals (F7).
    fn ended(&self, sign: i64, user: UserId, stages: &[StageId], filter: &BoardFilter) -> SelectStatement {
        let column = |name: &'static str| Expr::col(("opportunity", name));
        let ended = |name: &'static str| Expr::col(("ended", name));
        let mut select = Query::select();
        select
            .expr_as(column("stage_id"), "stage_id")
            .expr_as(Expr::val(sign), "opportunities")
            .expr_as(known_value().mul(sign), "value_minor")
            .from_as("opportunity_member", "ended")
            .join(JoinType::InnerJoin, "opportunity", column("id").equals(("ended", "record_id")))
            .and_where(ended("user_id").eq(user))
            .and_where(ended("until").lte(self.now()))
            .and_where(ended("slot").gt(entity::member::OWNER_SLOT))
            .and_where(column("account_id").eq(self.actor().account))
            .and_where(column("deleted_at").is_null())
            .and_where(column("stage_id").is_in(stages.iter().copied()));
        if let Some(statuses) = &filter.statuses {
            select.and_where(column("status").is_in(statuses.iter().map(ActiveEnum::to_value)));
        }
        select
    }

    fn added_up_anew(&self, stages: &[StageId], filter: &BoardFilter) -> SelectStatement {
        let stage_id = || Expr::col(("opportunity", "stage_id"));
        let mut select = Query::select();
        self.scope_from::<policy::Opportunity>(&mut select);
        select
            .expr_as(stage_id(), "stage_id")
            .expr_as(Expr::cust("COUNT(*)"), "counted")
            .expr_as(known_value().sum().cast_as("bigint"), "summed")
            .and_where(stage_id().is_in(stages.iter().copied()))
            .cond_where(filter.of_list().condition(self))
            .add_group_by([stage_id()]);
        select
    }
}

/// What an opportunity adds to a sum.
fn known_value() -> SimpleExpr {
    Expr::col(("opportunity", "value_minor")).if_null(Expr::val(0_i64))
}

type People = (Option<PersonFilter>, Option<PersonFilter>);

/// For whoever sees every opportunity.
fn of_everything(people: &People) -> Option<Vec<(i64, Part)>> {
    use PersonFilter::{Any, In, Is, IsNot, Nobody};
    Some(match people {
        (None, None) => vec![(PLUS, Part::All)],
        (Some(Is(owner)), None) => vec![(PLUS, Part::OwnedBy(vec![*owner]))],
        (Some(In(owners)), None) => vec![(PLUS, Part::OwnedBy(owners.clone()))],
        (Some(IsNot(owner)), None) => vec![(PLUS, Part::All), (MINUS, Part::OwnedBy(vec![*owner]))],
        (Some(Any), None) => vec![(PLUS, Part::Owned)],
        (Some(Nobody), None) => vec![(PLUS, Part::All), (MINUS, Part::Owned)],
        (None, Some(Is(follower))) => followed_by(*follower),
        (None, Some(IsNot(follower))) => {
            vec![(PLUS, Part::All), (MINUS, Part::FollowedBy(*follower)), (PLUS, Part::EndedOf(*follower))]
        }
        _ => return None,
    })
}

/// For whoever sees what they own or follow. Nobody does both on one record (F3), so the two add up, and each is what the
/// other is not.
fn of_ones_own(me: UserId, people: &People) -> Option<Vec<(i64, Part)>> {
    use PersonFilter::{Is, IsNot};
    Some(match people {
        (None, None) => [vec![(PLUS, Part::OwnedBy(vec![me]))], followed_by(me)].concat(),
        (Some(Is(user)), None) | (None, Some(IsNot(user))) if *user == me => {
            vec![(PLUS, Part::OwnedBy(vec![me]))]
        }
        (None, Some(Is(user))) | (Some(IsNot(user)), None) if *user == me => followed_by(me),
        _ => return None,
    })
}

fn followed_by(user: UserId) -> Vec<(i64, Part)> {
    vec![(PLUS, Part::FollowedBy(user)), (MINUS, Part::EndedOf(user))]
}
