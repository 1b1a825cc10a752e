//! Who is not told, whatever they are to the record (N2, F8, P3).

use entity::notification::{Kind as What, Reason};
use policy::Permission::{ViewContacts, ViewOpportunities};
use rstest::rstest;

use super::line;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

/// Further than the sweep of any other test looks.
const FAR: i64 = 400 * 24 * 60 * 60;

// N2, F8, P3
#[rstest]
#[tokio::test]
async fn only_who_is_related_willing_and_able_to_see_is_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, finn, meg, sven, _] = world.users(["Oda", "Finn", "Meg", "Sven", "Stranger"]).await;
    let blind = world.user("Blind").lacking([ViewContacts]).create().await;
    let bound = world.user("Bound").restricted().create().await;
    let elsewhere = world.beside().await.user("Elsewhere").create().await;
    let contact = world
        .contact()
        .owned_by(&oda)
        .followed_by(&finn)
        .followed_by(&meg)
        .followed_by(&sven)
        .followed_by(&blind)
        .followed_by(&bound)
        .create()
        .await;
    let ended = world.user("Ended").create().await;
    world.command_line().adds_until([&ended], &contact, Some(world.in_seconds(FAR))).await.expect("added");
    meg.mutes(&contact, true).await.expect("muted");
    sven.wants(What::RecordUpdated, false).await;

    let told = world.told_of(finn.renames(&contact, "Zoe")).await;
    let of = |person, reason| line(person, What::RecordUpdated, reason, 1);
    assert_eq!(
        told,
        [of(&bound, Reason::Follower), of(&ended, Reason::Follower), of(&oda, Reason::Owner)],
        "not the actor, not who muted it, not who wants none, not who sees no contacts"
    );
    assert!(elsewhere.numbers().await.is_empty());

    // F7: an ended follow is none, P4: rights are those of the moment.
    meg.mutes(&contact, false).await.expect("unmuted");
    world.clock.advance_seconds(FAR);
    blind.is_granted(ViewContacts).await;
    bound.loses(ViewContacts).await;
    sven.wants(What::RecordUpdated, true).await;
    let told = world.told_of(world.command_line().renames(&contact, "Zora")).await;
    // The end of a follow is written down in the same act.
    let of = |person, reason| line(person, What::RecordUpdated, reason, 2);
    let expected = [
        of(&blind, Reason::Follower),
        line(&ended, What::FollowLost, Reason::Removed, 1),
        of(&finn, Reason::Follower),
        of(&meg, Reason::Follower),
        of(&oda, Reason::Owner),
        of(&sven, Reason::Follower),
    ];
    assert_eq!(told, expected, "and nobody did what the command line does");
}

// N2
#[rstest]
#[tokio::test]
async fn who_has_left_is_told_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, finn] = world.users(["Oda", "Finn"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    oda.leaves().await;
    assert_eq!(world.told_of(finn.renames(&contact, "Zoe")).await, []);
}

// N2: what one sees nothing of asks nothing.
#[rstest]
#[tokio::test]
async fn what_concerns_nobody_costs_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    for _ in 0..2 {
        let (told, sent) = world.sent_by(oda.moves(&deal, world.stages[1])).await;
        told.expect("moved");
        let asked = |table: &str| sent.iter().filter(|sent| sent.sql.contains(table)).count();
        assert_eq!(asked("notification"), 0, "{sent:#?}");
        oda.moves(&deal, world.stages[0]).await.expect("moved back");
    }
}

// N2: hidden contacts and opportunities are apart (A8).
#[rstest]
#[tokio::test]
async fn who_follows_the_contact_hears_nothing_of_its_opportunities(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, finn, vera] = world.users(["Oda", "Finn", "Vera"]).await;
    let blind = world.user("Blind").lacking([ViewOpportunities]).create().await;
    let contact = world.contact().owned_by(&oda).followed_by(&finn).create().await;
    let deal = world.opportunity(&contact).owned_by(&vera).followed_by(&blind).create().await;
    let told = world.told_of(world.command_line().renames(&deal, "Deal")).await;
    assert_eq!(told, [line(&vera, What::RecordUpdated, Reason::Owner, 1)]);
    let told = world.told_of(world.command_line().renames(&contact, "Zoe")).await;
    let finn = line(&finn, What::RecordUpdated, Reason::Follower, 1);
    assert_eq!(told, [finn, line(&oda, What::RecordUpdated, Reason::Owner, 1)]);
}
