//! The rules of pipelines and their stages.

use std::sync::LazyLock;

use crate::Action::View;
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
    ]
});

impl Resource for Pipeline {
    const NAME: &'static str = "pipeline";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}
