//! The rules of tasks: they follow the access to their record, and are also seen and done by their assignee (R5, A8).

use std::sync::LazyLock;

use entity::TaskId;

use crate::Action::{Complete, Create, Delete, Edit, View};
use crate::Tie::Assignee;
use crate::rule::permit;
use crate::{Resource, Rule, Tied, TiedColumns};

/// A task on a contact.
#[derive(Debug)]
pub struct ContactTask;

/// A task on an opportunity.
#[derive(Debug)]
pub struct OpportunityTask;

static ON_CONTACTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("contact_task.view.record").to(&[View]).contact_passes(View),
        // A8: whatever they hold, and no more of the record than its name.
        permit("contact_task.view.assignee").to(&[View]).tied_as(&[Assignee]),
        permit("contact_task.manage").to(&[Create, Edit, Delete, Complete]).contact_passes(Edit),
        permit("contact_task.complete.assignee").to(&[Complete]).tied_as(&[Assignee]),
    ]
});

static ON_OPPORTUNITIES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("opportunity_task.view.record").to(&[View]).opportunity_passes(View),
        permit("opportunity_task.view.assignee").to(&[View]).tied_as(&[Assignee]),
        permit("opportunity_task.manage").to(&[Create, Edit, Delete, Complete]).opportunity_passes(Edit),
        permit("opportunity_task.complete.assignee").to(&[Complete]).tied_as(&[Assignee]),
    ]
});

impl Resource for ContactTask {
    const NAME: &'static str = "contact_task";
    fn rules() -> &'static [Rule] {
        &ON_CONTACTS
    }
}

impl Tied for ContactTask {
    type Id = TaskId;
    const COLUMNS: TiedColumns = TiedColumns {
        assignee: Some("assignee_id"),
        contact: Some("contact_id"),
        set_in: Some("contact_id"),
        ..TiedColumns::of("task")
    };
}

impl Resource for OpportunityTask {
    const NAME: &'static str = "opportunity_task";
    fn rules() -> &'static [Rule] {
        &ON_OPPORTUNITIES
    }
}

impl Tied for OpportunityTask {
    type Id = TaskId;
    const COLUMNS: TiedColumns = TiedColumns {
        assignee: Some("assignee_id"),
        opportunity: Some("opportunity_id"),
        set_in: Some("opportunity_id"),
        ..TiedColumns::of("task")
    };
}
