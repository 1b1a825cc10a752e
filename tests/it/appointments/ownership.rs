//! Booking may give the contact to whoever was booked (C8), by the rules of any change of owner (A5, O3, F4, AF2).

use entity::activity;
use entity::member::Cause;
use policy::Permission::{self, ChangeOwners, EditContacts};
use policy::{OwnerChange, Reason};
use retinue::domain::activity::What;
use retinue::domain::appointment::{self, Book, Booked, ContactOwner};
use retinue::domain::calendar::diary::Span;
use rstest::rstest;

use super::checked::assert_sound;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts, AnyRecord as _, Calendar, Contact, Person, Setting, World};

/// Somebody books a member, who must be free.
async fn books(
    who: &impl Acts,
    calendar: &Calendar,
    contact: &Contact,
    member: &Person,
    time: Span,
) -> Booked {
    let wish = Book { assignee: Some(member.id), ..Book::new(calendar.id, contact.id, time.from) };
    let booked = appointment::book(&who.access().await, &wish).await.expect("the booking stands");
    let row = who.world().appointment_with(booked.appointment).row().await;
    assert_eq!((row.assignee_id, row.contact_id, row.starts_at), (member.id, contact.id, time.from));
    booked
}

/// The last that was told of a contact itself.
async fn told_last(contact: &Contact) -> activity::Model {
    let mut history = contact.history().await.into_iter();
    history.rfind(|entry| entry.appointment_id.is_none()).expect("a history")
}

// C8, O10
#[rstest]
#[tokio::test]
async fn booking_gives_the_contact_to_the_member(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let calendar = world.calendar().of([&bob, &cleo]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let booked = books(&ada, &calendar, &contact, &bob, world.hour(24)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given);
    assert_eq!((contact.owner().await, contact.version().await), (Some(bob.id), 2));
    assert_eq!(contact.followers().await, [], "nobody asked for more");

    let of_booking = &booked.committed.events[0];
    assert_eq!(of_booking.what, What::Booked);
    let told = told_last(&contact).await;
    assert_eq!((told.kind.as_str(), told.actor_id), ("contact.owner_changed", Some(ada.id)));
    assert_eq!(told.caused_by, Some(of_booking.id), "the booking is the cause");
    assert_sound(&world).await;
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// C8
#[rstest]
#[tokio::test]
async fn a_calendar_gives_away_only_what_it_is_told_to(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let plain = world.calendar().of([&bob]).create().await;
    let careful = world.calendar().of([&bob]).giving_the_contact_if_unowned().create().await;
    let generous = world.calendar().of([&bob]).giving_the_contact().create().await;
    let admin = world.command_line();
    let mut hours = 24..;
    let mut next = || world.hour(hours.next().expect("another hour"));

    let owned = world.contact().owned_by(&ada).create().await;
    assert_eq!(books(&admin, &plain, &owned, &bob, next()).await.contact_owner, ContactOwner::NotGiven);
    assert_eq!(books(&admin, &careful, &owned, &bob, next()).await.contact_owner, ContactOwner::KeptOwner);
    assert_eq!((owned.owner().await, owned.version().await), (Some(ada.id), 1));

    let free = world.contact().create().await;
    assert_eq!(books(&admin, &plain, &free, &bob, next()).await.contact_owner, ContactOwner::NotGiven);
    assert_eq!((free.owner().await, free.version().await), (None, 1));
    assert_eq!(books(&admin, &careful, &free, &bob, next()).await.contact_owner, ContactOwner::Given);
    assert_eq!((free.owner().await, free.version().await), (Some(bob.id), 2));

    // O7: what is so already is no change.
    for calendar in [&careful, &generous] {
        let booked = books(&admin, calendar, &free, &bob, next()).await;
        assert_eq!(booked.contact_owner, ContactOwner::OwnedAlready);
        assert_eq!(booked.committed.events.len(), 1, "the booking alone");
    }
    assert_eq!(free.version().await, 2);
    assert_eq!(books(&admin, &generous, &owned, &bob, next()).await.contact_owner, ContactOwner::Given);
    assert_eq!(owned.owner().await, Some(bob.id));
    assert_sound(&world).await;
}

/// How somebody who books stands to the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Owner,
    Follower,
    Stranger,
    /// Nobody owns it.
    Unassigned,
}

// C8, A5, A6: every row of A5, booking another and booking oneself.
#[rstest]
#[tokio::test]
async fn the_owner_moves_where_whoever_books_may_change_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let other = world.user("Other").create().await;
    let mut hours = 24..;
    let denied = |reason: Reason| Some(reason);
    let missing = |permission| Some(Reason::MissingPermission(permission));
    // Admin, holds CHANGE_OWNERS, holds EDIT_CONTACTS, how they stand, books themselves, why not.
    let table = [
        (true, false, false, Stands::Stranger, false, None),
        (true, false, false, Stands::Follower, false, None),
        (false, false, true, Stands::Owner, false, None),
        (false, false, false, Stands::Owner, false, missing(EditContacts)),
        (false, true, false, Stands::Owner, false, None),
        (false, true, true, Stands::Follower, false, denied(Reason::Follower)),
        (false, true, true, Stands::Follower, true, denied(Reason::Follower)),
        (false, false, true, Stands::Follower, true, denied(Reason::Follower)),
        (false, true, false, Stands::Stranger, false, None),
        (false, false, true, Stands::Stranger, false, missing(ChangeOwners)),
        (false, false, true, Stands::Stranger, true, missing(ChangeOwners)),
        (false, false, true, Stands::Unassigned, true, None),
        (false, false, true, Stands::Unassigned, false, denied(Reason::OnlyOneself)),
        (false, false, false, Stands::Unassigned, true, missing(ChangeOwners)),
        (false, true, false, Stands::Unassigned, false, None),
    ];
    for (number, line) in table.into_iter().enumerate() {
        let (admin, change_owners, edit, stands, oneself, expected) = line;
        let holds = [
            Some(Permission::ViewContacts),
            Some(Permission::ViewCalendars),
            Some(Permission::ManageAppointments),
            change_owners.then_some(ChangeOwners),
            edit.then_some(EditContacts),
        ];
        let person = world.user(&format!("Person {number}")).holding(holds.into_iter().flatten());
        let person = if admin { person.admin() } else { person }.create().await;
        let member = if oneself { &person } else { &other };
        let calendar = world.calendar().of([&other, &person]).giving_the_contact().create().await;
        let third = world.user("Third").create().await;
        let contact = match stands {
            Stands::Owner => world.contact().owned_by(&person),
            Stands::Follower => world.contact().owned_by(&third).followed_by(&person),
            Stands::Stranger => world.contact().owned_by(&third),
            Stands::Unassigned => world.contact(),
        };
        let contact = contact.create().await;
        let (before, seats) = (contact.row().await, contact.seats().await);
        let may_give = person.may_give(&contact).await;

        let time = world.hour(hours.next().expect("another hour"));
        let booked = books(&person, &calendar, &contact, member, time).await;
        assert_eq!(booked.contact_owner.denied_because(), expected, "{line:?}");
        if let Some(reason) = expected {
            assert_eq!((contact.row().await, contact.seats().await), (before, seats), "{line:?}");
            assert_eq!(booked.committed.events.len(), 1, "{line:?}");
            // A10: it says the same.
            let told = if reason == Reason::OnlyOneself {
                OwnerChange::OnlyOneself
            } else {
                OwnerChange::No(reason)
            };
            assert_eq!(may_give, Some(told), "{line:?}");
        } else {
            assert_eq!(booked.contact_owner, ContactOwner::Given, "{line:?}");
            assert_eq!(contact.owner().await, Some(member.id), "{line:?}");
            assert!(!contact.followers().await.contains(&member.id), "F3: {line:?}");
        }
    }
    assert_sound(&world).await;
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// C8, O3
#[rstest]
#[tokio::test]
async fn in_linked_mode_it_takes_what_the_change_reaches(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let calendar = world.calendar().of([&bob]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let same = world.opportunity(&contact).owned_by(&ada).create().await;
    let differs = world.opportunity(&contact).owned_by(&cleo).create().await;
    let followed = world.contact().owned_by(&ada).create().await;
    let reached = world.opportunity(&followed).owned_by(&ada).followed_by(&cleo).create().await;
    world.turn_off([Setting::SeparateOwners]).await;
    cleo.is_granted(ChangeOwners).await;

    let booked = books(&ada, &calendar, &contact, &bob, world.hour(24)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given);
    assert_eq!(contact.owner().await, Some(bob.id));
    assert_eq!((same.owner().await, differs.owner().await), (Some(bob.id), Some(cleo.id)));
    assert_eq!(told_last(&contact).await.caused_by, Some(booked.committed.events[0].id));

    let refused = books(&cleo, &calendar, &followed, &bob, world.hour(25)).await;
    assert_eq!(refused.contact_owner.denied_because(), Some(Reason::FollowsReached));
    assert_eq!((followed.owner().await, reached.owner().await), (Some(ada.id), Some(ada.id)));
    assert_eq!((followed.version().await, reached.version().await), (1, 1));

    let admin = world.user("Admin").admin().create().await;
    ada.adds([&admin], &reached).await.expect("an admin follows it too");
    let booked = books(&admin, &calendar, &followed, &bob, world.hour(26)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given, "unless admin");
    assert_eq!((followed.owner().await, reached.owner().await), (Some(bob.id), Some(bob.id)));
    assert_sound(&world).await;
}

// C8, AF2, AF4, AF5, F7
#[rstest]
#[tokio::test]
async fn the_member_follows_the_opportunities_where_the_account_says_so(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::ContactOwnerFollowsOpportunities, Setting::OpportunityOwnerFollowsContact]).await;
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let calendar = world.calendar().of([&bob]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&cleo).create().await;
    let full = world.opportunity(&contact).owned_by(&cleo).create().await;
    cleo.removes([&ada], &full).await.expect("room for ten others");
    cleo.adds(&world.crowd(10).await, &full).await.expect("ten fit");

    let booked = books(&ada, &calendar, &contact, &bob, world.hour(24)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given);
    assert_eq!(deal.followers().await, [ada.id, bob.id]);
    let seat = deal.seat_of(&bob).await.expect("they follow");
    assert_eq!((seat.cause, seat.added_by), (Cause::ContactOwnerFollowsOpportunities, Some(ada.id)));
    assert_eq!(full.seat_of(&bob).await, None, "the change stands, the follow is skipped");
    let skipped =
        |event: &&retinue::domain::activity::Event| matches!(event.what, What::FollowerSkipped { .. });
    assert_eq!(booked.committed.events.iter().filter(skipped).count(), 1);
    invariants::assert_hold(&world, Owners::MayDiffer).await;

    world.turn_off([Setting::SeparateOwners]).await;
    let linked = world.contact().owned_by(&ada).create().await;
    let of_linked = world.opportunity(&linked).owned_by(&ada).create().await;
    books(&ada, &calendar, &linked, &bob, world.hour(25)).await;
    assert_eq!((of_linked.owner().await, of_linked.followers().await), (Some(bob.id), Vec::new()), "AF5");
}

// C8, F4
#[rstest]
#[tokio::test]
async fn the_previous_owner_follows_where_the_account_says_so(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let calendar = world.calendar().of([&bob]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    let booked = books(&ada, &calendar, &contact, &bob, world.hour(24)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given);
    assert_eq!((contact.owner().await, contact.followers().await), (Some(bob.id), vec![ada.id]));
    let seat = contact.seat_of(&ada).await.expect("they follow");
    assert_eq!(seat.cause, Cause::PreviousOwner);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// C8: at booking only.
#[rstest]
#[tokio::test]
async fn nothing_after_the_booking_gives_the_contact(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let plain = world.calendar().of([&bob, &cleo]).create().await;
    let giving = world.calendar().of([&bob, &cleo]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let admin = world.command_line().access().await;
    let id = books(&world.command_line(), &plain, &contact, &bob, world.hour(24)).await.appointment;
    let over = appointment::Reschedule {
        appointment: id,
        starts_at: None,
        ends_at: None,
        zone: None,
        calendar: Some(giving.id),
        assignee: None,
        overbook: false,
        expected_version: None,
    };
    appointment::reschedule(&admin, &over).await.expect("moved over");
    let give =
        appointment::Reassign { appointment: id, assignee: cleo.id, overbook: false, expected_version: None };
    appointment::reassign(&admin, &give).await.expect("given");
    let wish = appointment::DeleteAppointment { appointment: id, expected_version: None };
    appointment::delete(&admin, &wish).await.expect("deleted");
    let wish = appointment::RestoreAppointment { appointment: id };
    appointment::restore(&admin, &wish).await.expect("restored");
    assert_eq!((contact.owner().await, contact.version().await), (Some(ada.id), 1));
    assert_sound(&world).await;
}

// C8, G2: whoever gives away what only owners see has booked all the same.
#[rstest]
#[tokio::test]
async fn whoever_gives_it_out_of_their_own_sight_has_booked(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] =
        [world.user("Ada").restricted().create().await, world.user("Bob").restricted().create().await];
    let calendar = world.calendar().of([&ada, &bob]).giving_the_contact().create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let booked = books(&ada, &calendar, &contact, &bob, world.hour(24)).await;
    assert_eq!(booked.contact_owner, ContactOwner::Given);
    assert!(!ada.sees(&contact).await && bob.sees(&contact).await);
    let seen = ada.access().await.find_appointments(&[booked.appointment]).await.expect("found");
    assert!(seen.is_empty(), "C3: a member sees nothing by that alone");
}
