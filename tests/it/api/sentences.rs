//! What people do to records over the graph, each as a sentence: `ada.hands(&contact, &bob)`.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::client::Ask;
use crate::world::{Contact, Opportunity, Person};

/// Everybody and everything goes into variables as its global id.
macro_rules! as_its_id {
    ($($kind:ty),*) => {$(
        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.id)
            }
        }
    )*};
}

as_its_id!(Person, Contact, Opportunity);

/// Either record, by the word with which its mutations begin.
pub trait Named: crate::world::AnyRecord + Serialize {
    /// `contact` or `opportunity`.
    fn kind(&self) -> &'static str;
    /// The name of a mutation of it, `contactUpdate` for `Update`.
    fn mutation(&self, verb: &str) -> String {
        format!("{}{verb}", self.kind())
    }
    /// Its id with more input.
    fn with(&self, more: Value) -> Value {
        let mut input = Map::from_iter([("id".to_owned(), json!(self))]);
        input.extend(more.as_object().cloned().expect("input"));
        Value::Object(input)
    }
}

impl Named for Contact {
    fn kind(&self) -> &'static str {
        "contact"
    }
}

impl Named for Opportunity {
    fn kind(&self) -> &'static str {
        "opportunity"
    }
}

impl Person {
    /// Calls a mutation of a record: `Update`, `ChangeOwner`.
    pub fn does(&self, verb: &str, record: &impl Named, more: Value) -> Ask {
        self.mutates(&record.mutation(verb), record.with(more))
    }

    /// Gives a record to somebody.
    pub fn hands(&self, record: &impl Named, owner: &Person) -> Ask {
        self.does("ChangeOwner", record, json!({ "ownerId": owner }))
    }

    /// Makes a record unassigned.
    pub fn clears(&self, record: &impl Named) -> Ask {
        self.does("ChangeOwner", record, json!({ "ownerId": null }))
    }

    /// Adds followers.
    pub fn lets_follow<'a>(&self, people: impl IntoIterator<Item = &'a Person>, record: &impl Named) -> Ask {
        let people: Vec<&Person> = people.into_iter().collect();
        self.does("AddFollowers", record, json!({ "userIds": people }))
    }

    /// Takes followers off.
    pub fn takes<'a>(&self, people: impl IntoIterator<Item = &'a Person>, record: &impl Named) -> Ask {
        let people: Vec<&Person> = people.into_iter().collect();
        self.does("RemoveFollowers", record, json!({ "userIds": people }))
    }

    /// What a record says of itself to them, by a selection; null when they do not see it.
    pub async fn looks_at(&self, record: &impl Named, selection: &str) -> Value {
        let document = format!("query($id: ID!) {{ record: {}(id: $id) {{ {selection} }} }}", record.kind());
        let answer = self.asks(document, json!({ "id": record })).await;
        answer.data()["record"].clone()
    }

    /// The names of the followers of a record, as they see them.
    pub async fn sees_followers_of(&self, record: &impl Named) -> Vec<String> {
        let seen = self.looks_at(record, "followers { user { name } }").await;
        let names = seen["followers"].as_array().expect("a list").iter();
        names.map(|follower| follower["user"]["name"].as_str().expect("a name").to_owned()).collect()
    }

    /// The name of the owner of a record, as they see it.
    pub async fn sees_owner_of(&self, record: &impl Named) -> Option<String> {
        let seen = self.looks_at(record, "owner { name }").await;
        assert!(seen.is_object(), "{} does not see it", self.name);
        seen["owner"]["name"].as_str().map(str::to_owned)
    }

    /// Whether a record is there for them: by its id, as a node, and in the list.
    pub async fn finds(&self, record: &impl Named) -> bool {
        let kind = record.kind();
        let list = if kind == "contact" { "contacts" } else { "opportunities" };
        let document = format!(
            "query($id: ID!) {{ one: {kind}(id: $id) {{ id }} node(id: $id) {{ id }} all: {list} {{ nodes {{ id }} }} }}"
        );
        let answer = self.asks(document, json!({ "id": record })).await;
        let data = answer.data();
        let id = json!(record.record_id());
        let found = [
            data["one"]["id"] == id,
            data["node"]["id"] == id,
            data["all"]["nodes"].as_array().expect("a list").iter().any(|node| node["id"] == id),
        ];
        assert!(found.iter().all(|one| *one == found[0]), "the three ways disagree: {found:?}");
        found[0]
    }
}

/// The id of either record as text.
pub trait RecordId {
    /// `contact_…`.
    fn record_id(&self) -> String;
}

impl<R: Named> RecordId for R {
    fn record_id(&self) -> String {
        use retinue::domain::record::RecordRef::{Contact, Opportunity};
        match self.record() {
            Contact(id) => id.to_string(),
            Opportunity(id) => id.to_string(),
        }
    }
}
