//! Changes of settings.

use async_graphql::{Context, ID, Object};

use super::Account;
use super::inputs::OwnershipSettingsSaveInput;
use crate::domain::account::save_settings;
use crate::domain::retry::retrying;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::user_errors::UserError;

/// The mutations of the account.
#[derive(Debug, Default)]
pub struct AccountMutation;

/// The mutations of the account.
#[Object]
impl AccountMutation {
    /// Saves the ownership settings, all of them together. Needs `MANAGE_SETTINGS`. It changes no owner and adds no
    /// follower.
    async fn ownership_settings_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The settings to save.")] input: OwnershipSettingsSaveInput,
    ) -> Answer<OwnershipSettingsSavePayload> {
        let acting = &Acting::of(ctx, &input);
        let wish = input.wish();
        let save = async {
            let saved = retrying(async || save_settings(acting.access(), &wish).await).await;
            let (saved, eyes) = settled(acting, saved).await?;
            Ok(OwnershipSettingsSavePayload { user_errors: saved.err().unwrap_or_default(), eyes })
        };
        Answer::of(save).await
    }
}

/// What `ownershipSettingsSave` came to.
#[derive(Debug)]
pub struct OwnershipSettingsSavePayload {
    user_errors: Vec<UserError>,
    eyes: Eyes,
}

impl OwnershipSettingsSavePayload {
    fn its_account(&self) -> Answer<Account> {
        self.eyes.clone().map(|eyes| eyes.map(|viewpoint| Account::of(&viewpoint))).into()
    }
}

/// What `ownershipSettingsSave` came to. When the settings were so already, nothing happened and the version stays.
#[Object]
impl OwnershipSettingsSavePayload {
    /// The id of the account.
    async fn id(&self, ctx: &Context<'_>) -> ID {
        ctx.viewpoint().access().account().id.into()
    }

    /// The account with its settings as they are after the call, also when it was refused.
    async fn account(&self) -> Answer<Account> {
        self.its_account()
    }

    /// Why the call was refused, as far as the caller can mend it. Empty when it was done; otherwise nothing was changed.
    async fn user_errors(&self) -> Vec<UserError> {
        self.user_errors.clone()
    }
}
