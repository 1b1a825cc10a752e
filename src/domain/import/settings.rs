//! The ownership settings, as an import finds them and as it was told to set them.

use crate::domain::access::Access;
use crate::domain::account::{self, SaveSettings};
use crate::domain::error::{Error, Refusal, RefusalKind, Result};

/// The access with the settings of now: they may have been saved since it was opened.
///
/// # Errors
/// Not found, when the account is gone.
pub(super) async fn refreshed(access: &Access) -> Result<Access> {
    let now = access.refreshed().await?;
    now.ok_or_else(|| Refusal::not_found("account").into())
}

/// Allows different owners; false when they are allowed already.
///
/// # Errors
/// What saving the settings refuses.
pub(super) async fn separate_owners(access: &Access) -> Result<bool> {
    loop {
        let account = refreshed(access).await?.account().clone();
        if account.separate_owners {
            return Ok(false);
        }
        let wish = SaveSettings {
            separate_owners: Some(true),
            expected_version: account.version,
            ..SaveSettings::default()
        };
        match account::save_settings(access, &wish).await {
            Ok(saved) => return Ok(!saved.events.is_empty()),
            // Somebody saved them in between, perhaps just so.
            Err(Error::Refused(refusals)) if refusals.iter().any(is_stale) => {}
            Err(error) => return Err(error),
        }
    }
}

fn is_stale(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::StaleVersion { .. })
}
