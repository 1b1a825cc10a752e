//! The rules of the account and its settings (O1).

use std::sync::LazyLock;

use crate::Action::{SaveSettings, View};
use crate::Permission::ManageSettings;
use crate::rule::permit;
use crate::{Resource, Rule};

/// The account itself.
#[derive(Debug)]
pub struct Account;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("account.view").to(&[View]),
        permit("account.save_settings").to(&[SaveSettings]).holding(ManageSettings),
    ]
});

impl Resource for Account {
    const NAME: &'static str = "account";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
