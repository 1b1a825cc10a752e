//! Which inputs are the same, and which keys.

use rstest::rstest;
use serde_json::{Value, json};

use super::super::client::Ask;
use super::keyed;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

/// What a replay and a refusal are told by.
const ANSWER: &str = "id userErrors { code field }";

/// A refusal of the key.
fn reused() -> Value {
    json!({ "id": null,
        "userErrors": [{ "code": "IDEMPOTENCY_KEY_REUSED", "field": ["input", "idempotencyKey"] }] })
}

fn update(person: &Person, input: &str, declared: &str, variables: Value) -> Ask {
    let declared = if declared.is_empty() { String::new() } else { format!("({declared})") };
    person.asks(format!("mutation{declared} {{ contactUpdate(input: {input}) {{ {ANSWER} }} }}"), variables)
}

// R6: literals, variables, defaults, the order of fields, one item for a list of it.
#[rstest]
#[tokio::test]
async fn an_input_is_the_same_however_it_is_written(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().owned_by(&ada).create().await;
    let id = contact.id.to_string();
    let literal = format!(
        "{{ idempotencyKey: \"k\", id: \"{id}\", company: \"Navy\", city: null, tags: [\"vip\"],
            doNotDisturb: [EMAIL] }}"
    );
    let done = update(&ada, &literal, "", json!({})).await;
    assert_eq!(done.payload(), &json!({ "id": contact, "userErrors": [] }));

    let turned = format!(
        "{{ doNotDisturb: EMAIL, tags: \"vip\", city: null, company: \"\"\"Navy\"\"\", id: \"{id}\",
            idempotencyKey: \"k\" }}"
    );
    let in_parts = "{ id: $id, company: $company, city: $city, source: $source, tags: $tags,
        doNotDisturb: $channels, idempotencyKey: $key }";
    let declared = "$id: ID!, $company: String = \"Navy\", $city: String, $source: String, $tags: [String!],
        $channels: [Channel!], $key: String";
    let whole = json!({ "idempotencyKey": "k", "id": contact, "company": "Navy", "city": null, "tags": ["vip"],
        "doNotDisturb": ["EMAIL"] });
    let parts = json!({ "id": contact, "city": null, "tags": "vip", "channels": "EMAIL", "key": "k" });
    for ask in [
        update(&ada, &turned, "", json!({})),
        update(&ada, in_parts, declared, parts),
        update(&ada, "$input", "$input: ContactUpdateInput!", json!({ "input": whole })),
    ] {
        assert_eq!(ask.changes_nothing().await.text, done.text);
    }

    // Null and left out, one value and another, an item more: each is another input.
    for (field, value) in [
        ("city", None),
        ("city", Some(json!("Rome"))),
        ("company", None),
        ("company", Some(json!("navy"))),
        ("tags", Some(json!(["vip", "vip"]))),
        ("doNotDisturb", Some(json!([]))),
        ("source", Some(Value::Null)),
        ("expectedVersion", Some(json!(1))),
    ] {
        let mut other = whole.clone();
        match value {
            Some(value) => other[field] = value,
            None => drop(other.as_object_mut().expect("an input").remove(field)),
        }
        let ask = update(&ada, "$input", "$input: ContactUpdateInput!", json!({ "input": other }));
        assert_eq!(ask.changes_nothing().await.payload(), &reused(), "{other:#}");
    }
}

// R6
#[rstest]
#[tokio::test]
async fn an_instant_is_the_same_in_every_time_zone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().owned_by(&ada).create().await;
    let add = |until: &str| {
        let input = json!({ "id": contact, "userIds": [bob], "until": until });
        ada.calls("contactAddFollowers", "k", input)
    };
    let done = add("2030-01-01T12:00:00Z").await;
    assert_eq!(done.done()["added"], json!([{ "name": "Bob" }]));
    assert_eq!(add("2030-01-01T14:00:00+02:00").changes_nothing().await.text, done.text);
    add("2030-01-01T12:00:01Z").is_refused("IDEMPOTENCY_KEY_REUSED").await;
}

// R6: a key belongs to one user, and to one mutation.
#[rstest]
#[tokio::test]
async fn a_key_is_one_user_s_and_one_mutation_s(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let elsewhere = world.beside().await;
    let eve = elsewhere.user("Eve").create().await;
    let input = json!({ "firstName": "Grace" });
    let mut made = Vec::new();
    for person in [&ada, &bob, &eve] {
        made.push(person.calls("contactCreate", "k", input.clone()).is_done().await["id"].clone());
    }
    assert!(made[0] != made[1] && made[1] != made[2] && made[0] != made[2], "{made:?}");
    for (person, id) in [&ada, &bob, &eve].into_iter().zip(&made) {
        let replayed = person.calls("contactCreate", "k", input.clone()).is_nothing_to_do().await;
        assert_eq!(&replayed["id"], id);
    }

    let mute = json!({ "id": made[0], "muted": true });
    ada.calls("contactSetMuted", "k", mute).is_refused("IDEMPOTENCY_KEY_REUSED").await;
    // Even where the two inputs are the same to the letter.
    let contact = world.contact().owned_by(&ada).create().await;
    let deal = world.opportunity(&contact).owned_by(&ada).create().await;
    let same = json!({ "id": deal, "muted": false });
    ada.calls("opportunitySetMuted", "other", same.clone()).is_done().await;
    let error = ada.calls("contactSetMuted", "other", same).is_refused("IDEMPOTENCY_KEY_REUSED").await;
    assert_eq!(error["field"], json!(["input", "idempotencyKey"]));
    // Keys differ in case.
    let another = ada.calls("contactCreate", "K", input).is_done().await;
    assert_ne!(another["id"], made[0]);
}

// R6
#[rstest]
#[tokio::test]
async fn two_calls_of_one_document_are_two_calls(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let document = format!(
        "mutation {{
            one: contactCreate(input: {{ firstName: \"Grace\", idempotencyKey: \"k\" }}) {{ {ANSWER} }}
            two: contactCreate(input: {{ idempotencyKey: \"k\", firstName: \"Grace\" }}) {{ {ANSWER} }}
            three: contactCreate(input: {{ firstName: \"Hopper\", idempotencyKey: \"k\" }}) {{ {ANSWER} }}
            four: contactCreate(input: {{ firstName: \"Hopper\", idempotencyKey: \"l\" }}) {{ {ANSWER} }}
        }}"
    );
    let answer = ada.reads(document.clone()).await;
    let data = answer.data();
    assert_eq!(data["one"]["userErrors"], json!([]));
    assert_eq!(data["two"], data["one"]);
    assert_eq!(data["three"], reused());
    assert_ne!(data["four"]["id"], data["one"]["id"]);
    assert_eq!(ada.reads(document).changes_nothing().await.text, answer.text);
}

// R6
#[rstest]
#[tokio::test]
async fn a_key_has_1_to_255_visible_characters(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let create = |key: &str| ada.mutates("contactCreate", keyed(key, json!({ "firstName": "Grace" })));
    for wrong in ["", " ", "a b", "a\n", "\u{0}", "é", &"k".repeat(256)] {
        let error = create(wrong).is_refused("INVALID_INPUT").await;
        assert_eq!(error["field"], json!(["input", "idempotencyKey"]), "{wrong:?}");
    }
    // It is looked at before the record: it says nothing of what there is.
    let update = keyed("", json!({ "id": "contact_no", "company": "Navy" }));
    ada.mutates("contactUpdate", update).is_refused("INVALID_INPUT").await;
    for right in ["!", "018f3f2e-7c1b-7d3a-9d0e-1f2a3b4c5d6e", "'; DROP TABLE contact; --"] {
        let right = right.replace(' ', "_");
        create(&right).is_done().await;
        create(&right).is_nothing_to_do().await;
    }
    create(&"k".repeat(255)).is_done().await;
}
