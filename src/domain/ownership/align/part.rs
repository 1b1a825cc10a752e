//! Aligns some contacts with their opportunities.

use std::collections::BTreeSet;

use entity::job_finding::Kind;
use entity::{ContactId, UserId};
use policy::Relation;

use super::{Direction, Part, Plan};
use crate::domain::error::Result;
use crate::domain::ownership::transfer::transfer;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Held, Reach, UnitOfWork};

/// Who a contact and its opportunities are to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Winner {
    /// Nobody wins: an unassigned side never does.
    Nobody,
    /// The opportunities have several owners.
    Disagree,
    /// This one.
    One(UserId),
}

/// Aligns the next contacts after `after` that differ from their opportunities, at most `limit` of them.
///
/// # Errors
/// A database that fails.
pub async fn part(
    unit: &mut UnitOfWork<'_>,
    plan: &Plan,
    after: Option<ContactId>,
    limit: u64,
) -> Result<Part> {
    let rows = unit.query(&unit.access().contacts_that_differ(after, limit)).await?;
    let contacts: Vec<ContactId> =
        rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, _>>()?;
    let records: Vec<RecordRef> = contacts.iter().copied().map(RecordRef::from).collect();
    let visible = unit.hold_many(&records, Reach::Family).await?;
    let mut part = Part {
        contacts: u64::try_from(contacts.len()).unwrap_or_default(),
        last: contacts.last().copied(),
        ..Part::default()
    };

    let seen = contacts.into_iter().filter(|contact| visible.contains(&RecordRef::from(*contact)));
    let winners = seen
        .map(|contact| Ok((contact, winner(unit, contact, plan.direction)?)))
        .collect::<Result<Vec<(ContactId, Winner)>>>()?;
    let named: BTreeSet<UserId> = winners.iter().filter_map(|(_, winner)| winner.user()).collect();
    // They stay active until the end of the change (O8).
    let active = unit.active_users(&named.into_iter().collect::<Vec<_>>()).await?;
    for (contact, winner) in winners {
        match winner {
            Winner::Nobody => {}
            Winner::Disagree => part.findings.push((Kind::Disagrees, contact.0)),
            Winner::One(owner) if active.contains_key(&owner) => {
                give(unit, plan, contact, owner, &mut part)?;
            }
            Winner::One(_) => part.findings.push((Kind::InactiveOwner, contact.0)),
        }
    }
    Ok(part)
}

impl Winner {
    const fn user(self) -> Option<UserId> {
        match self {
            Winner::One(user) => Some(user),
            Winner::Nobody | Winner::Disagree => None,
        }
    }
}

fn winner(unit: &UnitOfWork<'_>, contact: ContactId, direction: Direction) -> Result<Winner> {
    let owners: BTreeSet<UserId> = match direction {
        Direction::ContactsToOpportunities => unit.held(contact.into())?.owner.into_iter().collect(),
        Direction::OpportunitiesToContacts => unit.family(contact).filter_map(|held| held.owner).collect(),
    };
    let mut owners = owners.into_iter();
    Ok(match (owners.next(), owners.next()) {
        (None, _) => Winner::Nobody,
        (Some(owner), None) => Winner::One(owner),
        (Some(_), Some(_)) => Winner::Disagree,
    })
}

/// Gives what differs to the winner, or to nobody where that is the actor, who follows it (P6).
fn give(
    unit: &mut UnitOfWork<'_>,
    plan: &Plan,
    contact: ContactId,
    winner: UserId,
    part: &mut Part,
) -> Result<()> {
    let previous_follows = plan.previous_owner_follows.unwrap_or(unit.account().previous_owner_follows);
    let family = unit.family(contact).map(|held| held.record);
    let records: Vec<RecordRef> = std::iter::once(contact.into()).chain(family).collect();
    for record in records {
        let held = unit.held(record)?;
        if held.owner == Some(winner) {
            continue;
        }
        let owner = if is_kept_from(unit, held, winner) { None } else { Some(winner) };
        if owner.is_none() {
            part.findings.push((Kind::WentUnassigned, record.uuid()));
        }
        if held.owner != owner {
            transfer(unit, &[record], owner, previous_follows, None)?;
            part.moved += 1;
        }
    }
    Ok(())
}

/// Whether the winner is the actor and follows the record, which nobody but an admin may do to themselves.
fn is_kept_from(unit: &UnitOfWork<'_>, held: &Held, winner: UserId) -> bool {
    let actor = unit.actor();
    actor.user == Some(winner)
        && !actor.admin
        && held.standing.relation(unit.now()) == Some(Relation::Follower)
}
