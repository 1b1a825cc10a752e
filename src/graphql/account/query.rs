//! The viewer's account.

use async_graphql::{Context, Object};

use super::Account;
use crate::graphql::context::Viewing;

/// The queries about the account.
#[derive(Debug, Default)]
pub struct AccountQuery;

/// The queries about the account.
#[Object]
impl AccountQuery {
    /// The account of the viewer, with its settings as they were when the request began.
    async fn account(&self, ctx: &Context<'_>) -> Option<Account> {
        Some(Account::of(ctx.viewpoint()))
    }
}
