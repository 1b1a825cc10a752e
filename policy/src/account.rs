//! The rules of the account, its settings (O1), and of what reaches over all of it (P6).

use std::sync::LazyLock;

use crate::Action::{AlignOwners, Bulk, ManageJobs, PreviewSettings, SaveSettings, View};
use crate::Permission::{BulkActions, ChangeOwners, ManageSettings};
use crate::rule::permit;
use crate::{Resource, Rule};

/// The account itself.
#[derive(Debug)]
pub struct Account;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("account.view").to(&[View]),
        permit("account.save_settings").to(&[SaveSettings]).holding(ManageSettings),
        // P1; beside it counts the right to each of the records.
        permit("account.bulk").to(&[Bulk]).holding(BulkActions),
        // P6: what reaches over the whole account is not for those who see only a part of it.
        permit("account.preview_settings").to(&[PreviewSettings]).holding(ManageSettings).unrestricted(),
        permit("account.align_owners.admin")
            .to(&[AlignOwners])
            .holding(ManageSettings)
            .unrestricted()
            .admin(),
        permit("account.align_owners.permission")
            .to(&[AlignOwners])
            .holding(ManageSettings)
            .unrestricted()
            .holding(ChangeOwners),
        permit("account.manage_jobs").to(&[ManageJobs]).admin(),
    ]
});

impl Resource for Account {
    const NAME: &'static str = "account";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
