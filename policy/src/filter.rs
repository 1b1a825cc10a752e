//! The same rules as a filter over a table: the rows for which the decision would be yes.

use entity::{Timestamp, UserId};
use sea_orm::sea_query::{Alias, Cond, DynIden, Expr, IntoIden, Query, SelectStatement};
use sea_orm::{ExprTrait, JoinType};

use crate::{
    Action, Actor, Condition, Contact, Effect, Opportunity, Record, RecordColumns, Relation, Resource, Rule,
    Tie, Tied, TiedColumns, Wish,
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

/// Which rows of a calendar resource an actor may act on, in the form that a query is best driven by.
#[derive(Clone, Debug)]
pub enum TiedScope {
    /// Every row of the account.
    Everything,
    /// None.
    Nothing,
    /// Those that this condition picks. Each of them is found on one of these ways, though not all that are found so pass.
    Found(Vec<Way>, Cond),
    /// Those that this condition picks, which may be any.
    Filtered(Cond),
}

/// A way that leads from the actor to rows of a calendar resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// They are tied to it so.
    Tie(Tie),
    /// They are related to its contact in one of these ways.
    Contact(&'static [Relation]),
}

/// The scope of one act on records, at the instant `now`. For `ChangeOwner` use [`filter`], which takes the wish.
#[must_use]
pub fn scope<R: Record>(actor: &Actor, action: Action, now: Timestamp) -> Scope {
    let moment = Moment { now, wish: Wish::Nobody, linked: false };
    if let Some(relations) = only_by_relation(R::rules(), actor, action) {
        return Scope::Related(relations);
    }
    match rules_as_sql(R::rules(), Place::Record(R::COLUMNS), actor, action, moment) {
        Sql::Always => Scope::Everything,
        Sql::Never => Scope::Nothing,
        Sql::When(condition) => Scope::Filtered(condition),
    }
}

/// The rows of `R`'s table on which the actor may act; the table must be in scope under its own name.
#[must_use]
pub fn filter<R: Record>(actor: &Actor, action: Action, wish: Wish, linked: bool, now: Timestamp) -> Cond {
    match rules_as_sql(R::rules(), Place::Record(R::COLUMNS), actor, action, Moment { now, wish, linked }) {
        Sql::Always => Cond::all(),
        Sql::Never => Cond::all().add(Expr::value(1).eq(0)),
        Sql::When(condition) => condition,
    }
}

/// The rows of a calendar resource on which the actor may act; the table must be in scope under its own name. None of
/// them is a constant yes, all are where the condition is empty.
#[must_use]
pub fn tied_filter<R: Tied>(actor: &Actor, action: Action, now: Timestamp) -> Cond {
    let moment = Moment { now, wish: Wish::Nobody, linked: false };
    match tied_as_sql::<R>(actor, action, moment) {
        Sql::Always => Cond::all(),
        Sql::Never => Cond::all().add(Expr::value(1).eq(0)),
        Sql::When(condition) => condition,
    }
}

/// What the rules say of the rows of a table, those of another resource left out.
fn tied_as_sql<R: Tied>(actor: &Actor, action: Action, moment: Moment) -> Sql {
    let columns = R::COLUMNS;
    let rules = rules_as_sql(R::rules(), Place::Tied(columns), actor, action, moment);
    let its =
        columns.set_in.map(|column| Sql::when(Expr::col((columns.table(), iden(column))).is_not_null()));
    Sql::all(its.into_iter().chain([rules]))
}

/// The scope of one act on a calendar resource, at the instant `now`.
#[must_use]
pub fn tied_scope<R: Tied>(actor: &Actor, action: Action, now: Timestamp) -> TiedScope {
    let moment = Moment { now, wish: Wish::Nobody, linked: false };
    match tied_as_sql::<R>(actor, action, moment) {
        Sql::Always => TiedScope::Everything,
        Sql::Never => TiedScope::Nothing,
        Sql::When(condition) => match ways(R::rules(), actor, action) {
            Some(ways) => TiedScope::Found(ways, condition),
            None => TiedScope::Filtered(condition),
        },
    }
}

/// Where the rows lie that a rule is asked about.
#[derive(Clone, Copy)]
enum Place {
    Record(RecordColumns),
    Tied(TiedColumns),
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

fn rules_as_sql(rules: &[Rule], place: Place, actor: &Actor, action: Action, moment: Moment) -> Sql {
    let lines = |effect: Effect| {
        rules.iter().filter(move |rule| rule.effect == effect && rule.acts.contains(&action)).map(
            move |rule| {
                Sql::all(
                    rule.conditions
                        .iter()
                        .map(|condition| condition_as_sql(rules, condition, place, actor, moment)),
                )
            },
        )
    };
    Sql::all([Sql::any(lines(Effect::Permit)), Sql::any(lines(Effect::Forbid)).not()])
}

fn condition_as_sql(
    rules: &[Rule],
    condition: &Condition,
    place: Place,
    actor: &Actor,
    moment: Moment,
) -> Sql {
    match condition {
        Condition::Holding(permission) => Sql::constant(actor.holds(*permission)),
        Condition::Admin(wanted) => Sql::constant(actor.admin == *wanted),
        Condition::Unrestricted => Sql::constant(!actor.restricted),
        Condition::NamingOneself => Sql::constant(moment.wish == Wish::Oneself),
        Condition::Passing(action) => rules_as_sql(rules, place, actor, *action, moment),
        _ => match place {
            Place::Record(columns) => of_a_record(condition, columns, actor, moment),
            Place::Tied(columns) => of_a_tied(condition, columns, actor, moment),
        },
    }
}

/// What is asked of the owner and the followers of a record.
fn of_a_record(condition: &Condition, columns: RecordColumns, actor: &Actor, moment: Moment) -> Sql {
    match condition {
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
        Condition::LinkedContactRefuses(action) if moment.linked => {
            // The contact alone is asked here; what the change would reach is the next rule's question.
            let contact = Place::Record(Contact::COLUMNS);
            let alone = Moment { linked: false, ..moment };
            let passes = rules_as_sql(Contact::rules(), contact, actor, *action, alone);
            passing("contact", &columns.table(), columns.contact, passes).not()
        }
        Condition::LinkedFollow if moment.linked => {
            of_a_user(actor, |user| Sql::when(Expr::exists(followed_and_reached(columns, user, moment.now))))
        }
        // What is not asked of records does not hold of them, nor what is linked while nothing is.
        _ => Sql::Never,
    }
}

/// What is asked of the people and the record of an appointment, a note or a task, and of the members of a calendar.
fn of_a_tied(condition: &Condition, columns: TiedColumns, actor: &Actor, moment: Moment) -> Sql {
    match condition {
        Condition::TiedAs(ties) => {
            of_a_user(actor, |user| Sql::any(ties.iter().map(|tie| tied(columns, user, *tie))))
        }
        Condition::ContactRelatedAs(relations) => of_a_user(actor, |user| {
            let Some(contact) = columns.contact else { return Sql::Never };
            let member = Query::select()
                .expr(Expr::value(1))
                .from_as(Contact::COLUMNS.members(), "member")
                .and_where(Expr::col((iden("member"), "record_id")).equals((columns.table(), iden(contact))))
                .and_where(Expr::col((iden("member"), "user_id")).eq(user))
                .cond_where(is_related(&iden("member"), relations, moment.now))
                .take();
            Sql::when(Expr::exists(member))
        }),
        Condition::ContactPasses(action) => {
            let Some(contact) = columns.contact else { return Sql::Never };
            let of_contacts = Place::Record(Contact::COLUMNS);
            let passes = rules_as_sql(Contact::rules(), of_contacts, actor, *action, moment);
            passing("contact", &columns.table(), contact, passes)
        }
        Condition::OpportunityPasses(action) => {
            let Some(opportunity) = columns.opportunity else { return Sql::Never };
            let of_opportunities = Place::Record(Opportunity::COLUMNS);
            let passes = rules_as_sql(Opportunity::rules(), of_opportunities, actor, *action, moment);
            passing("opportunity", &columns.table(), opportunity, passes)
        }
        _ => Sql::Never,
    }
}

fn tied(columns: TiedColumns, user: UserId, tie: Tie) -> Sql {
    let row = |table: &'static str, column: &'static str, is: &'static str| {
        let row = Query::select()
            .expr(Expr::value(1))
            .from_as(table, "tied")
            .and_where(Expr::col((iden("tied"), column)).equals((columns.table(), iden(is))))
            .and_where(Expr::col((iden("tied"), "user_id")).eq(user))
            .take();
        Sql::when(Expr::exists(row))
    };
    let named = |column: &'static str| {
        // It may be null: an answer that is neither true nor false would survive a NOT.
        let column = || Expr::col((columns.table(), iden(column)));
        Sql::when(column().is_not_null().and(column().eq(user)))
    };
    match tie {
        Tie::Member => {
            columns.calendar.map_or(Sql::Never, |calendar| row("calendar_member", "calendar_id", calendar))
        }
        Tie::Attendee => {
            columns.attendees.map_or(Sql::Never, |attendees| row(attendees, "appointment_id", "id"))
        }
        Tie::Assignee => columns.assignee.map_or(Sql::Never, named),
        Tie::Author => columns.author.map_or(Sql::Never, named),
    }
}

fn of_a_user(actor: &Actor, sql: impl FnOnce(UserId) -> Sql) -> Sql {
    actor.user.map_or(Sql::Never, sql)
}

/// Whether the record, of the table `records`, that `column` of the outer `table` names is one that passes.
fn passing(records: &'static str, table: &DynIden, column: &'static str, passes: Sql) -> Sql {
    match passes {
        Sql::When(condition) => Sql::when(Expr::exists(
            Query::select()
                .expr(Expr::value(1))
                .from(records)
                .and_where(Expr::col((iden(records), "id")).equals((table.clone(), Alias::new(column))))
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

/// The ways on which every row is found that a line could grant to `actor`; none when a line grants without a way.
fn ways(rules: &[Rule], actor: &Actor, action: Action) -> Option<Vec<Way>> {
    let could_hold = |condition: &Condition| match condition {
        Condition::Holding(permission) => actor.holds(*permission),
        Condition::Admin(wanted) => actor.admin == *wanted,
        Condition::Unrestricted => !actor.restricted,
        _ => true,
    };
    let mut found = Vec::new();
    for rule in rules.iter().filter(|rule| rule.effect == Effect::Permit && rule.acts.contains(&action)) {
        if !rule.conditions.iter().all(could_hold) {
            continue;
        }
        let mut leading: Vec<Way> = rule.conditions.iter().find_map(|condition| match condition {
            Condition::TiedAs(ties) => Some(ties.iter().copied().map(Way::Tie).collect()),
            Condition::ContactRelatedAs(relations) => Some(vec![Way::Contact(relations)]),
            _ => None,
        })?;
        leading.retain(|way| !found.contains(way));
        found.extend(leading);
    }
    actor.user.map(|_| found)
}

fn iden(name: &str) -> DynIden {
    Alias::new(name).into_iden()
}
