//! The viewer's account.

use async_graphql::{Context, Object};

use super::Account;
use super::preview::{OwnershipSettingsPreview, OwnershipSettingsPreviewInput, ownership_settings_preview};
use crate::graphql::answer::Answer;
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

    /// What saving these ownership settings would come to, counted over the records that the viewer may see. Changes
    /// nothing. Needs `MANAGE_SETTINGS`, and not to be restricted; refused with `FORBIDDEN` otherwise.
    async fn ownership_settings_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The settings to try out.")] settings: OwnershipSettingsPreviewInput,
    ) -> Answer<OwnershipSettingsPreview> {
        Answer::of(ownership_settings_preview(ctx.viewpoint(), &settings)).await
    }
}
