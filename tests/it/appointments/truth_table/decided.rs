//! The filter of a table, the decision on one row, and what a change may hold, against the specification.

use std::collections::BTreeSet;

use entity::{AppointmentId, CalendarId, ContactId, TypedId as _};
use policy::{Action, Actor, Facts, Owner, Permissions, Record as _, Relation, Tied, Ties, Wish};
use sea_orm::sea_query::{Cond, DynIden, Expr, Query};
use sea_orm::{ConnectionTrait as _, ExprTrait as _};
use uuid::Uuid;

use super::made::{Made, Somebody};
use super::oracle::{Case, Related};
use crate::world::Acts as _;

/// What is asked of an appointment.
pub const OF_APPOINTMENTS: [Action; 6] =
    [Action::View, Action::Edit, Action::Delete, Action::Restore, Action::ChangeCalendar, Action::Overbook];

/// What is asked of a calendar.
const OF_CALENDARS: [Action; 5] =
    [Action::View, Action::Book, Action::Overbook, Action::Edit, Action::Delete];

/// Compares every filter and every decision for one person with every appointment and calendar there is.
pub async fn agrees(made: &Made, somebody: &Somebody) {
    let actor = Actor::from_user(&somebody.person.row().await);
    for action in OF_APPOINTMENTS {
        let ids = made.cases.keys().copied();
        let expected = ids.filter(|id| somebody.who.may(action, made.case(somebody, *id)));
        let expected: BTreeSet<Uuid> = expected.map(AppointmentId::uuid).collect();
        let picked = picked::<policy::Appointment>(made, &actor, action).await;
        assert_eq!(picked, expected, "filter of {action} for {:?}", somebody.who);
        for (case, appointment) in &somebody.appointments {
            let facts = facts_of(somebody, *case);
            let decision = policy::decide::<policy::Appointment>(&actor, action, &facts);
            let expected = expected.contains(&appointment.id.uuid());
            assert_eq!(decision.is_granted(), expected, "{action} by {:?} of {case:?}", somebody.who);
        }
    }
    for action in OF_CALENDARS {
        let ids = made.calendars.keys().copied();
        let may = |id: &CalendarId| somebody.who.may_in_calendar(action, made.is_member(somebody, *id));
        let expected: BTreeSet<Uuid> = ids.filter(may).map(CalendarId::uuid).collect();
        let picked = picked::<policy::Calendar>(made, &actor, action).await;
        assert_eq!(picked, expected, "filter of {action} in calendars for {:?}", somebody.who);
        for member in [false, true] {
            let facts = Facts::tied(Ties { member, ..Ties::NONE });
            let decision = policy::decide::<policy::Calendar>(&actor, action, &facts);
            let expected = somebody.who.may_in_calendar(action, member);
            assert_eq!(decision.is_granted(), expected, "{action} by {:?}, member: {member}", somebody.who);
        }
    }
}

/// Compares who may book whom where: of each pair of calendar and contact.
pub async fn agrees_on_booking(made: &Made, somebody: &Somebody) {
    let actor = Actor::from_user(&somebody.person.row().await);
    let calendars = picked::<policy::Calendar>(made, &actor, Action::Book).await;
    let viewed =
        policy::filter::<policy::Contact>(&actor, Action::View, Wish::Nobody, false, made.world.now());
    let contacts = ids(made, policy::Contact::COLUMNS.table(), viewed).await;
    let may = |id: &ContactId| somebody.who.may_view_contact(made.related(somebody, *id));
    let expected: BTreeSet<Uuid> = made.contacts.keys().copied().filter(may).map(ContactId::uuid).collect();
    assert_eq!(contacts, expected, "filter of contacts for {:?}", somebody.who);
    for (calendar, member) in somebody.calendars.iter().zip([false, true]) {
        for (related, _, contact) in &somebody.contacts {
            let allowed = calendars.contains(&calendar.id.uuid()) && contacts.contains(&contact.id.uuid());
            let expected = somebody.who.may_book(member, *related);
            assert_eq!(allowed, expected, "book by {:?}, member: {member}, {related:?}", somebody.who);
        }
    }
}

/// Compares what a change may hold, and what it decides on what it has read of each.
pub async fn agrees_on_what_is_held(somebody: &Somebody) {
    let access = somebody.person.access().await;
    let mut unit = access.begin().await.expect("a change");
    let mine: Vec<AppointmentId> = somebody.appointments.iter().map(|(_, made)| made.id).collect();
    let held = unit.hold_appointments(&mine).await.expect("what one may view");
    for (case, appointment) in &somebody.appointments {
        let Some(held) = held.get(&appointment.id) else {
            assert!(!somebody.who.may_view(*case), "{:?} may hold {case:?}", somebody.who);
            continue;
        };
        let read = what_matters(held.standing.facts(unit.now()));
        assert_eq!(read, facts_of(somebody, *case), "read of {case:?}");
        for action in OF_APPOINTMENTS {
            let decision = unit.decide_appointment(held, action);
            let expected = somebody.who.may(action, *case);
            assert_eq!(decision.is_granted(), expected, "{action} by {:?} of {case:?}", somebody.who);
        }
    }
    drop(unit);
}

async fn picked<R: Tied>(made: &Made, actor: &Actor, action: Action) -> BTreeSet<Uuid> {
    let filter = policy::tied_filter::<R>(actor, action, made.world.now());
    ids(made, R::COLUMNS.table(), filter).await
}

async fn ids(made: &Made, table: DynIden, filter: Cond) -> BTreeSet<Uuid> {
    let select = Query::select()
        .column((table.clone(), "id"))
        .from(table.clone())
        .and_where(Expr::col((table, "account_id")).eq(made.world.account))
        .cond_where(filter)
        .take();
    let rows = made.world.sql.query_all(&select).await.expect("the filter is good SQL");
    let ids: Vec<Uuid> = rows.iter().map(|row| row.try_get("", "id").expect("an id")).collect();
    let unique: BTreeSet<Uuid> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "a filter never multiplies rows");
    unique
}

/// What a follow gives is no question where there is none.
fn what_matters(mut facts: Facts) -> Facts {
    if let Some(contact) = facts.contact.as_mut() {
        contact.follow_inherits &= contact.relation == Some(Relation::Follower);
    }
    facts
}

/// The facts as the test knows them.
fn facts_of(somebody: &Somebody, case: Case) -> Facts {
    let relation = match case.contact {
        Related::Owner => Some(Relation::Owner),
        Related::Follower => Some(Relation::Follower),
        Related::Stranger | Related::FollowedOnce => None,
    };
    let granted = |admin, granted| if admin { Permissions::ALL } else { granted };
    let owner = match case.contact {
        Related::Stranger => Owner::Unassigned,
        Related::Owner => {
            let permissions = granted(somebody.who.admin, somebody.who.granted);
            Owner::Assigned { active: true, permissions }
        }
        Related::Follower | Related::FollowedOnce => {
            Owner::Assigned { active: true, permissions: Permissions::of_a_new_user() }
        }
    };
    let follows = matches!(case.contact, Related::Follower);
    let contact = Facts { relation, follow_inherits: follows, owner, ..Facts::none() };
    let ties = Ties { assignee: case.assignee, attendee: case.attendee, member: case.member, author: false };
    Facts::appointment(ties, contact)
}
