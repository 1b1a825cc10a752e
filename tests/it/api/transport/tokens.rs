//! Who asks: a bearer token, or nobody.

use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use entity::Timestamp;
use retinue::auth::{Bearer, Tokens};
use rstest::rstest;
use serde_json::json;

use super::{Answer, JSON, asking};
use crate::api::client::{HOUR, TOKEN_KEY};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::World;

async fn ask(world: &World, authorization: Option<&str>) -> Answer {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON);
    if let Some(authorization) = authorization {
        request =
            request.header(header::AUTHORIZATION, HeaderValue::from_str(authorization).expect("a header"));
    }
    world.answers(request.body(Body::from(asking("{ viewer { name } }"))).expect("a request")).await
}

#[rstest]
#[tokio::test]
async fn without_a_valid_token_nobody_is_answered_and_all_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let token = world.token_of(&ada);
    let bearer = Bearer::lasting(world.account, ada.id, world.now(), HOUR);
    let forged = Tokens::new(b"another secret").issue(bearer, world.now()).expect("signed");
    let expired = Bearer { expires_at: world.now(), ..bearer };
    let expired = Tokens::new(TOKEN_KEY).issue(expired, world.in_seconds(-HOUR)).expect("signed");
    let of_nobody = Bearer { user: world.base.ids.next(), ..bearer };
    let of_nobody = Tokens::new(TOKEN_KEY).issue(of_nobody, world.now()).expect("signed");
    let (head, signature) = token.rsplit_once('.').expect("three parts");
    let unsigned = format!("Bearer {head}.");
    let cut = format!("Bearer {head}.{}", &signature[..signature.len() - 1]);

    let refused = ask(&world, None).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    refused.has_errors(["UNAUTHENTICATED"]);
    assert_eq!(refused.json.get("data"), None);
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer garbage",
        &format!("Bearer {forged}"),
        &format!("Bearer {expired}"),
        &format!("Bearer {of_nobody}"),
        &unsigned,
        &cut,
        &format!("Basic {token}"),
        &token,
        &format!("Bearer {token} {token}"),
    ] {
        let answer = ask(&world, Some(authorization)).await;
        assert_eq!((answer.status, &answer.text), (refused.status, &refused.text), "{authorization}");
    }
    ask(&world, Some(&format!("bearer {token}"))).await.sees(&json!({ "viewer": { "name": "Ada" } }));
}

#[tokio::test]
async fn a_token_lasts_until_its_time_is_over() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let authorization = format!("Bearer {}", world.token_of(&ada));
    let begun = world.now();
    world.clock.advance_seconds(HOUR - 1);
    ask(&world, Some(&authorization)).await.sees(&json!({ "viewer": { "name": "Ada" } }));
    world.clock.advance_seconds(1);
    assert_eq!(world.now(), Timestamp(begun.0 + HOUR * 1_000_000));
    assert_eq!(ask(&world, Some(&authorization)).await.status, StatusCode::UNAUTHORIZED);
}

/// Who sends no valid token learns nothing of what is wrong with the rest.
#[tokio::test]
async fn nothing_is_parsed_for_nobody() {
    let Some(world) = World::on(Sqlite).await else { return };
    for body in ["", "nonsense", "[]", &asking("{"), &" ".repeat(1_000_000)] {
        let request = Request::post("/graphql").header(header::CONTENT_TYPE, JSON);
        let answer = world.answers(request.body(Body::from(body.to_owned())).expect("a request")).await;
        answer.has_errors(["UNAUTHENTICATED"]);
    }
}
