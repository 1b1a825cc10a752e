//! Says what is wrong with a document, without running it.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextValidation};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, ServerError, ValidationResult, async_trait};

use super::roots::{self, Graph};

/// The schema once more, in an engine that stops after validation. It is asked only about requests whose variables were
/// refused: what is wrong with the document is told first, as the specification has it.
pub struct Examiner(Graph);

impl Examiner {
    /// An examiner for the schema that the server serves.
    #[must_use]
    pub fn new() -> Self {
        Self(roots::schema().extension(Stop).finish())
    }

    /// What is wrong with a document, whatever its variables are.
    pub async fn faults(
        &self,
        document: ExecutableDocument,
        operation_name: Option<String>,
    ) -> Vec<ServerError> {
        let mut request = Request::new("");
        request.operation_name = operation_name;
        request.set_parsed_query(document);
        self.0.execute(request).await.errors
    }
}

struct Stop;

impl ExtensionFactory for Stop {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for Stop {
    /// Refuses what validation has accepted too, for no reason: the engine goes no further.
    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        next.run(ctx).await?;
        Err(Vec::new())
    }
}
