//! The settings change while owners do: an act goes by those that held when it took place (O1, O9, AF5).

use entity::activity;
use entity::activity::Cause;
use retinue::domain::account::{SaveSettings, save_settings};
use retinue::domain::activity::Change;
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Racer, race, racer};
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, Setting, World};

const ROUNDS: usize = 40;

// F2, O1, O9, AF5
#[rstest]
#[tokio::test]
async fn nothing_is_added_automatically_while_owners_are_linked(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact, Setting::ContactOwnerFollowsOpportunities]).await;
    let mut chance = Chance::new();
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let (here, there) = (world.command_line(), world.replica().await.command_line());
    for round in 0..ROUNDS {
        let contact = world.contact().owned_by(&ada).create().await;
        let deal = world.opportunity(&contact).create().await;
        let access = here.access().await;
        let linked = SaveSettings {
            separate_owners: Some(false),
            expected_version: world.settings().await.version,
            ..Default::default()
        };
        let made = CreateOpportunity { owner: Patch::Set(cleo.id), ..world.opportunity_wish(contact.id) };
        let racers: Vec<Racer<'_>> = vec![
            racer(save_settings(&access, &linked), |committed| committed),
            racer(there.gives(&deal, &bob), |answer| answer.committed),
            racer(here.gives(&contact, &cleo), |answer| answer.committed),
            racer(there.makes_opportunity(made), |_| Default::default()),
            racer(here.gives(&deal, &ada), |answer| answer.committed),
        ];
        assert_eq!(race(&mut chance, racers).await, [], "round {round}: nobody is refused");
        invariants::assert_hold_of(&world, &[contact.id], Owners::MayDiffer).await;
        world.turn_on([Setting::SeparateOwners]).await;
    }
    assert_added_only_while_separate(&world).await;
}

/// The history tells in which mode each act took place.
async fn assert_added_only_while_separate(world: &World) {
    let of_account = activity::Column::AccountId.eq(world.account);
    let history =
        activity::Entity::find().filter(of_account).order_by_asc(activity::Column::Id).all(&world.sql).await;
    let (mut separate, mut added, mut switched) = (false, 0, 0);
    for entry in history.expect("the history") {
        if entry.kind == "account.settings_saved" {
            let value = entity::activity_value::Entity::find_by_id(entry.id).one(&world.sql).await;
            let changes = Change::read(&value.expect("read").expect("it has values").changes);
            for change in changes.expect("readable").iter().filter(|change| change.field == "separateOwners")
            {
                separate = change.after.as_deref() == Some("true");
                switched += 1;
            }
        }
        if entry.cause == Cause::AutoFollow {
            assert!(separate, "{entry:?} while owners were linked");
            added += 1;
        }
    }
    assert!(added > 0 && switched == 2 * ROUNDS + 1, "{added} were added over {switched} switches");
}
