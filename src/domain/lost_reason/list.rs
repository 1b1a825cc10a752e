//! The list itself, and what it says of a reason that somebody gives.

use entity::activity::Cause;
use entity::{LostReasonId, lost_reason};
use policy::Action;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::domain::error::{Refusal, Result};
use crate::domain::patch::Patch;
use crate::domain::pipeline::order::moved;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::Problems;

/// The most reasons that an account has.
pub(super) const MAX_REASONS: usize = 100;

/// The list, as everybody sees it who may.
pub(super) async fn visible(unit: &UnitOfWork<'_>) -> Result<Vec<lost_reason::Model>> {
    let listed = read(unit).await?;
    let may_view = unit.access().may::<policy::LostReason>(Action::View).is_granted();
    Ok(if may_view { listed } else { Vec::new() })
}

/// One of the list.
pub(super) fn one(listed: &[lost_reason::Model], id: LostReasonId) -> Result<&lost_reason::Model> {
    let found = listed.iter().find(|reason| reason.id == id);
    found.ok_or_else(|| {
        Refusal { message: "there is no such lost reason".into(), ..Refusal::not_found("id") }.into()
    })
}

/// Refuses whoever may not arrange the list.
pub(super) fn require_manage(unit: &UnitOfWork<'_>) -> Result<()> {
    match unit.access().may::<policy::LostReason>(Action::Manage).reason() {
        Some(reason) => Err(Refusal::denied("", Some(reason)).into()),
        None => Ok(()),
    }
}

/// A name that no other one of the list has.
pub(super) fn unique_name(
    problems: &mut Problems,
    name: &str,
    listed: &[lost_reason::Model],
    own: Option<LostReasonId>,
) -> String {
    let name = problems.required_line("name", name);
    let key = text::fold(&name);
    if listed.iter().any(|other| Some(other.id) != own && other.name_key == key) {
        problems.add("name", format!("there is a lost reason `{name}` already"));
    }
    name
}

/// Writes the places of reasons that stand elsewhere now.
pub(super) async fn arrange(unit: &UnitOfWork<'_>, in_order: &[&lost_reason::Model]) -> Result<()> {
    for (place, reason) in moved(in_order.iter().copied()) {
        unit.update(lost_reason::ActiveModel {
            id: Set(reason.id),
            position: Set(place),
            ..Default::default()
        })
        .await?;
    }
    Ok(())
}

/// A reason that is given for what is lost, as the list spells it. Where only listed ones are taken, another one is noted
/// as a problem, unless the opportunity has it already. Imports bring what their file says.
///
/// # Errors
/// A database that fails.
pub async fn as_listed(
    unit: &UnitOfWork<'_>,
    problems: &mut Problems,
    given: &Patch<String>,
    current: Option<&String>,
) -> Result<Patch<String>> {
    let Patch::Set(text) = given else { return Ok(given.clone()) };
    if current == Some(text) {
        return Ok(given.clone());
    }
    let listed = read(unit).await?;
    let key = text::fold(text);
    if let Some(same) = listed.iter().find(|reason| reason.name_key == key) {
        return Ok(Patch::Set(same.name.clone()));
    }
    if unit.account().only_listed_lost_reasons && unit.cause() != Cause::Import && !key.is_empty() {
        let names: Vec<String> = listed.iter().map(|reason| format!("`{}`", reason.name)).collect();
        let choice = if names.is_empty() {
            "the account has none yet".to_owned()
        } else {
            format!("choose one of {}", names.join(", "))
        };
        problems.add("lostReason", format!("only reasons of the account's list are taken: {choice}"));
    }
    Ok(given.clone())
}

async fn read(unit: &UnitOfWork<'_>) -> Result<Vec<lost_reason::Model>> {
    let listed = lost_reason::Entity::find()
        .filter(lost_reason::Column::AccountId.eq(unit.account().id))
        .order_by_asc(lost_reason::Column::Position)
        .order_by_asc(lost_reason::Column::Id);
    unit.rows(listed).await
}
