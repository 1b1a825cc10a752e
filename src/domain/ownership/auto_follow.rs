//! The two settings that add followers when an owner changes (AF1 to AF5), answered once, on the owners as they stand
//! at the end of the act.

use std::collections::BTreeMap;

use entity::member::Cause;
use entity::{ActivityId, UserId};

use super::transfer::add_derived;
use crate::domain::activity::{Subject, What};
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::UnitOfWork;

/// Adds whom the settings say. It removes nobody and changes no owner (AF3).
///
/// # Errors
/// A bug, when a record that the change reaches is not held.
pub fn react(unit: &mut UnitOfWork<'_>) -> Result<()> {
    if !unit.account().separate_owners {
        return Ok(());
    }
    for (record, event) in records_with_a_new_owner(unit) {
        match record {
            RecordRef::Contact(_) => contact_owner_follows_opportunities(unit, record, event)?,
            RecordRef::Opportunity(_) => {
                opportunity_owner_follows_contact(unit, record, event)?;
                contact_owner_follows_opportunity(unit, record, event)?;
            }
        }
    }
    Ok(())
}

/// AF1
fn opportunity_owner_follows_contact(
    unit: &mut UnitOfWork<'_>,
    opportunity: RecordRef,
    event: ActivityId,
) -> Result<()> {
    let held = unit.held(opportunity)?;
    let (Some(owner), true) = (held.active_owner(), unit.account().opportunity_owner_follows_contact) else {
        return Ok(());
    };
    add_derived(unit, held.contact.into(), owner, Cause::OpportunityOwnerFollowsContact, event)
}

/// AF2, when the contact got the owner.
fn contact_owner_follows_opportunities(
    unit: &mut UnitOfWork<'_>,
    contact: RecordRef,
    event: ActivityId,
) -> Result<()> {
    let held = unit.held(contact)?;
    let (Some(owner), true) = (held.active_owner(), unit.account().contact_owner_follows_opportunities)
    else {
        return Ok(());
    };
    let opportunities: Vec<RecordRef> = unit.family(held.contact).map(|held| held.record).collect();
    for opportunity in opportunities {
        add_derived(unit, opportunity, owner, Cause::ContactOwnerFollowsOpportunities, event)?;
    }
    Ok(())
}

/// AF2, when the opportunity got an owner other than its contact's.
fn contact_owner_follows_opportunity(
    unit: &mut UnitOfWork<'_>,
    opportunity: RecordRef,
    event: ActivityId,
) -> Result<()> {
    if !unit.account().contact_owner_follows_opportunities {
        return Ok(());
    }
    let held = unit.held(opportunity)?;
    let owner = unit.held(held.contact.into())?.active_owner();
    match owner {
        Some(owner) if held.owner != Some(owner) => {
            add_derived(unit, opportunity, owner, Cause::ContactOwnerFollowsOpportunities, event)
        }
        _ => Ok(()),
    }
}

/// Each record that has an owner whom it did not have before, with the event that put them in.
fn records_with_a_new_owner(unit: &UnitOfWork<'_>) -> BTreeMap<RecordRef, ActivityId> {
    unit.events()
        .iter()
        .filter_map(|event| match (event.subject, event.what) {
            (Subject::Record(record), What::Created | What::OwnerChanged { to: Some(_), .. }) => {
                Some((record, event.id))
            }
            _ => None,
        })
        .filter(|(record, _)| owner_of(unit, *record).is_some())
        .collect()
}

fn owner_of(unit: &UnitOfWork<'_>, record: RecordRef) -> Option<UserId> {
    unit.held(record).ok().and_then(|held| held.owner)
}
