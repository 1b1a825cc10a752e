//! What people of the clinic wrote on Ada and her deal, and what they mean to do about them.

use entity::{ContactId, OpportunityId, Timestamp, UserId};

use crate::domain::access::Access;
use crate::domain::error::{Error, Result};
use crate::domain::note::{self, CreateNote};
use crate::domain::record::RecordRef;
use crate::domain::task::{self, CompleteTask, CreateTask};

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Who writes, and on what.
pub struct Cast {
    pub clara: UserId,
    pub erik: UserId,
    pub finn: UserId,
    pub contact: ContactId,
    pub deal: OpportunityId,
}

/// Writes three notes, one of which mentions a colleague, and makes three tasks: one is done, and one is Finn's, who does
/// not see what it is on.
pub async fn make(clinic: &Access, cast: &Cast) -> Result<()> {
    let clara = as_person(clinic, cast.clara).await?;
    let erik = as_person(clinic, cast.erik).await?;
    write(&clara, cast.contact.into(), "Prefers mornings.\nNervous: give her the window seat.", &[]).await?;
    let mention = "Erik, she asked for the aligner plan by Friday.";
    write(&clara, cast.contact.into(), mention, &[cast.erik]).await?;
    write(&erik, cast.deal.into(), "Scans are in, 14 aligners. Instalments would help.", &[]).await?;

    let now = clinic.now();
    let call = plan(&clara, cast.contact.into(), "Call about insurance", cast.clara, now, 0).await?;
    task::complete(&clara, &CompleteTask { task: call, expected_version: None }).await?;
    plan(&clara, cast.contact.into(), "Send the aligner plan", cast.erik, now, 2).await?;
    plan(&erik, cast.deal.into(), "Print the plan for reception", cast.finn, now, 1).await?;
    Ok(())
}

async fn as_person(clinic: &Access, user: UserId) -> Result<Access> {
    let found = Access::of_user(clinic.base(), clinic.account().id, user).await?;
    found.ok_or_else(|| Error::bug("somebody of the clinic is not there"))
}

async fn write(access: &Access, record: RecordRef, body: &str, mentions: &[UserId]) -> Result<()> {
    let wish = CreateNote { record, body: body.to_owned(), mentions: mentions.to_vec() };
    note::create(access, &wish).await?;
    Ok(())
}

async fn plan(
    access: &Access,
    record: RecordRef,
    title: &str,
    assignee: UserId,
    now: Timestamp,
    days: i64,
) -> Result<entity::TaskId> {
    let wish = CreateTask {
        record,
        title: title.to_owned(),
        body: None,
        assignee: Some(assignee),
        due_at: Some(Timestamp(now.0 + days * DAY)),
    };
    Ok(task::create(access, &wish).await?.task)
}
