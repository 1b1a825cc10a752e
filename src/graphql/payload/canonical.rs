//! An input in the one form that all equal inputs have, whether they came as literals or as variables.

use std::collections::BTreeMap;

use async_graphql::Value;
use serde_json::Value as Json;

/// The text of an input. `given` says which fields there are, since null and left out differ; `read` says what they
/// mean: one item stands for a list of it, a number may be an id, the name of a choice may come as a text, and an instant
/// has many spellings. The order of the fields says nothing.
pub fn canonical(given: &Value, read: &Value) -> String {
    plain(Some(given), read).to_string()
}

fn plain(given: Option<&Value>, read: &Value) -> Json {
    match read {
        Value::Object(read) => {
            let given = match given {
                Some(Value::Object(given)) => Some(given),
                _ => None,
            };
            let is_there = |name: &str, value: &Value| {
                *value != Value::Null || given.is_none_or(|given| given.contains_key(name))
            };
            let fields: BTreeMap<&str, Json> = read
                .iter()
                .filter(|(name, value)| is_there(name, value))
                .map(|(name, value)| {
                    let given = given.and_then(|given| given.get(name));
                    (name.as_str(), plain(given, value))
                })
                .collect();
            // Not a map of `serde_json`: whether that one sorts is for its features to say.
            let fields = fields.into_iter().map(|(name, value)| Json::Array(vec![name.into(), value]));
            Json::Array(fields.collect())
        }
        Value::List(read) => {
            let item = |place: usize| match given {
                Some(Value::List(given)) => given.get(place),
                one => one,
            };
            let items = read.iter().enumerate().map(|(place, value)| plain(item(place), value));
            Json::Object(serde_json::Map::from_iter([("list".to_owned(), items.collect())]))
        }
        Value::Enum(name) => Json::String(name.to_string()),
        // A value that JSON cannot say is none that an input can have.
        read => read.clone().into_json().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    fn won() -> Value {
        Value::Enum(Name::new("WON"))
    }

    // R6
    #[test]
    fn equal_inputs_have_one_form_and_others_have_another() {
        let read =
            value!({ "id": "7", "tags": ["a"], "owner": null, "status": (won()), "inner": { "x": null } });
        let full = value!({ "id": 7, "tags": "a", "owner": null, "status": "WON", "inner": {} });
        let turned = value!({ "inner": {}, "status": (won()), "owner": null, "tags": ["a"], "id": "7" });
        assert_eq!(canonical(&full, &read), canonical(&turned, &read));
        for other in [
            value!({ "id": 7, "tags": "a", "status": "WON", "inner": {} }),
            value!({ "id": 7, "tags": "a", "owner": null, "status": "WON", "inner": { "x": null } }),
        ] {
            assert_ne!(canonical(&full, &read), canonical(&other, &read), "{other}");
        }
        let another = value!({ "id": "7", "tags": ["a", "a"], "owner": null, "status": (won()), "inner": { "x": null } });
        assert_ne!(canonical(&full, &read), canonical(&full, &another));
    }

    // R6
    #[test]
    fn a_list_is_no_object_and_a_text_no_number() {
        let forms =
            [value!([["a", 1]]), value!({ "a": 1 }), value!(["a", 1]), value!("1"), value!(1), value!(null)];
        for (place, one) in forms.iter().enumerate() {
            for (other_place, other) in forms.iter().enumerate() {
                let same = canonical(one, one) == canonical(other, other);
                assert_eq!(same, place == other_place, "{one} and {other}");
            }
        }
    }
}
