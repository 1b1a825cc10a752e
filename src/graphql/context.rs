//! Through whose eyes everything is read.

use std::sync::Arc;

use async_graphql::Context;
use entity::AccountId;
use policy::Decision;

use super::error::Failure;
use super::siblings::Once;
use crate::domain::access::Access;
use crate::domain::idempotency::Call;
use crate::domain::page::{CursorSeal, InvalidCursor, Position};

/// The database as the viewer sees it, and the seal of the cursors that are handed out.
///
/// Each request has one, and each mutation makes another for what is read after its commit.
#[derive(Debug)]
pub struct Viewpoint {
    access: Access,
    seal: CursorSeal,
    books_somewhere: Once<Decision>,
}

impl Viewpoint {
    /// The viewpoint of a request.
    #[must_use]
    pub fn new(access: Access, seal: CursorSeal) -> Self {
        Self { access, seal, books_somewhere: Once::default() }
    }

    /// The door to the records.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// Whether the viewer may book in at least one calendar, asked once for the whole request (A10).
    ///
    /// # Errors
    /// A database that fails.
    pub async fn books_somewhere(&self) -> Result<Decision, Failure> {
        let found = self.books_somewhere.get(async { Ok(self.access.books_somewhere().await?) }).await?;
        Ok((*found).clone())
    }

    /// The same viewer for one call with an idempotency key.
    #[must_use]
    pub fn with_key(&self, call: Call) -> Self {
        Self::new(self.access.with_key(call), self.seal.clone())
    }

    /// The same viewer after a change. None when they may see nothing any more.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn refreshed(&self) -> crate::domain::error::Result<Option<Arc<Self>>> {
        let access = self.access.refreshed().await?;
        Ok(access.map(|access| Arc::new(Self::new(access, self.seal.clone()))))
    }

    /// The cursor of a place in a list.
    #[must_use]
    pub fn cursor(&self, list: &str, position: &Position) -> String {
        self.seal.write(self.account(), list, position)
    }

    /// The place in a list that a cursor names.
    ///
    /// # Errors
    /// A cursor of another list, order or account, or none at all.
    pub fn position(&self, list: &str, cursor: &str) -> Result<Position, InvalidCursor> {
        self.seal.read(self.account(), list, cursor)
    }

    fn account(&self) -> AccountId {
        self.access.account().id
    }
}

/// What resolvers ask of their context.
pub trait Viewing<'a> {
    /// Through whose eyes the request is answered.
    fn viewpoint(&self) -> &'a Arc<Viewpoint>;
}

impl<'a> Viewing<'a> for Context<'a> {
    // The engine puts it into every request.
    fn viewpoint(&self) -> &'a Arc<Viewpoint> {
        self.data_unchecked()
    }
}
