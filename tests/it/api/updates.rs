//! Updates tell three things apart: left out, null and given; in the document, through a variable, and through a whole
//! input.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use super::document::input_type;
use super::sentences::Named;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

/// A field of an update: its type, two values, how it is read, and how it reads when it was cleared.
struct Field {
    name: &'static str,
    of_type: &'static str,
    values: [Value; 2],
    selection: &'static str,
    cleared: Cleared,
}

/// What null does.
enum Cleared {
    /// It empties the field, and an empty text is refused.
    Null,
    /// It empties the list, as an empty list does.
    Empty,
    /// It is refused, as an empty text is.
    Refused,
    /// It empties the field; a text that is no number cannot be taken at all.
    Unknown,
}

fn text(name: &'static str, selection: &'static str) -> Field {
    Field { name, of_type: "String", values: [json!("One"), json!("Two")], selection, cleared: Cleared::Null }
}

fn contact_fields() -> Vec<Field> {
    let list = |name, of_type, values, selection| Field {
        name,
        of_type,
        values,
        selection,
        cleared: Cleared::Empty,
    };
    vec![
        text("firstName", "firstName"),
        text("lastName", "lastName"),
        text("company", "company"),
        list(
            "emails",
            "[String!]",
            [json!(["a@b.example"]), json!(["c@d.example", "e@f.example"])],
            "emails",
        ),
        list("phones", "[String!]", [json!(["+4930901820"]), json!(["+442079460958"])], "phones"),
        text("street", "address { value: street }"),
        text("city", "address { value: city }"),
        text("region", "address { value: region }"),
        text("postalCode", "address { value: postalCode }"),
        Field {
            name: "country",
            of_type: "String",
            values: [json!("DE"), json!("SE")],
            selection: "address { value: country }",
            cleared: Cleared::Null,
        },
        list("tags", "[String!]", [json!(["one"]), json!(["three", "two"])], "tags"),
        text("source", "source"),
        list("doNotDisturb", "[Channel!]", [json!(["EMAIL"]), json!(["SMS", "CALL"])], "doNotDisturb"),
    ]
}

fn opportunity_fields() -> Vec<Field> {
    vec![
        Field { cleared: Cleared::Refused, ..text("name", "name") },
        Field {
            name: "monetaryValue",
            of_type: "Decimal",
            values: [json!("1.00"), json!("2.50")],
            selection: "monetaryValue { value: amount }",
            cleared: Cleared::Unknown,
        },
        text("source", "source"),
    ]
}

impl Field {
    fn empty(&self) -> Value {
        match self.cleared {
            Cleared::Empty => json!([]),
            _ => Value::Null,
        }
    }

    /// As it stands, whether it lies alone or in an object that is null without it.
    async fn is(&self, person: &Person, record: &impl Named) -> Value {
        let seen = person.looks_at(record, &format!("field: {}", self.selection)).await;
        match &seen["field"] {
            Value::Object(parts) => parts["value"].clone(),
            value => value.clone(),
        }
    }

    /// As it is written in a document.
    fn literal(&self, value: &Value) -> String {
        let written = value.to_string();
        if self.of_type.contains("Channel") { written.replace('"', "") } else { written }
    }
}

/// The ways to say the same.
const WAYS: [&str; 3] = ["literal", "variable", "input"];

/// Calls the update with a value for the field, or without it. Answers the codes of what it was refused for.
async fn update(
    person: &Person,
    record: &impl Named,
    field: &Field,
    way: &str,
    value: Option<&Value>,
) -> Vec<String> {
    let call = record.mutation("Update");
    let rest = "{ id userErrors { code field } }";
    let name = field.name;
    let ask = match way {
        "literal" => {
            let given = value.map_or_else(String::new, |value| format!(", {name}: {}", field.literal(value)));
            let document = format!("mutation($id: ID!) {{ {call}(input: {{ id: $id{given} }}) {rest} }}");
            person.asks(document, json!({ "id": record }))
        }
        "variable" => {
            let document = format!(
                "mutation($id: ID!, $value: {}) {{ {call}(input: {{ id: $id, {name}: $value }}) {rest} }}",
                field.of_type
            );
            let mut variables = json!({ "id": record });
            if let Some(value) = value {
                variables["value"] = value.clone();
            }
            person.asks(document, variables)
        }
        _ => {
            let document =
                format!("mutation($input: {}!) {{ {call}(input: $input) {rest} }}", input_type(&call));
            let mut input = json!({ "id": record });
            if let Some(value) = value {
                input[name] = value.clone();
            }
            person.asks(document, json!({ "input": input }))
        }
    };
    let answer = ask.await;
    if answer.json.get("errors").is_some() {
        return answer
            .errors()
            .into_iter()
            .map(|error| error.split(' ').next().unwrap_or_default().to_owned())
            .collect();
    }
    let errors = answer.payload()["userErrors"].as_array().expect("user errors").clone();
    errors
        .iter()
        .map(|error| {
            assert!(error["field"].as_array().is_some_and(|path| path[1] == name), "{error}");
            error["code"].as_str().expect("a code").to_owned()
        })
        .collect()
}

async fn tells_three_things_apart(person: &Person, record: &impl Named, field: &Field) {
    let [one, two] = &field.values;
    for way in WAYS {
        let context = format!("{} by {way}", field.name);
        let now = async || field.is(person, record).await;
        let say = async |value: Option<&Value>| update(person, record, field, way, value).await;

        assert_eq!(say(Some(one)).await, Vec::<String>::new(), "{context}");
        assert_eq!(&now().await, one, "given, {context}");
        let version = record.version().await;
        assert_eq!(say(None).await, Vec::<String>::new(), "{context}");
        assert_eq!((&now().await, record.version().await), (one, version), "left out, {context}");
        assert_eq!(say(Some(two)).await, Vec::<String>::new(), "{context}");
        assert_eq!(&now().await, two, "another one given, {context}");

        let empty = if matches!(field.cleared, Cleared::Empty) { json!([]) } else { json!("") };
        let (on_null, on_empty): (&[&str], &[&str]) = match field.cleared {
            Cleared::Null => (&[], &["INVALID_INPUT"]),
            Cleared::Empty => (&[], &[]),
            Cleared::Refused => (&["INVALID_INPUT"], &["INVALID_INPUT"]),
            // What stands in the document is part of whether it fits the schema.
            Cleared::Unknown if way == "literal" => (&[], &["GRAPHQL_VALIDATION_FAILED"]),
            Cleared::Unknown => (&[], &["BAD_USER_INPUT"]),
        };
        assert_eq!(say(Some(&empty)).await, on_empty, "{context}");
        let after_empty = if on_empty.is_empty() { field.empty() } else { two.clone() };
        assert_eq!(now().await, after_empty, "empty, {context}");

        say(Some(two)).await;
        assert_eq!(say(Some(&Value::Null)).await, on_null, "{context}");
        let after_null = if on_null.is_empty() { field.empty() } else { two.clone() };
        assert_eq!(now().await, after_null, "null, {context}");
    }
}

#[rstest]
#[tokio::test]
async fn every_field_of_an_update_tells_left_out_null_and_given_apart(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let deal = world.opportunity(&contact).create().await;
    for field in contact_fields() {
        tells_three_things_apart(&ada, &contact, &field).await;
    }
    for field in opportunity_fields() {
        tells_three_things_apart(&ada, &deal, &field).await;
    }
}

/// No field of an update is forgotten above.
#[tokio::test]
async fn the_fields_above_are_all_there_are() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    for (input, fields) in
        [("ContactUpdateInput", contact_fields()), ("OpportunityUpdateInput", opportunity_fields())]
    {
        let document = format!("{{ __type(name: \"{input}\") {{ inputFields {{ name }} }} }}");
        let answer = ada.reads(document).await;
        let names = answer.data()["__type"]["inputFields"].as_array().expect("fields").iter();
        let names: BTreeSet<&str> = names.filter_map(|field| field["name"].as_str()).collect();
        let mut tested: BTreeSet<&str> = fields.iter().map(|field| field.name).collect();
        tested.extend(["id", "expectedVersion", "idempotencyKey"]);
        assert_eq!(names, tested);
    }
}

#[rstest]
#[tokio::test]
async fn one_update_changes_what_it_names_and_nothing_else(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let input = json!({
        "firstName": "Ada", "lastName": "Byron", "company": "Engines", "emails": ["a@b.example"],
        "phones": ["+4930901820"], "street": "S", "city": "C", "region": "R", "postalCode": "P", "country": "DE",
        "tags": ["one"], "source": "fair", "doNotDisturb": ["CALL"]
    });
    let made = ada.mutates("contactCreate", input.clone()).is_done().await;
    let selection =
        "firstName lastName company emails phones address { street city region postalCode country } tags
        source doNotDisturb";
    let document = super::document::mutation("contactUpdate", selection);
    let answer = ada
        .asks(
            document,
            json!({ "input": { "id": made["id"], "city": "Bonn", "company": null, "tags": ["two", "one"] } }),
        )
        .await;
    assert_eq!(
        answer.done()["contact"],
        json!({
            "id": made["id"], "firstName": "Ada", "lastName": "Byron", "company": null, "emails": ["a@b.example"],
            "phones": ["+4930901820"],
            "address": { "street": "S", "city": "Bonn", "region": "R", "postalCode": "P", "country": "DE" },
            "tags": ["one", "two"], "source": "fair", "doNotDisturb": ["CALL"]
        })
    );
    // What is so already is no change.
    let same = json!({ "id": made["id"], "city": "Bonn", "lastName": " Byron ", "emails": ["a@b.example", "A@B.example"] });
    ada.mutates("contactUpdate", same).is_nothing_to_do().await;
    ada.mutates("contactUpdate", json!({ "id": made["id"] })).is_nothing_to_do().await;
}
