//! The doctor finds what differs from the truth, mends it, and leaves everything else alone.

use entity::opportunity::Status;
use retinue::domain::doctor::{self, Check, Finding};
use retinue::domain::patch::Patch;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, World};

/// What somebody does to the tables behind everybody's back, and which check must say so. `{a}` is the account.
const DAMAGES: [(&str, Check, usize); 13] = [
    ("UPDATE contact_member SET slot = 9 WHERE account_id = {a} AND slot = 0", Check::ContactOwners, 2),
    ("DELETE FROM contact_member WHERE account_id = {a} AND slot = 0", Check::ContactOwners, 2),
    (
        "UPDATE opportunity_member SET slot = 9 WHERE account_id = {a} AND slot = 0",
        Check::OpportunityOwners,
        3,
    ),
    ("DELETE FROM opportunity_member WHERE account_id = {a} AND slot = 0", Check::OpportunityOwners, 3),
    (
        "UPDATE contact_member SET record_updated_at = record_updated_at + 1 WHERE account_id = {a} AND slot = 1",
        Check::ContactMemberships,
        1,
    ),
    (
        "UPDATE opportunity_member SET deleted_at = 5 WHERE account_id = {a} AND slot > 0",
        Check::OpportunityMemberships,
        3,
    ),
    (
        "UPDATE stage_total SET opportunities = opportunities + 1 WHERE account_id = {a} AND status = 'WON'",
        Check::StageTotals,
        1,
    ),
    (
        "UPDATE stage_total SET value_minor = value_minor - 1 WHERE account_id = {a} AND status = 'WON'",
        Check::StageTotals,
        1,
    ),
    ("DELETE FROM stage_total WHERE account_id = {a}", Check::StageTotals, 3),
    (
        "UPDATE member_stage_total SET value_minor = value_minor + 7 WHERE account_id = {a} AND owns AND opportunities > 0",
        Check::PeopleTotals,
        3,
    ),
    ("DELETE FROM member_stage_total WHERE account_id = {a} AND NOT owns", Check::PeopleTotals, 3),
    (
        "INSERT INTO member_stage_total (user_id, stage_id, status, owns, account_id, opportunities, value_minor) \
         SELECT user_id, stage_id, 'ABANDONED', owns, account_id, 1, 0 FROM member_stage_total \
         WHERE account_id = {a} AND owns AND status = 'WON'",
        Check::PeopleTotals,
        1,
    ),
    (
        "UPDATE opportunity SET owner_id = NULL WHERE account_id = {a} AND name = 'A'",
        Check::OpportunityOwners,
        1,
    ),
];

/// Two contacts and four opportunities, one of them won, one unassigned; owners and followers on them.
async fn account(on: Kind) -> Option<World> {
    let world = World::separate_on(on).await?;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    world.contact().owned_by(&bob).create().await;
    for (name, stage) in [("A", 0), ("B", 1), ("C", 2)] {
        let builder = world.opportunity(&contact).named(name).worth(10).in_stage(world.stages[stage]);
        let deal = builder.owned_by(&ada).followed_by(&bob).create().await;
        if name == "C" {
            world.command_line().closes(&deal, Status::Won, Patch::Keep).await.expect("it is won");
        }
    }
    world.opportunity(&contact).named("D").create().await;
    Some(world)
}

async fn damage(world: &World, sql: &str) {
    let account = format!("(SELECT id FROM account WHERE name = '{}')", world.settings().await.name);
    world.sql.execute_unprepared(&sql.replace("{a}", &account)).await.expect("it is damaged");
}

async fn examined(world: &World) -> Vec<Finding> {
    doctor::examine(&world.command_line().access().await).await.expect("it is examined")
}

fn differ(findings: &[Finding]) -> Vec<(Check, usize)> {
    let found = findings.iter().filter(|finding| finding.differences > 0);
    found.map(|finding| (finding.check, finding.differences)).collect()
}

#[rstest]
#[tokio::test]
async fn every_damage_is_found_and_mended(#[values(Sqlite, Postgres)] on: Kind) {
    let (Some(world), Some(other)) = (account(on).await, account(on).await) else { return };
    assert_eq!(differ(&examined(&world).await), []);
    for (sql, check, count) in DAMAGES {
        let before = world.tables().await;
        damage(&world, sql).await;
        let damaged = world.tables().await;
        let found = examined(&world).await;
        let differences = differ(&found);
        assert_eq!(differences[0], (check, count), "{sql}: {differences:?}");
        // Who owns and follows is counted too, and nothing else.
        assert!(differences[1..].iter().all(|(other, _)| *other == Check::PeopleTotals), "{differences:?}");
        let finding = found.iter().find(|finding| finding.check == check).expect("that check");
        assert_eq!((finding.examples.len(), finding.remaining), (count, count), "{sql}");
        assert_ne!(finding.examples[0].kept, finding.examples[0].truth, "{finding:?}");
        damaged.assert_same(&world.tables().await);

        let access = world.command_line().access().await;
        let mended = doctor::repair(&access).await.expect("it is mended");
        assert!(differ(&mended).contains(&(check, count)), "{sql}: {mended:?}");
        assert!(mended.iter().all(|finding| finding.remaining == 0), "{sql}: {mended:?}");
        assert_eq!(differ(&examined(&world).await), [], "{sql}");
        invariants::assert_totals(&world).await;
        // Where nothing was lost, everything is as it was; totals may lie in other parts.
        if [Check::ContactMemberships, Check::OpportunityMemberships].contains(&check) {
            before.assert_same(&world.tables().await);
        }
        // A second repair has nothing to do.
        let mended = world.tables().await;
        assert_eq!(differ(&doctor::repair(&access).await.expect("nothing to mend")), [], "{sql}");
        mended.assert_same(&world.tables().await);
    }
    assert_eq!(differ(&examined(&other).await), []);
}

// F3, F8
#[rstest]
#[tokio::test]
async fn the_record_says_who_owns_it_and_a_mute_stays(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).followed_by(&bob).create().await;
    ada.mutes(&contact, true).await.expect("it is muted");
    let seats = contact_seats(&contact).await;
    // The two change places.
    for sql in [
        "UPDATE contact_member SET slot = 10 WHERE account_id = {a} AND slot = 1",
        "UPDATE contact_member SET slot = 1 WHERE account_id = {a} AND slot = 0",
        "UPDATE contact_member SET slot = 0 WHERE account_id = {a} AND slot = 10",
    ] {
        damage(&world, sql).await;
    }
    let access = world.command_line().access().await;
    doctor::repair(&access).await.expect("it is mended");
    let mended = contact_seats(&contact).await;
    assert_eq!(mended, [seats[0]], "the owner is back, and whoever sat there unduly is off");
    assert!(mended[0].2, "the mute stays");
}

async fn contact_seats(contact: &crate::world::Contact) -> Vec<(entity::UserId, i16, bool)> {
    use crate::world::AnyRecord as _;
    contact.seats().await.into_iter().map(|seat| (seat.user, seat.slot, seat.muted_at.is_some())).collect()
}

#[rstest]
#[tokio::test]
async fn one_account_is_mended_and_another_left_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = account(on).await else { return };
    let other = world.beside().await;
    let contact = other.contact().create().await;
    other.opportunity(&contact).worth(5).create().await;
    for each in [&world, &other] {
        damage(each, "DELETE FROM stage_total WHERE account_id = {a}").await;
    }
    doctor::repair(&world.command_line().access().await).await.expect("it is mended");
    assert_eq!(differ(&examined(&world).await), []);
    assert_eq!(differ(&examined(&other).await), [(Check::StageTotals, 1)]);
    invariants::assert_hold(&world, Owners::MayDiffer).await;
}
