//! Who changes an owner, and by what ways (A5, A6).

use policy::Permission::{ChangeOwners, EditContacts, EditOpportunities};
use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{AnyRecord as _, Person, World};

fn denied(reason: &str, permission: Option<&str>) -> Value {
    json!({ "code": "OWNER_CHANGE_DENIED", "field": ["input", "ownerId"], "reason": reason, "permission": permission })
}

/// Every line of A5 for a record of Oda's that Finn follows, and one without an owner.
async fn each_line<R: Named>(world: &World, owned: &R, unowned: &R, [oda, finn]: [&Person; 2]) {
    let edit = if owned.kind() == "contact" { EditContacts } else { EditOpportunities };
    let admin = world.user("Eve").admin().create().await;
    let clerk = world.user("Carl").lacking([edit]).also_holding([ChangeOwners]).create().await;
    let plain = world.user("Pia").create().await;
    let reader = world.user("Rita").lacking([edit]).create().await;

    // Everyone else: no. CHANGE_OWNERS alone would do.
    for nobody in [&plain, &reader] {
        let missing = denied("MISSING_PERMISSION", Some("CHANGE_OWNERS"));
        assert_eq!(nobody.hands(owned, nobody).is_refused("OWNER_CHANGE_DENIED").await, missing);
        assert_eq!(nobody.clears(owned).is_refused("OWNER_CHANGE_DENIED").await, missing);
    }
    // A follower: no, whatever else they hold.
    for _ in 0..2 {
        for ask in [finn.hands(owned, finn), finn.hands(owned, &plain), finn.clears(owned)] {
            assert_eq!(ask.is_refused("OWNER_CHANGE_DENIED").await, denied("FOLLOWER", None));
        }
        finn.is_granted(ChangeOwners).await;
    }
    // The one exception: an admin may, as a follower too.
    admin.lets_follow([&admin], owned).is_done().await;
    admin.hands(owned, &plain).is_done().await;
    admin.hands(owned, oda).is_done().await;

    // The owner: yes, with Edit.
    oda.loses(edit).await;
    let missing = denied("MISSING_PERMISSION", Some(edit.name()));
    assert_eq!(oda.hands(owned, &plain).is_refused("OWNER_CHANGE_DENIED").await, missing);
    oda.is_granted(edit).await;
    oda.hands(owned, &plain).is_done().await;

    // CHANGE_OWNERS: yes.
    clerk.hands(owned, oda).is_done().await;
    clerk.clears(owned).is_done().await;
    assert_eq!(admin.sees_owner_of(owned).await, None);

    // An unassigned record: own EDIT names oneself, and nobody else.
    for ask in [plain.hands(unowned, oda), plain.clears(unowned)] {
        assert_eq!(ask.is_refused("OWNER_CHANGE_DENIED").await, denied("ONLY_SELF", None));
    }
    let missing = denied("MISSING_PERMISSION", Some("CHANGE_OWNERS"));
    assert_eq!(reader.hands(unowned, oda).is_refused("OWNER_CHANGE_DENIED").await, missing);
    let own = reader.hands(unowned, &reader).is_refused("OWNER_CHANGE_DENIED").await;
    assert_eq!(own["reason"], "MISSING_PERMISSION");
    plain.hands(unowned, &plain).is_done().await;
    assert_eq!(unowned.owner().await, Some(plain.id));
}

// A5
#[rstest]
#[tokio::test]
async fn an_owner_is_changed_by_whom_the_rules_name(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, finn] = world.users(["Oda", "Finn"]).await;
    let owned = world.contact().owned_by(&oda).followed_by(&finn).create().await;
    let unowned = world.contact().create().await;
    each_line(&world, &owned, &unowned, [&oda, &finn]).await;

    let [oda, finn] = world.users(["Oda", "Finn"]).await;
    let owned = world.opportunity(&owned).owned_by(&oda).followed_by(&finn).create().await;
    let unowned = world.opportunity(&unowned).create().await;
    each_line(&world, &owned, &unowned, [&oda, &finn]).await;
}

// A5
#[rstest]
#[tokio::test]
async fn an_unassigned_record_is_claimed_by_no_follower(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let finn = world.user("Finn").create().await;
    let contact = world.contact().followed_by(&finn).create().await;
    let error = finn.hands(&contact, &finn).is_refused("OWNER_CHANGE_DENIED").await;
    assert_eq!(error, denied("FOLLOWER", None));
}

// A5
#[rstest]
#[tokio::test]
async fn who_unfollows_in_order_to_change_leaves_both_steps(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let oda = world.user("Oda").create().await;
    let finn = world.user("Finn").also_holding([ChangeOwners]).create().await;
    let contact = world.contact().owned_by(&oda).followed_by(&finn).create().await;
    let before = contact.activity().await.len();

    finn.hands(&contact, &finn).is_refused("OWNER_CHANGE_DENIED").await;
    finn.takes([&finn], &contact).is_done().await;
    finn.hands(&contact, &finn).is_done().await;

    assert_eq!(contact.activity_after(before).await, ["contact.follower_removed", "contact.owner_changed"]);
    let history = "activity(first: 2) { nodes { kind actor { name } changes { field before after } } }";
    let (oda, finn) = (oda.id.to_string(), finn.id.to_string());
    let by_finn = json!({ "name": "Finn" });
    let seen = world.user("Una").create().await.looks_at(&contact, history).await;
    assert_eq!(
        seen["activity"]["nodes"],
        json!([
            { "kind": "contact.owner_changed", "actor": by_finn, "changes": [{ "field": "owner", "before": oda, "after": finn }] },
            { "kind": "contact.follower_removed", "actor": by_finn, "changes": [{ "field": "followers", "before": finn, "after": null }] },
        ])
    );
}

// A6
#[tokio::test]
async fn no_update_has_an_owner() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let ada = world.user("Ada").admin().create().await;
    let answer = ada.reads("{ __schema { types { name kind inputFields { name } } } }").await;
    let types = answer.data()["__schema"]["types"].as_array().expect("types").clone();
    let names = |input: &Value| -> Vec<String> {
        let fields = input["inputFields"].as_array().into_iter().flatten();
        fields.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
    };
    let with_an_owner: Vec<&str> = types
        .iter()
        .filter(|input| names(input).iter().any(|name| name == "ownerId" || name == "owner"))
        .map(|input| input["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        with_an_owner,
        [
            "BoardFilter",
            "ContactBulkChangeOwnerInput",
            "ContactChangeOwnerInput",
            "ContactCreateInput",
            "ContactFilter",
            "OpportunityBulkChangeOwnerInput",
            "OpportunityChangeOwnerInput",
            "OpportunityCreateInput",
            "OpportunityFilter"
        ]
    );

    // Given all the same, it is refused and not ignored.
    let contact = world.contact().create().await;
    let answer =
        ada.does("Update", &contact, json!({ "city": "Bonn", "ownerId": ada })).changes_nothing().await;
    answer.has_errors(["BAD_USER_INPUT"]);
    let literal =
        format!(r#"mutation {{ contactUpdate(input: {{ id: "{}", ownerId: null }}) {{ id }} }}"#, contact.id);
    ada.reads(literal).changes_nothing().await.has_errors(["GRAPHQL_VALIDATION_FAILED"]);
}

// A6
#[tokio::test]
async fn mutations_are_named_object_first() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let answer = ada.reads("{ __schema { mutationType { fields { name } } } }").await;
    for field in answer.data()["__schema"]["mutationType"]["fields"].as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        let objects = [
            "account",
            "appointment",
            "blockedSlot",
            "calendar",
            "contact",
            "duplicateFlag",
            "job",
            "lostReason",
            "notification",
            "note",
            "opportunity",
            "ownershipSettings",
            "pipeline",
            "savedView",
            "stage",
            "task",
        ];
        let object = objects.iter().any(|object| {
            name.strip_prefix(object).is_some_and(|verb| verb.starts_with(|first: char| first.is_uppercase()))
        });
        assert!(object, "{name}");
    }
}

#[rstest]
#[tokio::test]
async fn the_new_owner_must_be_named_or_null(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let admin = world.user("Eve").admin().create().await;
    let contact = world.contact().owned_by(&admin).create().await;
    let opportunity = world.opportunity(&contact).owned_by(&admin).create().await;
    let error = admin.does("ChangeOwner", &contact, json!({})).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "ownerId"]));
    let error = admin.does("ChangeOwner", &opportunity, json!({})).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "ownerId"]));
}
