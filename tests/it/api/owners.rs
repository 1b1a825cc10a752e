//! What a change of owner changes: one record when owners are separate, all that are linked when not (O2 to O4, O6).

use policy::Permission::ChangeOwners;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord, Opportunity, Person, Setting, World};

fn denied(reason: &str) -> Value {
    json!({ "code": "OWNER_CHANGE_DENIED", "field": ["input", "ownerId"], "reason": reason, "permission": null })
}

/// The owners of some records, by name.
async fn owners(world: &World, people: &[&Person], records: &[&dyn Owned]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for record in records {
        let owner = record.its_owner(world).await;
        let name = people.iter().find(|person| Some(person.id) == owner).map(|person| person.name.clone());
        names.push(name.map_or("nobody", |name| name.leak()));
    }
    names
}

/// Either record, for lists of both.
trait Owned {
    fn its_owner<'a>(
        &'a self,
        world: &'a World,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<entity::UserId>> + 'a>>;
}

impl<R: AnyRecord> Owned for R {
    fn its_owner<'a>(
        &'a self,
        world: &'a World,
    ) -> std::pin::Pin<Box<dyn Future<Output = Option<entity::UserId>> + 'a>> {
        Box::pin(world.owner_of(self.record()))
    }
}

// O2
#[rstest]
#[tokio::test]
async fn separate_owners_leave_each_other_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, bob] = world.users(["Oda", "Bob"]).await;
    let contact = world.contact().owned_by(&oda).create().await;
    let deal = world.opportunity(&contact).owned_by(&oda).create().await;
    let all: [&dyn Owned; 2] = [&contact, &deal];

    let payload = oda.hands(&contact, &bob).is_done().await;
    let expected = json!({
        "id": contact, "contact": { "id": contact }, "previousOwner": { "name": "Oda" }, "followChanges": []
    });
    assert_eq!(payload, expected);
    assert_eq!(owners(&world, &[&oda, &bob], &all).await, ["Bob", "Oda"]);
    assert_eq!((contact.version().await, deal.version().await), (2, 1));

    bob.hands(&contact, &oda).is_done().await;
    oda.hands(&deal, &bob).is_done().await;
    assert_eq!(owners(&world, &[&oda, &bob], &all).await, ["Oda", "Bob"]);
    assert_eq!((contact.version().await, deal.version().await), (3, 2));
}

/// Oda's contact with opportunities of hers in every status, one of Erik's and one of nobody's.
async fn linked(world: &World, oda: &Person, erik: &Person) -> (crate::world::Contact, Vec<Opportunity>) {
    use entity::opportunity::Status::{Abandoned, Lost, Won};
    world.turn_on([Setting::SeparateOwners]).await;
    let contact = world.contact().owned_by(oda).create().await;
    let mut deals = Vec::new();
    for status in [Won, Lost, Abandoned] {
        let deal = world.opportunity(&contact).owned_by(oda).create().await;
        let closed = world.command_line().closes(&deal, status, retinue::domain::patch::Patch::Keep).await;
        closed.expect("it is closed");
        deals.push(deal);
    }
    deals.push(world.opportunity(&contact).owned_by(erik).create().await);
    deals.push(world.opportunity(&contact).create().await);
    world.turn_off([Setting::SeparateOwners]).await;
    (contact, deals)
}

// O3
#[rstest]
#[tokio::test]
async fn linked_owners_change_together(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [oda, erik, bob] = world.users(["Oda", "Erik", "Bob"]).await;
    let (contact, deals) = linked(&world, &oda, &erik).await;
    let all: [&dyn Owned; 6] = [&contact, &deals[0], &deals[1], &deals[2], &deals[3], &deals[4]];
    let before = contact.activity().await.len();

    // The owner of the contact has no right over the two that differ: they stay.
    oda.hands(&contact, &bob).is_done().await;
    assert_eq!(
        owners(&world, &[&oda, &erik, &bob], &all).await,
        ["Bob", "Bob", "Bob", "Bob", "Erik", "nobody"]
    );
    assert_eq!(contact.activity_after(before).await, ["contact.owner_changed"]);

    // N1: what moved along names the change of the named record as its cause.
    let history = "activity(first: 1) { nodes { kind actor { name } causedBy { kind record { id } } } }";
    let una = world.user("Una").create().await;
    let along = json!([{
        "kind": "opportunity.owner_changed", "actor": { "name": "Oda" },
        "causedBy": { "kind": "contact.owner_changed", "record": { "id": contact } }
    }]);
    assert_eq!(una.looks_at(&deals[0], history).await["activity"]["nodes"], along);

    // An admin has A5 on all of them.
    let eve = world.user("Eve").admin().create().await;
    eve.hands(&contact, &oda).is_done().await;
    assert_eq!(owners(&world, &[&oda, &erik, &bob], &all).await, ["Oda"; 6]);
}

// O3
#[rstest]
#[tokio::test]
async fn the_named_one_moves_and_takes_the_others_along(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [oda, erik, bob] = world.users(["Oda", "Erik", "Bob"]).await;
    let (contact, deals) = linked(&world, &oda, &erik).await;
    let all: [&dyn Owned; 6] = [&contact, &deals[0], &deals[1], &deals[2], &deals[3], &deals[4]];

    // Erik owns his opportunity, but has no right over the contact.
    assert_eq!(erik.hands(&deals[3], &bob).is_refused("OWNER_CHANGE_DENIED").await, denied("LINKED_CONTACT"));
    // Oda may give the contact away, but not Erik's opportunity.
    let error = oda.hands(&deals[3], &bob).is_refused("OWNER_CHANGE_DENIED").await;
    assert_eq!(
        (&error["reason"], &error["permission"]),
        (&json!("MISSING_PERMISSION"), &json!("CHANGE_OWNERS"))
    );
    // Her own takes the contact and the others of hers along.
    oda.hands(&deals[0], &bob).is_done().await;
    assert_eq!(
        owners(&world, &[&oda, &erik, &bob], &all).await,
        ["Bob", "Bob", "Bob", "Bob", "Erik", "nobody"]
    );
    // With CHANGE_OWNERS she may move all, the named one first.
    oda.is_granted(ChangeOwners).await;
    let before = deals[3].activity().await.len();
    oda.hands(&deals[3], &oda).is_done().await;
    assert_eq!(owners(&world, &[&oda, &erik, &bob], &all).await, ["Oda"; 6]);
    assert_eq!(deals[3].activity_after(before).await, ["opportunity.owner_changed"]);
}

// O3
#[rstest]
#[tokio::test]
async fn the_refusal_says_which_one_stands_in_the_way(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let clerk = world.user("Carl").also_holding([ChangeOwners]).create().await;
    let (contact, deals) = linked(&world, &oda, &erik).await;

    // Whoever follows one that it would reach.
    world.command_line().adds([&clerk], &deals[1]).await.expect("added");
    assert_eq!(
        clerk.hands(&contact, &erik).is_refused("OWNER_CHANGE_DENIED").await,
        denied("FOLLOWS_REACHED")
    );
    assert_eq!(
        clerk.hands(&deals[0], &erik).is_refused("OWNER_CHANGE_DENIED").await,
        denied("FOLLOWS_REACHED")
    );
    assert_eq!(clerk.hands(&deals[1], &erik).is_refused("OWNER_CHANGE_DENIED").await, denied("FOLLOWER"));
    clerk.takes([&clerk], &deals[1]).is_done().await;

    // A follower of one that differs may change the others, and that one stays.
    world.command_line().adds([&clerk], &deals[3]).await.expect("added");
    clerk.hands(&contact, &clerk).is_done().await;
    assert_eq!(
        owners(&world, &[&oda, &erik, &clerk], &[&contact, &deals[1], &deals[3]]).await,
        ["Carl", "Carl", "Erik"]
    );

    // A follower of the contact.
    let finn = world.user("Finn").also_holding([ChangeOwners]).create().await;
    world.command_line().adds([&finn], &contact).await.expect("added");
    assert_eq!(finn.hands(&contact, &oda).is_refused("OWNER_CHANGE_DENIED").await, denied("FOLLOWER"));
    assert_eq!(finn.hands(&deals[0], &oda).is_refused("OWNER_CHANGE_DENIED").await, denied("LINKED_CONTACT"));
    // Where both stand in the way, the contact is named.
    world.command_line().adds([&finn], &deals[0]).await.expect("added");
    assert_eq!(finn.hands(&deals[0], &oda).is_refused("OWNER_CHANGE_DENIED").await, denied("LINKED_CONTACT"));

    // An admin may, whatever they follow.
    let eve = world.user("Eve").admin().create().await;
    world.command_line().adds([&eve], &contact).await.expect("added");
    world.command_line().adds([&eve], &deals[0]).await.expect("added");
    eve.hands(&contact, &oda).is_done().await;
    assert_eq!(owners(&world, &[&oda], &[&contact, &deals[0], &deals[3], &deals[4]]).await, ["Oda"; 4]);
}

// O6
#[rstest]
#[tokio::test]
async fn clearing_is_a_change_like_another(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [oda, erik] = world.users(["Oda", "Erik"]).await;
    let (contact, deals) = linked(&world, &oda, &erik).await;
    let all: [&dyn Owned; 6] = [&contact, &deals[0], &deals[1], &deals[2], &deals[3], &deals[4]];
    let payload = oda.clears(&contact).is_done().await;
    assert_eq!(payload["previousOwner"], json!({ "name": "Oda" }));
    assert_eq!(
        owners(&world, &[&oda, &erik], &all).await,
        ["nobody", "nobody", "nobody", "nobody", "Erik", "nobody"]
    );
}

// O4
#[rstest]
#[tokio::test]
async fn in_linked_mode_a_new_opportunity_moves_what_its_owner_reaches(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [oda, erik, bob] = world.users(["Oda", "Erik", "Bob"]).await;
    let (contact, deals) = linked(&world, &oda, &erik).await;
    let all: [&dyn Owned; 6] = [&contact, &deals[0], &deals[1], &deals[2], &deals[3], &deals[4]];
    let deal = |more: Value| {
        let mut input =
            json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "New" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    // Without an owner, or with the contact's own, it moves nothing.
    for same in [json!({}), json!({ "ownerId": oda })] {
        bob.mutates("opportunityCreate", deal(same)).is_done().await;
    }
    assert_eq!(owners(&world, &[&oda, &erik], &all).await, ["Oda", "Oda", "Oda", "Oda", "Erik", "nobody"]);
    // Another one, or none, is a change of the contact's owner.
    for other in [json!({ "ownerId": bob }), json!({ "ownerId": null })] {
        let error = bob.mutates("opportunityCreate", deal(other)).is_refused("OWNER_CHANGE_DENIED").await;
        assert_eq!(
            (&error["reason"], &error["field"]),
            (&json!("MISSING_PERMISSION"), &json!(["input", "ownerId"]))
        );
    }
    let payload = oda
        .mutates("opportunityCreate", deal(json!({ "ownerId": bob, "previousOwnerFollows": true })))
        .is_done()
        .await;
    assert_eq!(owners(&world, &[&bob, &erik], &all).await, ["Bob", "Bob", "Bob", "Bob", "Erik", "nobody"]);
    // F4, on every record that changed.
    let follows = payload["followChanges"].as_array().expect("a list").clone();
    let stayed =
        follows.iter().filter(|change| change["cause"] == "PREVIOUS_OWNER" && change["outcome"] == "ADDED");
    assert_eq!((follows.len(), stayed.count()), (6, 6));
    let una = world.user("Una").create().await;
    assert_eq!(una.sees_followers_of(&contact).await, ["Oda"]);

    bob.mutates("opportunityCreate", deal(json!({ "ownerId": null }))).is_done().await;
    assert_eq!(
        owners(&world, &[&bob, &erik], &all).await,
        ["nobody", "nobody", "nobody", "nobody", "Erik", "nobody"]
    );
}
