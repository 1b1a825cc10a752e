//! Who changes a record, and who passes that on (A2, A9).

use policy::Permission::{EditContacts, EditOpportunities, ViewLeadValue};
use retinue::domain::error::RefusalKind;
use retinue::domain::opportunity::OpportunityFields;
use retinue::domain::patch::Patch;
use retinue::domain::user::SetUser;
use rstest::rstest;
use rust_decimal::Decimal;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

const DENIED: RefusalKind = RefusalKind::PermissionDenied { permission: Some(EditContacts) };

// A2
#[rstest]
#[tokio::test]
async fn a_follower_inherits_what_the_owner_may_edit(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").lacking([EditContacts]).restricted().create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;
    follower.renames(&contact, "Bea").await.expect("the owner's permission is theirs");
    assert_eq!(contact.row().await.first_name.as_deref(), Some("Bea"));
}

// A2
#[rstest]
#[tokio::test]
async fn an_owner_passes_on_what_they_hold_at_this_moment(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner, next] = world.users(["Owner", "Next"]).await;
    let follower = world.user("Follower").lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).create().await;

    owner.loses(EditContacts).await;
    assert_eq!(world.refusal(follower.renames(&contact, "A")).await, DENIED);
    owner.is_granted(EditContacts).await;
    follower.renames(&contact, "A").await.expect("again");
    owner.leaves().await;
    assert_eq!(world.refusal(follower.renames(&contact, "B")).await, DENIED);
    world.command_line().gives(&contact, &next).await.expect("another owner");
    follower.renames(&contact, "B").await.expect("the next owner's permission");
    world.command_line().clears_owner_of(&contact).await.expect("nobody's");
    assert_eq!(world.refusal(follower.renames(&contact, "C")).await, DENIED);
}

// A2
#[rstest]
#[tokio::test]
async fn one_gives_only_what_one_has(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").lacking([EditContacts]).create().await;
    let friend = world.user("Friend").lacking([EditContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_without_inheriting_by(&follower).create().await;
    assert_eq!(world.refusal(follower.renames(&contact, "A")).await, DENIED);
    assert_eq!(world.refusal(follower.adds([&friend], &contact)).await, DENIED);

    // Added anew by somebody who may edit it, they inherit, and pass that on.
    owner.removes([&follower], &contact).await.expect("off");
    owner.adds([&follower], &contact).await.expect("on");
    follower.adds([&friend], &contact).await.expect("they may edit it");
    friend.renames(&contact, "B").await.expect("so may whom they add");
}

// A2: the act's beginning counts.
#[rstest]
#[tokio::test]
async fn who_gives_a_record_away_could_edit_it_as_the_act_began(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Owner").restricted().create().await;
    let [next] = world.users(["Next"]).await;
    let contact = world.contact().owned_by(&owner).create().await;
    owner.gives_while_the_previous_follows(&contact, Some(&next)).await.expect("given");
    let seat = contact.seat_of(&owner).await.expect("they follow");
    assert!(seat.inherits_edit);
    owner.loses(EditContacts).await;
    owner.renames(&contact, "A").await.expect("inherited from the next owner");
}

// A2: nothing but editing is inherited.
#[rstest]
#[tokio::test]
async fn the_value_is_not_inherited(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [owner] = world.users(["Owner"]).await;
    let follower = world.user("Follower").lacking([EditOpportunities, ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).owned_by(&owner).followed_by(&follower).worth(5).create().await;
    follower.renames(&deal, "Roof").await.expect("editing is inherited");

    // A9: a denied argument is refused, not ignored, and nothing beside it is written either.
    for value in [Patch::Set(Decimal::from(7)), Patch::Set(Decimal::from(5)), Patch::Clear] {
        let fields = OpportunityFields { value, name: Patch::Set("Wall".into()), ..Default::default() };
        let refusal = world.refused(follower.updates_opportunity(&deal, fields)).await;
        assert_eq!(refusal.kind, RefusalKind::PermissionDenied { permission: Some(ViewLeadValue) });
        assert_eq!(refusal.field, ["input", "monetaryValue"]);
    }
    assert_eq!(deal.row().await.value_minor, Some(500));
}

// A2
#[rstest]
#[tokio::test]
async fn editing_one_module_says_nothing_of_the_other(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").lacking([EditOpportunities]).create().await;
    let contact = world.contact().owned_by(&person).create().await;
    let deal = world.opportunity(&contact).owned_by(&person).create().await;
    person.renames(&contact, "Bea").await.expect("contacts are theirs to edit");
    let denied = RefusalKind::PermissionDenied { permission: Some(EditOpportunities) };
    assert_eq!(world.refusal(person.renames(&deal, "Roof")).await, denied);
    assert_eq!(world.refusal(person.moves(&deal, world.stages[1])).await, denied);
}

// A2, P4
#[rstest]
#[tokio::test]
async fn a_person_who_becomes_restricted_edits_only_their_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let person = world.user("Person").create().await;
    let own = world.contact().owned_by(&person).create().await;
    let other = world.contact().create().await;
    person.renames(&other, "A").await.expect("they see it");
    person.becomes(SetUser { only_assigned_data: Some(true), ..Default::default() }).await;
    assert_eq!(world.refusal(person.renames(&other, "B")).await, RefusalKind::NotFound);
    person.renames(&own, "B").await.expect("their own");
}
