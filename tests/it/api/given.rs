//! What is made has what was given, and what cannot be taken is told all at once.

use policy::Permission::ViewLeadValue;
use rstest::rstest;
use serde_json::{Value, json};

use super::document::mutation;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Contact, World};

fn deal(world: &World, contact: &Contact, more: Value) -> Value {
    let mut input = json!({ "contactId": contact, "pipelineId": world.pipeline.to_string(), "name": "Deal" });
    input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
    input
}

#[rstest]
#[tokio::test]
async fn what_is_made_has_what_was_given(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let input = json!({
        "firstName": " Ada ", "lastName": "Byron", "company": "Engines", "emails": ["ada@example.com", "A@b.example"],
        "phones": ["030 901820", "+44 20 7946 0958"], "street": "Hauptstr. 1", "city": "Berlin", "region": "BE",
        "postalCode": "10115", "country": "de", "tags": ["vip", "VIP", "alt"], "source": "fair",
        "doNotDisturb": ["CALL", "EMAIL"]
    });
    let selection = "displayName firstName lastName company emails primaryEmail phones primaryPhone tags source doNotDisturb
        address { street city region postalCode country } version owner { name } isMuted createdAt updatedAt";
    let document = mutation("contactCreate", selection);
    let answer = una.asks(document, json!({ "input": input })).await;
    let mut contact = answer.done()["contact"].clone();
    let id = contact.as_object_mut().and_then(|contact| contact.remove("id")).expect("an id");
    assert!(id.as_str().is_some_and(|id| id.starts_with("contact_") && id.len() == "contact_".len() + 26));
    let now = retinue::domain::validate::rfc3339(world.now());
    assert_eq!(
        contact,
        json!({
            "displayName": "Ada Byron", "firstName": "Ada", "lastName": "Byron", "company": "Engines",
            "emails": ["ada@example.com", "A@b.example"], "primaryEmail": "ada@example.com",
            "phones": ["+4930901820", "+442079460958"], "primaryPhone": "+4930901820", "tags": ["alt", "vip"],
            "source": "fair", "doNotDisturb": ["EMAIL", "CALL"],
            "address": { "street": "Hauptstr. 1", "city": "Berlin", "region": "BE", "postalCode": "10115", "country": "DE" },
            "version": 1, "owner": null, "isMuted": false, "createdAt": now, "updatedAt": now
        })
    );

    let contact = world.contact().named("Ada").create().await;
    let input = deal(
        &world,
        &contact,
        json!({
            "stageId": world.stages[2].to_string(), "monetaryValue": "1054.5", "status": "LOST", "lostReason": "price",
            "source": "fair", "ownerId": una
        }),
    );
    let selection = "name contactName contact { displayName } pipeline { name } stage { name position } status lostReason
        monetaryValue { amount currency } source owner { name } version stageChangedAt statusChangedAt createdAt updatedAt";
    let answer = una.asks(mutation("opportunityCreate", selection), json!({ "input": input })).await;
    let mut made = answer.done()["opportunity"].clone();
    made.as_object_mut().and_then(|made| made.remove("id")).expect("an id");
    let now = retinue::domain::validate::rfc3339(world.now());
    assert_eq!(
        made,
        json!({
            "name": "Deal", "contactName": "Ada", "contact": { "displayName": "Ada" }, "pipeline": { "name": "Sales" },
            "stage": { "name": "Agreed", "position": 2 }, "status": "LOST", "lostReason": "price",
            "monetaryValue": { "amount": "1054.50", "currency": "EUR" }, "source": "fair", "owner": { "name": "Una" },
            "version": 1, "stageChangedAt": now, "statusChangedAt": now, "createdAt": now, "updatedAt": now
        })
    );
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_taken_is_told_all_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let long = "x".repeat(201);
    let input = json!({
        "firstName": long, "lastName": "", "company": "a\u{7}b", "emails": ["ada@example.com", "no mail"],
        "phones": ["12"], "country": "Germany", "tags": [" "]
    });
    let errors = una.mutates("contactCreate", input).are_refused().await;
    let mut fields: Vec<String> = errors
        .iter()
        .map(|error| {
            assert_eq!(error["code"], "INVALID_INPUT");
            let path = error["field"].as_array().expect("a path").iter();
            path.map(|step| step.as_str().unwrap_or_default()).collect::<Vec<_>>().join(".")
        })
        .collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "input.company",
            "input.country",
            "input.emails.1",
            "input.firstName",
            "input.lastName",
            "input.phones.0",
            "input.tags.0"
        ]
    );
    let many: Vec<String> = (0..21).map(|place| format!("tag {place}")).collect();
    let error = una.mutates("contactCreate", json!({ "tags": many })).is_refused("INVALID_INPUT").await;
    assert_eq!(error["field"], json!(["input", "tags"]));

    let contact = world.contact().create().await;
    let input = deal(
        &world,
        &contact,
        json!({ "name": " ", "monetaryValue": "-1", "lostReason": "price", "source": "" }),
    );
    let errors = una.mutates("opportunityCreate", input).are_refused().await;
    let fields: Vec<&Value> = errors.iter().map(|error| &error["field"][1]).collect();
    assert_eq!(fields, ["name", "monetaryValue", "lostReason", "source"]);

    // A9 comes before the value is looked at.
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let input = deal(&world, &contact, json!({ "monetaryValue": "-1" }));
    nils.mutates("opportunityCreate", input).is_refused("PERMISSION_DENIED").await;
}
