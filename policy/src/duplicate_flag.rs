//! The rules of what was flagged as a duplicate (R3).

use std::sync::LazyLock;

use crate::Action::{Manage, View};
use crate::rule::permit;
use crate::{Resource, Rule};

/// Two records that are duplicates, of which whoever made the second could not see the first.
#[derive(Debug)]
pub struct DuplicateFlag;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // R3
        permit("duplicate_flag.view").to(&[View]).admin(),
        permit("duplicate_flag.manage").to(&[Manage]).admin(),
    ]
});

impl Resource for DuplicateFlag {
    const NAME: &'static str = "duplicate_flag";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
