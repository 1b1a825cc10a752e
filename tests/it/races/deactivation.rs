//! Somebody leaves while they are given records and added to them (O8, F5).

use entity::member::Cause;
use entity::{activity, contact};
use policy::Permission;
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::error::{Error, RefusalKind};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use retinue::domain::user::SetUser;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

const ROUNDS: usize = 60;

// F2, F5, O8
#[rstest]
#[tokio::test]
async fn nobody_gets_a_record_after_they_left(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let mut chance = Chance::new();
    let [ada, leaver] = world.users(["Ada", "Leaver"]).await;
    let manager = world.user("Manager").also_holding([Permission::ChangeOwners]).create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    // Activities of one server are in the order in which they came about.
    let (mut won, mut lost) = (0, 0);
    for round in 0..ROUNDS {
        let made = CreateOpportunity {
            followers: vec![leaver.id],
            owner: Patch::Clear,
            ..world.opportunity_wish(contact.id)
        };
        let access = world.command_line().access().await;
        let leaves = SetUser { active: Some(false), ..Default::default() };
        let racers: Vec<Racer<'_>> = vec![
            racer(retinue::domain::user::set(&access, leaver.id, &leaves), |committed| committed),
            racer(manager.gives(&contact, &leaver), |answer| answer.committed),
            racer(manager.gives(&deal, &leaver), |answer| answer.committed),
            racer(manager.adds([&leaver], &contact), |answer| answer.committed),
            racer(manager.adds([&leaver], &deal), |answer| answer.committed),
            racer(manager.makes_opportunity(made), |_| Default::default()),
        ];
        let refusals = race(&mut chance, racers).await;
        assert!(refusals.iter().all(|refusal| refusal.kind == RefusalKind::NotFound), "{refusals:?}");
        lost += refusals.len();
        won += 5 - refusals.len();
        invariants::assert_hold(&world, Owners::MayDiffer).await;
        for record in [contact.record(), deal.record()] {
            let seats = world.seats_of(record).await;
            let follows = seats.iter().any(|seat| seat.user == leaver.id && seat.slot > 0);
            assert!(!follows, "round {round}: who left follows nothing");
        }
        nothing_after_the_end(&world, &leaver, round).await;

        leaver.returns().await;
        for record in [contact.record(), deal.record()] {
            let seats = world.seats_of(record).await;
            let auto = seats.iter().all(|seat| seat.cause != Cause::OpportunityOwnerFollowsContact);
            assert!(auto, "round {round}: reactivation restores no follow");
        }
        manager.gives(&contact, &ada).await.expect("back to Ada");
        manager.gives(&deal, &ada).await.expect("back to Ada");
        manager.removes([&leaver, &ada], &contact).await.expect("nobody follows");
    }
    assert!(won > 0 && lost > 0, "{won} acts came before the end and {lost} after it: no race");
}

// F2, F4, F5, AF2, AF3: nor are they added by what others do.
#[rstest]
#[tokio::test]
async fn nobody_is_made_a_follower_after_they_left(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::ContactOwnerFollowsOpportunities]).await;
    let mut chance = Chance::new();
    let [ada, leaver] = world.users(["Ada", "Leaver"]).await;
    let here = world.command_line();
    for round in 0..ROUNDS {
        let contact = world.contact().owned_by(&leaver).create().await;
        let own = world.opportunity(&contact).owned_by(&leaver).create().await;
        let other = world.opportunity(&contact).create().await;
        let made = CreateOpportunity { owner: Patch::Set(ada.id), ..world.opportunity_wish(contact.id) };
        let access = here.access().await;
        let leaves = SetUser { active: Some(false), ..Default::default() };
        let racers: Vec<Racer<'_>> = vec![
            racer(retinue::domain::user::set(&access, leaver.id, &leaves), |committed| committed),
            racer(here.gives_while_the_previous_follows(&own, Some(&ada)), |answer| answer.committed),
            racer(here.gives(&other, &ada), |answer| answer.committed),
            racer(here.makes_opportunity(made.clone()), |_| Default::default()),
            racer(here.makes_opportunity(made), |_| Default::default()),
        ];
        assert_eq!(race(&mut chance, racers).await, [], "round {round}: nobody is refused");
        invariants::assert_hold_of(&world, &[contact.id], Owners::MayDiffer).await;
        nothing_after_the_end(&world, &leaver, round).await;
        leaver.returns().await;
    }
}

// F5, O8, P4: their request began before they left; what they would own or follow is not made any more.
#[rstest]
#[tokio::test]
async fn who_left_meanwhile_makes_nothing_of_their_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada] = world.users(["Ada"]).await;
    let leaver = world.user("Leaver").restricted().create().await;
    let access = leaver.access().await;
    leaver.leaves().await;

    // Other tests write beside this one, into accounts of their own.
    let happened = async || {
        let of_account = activity::Entity::find().filter(activity::Column::AccountId.eq(world.account));
        of_account.count(&world.sql).await.expect("the history")
    };
    let before = happened().await;
    for owner in [Patch::Keep, Patch::Clear, Patch::Set(ada.id), Patch::Set(leaver.id)] {
        let wish = CreateContact {
            fields: ContactFields { first_name: Patch::Set("Late".into()), ..Default::default() },
            owner,
            followers: Vec::new(),
            made_at: None,
        };
        match retinue::domain::contact::create(&access, &wish).await {
            Err(Error::Refused(refusals)) => {
                let kinds: Vec<_> = refusals.iter().map(|refusal| refusal.kind.clone()).collect();
                assert_eq!(kinds, [RefusalKind::NotFound]);
            }
            other => panic!("they left: {other:?}"),
        }
    }
    assert_eq!(happened().await, before);
    let contacts =
        contact::Entity::find().filter(contact::Column::AccountId.eq(world.account)).count(&world.sql).await;
    assert_eq!(contacts.expect("contacts"), 0);
}

/// What names the leaver as new owner or follower came about before they left.
async fn nothing_after_the_end(world: &World, leaver: &crate::world::Person, round: usize) {
    let of_leaver = activity::Entity::find()
        .filter(activity::Column::UserId.eq(leaver.id))
        .order_by_desc(activity::Column::Id)
        .one(&world.sql)
        .await;
    let left = of_leaver.expect("the history").expect("they left").id;
    let after = activity::Entity::find()
        .filter(activity::Column::AccountId.eq(world.account))
        .filter(activity::Column::Id.gt(left))
        .all(&world.sql)
        .await
        .expect("the history");
    let ids: Vec<_> = after.iter().map(|entry| entry.id).collect();
    let values = entity::activity_value::Entity::find()
        .filter(entity::activity_value::Column::ActivityId.is_in(ids))
        .all(&world.sql)
        .await
        .expect("its values");
    let named = format!(r#""after":"{}""#, leaver.id);
    let put_in: Vec<_> = values.iter().filter(|value| value.changes.contains(&named)).collect();
    assert!(put_in.is_empty(), "round {round}: {put_in:?} after the end of {leaver:?}");
}
