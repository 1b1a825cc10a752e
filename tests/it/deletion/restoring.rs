//! What comes back, to whom, and what does not (R4, A6).

use policy::Permission::{DeleteContacts, DeleteOpportunities};
use retinue::domain::deletion::DAYS;
use retinue::domain::error::RefusalKind;
use retinue::domain::record::RecordRef;
use rstest::rstest;

use super::state;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const DAY: i64 = 24 * 60 * 60;

// R4
#[rstest]
#[tokio::test]
async fn a_contact_comes_back_as_it_was_with_the_opportunities_of_three_owners(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo, dan] = world.users(["Ada", "Bob", "Cleo", "Dan"]).await;
    let deleter = world.user("Deleter").restricted().also_holding([DeleteContacts]).create().await;
    let contact =
        world.contact().named("Bea").tagged(["vip"]).owned_by(&ada).followed_by(&deleter).create().await;
    let one = world.opportunity(&contact).worth(5).owned_by(&ada).followed_by(&dan).create().await;
    let two = world.opportunity(&contact).worth(7).owned_by(&bob).in_stage(world.stages[1]).create().await;
    let three = world.opportunity(&contact).owned_by(&cleo).followed_by(&deleter).create().await;
    let none = world.opportunity(&contact).worth(1).create().await;
    let earlier = world.opportunity(&contact).owned_by(&ada).create().await;
    ada.mutes(&contact, true).await.expect("muted");
    world.command_line().deletes(&earlier).await.expect("deleted by itself");
    let deals = [&one, &two, &three, &none];
    let before = state(&contact, &deals).await;
    world.clock.advance_seconds(60);

    assert_eq!(deleter.deletes(&contact).await.expect("deleted").opportunities, [three.id]);
    world.clock.advance_seconds(60);
    let restored = deleter.restores(&contact).await.expect("restored");
    assert_eq!(restored.opportunities, [three.id], "A7: only what they see is told of");
    assert_eq!(state(&contact, &deals).await, before, "everything is as it was");
    for record in deals {
        assert_eq!((record.version().await, record.updated_at().await), (3, world.now()));
        assert!(world.command_line().sees(record).await);
    }
    assert_eq!(contact.version().await, 3);
    assert_eq!(contact.activity_after(2).await, ["contact.deleted", "contact.restored"]);
    assert!(!world.command_line().sees(&earlier).await, "its own deletion stands");
    invariants::assert_hold(&world, Owners::MayDiffer).await;

    world.command_line().restores(&earlier).await.expect("now it can be restored");
    assert_eq!(earlier.version().await, 3);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
    assert_eq!(world.refusal(deleter.restores(&contact)).await, RefusalKind::NotFound, "it is there");
}

// R4, O8
#[rstest]
#[tokio::test]
async fn an_owner_who_has_left_comes_back_as_none(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let contact = world.contact().owned_by(&ada).followed_by(&cleo).create().await;
    let hers = world.opportunity(&contact).owned_by(&ada).followed_by(&cleo).create().await;
    let his = world.opportunity(&contact).owned_by(&bob).create().await;
    // Nobody is added because an owner goes (AF3), and nobody needs A5 for it (A6).
    world.turn_on([Setting::ContactOwnerFollowsOpportunities, Setting::PreviousOwnerFollows]).await;
    let restorer = world.user("Restorer").also_holding([DeleteContacts]).create().await;
    restorer.deletes(&contact).await.expect("deleted");
    ada.leaves().await;
    cleo.leaves().await;
    assert_eq!(contact.owner().await, Some(ada.id), "O11: it keeps its owner until it is restored");
    restorer.restores(&contact).await.expect("restored");
    assert_eq!((contact.owner().await, hers.owner().await, his.owner().await), (None, None, Some(bob.id)));
    assert_eq!((contact.seats().await, hers.seats().await), (vec![], vec![]), "who left does not follow");
    assert_eq!(
        contact.activity_after(1).await,
        [
            "contact.follower_added",
            "contact.deleted",
            "contact.follower_removed",
            "contact.restored",
            "contact.owner_changed"
        ]
    );
    let history = contact.history().await;
    let [.., restored, changed] = &history[..] else { panic!("two entries") };
    assert_eq!(changed.caused_by, Some(restored.id));
    assert_eq!(contact.version().await, 4, "deleted, restored, and another owner");
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// R4, O3
#[rstest]
#[tokio::test]
async fn linked_an_owner_who_has_left_comes_back_as_the_contacts(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).followed_by(&bob).create().await;
    let other = world.opportunity(&contact).owned_by(&ada).create().await;
    for deal in [&deal, &other] {
        world.command_line().deletes(deal).await.expect("deleted");
    }
    world.command_line().gives(&contact, &bob).await.expect("given");
    ada.leaves().await;
    world.command_line().restores(&deal).await.expect("restored");
    assert_eq!(
        (deal.owner().await, deal.followers().await),
        (Some(bob.id), vec![]),
        "F3: Bob follows no more"
    );
    world.command_line().clears_owner_of(&contact).await.expect("cleared");
    world.command_line().restores(&other).await.expect("restored");
    assert_eq!(other.owner().await, None);
    invariants::assert_hold(&world, Owners::AreOne).await;

    // A whole contact whose owner has left has none, and its opportunities with it.
    let whole = world.contact().owned_by(&bob).create().await;
    let of_it = world.opportunity(&whole).owned_by(&bob).create().await;
    world.command_line().deletes(&whole).await.expect("deleted");
    bob.leaves().await;
    world.command_line().restores(&whole).await.expect("restored");
    assert_eq!((whole.owner().await, of_it.owner().await), (None, None));
    invariants::assert_hold(&world, Owners::AreOne).await;
}

// R4, F7
#[rstest]
#[tokio::test]
async fn a_follow_that_ended_meanwhile_does_not_come_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let until = world.in_seconds(600);
    let contact = world.contact().owned_by(&ada).followed_until(&bob, until).create().await;
    world.command_line().deletes(&contact).await.expect("deleted");
    world.clock.advance_seconds(3_600);
    let ended = world.base.ended_follows(world.now(), 1_000_000).await.expect("looked for");
    let is_this = |(_, record): &(_, RecordRef)| *record == contact.record();
    assert!(!ended.iter().any(is_this), "what is deleted is left alone");
    world.command_line().restores(&contact).await.expect("restored");
    assert_eq!(contact.seat_of(&bob).await, None);
    assert_eq!(
        contact.activity_after(2).await,
        ["contact.deleted", "contact.follow_ended", "contact.restored"]
    );
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}

// R4
#[rstest]
#[tokio::test]
async fn an_opportunity_of_a_deleted_contact_is_not_restored_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let restorer = world.user("Restorer").restricted().also_holding([DeleteOpportunities]).create().await;
    let contact = world.contact().named("Bea").owned_by(&oda).create().await;
    let own = world.opportunity(&contact).followed_by(&restorer).create().await;
    let with_it = world.opportunity(&contact).followed_by(&restorer).create().await;
    let hidden = world.opportunity(&contact).create().await;
    restorer.deletes(&own).await.expect("deleted by itself");
    world.command_line().deletes(&contact).await.expect("deleted");
    for deal in [&own, &with_it] {
        let refusal = world.refused(restorer.restores(deal)).await;
        assert_eq!(refusal.kind, RefusalKind::InvalidInput);
        assert!(refusal.message.contains("its contact was deleted at 2026-01-05T"), "{}", refusal.message);
    }
    assert_eq!(world.refusal(restorer.restores(&hidden)).await, RefusalKind::NotFound);
    assert_eq!(world.refusal(restorer.restores(&contact)).await, RefusalKind::NotFound);
    world.command_line().restores(&contact).await.expect("restored");
    restorer.restores(&own).await.expect("its contact is there again");
    assert!(restorer.sees(&own).await && restorer.sees(&with_it).await);
}

// R4, A7
#[rstest]
#[tokio::test]
async fn who_may_not_restore_finds_nothing_at_the_same_cost(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let hidden = world.user("Hidden").restricted().also_holding([DeleteContacts]).create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    let unknown = world.contact_with(world.base.ids.next());
    let never = world.opportunity_with(world.base.ids.next());
    world.command_line().deletes(&contact).await.expect("deleted");
    for person in [&oda, &hidden] {
        for (gone, never) in [(&contact, &unknown)] {
            let refusal = world.refused(person.restores(gone)).await;
            assert_eq!(refusal, world.refused(person.restores(never)).await);
            assert_eq!(refusal.kind, RefusalKind::NotFound);
            let (_, one) = world.sent_by(person.restores(gone)).await;
            let (_, other) = world.sent_by(person.restores(never)).await;
            assert_eq!(one.len(), other.len(), "{one:#?}");
        }
        let (_, one) = world.sent_by(person.restores(&deal)).await;
        let (_, other) = world.sent_by(person.restores(&never)).await;
        assert_eq!(one.len(), other.len(), "{one:#?}");
    }
    // What is there cannot be restored.
    let there = world.contact().create().await;
    assert_eq!(world.refusal(world.command_line().restores(&there)).await, RefusalKind::NotFound);
}

// R4
#[rstest]
#[tokio::test]
async fn after_sixty_days_nothing_comes_back(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [late, later] = [world.contact().create().await, world.contact().create().await];
    world.command_line().deletes(&late).await.expect("deleted");
    world.clock.advance_seconds(1);
    world.command_line().deletes(&later).await.expect("deleted");
    world.clock.advance_seconds(DAYS * DAY - 1);
    assert_eq!(world.refusal(world.command_line().restores(&late)).await, RefusalKind::NotFound);
    world.command_line().restores(&later).await.expect("one second is left");
}
