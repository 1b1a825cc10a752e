//! The answer of a nullable field: a value, nothing, or a failure that nulls this field and no other.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value};
use futures_util::future::BoxFuture;

use super::error::Failure;
use super::ledger::Ledger;

/// What a nullable field answers.
///
/// The engine nulls the *parent* of a resolver that fails, so resolvers never do: they answer with this. A failure can
/// also stand beside a value from which something was left out.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    value: Option<T>,
    failure: Option<Failure>,
}

impl<T> Answer<T> {
    /// `value`, from which something was left out because of `failure`.
    #[must_use]
    pub const fn withholding(value: T, failure: Option<Failure>) -> Self {
        Self { value: Some(value), failure }
    }
}

impl<T: Send> Answer<T> {
    /// What `load` finds.
    ///
    /// Boxed: the engine keeps the future of every field of an object in one frame, once per level of the query, and
    /// with the statements in them a few levels would fill the stack.
    pub fn of<'a, V>(load: impl Future<Output = Result<V, Failure>> + Send + 'a) -> BoxFuture<'a, Self>
    where
        Self: From<Result<V, Failure>>,
    {
        Box::pin(async { load.await.into() })
    }
}

impl<T> From<Result<Option<T>, Failure>> for Answer<T> {
    fn from(result: Result<Option<T>, Failure>) -> Self {
        match result {
            Ok(value) => Self { value, failure: None },
            Err(failure) => Self { value: None, failure: Some(failure) },
        }
    }
}

impl<T> From<Result<T, Failure>> for Answer<T> {
    fn from(result: Result<T, Failure>) -> Self {
        result.map(Some).into()
    }
}

impl<T: OutputType> OutputType for Answer<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::type_name().into_owned()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry);
        T::type_name().into_owned()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        if let Some(failure) = &self.failure {
            // The engine puts it into every request.
            let ledger: &Arc<Ledger> = ctx.data_unchecked();
            ledger.note(failure, ctx.path_node.as_ref(), field.pos);
        }
        let Some(value) = &self.value else { return Ok(Value::Null) };
        // Boxed for the same reason as in `of`.
        let resolved: BoxFuture<'_, ServerResult<Value>> = Box::pin(value.resolve(ctx, field));
        Ok(resolved.await.unwrap_or_else(|error| {
            ctx.add_error(error);
            Value::Null
        }))
    }
}
