//! The rules of pipelines and their stages.

use std::sync::LazyLock;

use crate::Action::{Manage, View};
use crate::Permission::{ManagePipelines, ViewOpportunities};
use crate::rule::permit;
use crate::{Resource, Rule};

/// A pipeline with its stages.
#[derive(Debug)]
pub struct Pipeline;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("pipeline.view.opportunities").to(&[View]).holding(ViewOpportunities),
        permit("pipeline.view.manage").to(&[View]).holding(ManagePipelines),
        // R1. P6 does not name pipelines: a restricted holder arranges them too, and learns nothing of hidden deals.
        permit("pipeline.manage").to(&[Manage]).holding(ManagePipelines),
    ]
});

impl Resource for Pipeline {
    const NAME: &'static str = "pipeline";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
