//! A failure of the server is told as that and nothing more.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};
use serde_json::json;

use super::{GRAPHQL_RESPONSE, JSON, Post, asking};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

/// What no caller is told.
const INSIDE: [&str; 8] =
    ["contact_tag", "no such table", "SELECT", "INSERT", "sqlite", "SQLite", "sqlx", "panicked"];

fn tells_nothing(text: &str) {
    for word in INSIDE {
        assert!(!text.contains(word), "`{word}` is in {text}");
    }
}

#[tokio::test]
async fn a_failure_has_the_id_of_its_request_and_no_more() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    for name in ["A", "B"] {
        world.contact().named(name).create().await;
    }
    world.sql.execute_unprepared("DROP TABLE contact_tag").await.expect("a table is gone");
    for accept in [GRAPHQL_RESPONSE, JSON] {
        let document = "{ contacts(sort: { by: NAME, direction: ASC }) { nodes { displayName tags emails } } viewer { name } }";
        let answer = Post::of(&ada, &world, asking(document)).accepting(&[accept]).to(&world).await;
        // The rest of the answer stands.
        assert_eq!(answer.status, StatusCode::OK);
        answer.has_errors(["INTERNAL contacts.nodes.0.tags"]);
        let contact = |name: &str| json!({ "displayName": name, "tags": null, "emails": [] });
        assert_eq!(
            answer.partial(),
            &json!({ "contacts": { "nodes": [contact("A"), contact("B")] }, "viewer": { "name": "Ada" } })
        );
        let error = &answer.json["errors"][0];
        assert_eq!(
            error["extensions"],
            json!({ "code": "INTERNAL", "requestId": answer.header("x-request-id") })
        );
        tells_nothing(&answer.text);
    }
}

// N1: all of it or nothing.
#[tokio::test]
async fn a_change_that_fails_has_not_happened() {
    let Some(world) = World::separate_on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    world.sql.execute_unprepared("DROP TABLE contact_tag").await.expect("a table is gone");
    let document = "mutation { contactCreate(input: { firstName: \"A\", tags: [\"vip\"] }) { id contact { id } userErrors { code } } }";
    let count = async || {
        let contacts = entity::contact::Entity::find().count(&world.sql).await.expect("counted");
        (contacts, entity::activity::Entity::find().count(&world.sql).await.expect("counted"))
    };
    let before = count().await;
    let answer = ada.reads(document).await;
    answer.has_errors(["INTERNAL contactCreate"]);
    assert_eq!(answer.partial(), &json!({ "contactCreate": null }));
    tells_nothing(&answer.text);
    assert_eq!(count().await, before);
    // The writer is free again.
    world
        .sql
        .execute_unprepared("CREATE TABLE contact_tag (contact_id, tag_key, account_id, tag)")
        .await
        .expect("made");
    ada.mutates("contactCreate", json!({ "firstName": "A", "tags": ["vip"] })).is_done().await;
}

#[rstest]
#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let health = || world.answers(Request::get("/health").body(Body::empty()).expect("a request"));
    assert_eq!(health().await.status, StatusCode::OK);
    world.base.database.clone().close().await.expect("it closes");
    let answer = Post::of(&ada, &world, asking("{ viewer { name } }")).to(&world).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    answer.has_errors(["UNAVAILABLE"]);
    tells_nothing(&answer.text);
    assert!(!answer.text.to_lowercase().contains("pool"), "{}", answer.text);
    let health = health().await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    tells_nothing(&health.text);
}
