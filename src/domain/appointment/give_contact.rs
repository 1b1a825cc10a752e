//! Booking may give the contact to whoever was booked (C8), by the same steps as any change of owner.

use entity::{ActivityId, ContactId, UserId, calendar};
use policy::{Decision, Reason};
use serde::{Deserialize, Serialize};

use crate::domain::error::Result;
use crate::domain::idempotency::words;
use crate::domain::ownership::transfer;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Reach, UnitOfWork};

/// What a booking meant for the owner of the contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactOwner {
    /// The calendar gives no contacts away.
    NotGiven,
    /// The contact has the booked member as its owner now.
    Given,
    /// The booked member owned it already.
    OwnedAlready,
    /// It has an owner, and the calendar leaves it there.
    KeptOwner,
    /// Whoever booked may not make this change of owner; the booking stands all the same.
    Denied {
        /// Why, as a word.
        reason: String,
    },
}

impl ContactOwner {
    /// Why the contact was not given, where the policy refused.
    #[must_use]
    pub fn denied_because(&self) -> Option<Reason> {
        match self {
            ContactOwner::Denied { reason } => words::reason_of(reason).ok(),
            _ => None,
        }
    }
}

/// How far a booking in this calendar may reach around the contact.
pub(super) fn reach(unit: &UnitOfWork<'_>, calendar: &calendar::Model, contact: ContactId) -> Reach {
    if calendar.gives_contact { transfer::reach(unit.account(), contact.into()) } else { Reach::Alone }
}

/// Gives the held contact to the booked member, where the calendar says so and the actor may.
pub(super) fn give(
    unit: &mut UnitOfWork<'_>,
    calendar: &calendar::Model,
    contact: ContactId,
    member: UserId,
    booked: ActivityId,
) -> Result<ContactOwner> {
    let record = RecordRef::Contact(contact);
    let held = unit.held(record)?;
    if !calendar.gives_contact {
        return Ok(ContactOwner::NotGiven);
    }
    if held.owner == Some(member) {
        return Ok(ContactOwner::OwnedAlready);
    }
    if calendar.keeps_owner && held.owner.is_some() {
        return Ok(ContactOwner::KeptOwner);
    }
    if let Decision::Refused(reason) = unit.decide_owner(held, transfer::wish_of(unit, Some(member)))? {
        return Ok(ContactOwner::Denied { reason: words::word(reason).to_owned() });
    }
    let moved = transfer::reached(unit, held, Some(member))?;
    let previous_follows = unit.account().previous_owner_follows;
    transfer::transfer(unit, &moved, Some(member), previous_follows, Some(booked))?;
    Ok(ContactOwner::Given)
}
