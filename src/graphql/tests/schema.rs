//! The schema as it is told.

use serde_json::Value as Json;

use super::world::World;
use crate::graphql::sdl;

// G4
#[test]
fn the_schema_file_is_current() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(written == sdl(), "schema.graphql is not current: run `cargo run -- schema > schema.graphql`");
}

// A9
#[test]
fn the_schema_shows_what_fields_need() {
    let sdl = sdl();
    for line in [
        "directive @needs(permission: Permission!) on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE",
        "  monetaryValue: Money @needs(permission: VIEW_LEAD_VALUE)",
        "  monetaryValue: Decimal @needs(permission: VIEW_LEAD_VALUE)",
        "  email: String @needs(permission: MANAGE_USERS)",
        "interface Record implements Node {",
    ] {
        assert!(sdl.contains(line), "{line}");
    }
}

const INTROSPECTION: &str = "{ __schema { types { name kind description
    fields { name description args { name description } }
    inputFields { name description } enumValues { name description } } } }";

// G4
#[tokio::test]
async fn everything_has_a_description_that_says_more_than_its_name() {
    let world = World::new().await;
    let data = world.data(world.ada, INTROSPECTION, Json::Null).await;
    let mut poor = Vec::new();
    for kind in data["__schema"]["types"].as_array().unwrap() {
        if !kind["name"].as_str().unwrap().starts_with("__") {
            look(kind, "", &mut poor);
        }
    }
    assert!(poor.is_empty(), "{poor:#?}");
}

fn look(thing: &Json, path: &str, poor: &mut Vec<String>) {
    let name = thing["name"].as_str().unwrap();
    let path = format!("{path}/{name}");
    let description = thing["description"].as_str().unwrap_or_default();
    let says_more = description.split_whitespace().count() > 1 && !description.eq_ignore_ascii_case(name);
    // The numbers of our own rules mean nothing to anybody else.
    let internal = description.split(|letter: char| !letter.is_alphanumeric()).any(|word| {
        let mut letters = word.chars();
        matches!(letters.next(), Some('A' | 'F' | 'G' | 'O' | 'P' | 'R'))
            && word.len() > 1
            && letters.all(|letter| letter.is_ascii_digit())
    });
    if !says_more || internal {
        poor.push(path.clone());
    }
    for part in ["fields", "args", "inputFields", "enumValues"] {
        for inner in thing[part].as_array().into_iter().flatten() {
            look(inner, &path, poor);
        }
    }
}
