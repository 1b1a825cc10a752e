//! The rules of the account's list of lost reasons.

use std::sync::LazyLock;

use crate::Action::{Manage, View};
use crate::Permission::{ManagePipelines, ViewOpportunities};
use crate::rule::permit;
use crate::{Resource, Rule};

/// The reasons that the account offers for what was lost.
#[derive(Debug)]
pub struct LostReason;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("lost_reason.view.opportunities").to(&[View]).holding(ViewOpportunities),
        permit("lost_reason.view.manage").to(&[View]).holding(ManagePipelines),
        // R1
        permit("lost_reason.manage").to(&[Manage]).holding(ManagePipelines),
    ]
});

impl Resource for LostReason {
    const NAME: &'static str = "lost_reason";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
