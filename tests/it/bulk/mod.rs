//! Acts on many records at once (G3): each answers for itself, what is refused is left out, the rest is one change.

mod at_once;
mod filters;
mod followers;
mod import;
mod linked;
mod owners;
mod statements;
mod tags_and_stages;

use retinue::domain::access::{ContactFilter, OpportunityFilter};
use retinue::domain::bulk::{
    self, Answered, BulkAddFollowers, BulkChangeOwner, BulkDone, BulkRemoveFollowers, Choice, Outcome,
};
use retinue::domain::error::{Refusal, RefusalKind, Result};
use retinue::domain::ownership::Whom;
use retinue::domain::record::RecordRef;

use crate::world::{Acts, Person};

/// Gives records of one kind to somebody, or to nobody.
pub async fn gives(who: &impl Acts, records: &[RecordRef], owner: Option<&Person>) -> Result<BulkDone> {
    gives_in(&who.access().await, records, owner).await
}

/// The same with an access that was opened before.
pub async fn gives_in(
    access: &retinue::domain::access::Access,
    records: &[RecordRef],
    owner: Option<&Person>,
) -> Result<BulkDone> {
    let (owner, previous_owner_follows) = (owner.map(|owner| owner.id), None);
    if matches!(records.first(), Some(RecordRef::Opportunity(_))) {
        let choice: Choice<OpportunityFilter> = Choice::These(records.to_vec());
        let wish = BulkChangeOwner { choice, owner, previous_owner_follows };
        return bulk::change_owner::<policy::Opportunity>(access, &wish).await;
    }
    let choice: Choice<ContactFilter> = Choice::These(records.to_vec());
    let wish = BulkChangeOwner { choice, owner, previous_owner_follows };
    bulk::change_owner::<policy::Contact>(access, &wish).await
}

/// Adds followers to contacts.
pub async fn adds(who: &impl Acts, records: &[RecordRef], people: &[&Person]) -> Result<BulkDone> {
    let choice: Choice<ContactFilter> = Choice::These(records.to_vec());
    let users = people.iter().map(|person| person.id).collect();
    let wish = BulkAddFollowers { choice, users, until: None };
    bulk::add_followers::<policy::Contact>(&who.access().await, &wish).await
}

/// Takes followers off contacts.
pub async fn takes_off(who: &impl Acts, records: &[RecordRef], whom: Whom) -> Result<BulkDone> {
    let choice: Choice<ContactFilter> = Choice::These(records.to_vec());
    bulk::remove_followers::<policy::Contact>(&who.access().await, &BulkRemoveFollowers { choice, whom })
        .await
}

/// What became of each record, one word each: `done`, `unchanged`, or why it was refused.
pub fn told(done: Result<BulkDone>) -> Vec<String> {
    done.expect("the call itself is not refused").results.iter().map(word).collect()
}

fn word(answered: &Answered) -> String {
    match &answered.outcome {
        Outcome::Done => "done".into(),
        Outcome::Unchanged => "unchanged".into(),
        Outcome::Refused(refusals) => refusals.iter().map(kind).collect::<Vec<_>>().join(", "),
    }
}

fn kind(refusal: &Refusal) -> String {
    match &refusal.kind {
        RefusalKind::NotFound => "not found".into(),
        RefusalKind::OwnerChangeDenied { reason } => format!("{reason:?}"),
        RefusalKind::PermissionDenied { permission } => format!("denied {permission:?}"),
        other => format!("{other:?}"),
    }
}
