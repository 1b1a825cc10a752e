//! What can be asked of contacts and opportunities beside their people: texts, times, amounts, channels and relations, and
//! all of it with `and`, `or` and `not` (G3). What needs a permission is refused without it (A9).

use entity::opportunity::Status;
use policy::Permission::{ViewContacts, ViewLeadValue};
use retinue::domain::contact::{Channel, ContactFields};
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Person, World};

/// The names in a list that a filter lets pass, by name, in one text.
async fn pass(person: &Person, list: &str, filter: &Value) -> String {
    let (kind, name) =
        if list == "contacts" { ("ContactFilter", "displayName") } else { ("OpportunityFilter", "name") };
    let document = format!(
        "query($filter: {kind}) {{ {list}(filter: $filter, sort: {{ by: NAME, direction: ASC }}) {{
            nodes {{ name: {name} }} totalCount {{ value }} }} }}"
    );
    let answer = person.asks(document, json!({ "filter": filter })).await;
    let found = &answer.data()[list];
    let names = found["nodes"].as_array().expect("nodes").iter();
    let names: Vec<&str> = names.map(|node| node["name"].as_str().expect("a name")).collect();
    assert_eq!(found["totalCount"]["value"], names.len(), "{filter}");
    names.concat()
}

/// A and B live in Bonn and at `50%_x`, C nowhere.
async fn three(world: &World) {
    let set = |text: &str| Patch::Set(text.to_owned());
    for (name, fields) in [
        (
            "A",
            ContactFields {
                company: set("Acme GmbH"),
                city: set("Bonn"),
                region: set("NRW"),
                postal_code: set("53111"),
                country: set("DE"),
                source: set("Fair"),
                emails: Patch::Set(vec!["A@Acme.example".into(), "a@home.example".into()]),
                phones: Patch::Set(vec!["+493012345678".into()]),
                do_not_disturb: Patch::Set(vec![Channel::Email, Channel::Call]),
                ..ContactFields::default()
            },
        ),
        (
            "B",
            ContactFields {
                company: set("Öl & Gas"),
                city: set("50%_x\\y"),
                country: set("US"),
                emails: Patch::Set(vec!["b@acme.example".into()]),
                do_not_disturb: Patch::Set(vec![Channel::Sms]),
                ..ContactFields::default()
            },
        ),
        ("C", ContactFields::default()),
    ] {
        let contact = world.contact().named(name).create().await;
        world.command_line().updates_contact(&contact, fields).await.ok();
    }
}

// G3
#[rstest]
#[tokio::test]
async fn contacts_are_found_by_their_texts_and_channels(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    three(&world).await;
    for (filter, names) in [
        (json!({ "name": { "is": "a" } }), "A"),
        (json!({ "name": { "in": ["a", "C", "D"] } }), "AC"),
        (json!({ "name": { "notIn": ["a", "C"] } }), "B"),
        (json!({ "name": { "in": [] } }), ""),
        (json!({ "name": { "notIn": [] } }), "ABC"),
        (json!({ "company": { "is": "ACME  gmbh" } }), "A"),
        (json!({ "company": { "isNot": "acme gmbh" } }), "BC"),
        (json!({ "company": { "startsWith": "öl &" } }), "B"),
        (json!({ "company": { "contains": "GAS" } }), "B"),
        (json!({ "company": { "isNull": true } }), "C"),
        (json!({ "company": { "isNull": false } }), "AB"),
        (json!({ "company": {} }), "ABC"),
        // All that is given must hold.
        (json!({ "company": { "startsWith": "a", "contains": "gas" } }), ""),
        // Nothing in a text is a pattern.
        (json!({ "city": { "contains": "%" } }), "B"),
        (json!({ "city": { "contains": "_" } }), "B"),
        (json!({ "city": { "contains": "\\" } }), "B"),
        (json!({ "city": { "startsWith": "50%_x\\Y" } }), "B"),
        (json!({ "city": { "startsWith": "%" } }), ""),
        (json!({ "city": { "is": "b_nn" } }), ""),
        (json!({ "city": { "is": "' OR 1=1 --" } }), ""),
        (json!({ "region": { "is": "nrw" } }), "A"),
        (json!({ "postalCode": { "startsWith": "53" } }), "A"),
        (json!({ "country": { "is": "de" } }), "A"),
        (json!({ "country": { "in": ["us", "FR"] } }), "B"),
        (json!({ "source": { "is": "FAIR" } }), "A"),
        // Any of several; none of them for `isNot`.
        (json!({ "email": { "is": "a@HOME.example" } }), "A"),
        (json!({ "email": { "isNot": "a@home.example" } }), "BC"),
        (json!({ "email": { "contains": "@acme" } }), "AB"),
        (json!({ "email": { "isNull": true } }), "C"),
        (json!({ "phone": { "is": "030 / 12 34 56 78" } }), "A"),
        (json!({ "phone": { "isNot": "030 12345678" } }), "BC"),
        (json!({ "phone": { "startsWith": "+49 30" } }), "A"),
        (json!({ "phone": { "contains": "345-67" } }), "A"),
        (json!({ "phone": { "is": "no number" } }), ""),
        (json!({ "phone": { "isNull": false } }), "A"),
        (json!({ "doNotDisturb": { "anyOf": ["CALL", "SMS"] } }), "AB"),
        (json!({ "doNotDisturb": { "allOf": ["CALL", "EMAIL"] } }), "A"),
        (json!({ "doNotDisturb": { "noneOf": ["CALL"] } }), "BC"),
        (json!({ "doNotDisturb": { "anyOf": [] } }), ""),
        (json!({ "doNotDisturb": { "noneOf": [], "allOf": [] } }), "ABC"),
        (json!({ "hasTags": false }), "ABC"),
        (json!({ "hasTags": true }), ""),
        // What is absent does not hold, and so its opposite does.
        (json!({ "not": { "city": { "is": "bonn" } } }), "BC"),
        (json!({ "not": { "company": { "contains": "a" } } }), "C"),
        (json!({ "not": {} }), ""),
        (json!({ "and": [] }), "ABC"),
        (json!({ "or": [] }), ""),
        (json!({ "or": [{}, { "name": { "is": "nobody" } }] }), "ABC"),
        (
            json!({ "or": [{ "name": { "is": "a" } }, { "and": [{ "name": { "is": "b" } }, { "country": { "is": "US" } }] }] }),
            "AB",
        ),
        (json!({ "and": null, "or": null, "not": null, "search": null, "company": null }), "ABC"),
    ] {
        assert_eq!(pass(&ada, "contacts", &filter).await, names, "{filter}");
    }
}

// G3
#[rstest]
#[tokio::test]
async fn records_are_found_by_time_and_amount(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().named("A").create().await;
    let start = world.now();
    let at =
        |second: i64| retinue::domain::validate::rfc3339(entity::Timestamp(start.0 + second * 1_000_000));
    // A is made at 0, B at 1, C at 2; then B moves at 3, C closes at 4 and A is followed at 5.
    let deal = |name: &str| world.opportunity(&contact).named(name);
    let a = deal("A").create().await;
    let b = deal("B").worth(5).create().await;
    let c = deal("C").worth(10).create().await;
    world.command_line().moves(&b, world.stages[1]).await.expect("it moves");
    world.clock.advance_seconds(1);
    world.command_line().closes(&c, Status::Lost, Patch::Set("Too dear".into())).await.expect("it closes");
    world.clock.advance_seconds(1);
    world.command_line().adds([&ada], &a).await.expect("she follows");
    for (filter, names) in [
        (json!({ "createdAt": { "from": at(1) } }), "BC"),
        (json!({ "createdAt": { "before": at(1) } }), "A"),
        (json!({ "createdAt": { "from": at(1), "before": at(2) } }), "B"),
        (json!({ "createdAt": {} }), "ABC"),
        (json!({ "updatedAt": { "from": at(3) } }), "BC"),
        (json!({ "stageChangedAt": { "from": at(3) } }), "B"),
        (json!({ "statusChangedAt": { "from": at(3) } }), "C"),
        (json!({ "lastActivityAt": { "from": at(4) } }), "AC"),
        (json!({ "lastActivityAt": { "before": at(4) } }), "B"),
        (json!({ "monetaryValue": { "atLeast": "5.00" } }), "BC"),
        (json!({ "monetaryValue": { "atLeast": "5.001" } }), "C"),
        (json!({ "monetaryValue": { "atMost": "9.999" } }), "B"),
        (json!({ "monetaryValue": { "isNull": true } }), "A"),
        (json!({ "not": { "monetaryValue": { "atLeast": 6 } } }), "AB"),
        (json!({ "lostReason": { "startsWith": "too" } }), "C"),
        (json!({ "lostReason": { "isNull": true }, "name": { "isNot": "a" } }), "B"),
    ] {
        assert_eq!(pass(&ada, "opportunities", &filter).await, names, "{filter}");
    }
    let order = async |by: &str| {
        let answer =
            ada.reads(format!("{{ opportunities(sort: {{ by: {by} }}) {{ nodes {{ name }} }} }}")).await;
        let nodes = answer.data()["opportunities"]["nodes"].as_array().expect("nodes").clone();
        nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect::<String>()
    };
    assert_eq!(order("LAST_ACTIVITY_AT").await, "ACB");
    assert_eq!(order("STAGE_CHANGED_AT").await, "BCA");
    assert_eq!(order("STATUS_CHANGED_AT").await, "CBA");
    // What is worth an unknown amount comes below everything else.
    assert_eq!(order("MONETARY_VALUE").await, "CBA");
    assert_eq!(order("MONETARY_VALUE, direction: ASC").await, "ABC");
    assert_eq!(
        ada.looks_at(&a, "lastActivityAt updatedAt").await,
        json!({ "opportunity": null, "lastActivityAt": at(5), "updatedAt": at(0) })
            .as_object()
            .map(|fields| fields
                .iter()
                .filter(|(name, _)| *name != "opportunity")
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Value>())
            .expect("fields")
    );
}

// A8, G3
#[rstest]
#[tokio::test]
async fn relations_are_read_through_the_viewers_eyes(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let nell = world.user("Nell").lacking([ViewContacts]).create().await;
    let contact = |name: &str| world.contact().named(name).tagged(["vip"]).followed_by(&rita);
    let (a, b) = (contact("A").create().await, contact("B").create().await);
    let c = world.contact().named("C").tagged(["vip"]).create().await;
    world.opportunity(&a).named("D").followed_by(&rita).create().await;
    let lost = world.opportunity(&a).named("E").create().await;
    world.command_line().closes(&lost, Status::Lost, Patch::Keep).await.expect("it closes");
    world.opportunity(&c).named("F").followed_by(&rita).create().await;
    let _ = b;
    let open = json!({ "statuses": ["OPEN"] });
    for (filter, all, some) in [
        (json!({ "opportunities": { "some": open } }), "AC", "A"),
        (json!({ "opportunities": { "some": {} } }), "AC", "A"),
        (json!({ "opportunities": { "none": open } }), "B", "B"),
        (json!({ "opportunities": { "every": open } }), "BC", "AB"),
        (json!({ "opportunities": { "some": {}, "every": open } }), "C", "A"),
        (json!({ "opportunities": {} }), "ABC", "AB"),
        (json!({ "not": { "opportunities": { "every": open } } }), "A", ""),
        (json!({ "opportunities": { "some": { "contact": { "name": { "is": "A" } } } } }), "A", "A"),
    ] {
        assert_eq!(pass(&una, "contacts", &filter).await, all, "{filter}");
        assert_eq!(pass(&rita, "contacts", &filter).await, some, "{filter}");
        assert_eq!(pass(&nell, "contacts", &filter).await, "", "{filter}");
    }
    // Of a hidden contact all but the name is absent.
    for (filter, all, some, names) in [
        (json!({ "contact": { "name": { "is": "c" } } }), "F", "F", "F"),
        (json!({ "contact": { "anyTag": ["vip"] } }), "DEF", "D", ""),
        (json!({ "contact": { "not": { "anyTag": ["vip"] } } }), "", "F", "DEF"),
        (json!({ "not": { "contact": { "anyTag": ["vip"] } } }), "", "F", "DEF"),
        (json!({ "contact": { "hasTags": false } }), "", "F", "DEF"),
        (json!({ "contact": { "followers": { "me": true } } }), "", "D", ""),
        (json!({ "contact": { "followers": { "none": true } } }), "F", "F", "DEF"),
        (json!({ "contact": { "createdAt": { "from": "2000-01-01T00:00:00Z" } } }), "DEF", "D", ""),
        (json!({ "contact": {} }), "DEF", "DF", "DEF"),
        (json!({ "contact": { "opportunities": { "some": {} } } }), "DEF", "D", ""),
        (json!({ "contact": { "opportunities": { "none": {} } } }), "", "F", "DEF"),
        (json!({ "contactId": c }), "F", "", ""),
        (json!({ "not": { "contactId": c } }), "DE", "DF", "DEF"),
    ] {
        assert_eq!(pass(&una, "opportunities", &filter).await, all, "{filter} by Una");
        assert_eq!(pass(&rita, "opportunities", &filter).await, some, "{filter} by Rita");
        assert_eq!(pass(&nell, "opportunities", &filter).await, names, "{filter} by Nell");
    }
}

// A9
#[rstest]
#[tokio::test]
async fn whoever_may_not_see_values_neither_filters_nor_sorts_by_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let nils = world.user("Nils").lacking([ViewLeadValue]).create().await;
    let contact = world.contact().create().await;
    world.opportunity(&contact).worth(5).create().await;
    let value = r#"{ monetaryValue: { atLeast: 1 } }"#;
    for (document, place) in [
        (format!("{{ opportunities(filter: {value}) {{ nodes {{ id }} }} }}"), "opportunities"),
        (
            format!("{{ opportunities(filter: {{ not: {value} }}) {{ totalCount {{ value }} }} }}"),
            "opportunities",
        ),
        (
            format!("{{ opportunities(filter: {{ or: [{{}}, {value}] }}) {{ nodes {{ id }} }} }}"),
            "opportunities",
        ),
        ("{ opportunities(filter: { monetaryValue: {} }) { nodes { id } } }".into(), "opportunities"),
        ("{ opportunities(sort: { by: MONETARY_VALUE }) { nodes { id } } }".into(), "opportunities"),
        (
            format!("{{ contacts(filter: {{ opportunities: {{ some: {value} }} }}) {{ nodes {{ id }} }} }}"),
            "contacts",
        ),
        (
            format!("{{ opportunityAggregates(filter: {value}, by: OWNER) {{ isComplete }} }}"),
            "opportunityAggregates",
        ),
        (
            format!(
                "{{ contactAggregates(filter: {{ opportunities: {{ every: {value} }} }}, by: OWNER) {{ isComplete }} }}"
            ),
            "contactAggregates",
        ),
        (
            "{ contacts { nodes { opportunities(sort: { by: MONETARY_VALUE }) { nodes { id } } } } }".into(),
            "contacts.nodes.0.opportunities",
        ),
        (
            format!("{{ contacts {{ nodes {{ opportunities(filter: {value}) {{ nodes {{ id }} }} }} }} }}"),
            "contacts.nodes.0.opportunities",
        ),
    ] {
        let answer = nils.reads(&document).await;
        answer.has_errors([format!("FORBIDDEN {place}").as_str()]);
        let extensions = &answer.json["errors"][0]["extensions"];
        assert_eq!(extensions["permission"], "VIEW_LEAD_VALUE", "{document}");
        nils.is_granted(ViewLeadValue).await;
        nils.reads(&document).await.data();
        nils.loses(ViewLeadValue).await;
    }
}

// G3, G5
#[rstest]
#[tokio::test]
async fn a_filter_that_is_too_deep_or_too_large_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let nested = |depth: usize| (1..depth).fold(json!({}), |inner, _| json!({ "not": inner }));
    let wide = |parts: usize| json!({ "or": vec![json!({}); parts - 1] });
    let relations = |count: usize| json!({ "and": vec![json!({ "contact": {} }); count] });
    let document = "query($filter: OpportunityFilter) { opportunities(filter: $filter) { nodes { id } } }";
    for filter in [nested(8), wide(100), relations(14)] {
        ada.asks(document, json!({ "filter": filter }))
            .sees(json!({ "opportunities": { "nodes": [] } }))
            .await;
    }
    for (filter, message) in [
        (nested(9), "nests at most 8 levels"),
        (wide(101), "at most 100 parts"),
        (relations(15), "at most 100 parts"),
        (json!({ "name": { "is": "x".repeat(201) } }), "at most 200 characters"),
        (json!({ "name": { "contains": "a\u{0}b" } }), "no control characters"),
        (json!({ "name": { "in": vec!["x"; 101] } }), "at most 100 items"),
        (json!({ "contact": { "phone": { "startsWith": "abc" } } }), "take digits"),
        (json!({ "contact": { "anyTag": ["a\u{0}"] } }), "no control characters"),
        (json!({ "owner": { "in": vec![json!(ada); 101] } }), "at most 100 items"),
    ] {
        let answer = ada.asks(document, json!({ "filter": filter })).await;
        answer.has_errors(["BAD_USER_INPUT opportunities"]);
        assert!(answer.text.contains(message), "{}", answer.text);
    }
}

// G1
#[rstest]
#[tokio::test]
async fn pages_by_value_hold_every_opportunity_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    for (name, value) in [("A", None), ("B", Some(5)), ("C", None), ("D", Some(5)), ("E", Some(0))] {
        let deal = world.opportunity(&contact).named(name);
        if let Some(value) = value { deal.worth(value) } else { deal }.create().await;
    }
    for (direction, all) in [("DESC", "DBECA"), ("ASC", "ACEBD")] {
        for (size, from, info, more) in [
            ("first", "after", "endCursor", "hasNextPage"),
            ("last", "before", "startCursor", "hasPreviousPage"),
        ] {
            let document = format!(
                "query($c: String) {{ opportunities({size}: 2, {from}: $c, sort: {{ by: MONETARY_VALUE, direction: {direction} }}) {{
                    nodes {{ name }} pageInfo {{ {info} {more} }} }} }}"
            );
            let (mut cursor, mut names) = (Value::Null, String::new());
            loop {
                let answer = ada.asks(&document, json!({ "c": cursor })).await;
                let page = answer.data()["opportunities"].clone();
                let nodes = page["nodes"].as_array().expect("nodes").iter();
                let these: String = nodes.map(|node| node["name"].as_str().expect("a name")).collect();
                names = if size == "first" { names + &these } else { these + &names };
                cursor = page["pageInfo"][info].clone();
                if page["pageInfo"][more] == false {
                    break;
                }
            }
            assert_eq!(names, all, "{direction} {size}");
        }
    }
    // A cursor belongs to its order.
    let answer = ada
        .reads("{ opportunities(first: 1, sort: { by: MONETARY_VALUE }) { pageInfo { endCursor } } }")
        .await;
    let cursor = answer.data()["opportunities"]["pageInfo"]["endCursor"].clone();
    let document = "query($c: String) { opportunities(first: 1, after: $c, sort: { by: LAST_ACTIVITY_AT }) { nodes { id } } }";
    ada.asks(document, json!({ "c": cursor })).await.has_errors(["BAD_USER_INPUT opportunities"]);
}
