//! `viewerAccess` is true exactly when the mutation passes authorization, and gives its reason when not (A10).

use std::collections::BTreeSet;

use policy::Permission::{ChangeOwners, EditContacts, EditOpportunities, ViewContacts, ViewLeadValue};
use rstest::rstest;
use serde_json::{Value, json};

use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Contact, Opportunity, Person, Setting, World};

const SELECTION: &str = "viewerAccess {
    edit { allowed reason permission } manageFollowers { allowed reason permission }
    removeFollowers { allowed reason permission } changeOwner { scope reason permission } }";

/// What nobody can carry out, each with what is wrong with it: authorization is answered before that (O7).
const ATTEMPTS: [(&str, &str, &str); 6] = [
    ("edit", "Update", r#"source: """#),
    ("manageFollowers", "AddFollowers", r#"userIds: ["OTHER"], until: "2000-01-01T00:00:00Z""#),
    ("removeFollowers", "RemoveFollowers", "causes: []"),
    ("another", "ChangeOwner", r#"ownerId: "OTHER", expectedVersion: 99"#),
    ("nobody", "ChangeOwner", "ownerId: null, expectedVersion: 99"),
    ("oneself", "ChangeOwner", r#"ownerId: "ONESELF", expectedVersion: 99"#),
];

/// Everybody who may stand to a record in a way of their own.
async fn people(world: &World) -> Vec<Person> {
    let edits = [EditContacts, EditOpportunities];
    vec![
        world.user("Admin").admin().create().await,
        world.user("Plain").create().await,
        world.user("Reader").lacking(edits).lacking([ViewLeadValue]).create().await,
        world.user("Clerk").lacking(edits).also_holding([ChangeOwners]).create().await,
        world.user("Restricted reader").restricted().lacking(edits).create().await,
        world.user("Restricted clerk").restricted().also_holding([ChangeOwners]).create().await,
        world.user("Blind to contacts").lacking([ViewContacts]).also_holding([ChangeOwners]).create().await,
    ]
}

/// Records with each kind of owner, followed by everybody or by nobody, and opportunities that are followed alone.
async fn records(world: &World, people: &[Person]) -> (Vec<Contact>, Vec<Opportunity>) {
    let able = world.user("Able").create().await;
    let unable = world.user("Unable").lacking([EditContacts, EditOpportunities]).create().await;
    let gone = world.user("Gone").create().await;
    let everybody: Vec<&Person> = people.iter().collect();
    let (mut contacts, mut deals) = (Vec::new(), Vec::new());
    for owner in [Some(&able), Some(&unable), Some(&gone), None] {
        for (of_contact, of_deals) in
            [(&everybody[..], vec![&everybody[..]]), (&[], vec![&[], &everybody[..]])]
        {
            let contact = contact(world, owner, of_contact).await;
            for followers in of_deals {
                deals.push(deal(world, &contact, owner, followers).await);
            }
            contacts.push(contact);
        }
    }
    for owner in [None, Some(&people[1]), Some(&people[2]), Some(&people[4])] {
        let contact = contact(world, owner, &[]).await;
        deals.push(deal(world, &contact, owner, &[]).await);
        contacts.push(contact);
    }
    gone.leaves().await;
    (contacts, deals)
}

async fn contact(world: &World, owner: Option<&Person>, followers: &[&Person]) -> Contact {
    let contact = world.contact();
    let contact = owner.into_iter().fold(contact, |contact, owner| contact.owned_by(owner));
    followers.iter().fold(contact, |contact, follower| contact.followed_by(follower)).create().await
}

async fn deal(
    world: &World,
    contact: &Contact,
    owner: Option<&Person>,
    followers: &[&Person],
) -> Opportunity {
    let deal = world.opportunity(contact);
    let deal = owner.into_iter().fold(deal, |deal, owner| deal.owned_by(owner));
    followers.iter().fold(deal, |deal, follower| deal.followed_by(follower)).create().await
}

/// What happens to each attempt: allowed, or the reason and the permission of the refusal.
async fn verdicts(person: &Person, other: &Person, record: &impl Named) -> Value {
    let calls: Vec<String> = ATTEMPTS
        .iter()
        .map(|(attempt, verb, input)| {
            let input = input.replace("OTHER", &other.id.to_string()).replace("ONESELF", &person.id.to_string());
            let call = record.mutation(verb);
            format!(
                "{attempt}: {call}(input: {{ id: $id, {input} }}) {{ userErrors {{ code
                    ... on PermissionDenied {{ permission }} ... on OwnerChangeDenied {{ reason permission }} }} }}"
            )
        })
        .collect();
    let document = format!("mutation($id: ID!) {{ {} }}", calls.join(" "));
    let answer = person.asks(document, json!({ "id": record })).await;
    let verdict = |payload: &Value| {
        let error = &payload["userErrors"][0];
        match error["code"].as_str() {
            None | Some("INVALID_INPUT" | "STALE_VERSION") => json!({ "allowed": true }),
            Some("PERMISSION_DENIED") => json!({ "allowed": false, "permission": error["permission"] }),
            Some("OWNER_CHANGE_DENIED") => {
                json!({ "allowed": false, "reason": error["reason"], "permission": error["permission"] })
            }
            Some(other) => panic!("unexpected {other}: {error:#}"),
        }
    };
    let payloads = answer.data().as_object().expect("payloads").iter();
    let mut verdicts: Value = payloads.map(|(name, payload)| (name.clone(), verdict(payload))).collect();
    // The flag gives the reason for anyone; where oneself may not either, that may be for another one.
    verdicts["oneself"] = verdicts["oneself"]["allowed"].take();
    verdicts
}

/// The same as the flags foretell it. The refusal of an act names the permission alone.
fn foretold(access: &Value) -> Value {
    let act = |decision: &Value| match decision["allowed"].as_bool() {
        Some(true) => {
            assert_eq!((&decision["reason"], &decision["permission"]), (&Value::Null, &Value::Null));
            json!({ "allowed": true })
        }
        _ => {
            assert_eq!(
                decision["reason"] == "MISSING_PERMISSION",
                !decision["permission"].is_null(),
                "{decision}"
            );
            json!({ "allowed": false, "permission": decision["permission"] })
        }
    };
    let change = &access["changeOwner"];
    let refused = json!({ "allowed": false, "reason": change["reason"], "permission": change["permission"] });
    let (anyone, oneself) = match change["scope"].as_str() {
        Some("ANYONE") => (true, true),
        Some("ONLY_SELF") => (false, true),
        _ => (false, false),
    };
    assert_eq!(anyone, change["reason"].is_null());
    let owner = |allowed: bool| if allowed { json!({ "allowed": true }) } else { refused.clone() };
    json!({
        "edit": act(&access["edit"]),
        "manageFollowers": act(&access["manageFollowers"]),
        "removeFollowers": act(&access["removeFollowers"]),
        "another": owner(anyone), "nobody": owner(anyone), "oneself": oneself,
    })
}

/// Compares every flag with what happens to the mutation; answers the reasons that came up.
async fn flags_are_true(person: &Person, other: &Person, record: &impl Named) -> BTreeSet<String> {
    let seen = person.looks_at(record, SELECTION).await;
    if seen.is_null() {
        return BTreeSet::new();
    }
    let access = &seen["viewerAccess"];
    let happened = verdicts(person, other, record).await;
    assert_eq!(foretold(access), happened, "{} and {:?}: {access:#}", person.name, record.record());
    let decisions = ["edit", "manageFollowers", "removeFollowers", "changeOwner"];
    decisions.iter().filter_map(|decision| access[decision]["reason"].as_str().map(str::to_owned)).collect()
}

// A10
#[rstest]
#[tokio::test]
async fn each_flag_is_true_exactly_when_the_mutation_passes(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let people = people(&world).await;
    let other = world.user("Other").create().await;
    let (contacts, deals) = records(&world, &people).await;
    if !separate {
        world.turn_off([Setting::SeparateOwners]).await;
    }
    let before = world.tables().await;
    let mut reasons = BTreeSet::new();
    for person in &people {
        for contact in &contacts {
            reasons.extend(flags_are_true(person, &other, contact).await);
        }
        for deal in &deals {
            reasons.extend(flags_are_true(person, &other, deal).await);
        }
    }
    before.assert_same(&world.tables().await);

    // Every reason that can come up came up.
    let mut expected = BTreeSet::from(["FOLLOWER", "MISSING_PERMISSION", "ONLY_SELF"].map(str::to_owned));
    if !separate {
        expected.extend(["FOLLOWS_REACHED", "LINKED_CONTACT"].map(str::to_owned));
    }
    assert_eq!(reasons, expected);
}

// A10
#[rstest]
#[tokio::test]
async fn see_value_is_true_exactly_when_the_value_is_shown(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let deal = world.opportunity(&world.contact().create().await).worth(7).create().await;
    let value = "query($id: ID!) { opportunity(id: $id) {
        monetaryValue { amount } viewerAccess { seeValue { allowed reason permission } } } }";
    let ada = world.user("Ada").create().await;
    ada.asks(value, json!({ "id": deal }))
        .sees(json!({ "opportunity": {
            "monetaryValue": { "amount": "7.00" },
            "viewerAccess": { "seeValue": { "allowed": true, "reason": null, "permission": null } }
        } }))
        .await;
    ada.loses(ViewLeadValue).await;
    let answer = ada.asks(value, json!({ "id": deal })).await;
    answer.has_errors(["FORBIDDEN opportunity.monetaryValue"]);
    assert_eq!(
        answer.partial()["opportunity"]["viewerAccess"]["seeValue"],
        json!({ "allowed": false, "reason": "MISSING_PERMISSION", "permission": "VIEW_LEAD_VALUE" })
    );
}

// A10
#[rstest]
#[tokio::test]
async fn the_two_records_answer_through_their_interface(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).create().await;
    let flags =
        "edit { allowed } manageFollowers { allowed } removeFollowers { allowed } changeOwner { scope }";
    let document = format!(
        "query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Record {{ viewerAccess {{ {flags} }} }} }} }}"
    );
    let access = |scope: &str| {
        let yes = json!({ "allowed": true });
        json!({ "viewerAccess": {
            "edit": yes, "manageFollowers": yes, "removeFollowers": yes, "changeOwner": { "scope": scope }
        } })
    };
    ada.asks(document, json!({ "ids": [contact, deal] }))
        .sees(json!({ "nodes": [access("ANYONE"), access("ONLY_SELF")] }))
        .await;
}
