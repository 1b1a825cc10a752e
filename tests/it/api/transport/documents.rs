//! Documents that are refused before anything runs, and with which status.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::json;

use super::{Answer, GRAPHQL_RESPONSE, JSON, Post, asking};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

/// How long the refusal of a hostile document may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refused with this code, in both forms with the status of each, soon, and without a statement beyond who asks.
async fn is_refused(world: &World, person: &Person, document: &str, code: &str) -> Answer {
    let mut last = None;
    for (accept, status) in [(GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST), (JSON, StatusCode::OK)] {
        let begun = Instant::now();
        let post = Post::of(person, world, asking(document)).accepting(&[accept]);
        let (answer, statements) = world.sent_by(post.to(world)).await;
        assert!(begun.elapsed() < PATIENCE, "{:?} for {document:.80}", begun.elapsed());
        assert_eq!((answer.status, statements.len()), (status, 1), "{document:.80}");
        assert_eq!(answer.header("content-type"), format!("{accept}; charset=utf-8"));
        let errors = answer.errors();
        assert!(!errors.is_empty() && errors.iter().all(|error| error == code), "{document:.80}: {errors:?}");
        // It never ran, so there are no data, not even null.
        assert_eq!(answer.json.get("data"), None);
        last = Some(answer);
    }
    last.expect("two answers")
}

async fn ada() -> Option<(World, Person)> {
    let world = World::on(Sqlite).await?;
    let ada = world.user("Ada").create().await;
    Some((world, ada))
}

#[tokio::test]
async fn what_does_not_parse_is_told_by_line_and_column() {
    let Some((world, ada)) = ada().await else { return };
    for (document, line, column) in [
        ("{ viewer { name }", 1, 18),
        ("{\n  viewer {\n    name(\n  }\n}", 4, 3),
        ("", 1, 1),
        ("{ viewer { name } } }", 1, 21),
    ] {
        let answer = is_refused(&world, &ada, document, "GRAPHQL_PARSE_FAILED").await;
        let error = &answer.json["errors"][0];
        assert_eq!(error["locations"], json!([{ "line": line, "column": column }]), "{document}");
        let place = format!("line {line}, column {column}");
        assert!(error["message"].as_str().is_some_and(|message| message.contains(&place)), "{error}");
    }
}

#[tokio::test]
async fn what_does_not_fit_the_schema_is_refused() {
    let Some((world, ada)) = ada().await else { return };
    for document in [
        "{ nothing }",
        "{ viewer }",
        "{ viewer { name { more } } }",
        "{ contacts(size: 5) { nodes { id } } }",
        "{ contact { id } }",
        "query($id: ID!) { viewer { name } contact(id: $other) { id } }",
        "{ node(id: \"x\") { name } }",
        "mutation { nothing(input: {}) { id } }",
        "subscription { viewer { name } }",
        "{ viewer { ... on Contact { id } } }",
        "{ viewer { ...Missing } }",
        "{ viewer { name } } fragment Unused on User { id }",
        "{ viewer { ...Self } } fragment Self on User { ...Self }",
        "{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...C } fragment C on User { ...A }",
        "query A { viewer { name } } query A { viewer { id } }",
        "mutation { contactCreate(input: {}) { id } contactCreate(input: {}) { id } }",
        "mutation { one: contactCreate(input: {}) { id } ...Again } fragment Again on Mutation { one: contactCreate(input: {}) { id } }",
    ] {
        is_refused(&world, &ada, document, "GRAPHQL_VALIDATION_FAILED").await;
    }
    let before = world.tables().await;
    let twice = "mutation { contactCreate(input: { firstName: \"A\" }) { id } contactCreate(input: { firstName: \"A\" }) { id } }";
    is_refused(&world, &ada, twice, "GRAPHQL_VALIDATION_FAILED").await;
    before.assert_same(&world.tables().await);
}

/// Where the check is stricter than the specification, as docs/api-design.md says.
#[tokio::test]
async fn a_few_forms_are_not_taken() {
    let Some((world, ada)) = ada().await else { return };
    for document in [
        "query($ids: [ ID! ]!) { nodes(ids: $ids) { id } }",
        r#"{ node(id: "\u{1F600}") { id } }"#,
        "{ contacts(filter: { owner: { any: trueish } }) { nodes { id } } }",
        "query($first: Int = 1 @deprecated) { contacts(first: $first) { nodes { id } } }",
    ] {
        is_refused(&world, &ada, document, "GRAPHQL_PARSE_FAILED").await;
    }
}

/// That many brackets within each other, and as many that close them.
fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{{ viewer {{ name(x: {}1{}) }} }}", open.repeat(depth), close.repeat(depth))
}

#[tokio::test]
async fn what_is_too_large_or_too_deep_is_refused_before_it_is_parsed() {
    let Some((world, ada)) = ada().await else { return };
    let blanks = format!("{{ viewer {{ name }} }}{}", " ".repeat(65_536));
    is_refused(&world, &ada, &blanks, "DOCUMENT_TOO_LARGE").await;
    let tokens = format!("{{ viewer {{ {} }} }}", "name ".repeat(4_096));
    is_refused(&world, &ada, &tokens, "DOCUMENT_TOO_LARGE").await;
    let selections = format!("{}name{}", "{ viewer ".repeat(500), "}".repeat(500));
    for bomb in [nested("[", "]", 1_600), nested("{a:", "}", 800), nested("[", "", 3_000), selections] {
        is_refused(&world, &ada, &bomb, "DOCUMENT_TOO_DEEP").await;
    }
    // What stands in a text or in a comment is no bracket.
    let harmless = format!("{{ node(id: \"{}\") {{ id }} }} # {}", "[".repeat(500), "{".repeat(500));
    Post::of(&ada, &world, asking(&harmless)).to(&world).await.sees(&json!({ "node": null }));
}

/// The stack of a thread as a release build has it, where such a document would end the process.
#[test]
fn a_bomb_of_brackets_does_not_overflow_two_megabytes() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let Some((world, ada)) = ada().await else { return };
            for bomb in [nested("[", "]", 1_600), nested("{a:", "}", 1_000), nested("[", "]", 60)] {
                let answer = Post::of(&ada, &world, asking(&bomb)).to(&world).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST);
                assert_eq!(answer.errors().len(), 1, "{}", answer.text);
            }
        });
    };
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(run).expect("a thread");
    thread.join().expect("it is refused");
}

#[tokio::test]
async fn what_is_too_deep_or_too_complex_is_refused_without_unfolding_it() {
    let Some((world, ada)) = ada().await else { return };
    let deep = |levels: usize| {
        format!(
            "{{ contacts {{ {}displayName{} }} }}",
            "nodes { opportunities { nodes { contact { ".repeat(levels),
            "} } } } ".repeat(levels)
        )
    };
    is_refused(&world, &ada, &deep(3), "DOCUMENT_TOO_DEEP").await;
    let aliases: String = (0..51).fold(String::new(), |mut text, place| {
        let _ = write!(text, "a{place}: name ");
        text
    });
    is_refused(&world, &ada, &format!("{{ viewer {{ {aliases} }} }}"), "DOCUMENT_TOO_COMPLEX").await;
    let fields = format!("{{ viewer {{ {} }} }}", "name ".repeat(1_001));
    is_refused(&world, &ada, &fields, "DOCUMENT_TOO_COMPLEX").await;

    // Each fragment spreads the next one twice: 2^24 fields in a thousand characters.
    let mut bomb = "{ viewer { ...F0 } } ".to_owned();
    for place in 0..24 {
        let _ = write!(bomb, "fragment F{place} on User {{ ...F{0} ...F{0} }} ", place + 1);
    }
    bomb.push_str("fragment F24 on User { name }");
    assert!(bomb.len() < 1_300, "{}", bomb.len());
    is_refused(&world, &ada, &bomb, "DOCUMENT_TOO_COMPLEX").await;
    // And nested ones.
    let mut bomb = "{ viewer { ...F0 } } ".to_owned();
    for place in 0..40 {
        let _ =
            write!(bomb, "fragment F{place} on User {{ ... {{ ...F{0} }} ... {{ ...F{0} }} }} ", place + 1);
    }
    bomb.push_str("fragment F40 on User { name }");
    is_refused(&world, &ada, &bomb, "DOCUMENT_TOO_DEEP").await;
    let many = format!(
        "{{ viewer {{ name }} }} {}",
        (0..64).map(|place| format!("query Q{place} {{ viewer {{ name }} }} ")).collect::<String>()
    );
    is_refused(&world, &ada, &many, "GRAPHQL_VALIDATION_FAILED").await;
}

/// The deepest document that is let through is answered, on real data.
#[rstest]
#[tokio::test]
async fn the_deepest_document_is_answered(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().named("Bea").owned_by(&ada).create().await;
    world.opportunity(&contact).owned_by(&ada).create().await;
    let deepest = "{ contacts { nodes { opportunities { nodes { contact { opportunities { nodes { contact { opportunities {
        edges { node { contactName } } } } } } } } } } } }";
    let answer = Post::of(&ada, &world, asking(deepest)).to(&world).await;
    let pointer = "/contacts/nodes/0/opportunities/nodes/0/contact/opportunities/nodes/0/contact/opportunities/edges/0/node/contactName";
    assert_eq!(answer.data().pointer(pointer), Some(&json!("Bea")));
}

#[tokio::test]
async fn the_schema_can_be_explored() {
    let Some((world, ada)) = ada().await else { return };
    let introspection = include_str!("introspection.graphql");
    let answer = Post::of(&ada, &world, asking(introspection)).to(&world).await;
    let types = answer.data()["__schema"]["types"].as_array().expect("types").clone();
    // G4: every type, field, argument and value says more than its name.
    for of_type in
        types.iter().filter(|of_type| !of_type["name"].as_str().is_some_and(|name| name.starts_with("__")))
    {
        let name = of_type["name"].as_str().expect("a name");
        let mut described = vec![(name.to_owned(), of_type["description"].clone())];
        for list in ["fields", "inputFields", "enumValues"] {
            for field in of_type[list].as_array().into_iter().flatten() {
                let field_name = field["name"].as_str().expect("a name");
                described.push((format!("{name}.{field_name}"), field["description"].clone()));
                for argument in field["args"].as_array().into_iter().flatten() {
                    let argument_name = argument["name"].as_str().expect("a name");
                    described.push((
                        format!("{name}.{field_name}.{argument_name}"),
                        argument["description"].clone(),
                    ));
                }
            }
        }
        for (name, description) in described {
            assert!(
                description.as_str().is_some_and(|text| text.split(' ').count() >= 2),
                "`{name}`: {description}"
            );
        }
    }
}

#[rstest]
#[tokio::test]
async fn errors_of_fields_leave_the_status_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    for accept in [GRAPHQL_RESPONSE, JSON] {
        let post =
            Post::of(&ada, &world, asking("{ contacts(first: 1000) { nodes { id } } viewer { name } }"));
        let answer = post.accepting(&[accept]).to(&world).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.has_errors(["BAD_USER_INPUT contacts"]);
        assert_eq!(answer.partial(), &json!({ "contacts": null, "viewer": { "name": "Ada" } }));
    }
}

#[tokio::test]
async fn a_variable_that_cannot_be_taken_keeps_the_operation_from_running() {
    let Some((world, ada)) = ada().await else { return };
    let document = "query($first: Int!, $id: ID!, $by: ContactSortKey = NAME) {
        contacts(first: $first, sort: { by: $by }) { nodes { id } } contact(id: $id) { id } }";
    for variables in [
        json!({}),
        json!({ "first": 1 }),
        json!({ "first": null, "id": "x" }),
        json!({ "first": "1", "id": "x" }),
        json!({ "first": 1.5, "id": "x" }),
        json!({ "first": 1, "id": {} }),
        json!({ "first": 1, "id": "x", "by": "COLOUR" }),
        json!({ "first": [1], "id": "x" }),
    ] {
        for (accept, status) in [(GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST), (JSON, StatusCode::OK)] {
            let body = json!({ "query": document, "variables": variables }).to_string();
            let (answer, statements) =
                world.sent_by(Post::of(&ada, &world, body).accepting(&[accept]).to(&world)).await;
            assert_eq!((answer.status, statements.len()), (status, 1), "{variables}");
            assert!(answer.errors().iter().all(|error| error == "BAD_USER_INPUT"), "{}", answer.text);
            assert_eq!(answer.json.get("data"), None);
        }
    }
    let body = json!({ "query": document, "variables": { "first": 1, "id": "x", "unknown": 1 } }).to_string();
    let answer = Post::of(&ada, &world, body).to(&world).await;
    answer.sees(&json!({ "contacts": { "nodes": [] }, "contact": null }));
}
