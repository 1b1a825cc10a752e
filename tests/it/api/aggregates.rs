//! Counts and sums by what records have in common, over what the viewer may see (G3, A7, A9).

use entity::opportunity::Status;
use policy::Permission::{ViewContacts, ViewLeadValue, ViewOpportunities};
use retinue::domain::contact::ContactFields;
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// The groups of opportunities.
async fn deals(person: &Person, by: &str, filter: Value) -> Value {
    let document = "query($by: OpportunityGroupBy!, $filter: OpportunityFilter) {
        opportunityAggregates(by: $by, filter: $filter) { isComplete groups {
            owner { name } pipeline { name } stage { name } status count monetaryValue { amount currency } } } }";
    let answer = person.asks(document, json!({ "by": by, "filter": filter })).await;
    let found = answer.data()["opportunityAggregates"].clone();
    assert_eq!(found["isComplete"], true);
    let groups = found["groups"].as_array().expect("groups").iter().map(|group| {
        let common = ["owner", "pipeline", "stage", "status"].map(|field| &group[field]);
        let common: Vec<&Value> = common.into_iter().filter(|common| !common.is_null()).collect();
        assert!(common.len() <= 1, "{group}");
        let common =
            common.first().map_or(Value::Null, |common| common.get("name").unwrap_or(common).clone());
        assert_eq!(group["monetaryValue"]["currency"], "EUR");
        json!([common, group["count"], group["monetaryValue"]["amount"]])
    });
    groups.collect()
}

/// The groups of contacts.
async fn contacts(person: &Person, by: &str, filter: Value) -> Value {
    let document = "query($by: ContactGroupBy!, $filter: ContactFilter) {
        contactAggregates(by: $by, filter: $filter) { isComplete groups { owner { name } text count } } }";
    let answer = person.asks(document, json!({ "by": by, "filter": filter })).await;
    let found = answer.data()["contactAggregates"].clone();
    assert_eq!(found["isComplete"], true);
    let groups = found["groups"].as_array().expect("groups").iter().map(|group| {
        let owner = &group["owner"]["name"];
        json!([if owner.is_null() { &group["text"] } else { owner }, group["count"]])
    });
    groups.collect()
}

// G3, A7
#[rstest]
#[tokio::test]
async fn opportunities_are_counted_and_summed_as_the_viewer_sees_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let none = world.user("Nobody").lacking([ViewOpportunities]).create().await;
    let contact = world.contact().named("Ada").create().await;
    let deal = || world.opportunity(&contact);
    let most = 1_000_000_000_000;
    deal().worth(most).owned_by(&una).create().await;
    deal().worth(most).owned_by(&una).in_stage(world.stages[1]).create().await;
    let won = deal().worth(7).owned_by(&rita).in_stage(world.stages[1]).create().await;
    world.command_line().closes(&won, Status::Won, Patch::Keep).await.expect("it closes");
    deal().followed_by(&rita).create().await;
    for (by, all, some) in [
        (
            "OWNER",
            json!([["Una", 2, "2000000000000.00"], ["Rita", 1, "7.00"], [null, 1, "0.00"]]),
            json!([["Rita", 1, "7.00"], [null, 1, "0.00"]]),
        ),
        (
            "STAGE",
            json!([["New", 2, "1000000000000.00"], ["Working", 2, "1000000000007.00"]]),
            json!([["New", 1, "0.00"], ["Working", 1, "7.00"]]),
        ),
        (
            "STATUS",
            json!([["OPEN", 3, "2000000000000.00"], ["WON", 1, "7.00"]]),
            json!([["OPEN", 1, "0.00"], ["WON", 1, "7.00"]]),
        ),
        ("PIPELINE", json!([["Sales", 4, "2000000000007.00"]]), json!([["Sales", 2, "7.00"]])),
    ] {
        assert_eq!(deals(&una, by, Value::Null).await, all, "{by}");
        assert_eq!(deals(&rita, by, Value::Null).await, some, "{by}");
        assert_eq!(deals(&none, by, Value::Null).await, json!([]), "{by}");
    }
    assert_eq!(deals(&una, "OWNER", json!({ "statuses": ["WON"] })).await, json!([["Rita", 1, "7.00"]]));
    assert_eq!(
        deals(&una, "STATUS", json!({ "search": "ada" })).await[0],
        json!(["OPEN", 3, "2000000000000.00"])
    );
    assert_eq!(deals(&una, "STATUS", json!({ "search": "bea" })).await, json!([]));
    assert_eq!(
        deals(&una, "STATUS", json!({ "monetaryValue": { "isNull": true } })).await,
        json!([["OPEN", 1, "0.00"]])
    );
}

// A9
#[rstest]
#[tokio::test]
async fn a_sum_needs_the_permission_and_a_count_does_not(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    for _ in 0..3 {
        world.opportunity(&contact).worth(8_765).create().await;
    }
    world.opportunity(&contact).worth(8_765).in_stage(world.stages[1]).create().await;
    let document =
        "{ opportunityAggregates(by: STAGE) { groups { stage { name } count monetaryValue { amount } } } }";
    let answer = nils.reads(document).await;
    answer.has_errors(["FORBIDDEN opportunityAggregates.groups.0.monetaryValue"]);
    assert_eq!(
        answer.partial()["opportunityAggregates"]["groups"],
        json!([
            { "stage": { "name": "New" }, "count": 3, "monetaryValue": null },
            { "stage": { "name": "Working" }, "count": 1, "monetaryValue": null },
        ])
    );
    assert!(!answer.text.contains("8765") && !answer.text.contains("26295"), "{}", answer.text);
}

// G3, A7
#[rstest]
#[tokio::test]
async fn contacts_are_counted_as_the_viewer_sees_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let none = world.user("Nobody").lacking([ViewContacts]).create().await;
    let set = |text: &str| Patch::Set(text.to_owned());
    for (owner, tags, city, source, country) in [
        (Some(&una), vec!["VIP", "new"], "Bonn", "Fair", "DE"),
        (Some(&una), vec!["vip"], "bonn", "web", "DE"),
        (Some(&rita), vec!["new", "vip"], "Köln", "fair", "US"),
        (None, vec![], "", "", ""),
    ] {
        let contact = world.contact();
        let contact = if let Some(owner) = owner { contact.owned_by(owner) } else { contact }.create().await;
        let fields = ContactFields {
            tags: Patch::Set(tags.into_iter().map(str::to_owned).collect()),
            ..ContactFields::default()
        };
        let fields = match city {
            "" => fields,
            city => ContactFields { city: set(city), source: set(source), country: set(country), ..fields },
        };
        world.command_line().updates_contact(&contact, fields).await.expect("it changes");
    }
    for (by, all, some) in [
        ("OWNER", json!([["Una", 2], ["Rita", 1], [null, 1]]), json!([["Rita", 1]])),
        ("TAG", json!([["VIP", 3], ["new", 2], [null, 1]]), json!([["new", 1], ["vip", 1]])),
        ("SOURCE", json!([["Fair", 2], ["web", 1], [null, 1]]), json!([["fair", 1]])),
        ("COUNTRY", json!([["DE", 2], ["US", 1], [null, 1]]), json!([["US", 1]])),
        ("CITY", json!([["Bonn", 2], ["Köln", 1], [null, 1]]), json!([["Köln", 1]])),
    ] {
        assert_eq!(contacts(&una, by, Value::Null).await, all, "{by}");
        assert_eq!(contacts(&rita, by, Value::Null).await, some, "{by}");
        assert_eq!(contacts(&none, by, Value::Null).await, json!([]), "{by}");
    }
    let filter = json!({ "anyTag": ["new"] });
    assert_eq!(contacts(&una, "TAG", filter).await, json!([["new", 2], ["VIP", 2]]));
}
