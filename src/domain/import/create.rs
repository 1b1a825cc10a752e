//! Makes an opportunity of a row, and its contact, people and stage where they are missing.

use entity::member::Cause;
use entity::{ContactId, UserId};

use super::batch::Batch;
use super::columns::Column;
use super::contacts::Card;
use super::deal::{Deal, refuse};
use super::new_contact;
use super::people::{People, Person};
use super::tags;
use super::take::Outcome;
use crate::domain::contact::{self, CreateContact};
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::opportunity::{self, CreateOpportunity};
use crate::domain::ownership::follow;
use crate::domain::patch::Patch;

/// Makes the opportunity of a row. What can be refused is refused before anything is made.
///
/// # Errors
/// Every cell that cannot be taken.
pub(super) async fn create(batch: &mut Batch<'_>, deal: &Deal, identity: Vec<u8>) -> Result<Outcome> {
    let contact = batch.contacts.find(&deal.contact);
    let (owner, followers) = people(&batch.people, deal);
    let (contact, owner, followers) = all_of(contact, owner, followers)?;
    require_room(batch, contact, owner.as_ref(), &followers)?;
    if let Some(contact) = contact {
        require_same_owner(batch, contact, owner.as_ref())?;
        tags::require_room(&mut batch.contacts, contact, deal)?;
    }

    let (pipeline, stage) = batch.pipelines.stage(&batch.unit, batch.plan, deal).await?;
    let owner = match owner {
        Some(owner) => Some(batch.people.id(&mut batch.unit, owner).await?),
        None => None,
    };
    let followers = ids(batch, followers).await?;
    let contact = match contact {
        Some(contact) => {
            tags::add(batch, contact, deal).await?;
            contact
        }
        None => make_contact(batch, deal, owner).await?,
    };
    let wish = CreateOpportunity {
        stage: Some(stage),
        value: patch(deal.value),
        status: Some(deal.status),
        lost_reason: patch(deal.lost_reason.clone()),
        source: patch(deal.source.clone()),
        owner: patch(owner),
        followers,
        dates: Some(deal.dates(batch.unit.now())),
        ..CreateOpportunity::new(contact, pipeline, deal.name.clone())
    };
    let opportunity = opportunity::create_in(&mut batch.unit, &wish, Cause::Import).await?;
    let note = batch.note(deal, identity, opportunity);
    batch.made.push(note);
    batch.write(deal, opportunity);
    Ok(Outcome::Created)
}

/// Owner and followers, all problems of the row together.
fn people(people: &People, deal: &Deal) -> (Result<Option<Person>>, Result<Vec<Person>>) {
    let owner = deal.assigned.as_ref().map(|name| people.find(name, Column::Assigned)).transpose();
    (owner, followers(people, deal))
}

/// The followers whom a row names.
///
/// # Errors
/// Each of them whom nobody knows, or who may be several.
pub(super) fn followers(people: &People, deal: &Deal) -> Result<Vec<Person>> {
    let mut found = Vec::new();
    let mut refusals = Vec::new();
    for name in &deal.followers {
        match people.find(name, Column::Followers) {
            Ok(person) => found.push(person),
            Err(Error::Refused(more)) => refusals.extend(more),
            Err(broken) => return Err(broken),
        }
    }
    if refusals.is_empty() { Ok(found) } else { Err(Error::Refused(refusals)) }
}

/// All three, or all that stands against them.
fn all_of<A, B, C>(first: Result<A>, second: Result<B>, third: Result<C>) -> Result<(A, B, C)> {
    match (first, second, third) {
        (Ok(first), Ok(second), Ok(third)) => Ok((first, second, third)),
        (first, second, third) => {
            let mut refusals: Vec<Refusal> = Vec::new();
            for error in [first.err(), second.err(), third.err()].into_iter().flatten() {
                match error {
                    Error::Refused(more) => refusals.extend(more),
                    other => return Err(other),
                }
            }
            Err(Error::Refused(refusals))
        }
    }
}

/// F1, before anybody is made; the owner, given or the contact's, is no follower (F3).
fn require_room(
    batch: &mut Batch<'_>,
    contact: Option<ContactId>,
    owner: Option<&Person>,
    followers: &[Person],
) -> Result<()> {
    let inherited = match (owner, contact) {
        (None, Some(contact)) => batch.contacts.card(contact).owner,
        _ => None,
    };
    let places = followers.iter().filter(|person| Some(*person) != owner && **person != inherited).count();
    follow::limit(0, places, Column::Followers.name())
}

/// O4: in linked mode an import never moves the owner of a record that is there already.
fn require_same_owner(batch: &mut Batch<'_>, contact: ContactId, owner: Option<&Person>) -> Result<()> {
    let Some(owner) = owner.filter(|_| !batch.unit.account().separate_owners) else { return Ok(()) };
    if *owner == batch.contacts.card(contact).owner {
        return Ok(());
    }
    Err(refuse(
        Column::Assigned,
        "contact and opportunities have one owner here, and this is not the contact's: an import does not move it, \
         change the owner first or import with `--separate-owners`",
    ))
}

/// A contact that an import makes has no owner; linked, it has its opportunity's from the start, so that nothing moves.
async fn make_contact(batch: &mut Batch<'_>, deal: &Deal, owner: Option<UserId>) -> Result<ContactId> {
    let owner = owner.filter(|_| !batch.unit.account().separate_owners);
    let wish = CreateContact {
        fields: new_contact::fields(&deal.contact, &deal.tags),
        owner: owner.map_or(Patch::Clear, Patch::Set),
        ..CreateContact::default()
    };
    let id = contact::create_in(&mut batch.unit, &wish).await?;
    batch.contacts.add(id, Card::made(&deal.contact, owner, deal.tags.clone()));
    Ok(id)
}

/// The users behind these people, made where that is needed.
///
/// # Errors
/// A name that cannot be taken.
pub(super) async fn ids(batch: &mut Batch<'_>, people: Vec<Person>) -> Result<Vec<UserId>> {
    let mut ids = Vec::with_capacity(people.len());
    for person in people {
        ids.push(batch.people.id(&mut batch.unit, person).await?);
    }
    Ok(ids)
}

fn patch<T>(value: Option<T>) -> Patch<T> {
    value.map_or(Patch::Keep, Patch::Set)
}
