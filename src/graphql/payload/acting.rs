//! Who calls a mutation, and under which idempotency key (R6).

use std::ops::Deref;
use std::sync::Arc;

use async_graphql::{Context, InputObject, InputType, Value};

use super::canonical::canonical;
use crate::domain::idempotency::Call;
use crate::graphql::context::{Viewing, Viewpoint};

/// The name of the input field that carries the key.
const KEY: &str = "idempotencyKey";

/// The field that the input of every mutation has: flatten it into yours.
#[derive(InputObject)]
pub struct IdempotencyInput {
    /// Makes the call safe to send again: 1 to 255 visible characters of ASCII, such as a UUID. For 24 hours another
    /// call of yours to the same mutation with the same key and input changes nothing and is answered with what this one
    /// came to, read anew through your eyes; one with another input, or to another mutation, is refused with
    /// `IdempotencyKeyReused`. A refused call leaves the key free.
    idempotency_key: Option<String>,
}

/// The viewer's eyes for one call of a mutation, whose change claims the call's idempotency key. Only this is taken by
/// what answers mutations, so that none forgets the key.
#[derive(Debug)]
pub struct Acting(Arc<Viewpoint>);

impl Acting {
    /// The caller of the mutation that is being resolved.
    #[must_use]
    pub fn of(ctx: &Context<'_>, input: &impl InputType) -> Self {
        let viewpoint = ctx.viewpoint();
        match call(ctx, input) {
            Some(call) => Self(Arc::new(viewpoint.with_key(call))),
            None => Self(Arc::clone(viewpoint)),
        }
    }
}

impl Deref for Acting {
    type Target = Viewpoint;
    fn deref(&self) -> &Viewpoint {
        &self.0
    }
}

/// The call with its key, where the input has one.
fn call(ctx: &Context<'_>, input: &impl InputType) -> Option<Call> {
    let Value::Object(mut read) = input.to_value() else { return None };
    let Some(Value::String(key)) = read.shift_remove(KEY) else { return None };
    let read = Value::Object(read);
    let field = ctx.field();
    // The engine has read the arguments already, so they can be read.
    let given = field.arguments().unwrap_or_default().into_iter().find(|(name, _)| name == "input");
    let given = given.map_or_else(|| read.clone(), |(_, given)| given);
    Some(Call { key, operation: field.name().to_owned(), input: canonical(&given, &read) })
}
