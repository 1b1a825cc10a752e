//! The same rules as a filter over a table: the rows for which the decision would be yes.

use entity::{Timestamp, UserId};
use sea_orm::sea_query::{Alias, Cond, DynIden, Expr, IntoIden, Query, SelectStatement};
use sea_orm::{ExprTrait, JoinType};

use crate::{
    Action, Actor, Condition, Contact, Effect, Record, RecordColumns, Relation, Resource, Rule, Wish,
};

/// Which rows of a list an actor may act on, in the form that a query is best driven by.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Every row of the account.
    Everything,
    /// None.
    Nothing,
    /// Those to which the actor is related in one of these ways: read them from the membership table.
    Related(&'static [Relation]),
    /// Those that this condition picks.
    Filtered(Cond),
}

/// What a filter depends on beside the actor and the row.
#[derive(Clone, Copy, Debug)]
struct Moment {
    now: Timestamp,
    wish: Wish,
    linked: bool,
}

/// The scope of one act on records, at the instant `now`. For `ChangeOwner` use [`filter`], which takes the wish.
#[must_use]
pub fn scope<R: Record>(actor: &Actor, action: Action, now: Timestamp) -> Scope {
    let moment = Moment { now, wish: Wish::Nobody, linked: false };
    if let Some(relations) = only_by_relation(R::rules(), actor, action) {
        return Scope::Related(relations);
    }
    match rules_as_sql(R::rules(), R::COLUMNS, actor, action, moment) {
        Sql::Always => Scope::Everything,
        Sql::Never => Scope::Nothing,
        Sql::When(condition) => Scope::Filtered(condition),
    }
}

/// The rows of `R`'s table on which the actor may act; the table must be in scope under its own name.
#[must_use]
pub fn filter<R: Record>(actor: &Actor, action: Action, wish: Wish, linked: bool, now: Timestamp) -> Cond {
    match rules_as_sql(R::rules(), R::COLUMNS, actor, action, Moment { now, wish, linked }) {
        Sql::Always => Cond::all(),
        Sql::Never => Cond::all().add(Expr::value(1).eq(0)),
        Sql::When(condition) => condition,
    }
}

/// A truth value that may already be known without looking at a row.
enum Sql {
    Always,
    Never,
    When(Cond),
}

impl Sql {
    fn when(expression: Expr) -> Self {
        Sql::When(Cond::all().add(expression))
    }

    fn constant(value: bool) -> Self {
        if value { Sql::Always } else { Sql::Never }
    }

    fn not(self) -> Self {
        match self {
            Sql::Always => Sql::Never,
            Sql::Never => Sql::Always,
            Sql::When(condition) => Sql::When(condition.not()),
        }
    }

    fn all(parts: impl IntoIterator<Item = Sql>) -> Self {
        let mut conditions = Vec::new();
        for part in parts {
            match part {
                Sql::Never => return Sql::Never,
                Sql::Always => {}
                Sql::When(condition) => conditions.push(condition),
            }
        }
        if conditions.is_empty() {
            return Sql::Always;
        }
        Sql::When(conditions.into_iter().fold(Cond::all(), Cond::add))
    }

    fn any(parts: impl IntoIterator<Item = Sql>) -> Self {
        let mut conditions = Vec::new();
        for part in parts {
            match part {
                Sql::Always => return Sql::Always,
                Sql::Never => {}
                Sql::When(condition) => conditions.push(condition),
            }
        }
        if conditions.is_empty() {
            return Sql::Never;
        }
        Sql::When(conditions.into_iter().fold(Cond::any(), Cond::add))
    }
}

fn rules_as_sql(
    rules: &[Rule],
    columns: RecordColumns,
    actor: &Actor,
    action: Action,
    moment: Moment,
) -> Sql {
    let lines = |effect: Effect| {
        rules.iter().filter(move |rule| rule.effect == effect && rule.acts.contains(&action)).map(
            move |rule| {
                Sql::all(
                    rule.conditions
                        .iter()
                        .map(|condition| condition_as_sql(rules, condition, columns, actor, moment)),
                )
            },
        )
    };
    Sql::all([Sql::any(lines(Effect::Permit)), Sql::any(lines(Effect::Forbid)).not()])
}

fn condition_as_sql(
    rules: &[Rule],
    condition: &Condition,
    columns: RecordColumns,
    actor: &Actor,
    moment: Moment,
) -> Sql {
    match condition {
        Condition::Holding(permission) => Sql::constant(actor.holds(*permission)),
        Condition::Admin(wanted) => Sql::constant(actor.admin == *wanted),
        Condition::Unrestricted => Sql::constant(!actor.restricted),
        Condition::NamingOneself => Sql::constant(moment.wish == Wish::Oneself),
        Condition::Passing(action) => rules_as_sql(rules, columns, actor, *action, moment),
        Condition::Unassigned => Sql::when(Expr::col((columns.table(), "owner_id")).is_null()),
        Condition::OwnerHolding(permission) => {
            let owner = Query::select()
                .expr(Expr::value(1))
                .from_as("user", "owner")
                .and_where(Expr::col((iden("owner"), "id")).equals((columns.table(), Alias::new("owner_id"))))
                .and_where(Expr::col((iden("owner"), "active")).eq(true))
                .and_where(
                    Expr::col((iden("owner"), "effective_permissions")).bit_and(permission.bit()).ne(0),
                )
                .take();
            Sql::when(Expr::exists(owner))
        }
        Condition::RelatedAs(relations) => of_a_user(actor, |user| {
            Sql::when(Expr::exists(memberships(columns, user, relations, moment.now)))
        }),
        Condition::FollowInherits => of_a_user(actor, |user| {
            let mut follows = memberships(columns, user, &[Relation::Follower], moment.now);
            Sql::when(Expr::exists(
                follows.and_where(Expr::col((iden("member"), "inherits_edit")).eq(true)).take(),
            ))
        }),
        Condition::LinkedContactRefuses(_) | Condition::LinkedFollow if !moment.linked => Sql::Never,
        Condition::LinkedContactRefuses(action) => {
            // The contact alone is asked here; what the change would reach is the next rule's question.
            let alone = Moment { linked: false, ..moment };
            linked_contact(columns, rules_as_sql(Contact::rules(), Contact::COLUMNS, actor, *action, alone))
                .not()
        }
        Condition::LinkedFollow => {
            of_a_user(actor, |user| Sql::when(Expr::exists(followed_and_reached(columns, user, moment.now))))
        }
    }
}

fn of_a_user(actor: &Actor, sql: impl FnOnce(UserId) -> Sql) -> Sql {
    actor.user.map_or(Sql::Never, sql)
}

fn linked_contact(columns: RecordColumns, passes: Sql) -> Sql {
    match passes {
        Sql::When(condition) => Sql::when(Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from("contact")
                .and_where(
                    Expr::col((iden("contact"), "id")).equals((columns.table(), Alias::new(columns.contact))),
                )
                .cond_where(condition)
                .take(),
        )),
        constant => constant,
    }
}

/// The memberships of `user` in the record of the outer query.
fn memberships(
    columns: RecordColumns,
    user: UserId,
    relations: &[Relation],
    now: Timestamp,
) -> SelectStatement {
    Query::select()
        .expr(Expr::value(1))
        .from_as(columns.members(), "member")
        .and_where(Expr::col((iden("member"), "record_id")).equals((columns.table(), Alias::new("id"))))
        .and_where(Expr::col((iden("member"), "user_id")).eq(user))
        .cond_where(is_related(&iden("member"), relations, now))
        .take()
}

/// Opportunities of the record's contact that have the contact's owner and that `user` follows.
fn followed_and_reached(columns: RecordColumns, user: UserId, now: Timestamp) -> SelectStatement {
    let owner = |table: &str| Expr::col((iden(table), "owner_id"));
    Query::select()
        .expr(Expr::value(1))
        .from_as("opportunity", "reached")
        .join_as(
            JoinType::InnerJoin,
            "opportunity_member",
            "member",
            Expr::col((iden("member"), "record_id")).equals(("reached", "id")),
        )
        .join_as(
            JoinType::InnerJoin,
            "contact",
            "linked",
            Expr::col((iden("linked"), "id")).equals(("reached", "contact_id")),
        )
        .and_where(
            Expr::col((iden("reached"), "contact_id")).equals((columns.table(), Alias::new(columns.contact))),
        )
        .cond_where(
            Cond::any()
                .add(owner("reached").equals(("linked", "owner_id")))
                .add(owner("reached").is_null().and(owner("linked").is_null())),
        )
        .and_where(Expr::col((iden("reached"), "deleted_at")).is_null())
        .and_where(Expr::col((iden("member"), "user_id")).eq(user))
        .cond_where(is_related(&iden("member"), &[Relation::Follower], now))
        .take()
}

/// Whether a row of a membership table, known as `member`, makes its user related in one of these ways at `now`.
#[must_use]
pub fn is_related(member: &DynIden, relations: &[Relation], now: Timestamp) -> Cond {
    let slot = || Expr::col((member.clone(), "slot"));
    let until = || Expr::col((member.clone(), "until"));
    let not_ended = until().is_null().or(until().gt(now));
    match (relations.contains(&Relation::Owner), relations.contains(&Relation::Follower)) {
        (true, true) => Cond::all().add(not_ended),
        (true, false) => Cond::all().add(slot().eq(entity::member::OWNER_SLOT)),
        (false, true) => Cond::all().add(slot().gt(entity::member::OWNER_SLOT)).add(not_ended),
        (false, false) => Cond::all().add(Expr::value(1).eq(0)),
    }
}

/// The relations that alone could grant `action` to `actor`, where every other line is settled without a row.
fn only_by_relation(rules: &[Rule], actor: &Actor, action: Action) -> Option<&'static [Relation]> {
    let mut found = None;
    for rule in rules.iter().filter(|rule| rule.acts.contains(&action)) {
        let mut relation = None;
        let mut possible = true;
        for condition in &rule.conditions {
            match condition {
                Condition::Holding(permission) => possible &= actor.holds(*permission),
                Condition::Admin(wanted) => possible &= actor.admin == *wanted,
                Condition::Unrestricted => possible &= !actor.restricted,
                Condition::RelatedAs(relations) if relation.is_none() => relation = Some(*relations),
                _ => return None,
            }
        }
        if !possible {
            continue;
        }
        if rule.effect == Effect::Forbid || relation.is_none() || found.is_some() || actor.user.is_none() {
            return None;
        }
        found = relation;
    }
    found
}

fn iden(name: &str) -> DynIden {
    Alias::new(name).into_iden()
}
