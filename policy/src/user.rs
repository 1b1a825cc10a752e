//! The rules of the people of an account.

use std::sync::LazyLock;

use crate::Action::View;
use crate::rule::permit;
use crate::{Resource, Rule};

/// A person of the account. Everybody sees colleagues by id, name and picture; the rest is gated by field.
#[derive(Debug)]
pub struct User;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| vec![permit("user.view").to(&[View])]);

impl Resource for User {
    const NAME: &'static str = "user";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
