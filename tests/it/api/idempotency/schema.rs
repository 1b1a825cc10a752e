//! What the schema says of its mutations, and documents that ask for everything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::world::Person;

const QUESTION: &str = "{ __schema {
    mutationType { name }
    types { name kind inputFields { name type { name kind } }
        fields { name args { name type { kind name ofType { name } } }
            type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }
} }";

/// How many levels of objects a document asks for below the payload.
const LEVELS: usize = 2;

/// The types of the schema by name.
#[derive(Debug)]
pub struct Schema {
    types: BTreeMap<String, Value>,
    root: String,
}

/// A mutation of the schema.
#[derive(Clone, Debug)]
pub struct Mutation {
    pub name: String,
    pub input: String,
    payload: String,
}

impl Schema {
    /// As the server tells it.
    pub async fn read(person: &Person) -> Self {
        let answer = person.reads(QUESTION).await;
        let schema = &answer.data()["__schema"];
        let types = schema["types"].as_array().expect("types").iter();
        Self {
            types: types.map(|kind| (text(&kind["name"]), kind.clone())).collect(),
            root: text(&schema["mutationType"]["name"]),
        }
    }

    /// Every mutation, by name.
    pub fn mutations(&self) -> Vec<Mutation> {
        let fields = self.types[&self.root]["fields"].as_array().expect("mutations").iter();
        let mutation = |field: &Value| {
            let arguments = field["args"].as_array().expect("arguments");
            assert_eq!(arguments.len(), 1, "{field:#}");
            assert_eq!(arguments[0]["name"], "input");
            Mutation {
                name: text(&field["name"]),
                input: text(&arguments[0]["type"]["ofType"]["name"]),
                payload: self.innermost(&field["type"]).0,
            }
        };
        fields.map(mutation).collect()
    }

    /// The field of an input, by its name: its type.
    pub fn input_field(&self, input: &str, name: &str) -> Option<&Value> {
        let fields = self.types[input]["inputFields"].as_array()?.iter();
        fields.clone().find(|field| field["name"] == name).map(|field| &field["type"])
    }

    /// A document that calls a mutation with `$input`, and asks for all that its payload tells.
    pub fn document(&self, mutation: &Mutation) -> String {
        let Mutation { name, input, payload } = mutation;
        format!(
            "mutation($input: {input}!) {{ {name}(input: $input) {{ {} }} }}",
            self.all_of(payload, LEVELS)
        )
    }

    fn all_of(&self, kind: &str, levels: usize) -> String {
        let mut selection = "__typename".to_owned();
        for field in self.types[kind]["fields"].as_array().into_iter().flatten() {
            let name = text(&field["name"]);
            let arguments = field["args"].as_array().into_iter().flatten();
            if arguments.clone().any(|argument| argument["type"]["kind"] == "NON_NULL") {
                continue;
            }
            // An inbox is open to its owner alone, and payloads name other people.
            if kind == "User"
                && ["notifications", "notificationPreferences", "unreadCount"].contains(&name.as_str())
            {
                continue;
            }
            match self.innermost(&field["type"]) {
                (_, kind) if kind == "SCALAR" || kind == "ENUM" => write!(selection, " {name}"),
                (_, kind) if kind == "INTERFACE" || kind == "UNION" => {
                    write!(selection, " {name} {{ __typename }}")
                }
                (inner, _) if levels > 0 => {
                    write!(selection, " {name} {{ {} }}", self.all_of(&inner, levels - 1))
                }
                _ => Ok(()),
            }
            .expect("a text grows");
        }
        selection
    }

    /// The name and the kind of a type without its lists and exclamation marks.
    fn innermost(&self, kind: &Value) -> (String, String) {
        let mut kind = kind;
        while kind["ofType"].is_object() {
            kind = &kind["ofType"];
        }
        (text(&kind["name"]), text(&kind["kind"]))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value:#}")).to_owned()
}
