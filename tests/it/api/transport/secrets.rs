//! What stands in a request is not repeated in the refusal: it may be a password.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{GRAPHQL_RESPONSE, JSON, Post};
use crate::databases::Kind::Sqlite;
use crate::world::World;

const PASSWORD: &str = "hunter2-9f1c";

/// Bodies with the password in them, all of which are refused.
fn bodies() -> Vec<String> {
    let documents = [
        r#"mutation { contactCreate(input: { firstName: "PASSWORD""#,
        r#"mutation { contactCreate(input: { firstName: "PASSWORD }) { id } }"#,
        r#"mutation { contactCreate(input: { firstName: """PASSWORD }) { id } }"#,
        "{ viewer { name } } PASSWORD",
        "{ viewer(password: 'PASSWORD') { name } }",
        "{ viewer { name } # PASSWORD\n ",
        r#"{ contacts(first: "PASSWORD") { nodes { id } } }"#,
        r#"{ contacts(sort: { by: "PASSWORD" }) { nodes { id } } }"#,
        r#"{ contacts(filter: { owner: { any: "PASSWORD" } }) { nodes { id } } }"#,
        r#"{ contacts(filter: { anyTag: [{ x: "PASSWORD" }] }) { nodes { id } } }"#,
        r#"{ contacts(after: 5, first: "PASSWORD") { nodes { id } } }"#,
        r#"{ contacts(first: 1, after: "PASSWORD") { nodes { id } } }"#,
        r#"{ contacts(filter: { owner: { is: "PASSWORD" } }) { nodes { id } } }"#,
        r#"mutation { opportunityUpdate(input: { id: "x", monetaryValue: "PASSWORD" }) { id } }"#,
        r#"mutation { contactAddFollowers(input: { id: "x", userIds: [], until: "PASSWORD" }) { id } }"#,
        r#"mutation { opportunitySetStatus(input: { id: "x", status: "PASSWORD" }) { id } }"#,
        r#"query($a: Int = "PASSWORD") { contacts(first: $a) { nodes { id } } }"#,
        r#"{ nothing(password: "PASSWORD") { id } }"#,
        r#"{ viewer { name @include(if: "PASSWORD") } }"#,
    ];
    let mut bodies: Vec<String> = documents
        .iter()
        .map(|document| json!({ "query": document.replace("PASSWORD", PASSWORD) }).to_string())
        .collect();
    let variables =
        |document: &str, variables: Value| json!({ "query": document, "variables": variables }).to_string();
    let first = "query($first: Int) { contacts(first: $first) { nodes { id } } }";
    let create = "mutation($input: ContactCreateInput!) { contactCreate(input: $input) { id } }";
    bodies.extend([
        variables(first, json!({ "first": PASSWORD })),
        variables(first, json!({ "first": { PASSWORD: PASSWORD } })),
        variables(create, json!({ "input": PASSWORD })),
        variables(create, json!({ "input": { "firstName": [PASSWORD, PASSWORD] } })),
        variables(create, json!({ "input": { "doNotDisturb": [PASSWORD] } })),
        variables(create, json!({ "input": { "emails": { "password": PASSWORD } } })),
        variables(create, json!({ "input": { PASSWORD: 1 } })),
        format!(r#"{{"query":"{{ viewer {{ name }} }}","variables":"{PASSWORD}"}}"#),
        format!(r#"{{"query":["{PASSWORD}"]}}"#),
        format!(r#"["{PASSWORD}"]"#),
        PASSWORD.to_owned(),
        format!(r#"{{"query":"{PASSWORD}"#),
    ]);
    bodies
}

#[tokio::test]
async fn no_refusal_repeats_what_was_sent() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let before = world.tables().await;
    for body in bodies() {
        for accept in [GRAPHQL_RESPONSE, JSON] {
            let answer = Post::of(&ada, &world, body.clone()).accepting(&[accept]).to(&world).await;
            let headers = format!("{:?}", answer.headers);
            assert!(
                !answer.text.contains(PASSWORD) && !headers.contains(PASSWORD),
                "{body}\n{}",
                answer.text
            );
            let errors = answer.errors();
            assert!(
                !errors.is_empty() && errors.iter().all(|error| !error.starts_with("WITHOUT")),
                "{body}\n{}",
                answer.text
            );
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
            assert!(!errors.iter().any(|error| error.starts_with("INTERNAL")), "{body}\n{}", answer.text);
        }
    }
    before.assert_same(&world.tables().await);
}
