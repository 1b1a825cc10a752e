//! Idempotency keys (R6): a call that is sent again changes nothing and is answered as the first one was.

mod at_once;
mod every_mutation;
mod expiry;
mod inputs;
mod refusals;
mod schema;
mod sight;

use entity::idempotency_key;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::client::Ask;
use crate::world::{Person, World};

/// The input with a key.
fn keyed(key: &str, mut input: Value) -> Value {
    input["idempotencyKey"] = json!(key);
    input
}

impl Person {
    /// Calls a mutation under a key.
    fn calls(&self, name: &str, key: &str, input: Value) -> Ask {
        self.mutates(name, keyed(key, input))
    }
}

impl World {
    /// Every key of the account.
    async fn keys(&self) -> Vec<idempotency_key::Model> {
        let rows = idempotency_key::Entity::find().all(&self.sql).await.expect("the keys are read");
        rows.into_iter().filter(|row| row.account_id == self.account).collect()
    }
}
