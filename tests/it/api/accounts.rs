//! Nothing crosses: what belongs to another account is as what does not exist.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, header};
use retinue::auth::{Bearer, Tokens};
use rstest::rstest;
use serde_json::{Value, json};

use super::client::{HOUR, TOKEN_KEY};
use super::questions::{Belongings, questions};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::realtime::opening::PLACES;
use crate::world::World;

#[rstest]
#[tokio::test]
async fn what_belongs_to_another_account_does_not_exist(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::on(on).await else { return };
    let elsewhere = world.beside().await;
    if separate {
        world.turn_on([crate::world::Setting::SeparateOwners]).await;
        elsewhere.turn_on([crate::world::Setting::SeparateOwners]).await;
    }
    let ada = world.user("Ada").admin().create().await;
    let (mine, ..) = Belongings::of(&world, &ada).await;
    let theirs = elsewhere.user("Theirs").admin().create().await;
    let (theirs, ..) = Belongings::of(&elsewhere, &theirs).await;
    let unknown = Belongings::unknown(&world);
    let before = (world.tables().await, elsewhere.tables().await);
    for (foreign, missing) in questions(&mine, &theirs).into_iter().zip(questions(&mine, &unknown)) {
        let (one, mut statements) = ada.asks(foreign.document, foreign.variables).counted().await;
        let (other, mut others) = ada.asks(missing.document, missing.variables).counted().await;
        // Fields that stand beside one another are read at the same time, in whichever order.
        statements.sort_unstable();
        others.sort_unstable();
        assert_eq!(one.text, other.text, "{}", foreign.place);
        assert_eq!(statements, others, "{}", foreign.place);
        for id in theirs.all() {
            assert!(!one.text.contains(id.as_str()), "{}: {}", foreign.place, one.text);
        }
        one.data();
    }
    before.0.assert_same(&world.tables().await);
    before.1.assert_same(&elsewhere.tables().await);
}

/// A new place for an id fails this test until it is asked about above.
#[tokio::test]
async fn every_place_that_takes_an_id_is_asked_about() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let document = "{ __schema { types { name kind
        fields { name args { name type { ...Of } } } inputFields { name type { ...Of } } } } }
        fragment Of on __Type { name ofType { name ofType { name ofType { name } } } }";
    let answer = ada.reads(document).await;
    let types = answer.data()["__schema"]["types"].as_array().expect("types").clone();
    let is_id = |of_type: &Value| {
        let names = [&of_type["name"], &of_type["ofType"]["name"], &of_type["ofType"]["ofType"]["name"]];
        let deepest = &of_type["ofType"]["ofType"]["ofType"]["name"];
        names.into_iter().chain([deepest]).any(|name| name == "ID")
    };
    let mut places = BTreeSet::new();
    for of_type in &types {
        let name = of_type["name"].as_str().expect("a name");
        for field in
            of_type["inputFields"].as_array().into_iter().flatten().filter(|field| is_id(&field["type"]))
        {
            places.insert(format!("{name}.{}", field["name"].as_str().expect("a name")));
        }
        for field in of_type["fields"].as_array().into_iter().flatten() {
            for argument in
                field["args"].as_array().into_iter().flatten().filter(|argument| is_id(&argument["type"]))
            {
                let (field, argument) =
                    (field["name"].as_str().expect("a name"), argument["name"].as_str().expect("a name"));
                places.insert(format!("{name}.{field}.{argument}"));
            }
        }
    }
    let unknown = Belongings::unknown(&world);
    let asked: BTreeSet<String> = questions(&unknown, &unknown)
        .into_iter()
        .map(|question| question.place.to_owned())
        // Nobody answers a subscription over HTTP: they are asked about where they are opened.
        .chain(PLACES.map(str::to_owned))
        .collect();
    assert_eq!(places, asked);
}

#[rstest]
#[tokio::test]
async fn lists_hold_what_is_of_the_account(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let elsewhere = world.beside().await;
    let ada = world.user("Ada").admin().create().await;
    let theirs = elsewhere.user("Theirs").admin().create().await;
    Belongings::of(&elsewhere, &theirs).await;
    ada.reads(
        "{ contacts { totalCount { value } nodes { id } } opportunities { totalCount { value } nodes { id } }
            users { totalCount { value } nodes { name } } pipelines { id } account { id }
            contactAggregates(by: OWNER) { groups { count } } opportunityAggregates(by: STATUS) { groups { count } } }",
    )
    .sees(json!({
        "contacts": { "totalCount": { "value": 0 }, "nodes": [] },
        "opportunities": { "totalCount": { "value": 0 }, "nodes": [] },
        "users": { "totalCount": { "value": 1 }, "nodes": [{ "name": "Ada" }] },
        "pipelines": [{ "id": world.pipeline.to_string() }],
        "account": { "id": world.account.to_string() },
        "contactAggregates": { "groups": [] },
        "opportunityAggregates": { "groups": [] }
    }))
    .await;

    // Settings are each account's own.
    let before = elsewhere.tables().await;
    let input = json!({ "separateOwners": false, "previousOwnerFollows": true, "expectedVersion": 2 });
    ada.mutates("ownershipSettingsSave", input).is_done().await;
    before.assert_same(&elsewhere.tables().await);
}

// P4
#[rstest]
#[tokio::test]
async fn a_token_for_another_account_opens_nothing(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let theirs = world.beside().await.user("Theirs").admin().create().await;
    // Signed by this server, but the person is not of the account that it names.
    let bearer = Bearer::lasting(world.account, theirs.id, world.now(), HOUR);
    let token = Tokens::new(TOKEN_KEY).issue(bearer, world.now()).expect("signed");
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(r#"{"query":"{ viewer { name } account { name } }"}"#));
    let answer = world.answers(request.expect("a request")).await;
    assert_eq!((answer.status.as_u16(), answer.errors()), (401, vec!["UNAUTHENTICATED".to_owned()]));
}
