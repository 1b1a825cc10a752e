//! Makes a task on a record (R5).

use entity::{Timestamp, UserId, task};
use policy::{Action, Ties};
use sea_orm::IntoActiveModel;

use super::{TaskDone, fields};
use crate::domain::access::Access;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Reach, require_granted};
use crate::domain::validate::Problems;

/// The wish to make a task.
#[derive(Clone, Debug)]
pub struct CreateTask {
    /// On what.
    pub record: RecordRef,
    /// One line.
    pub title: String,
    /// More about it.
    pub body: Option<String>,
    /// Who is to do it, who need not see the record.
    pub assignee: Option<UserId>,
    /// Until when.
    pub due_at: Option<Timestamp>,
}

/// Makes a task.
///
/// # Errors
/// Not found (the record, or an assignee who is no active user), denied, invalid.
pub async fn create(access: &Access, wish: &CreateTask) -> Result<TaskDone> {
    let mut unit = access.begin().await?;
    unit.hold(wish.record, Reach::Alone, "recordId").await?;
    if let Some(assignee) = wish.assignee {
        unit.active_user(assignee, "assigneeId").await?;
    }
    let decision = unit.decide_on::<policy::ContactTask, policy::OpportunityTask>(
        wish.record,
        Ties::NONE,
        Action::Create,
    )?;
    require_granted(&decision, "recordId")?;
    let mut problems = Problems::new();
    let title = problems.required_line("title", &wish.title);
    let body = problems.long_text("body", wish.body.as_deref(), fields::MAX_BODY);
    problems.none()?;

    let (contact_id, opportunity_id) = wish.record.by_kind();
    let row = task::Model {
        id: unit.new_id(),
        account_id: unit.account().id,
        contact_id,
        opportunity_id,
        title,
        body,
        assignee_id: wish.assignee,
        due_at: wish.due_at,
        completed_at: None,
        completed_by: None,
        author_id: unit.actor().user,
        version: 1,
        created_at: unit.now(),
        updated_at: unit.now(),
    };
    unit.insert(row.clone().into_active_model()).await?;
    let (task, record) = (row.id, wish.record);
    let subject = Subject::Task { task, on: record };
    let made = unit.record(subject, What::Created, fields::changes(None, &row), None);
    if wish.assignee.is_some() {
        let (assigned, changes) = fields::assigned(None, wish.assignee);
        unit.record(subject, assigned, changes, Some(made));
    }
    unit.commit_as(|committed| TaskDone { task, record, committed }).await
}
