//! The fields that an activity changed, as far as the viewer may see them.

use std::str::FromStr;

use async_graphql::SimpleObject;
use entity::{CalendarId, ContactId};
use policy::MONETARY_VALUE;

use super::ActivitySiblings;
use crate::domain::access::Entry;
use crate::domain::activity::Change;
use crate::graphql::answer::Answer;
use crate::graphql::error::Failure;

/// How the history calls what an opportunity is worth.
const VALUE: &str = "monetaryValue";

/// How the history calls the contact of an opportunity.
const CONTACT: &str = "contact";

/// One field that an activity changed. People, stages, contacts and calendars are given as global ids, lists as texts separated by
/// commas, amounts as exact decimals.
#[derive(SimpleObject, Clone, Debug)]
pub struct FieldChange {
    /// The field as this API names it, such as `firstName` or `owner`.
    field: String,
    /// Its value before, as text. Null when it was empty.
    before: Option<String>,
    /// Its value after, as text. Null when it is empty.
    after: Option<String>,
}

impl From<&Change> for FieldChange {
    fn from(change: &Change) -> Self {
        Self { field: change.field.to_string(), before: change.before.clone(), after: change.after.clone() }
    }
}

/// How the history calls the calendar of an appointment.
const CALENDAR: &str = "calendar";

/// The contacts that the values of an entry name.
pub fn contacts_named(entry: &Entry) -> impl Iterator<Item = ContactId> {
    entry.changes.iter().filter(|change| change.field == CONTACT).flat_map(values)
}

/// The calendars that the values of an entry name.
pub fn calendars_named(entry: &Entry) -> impl Iterator<Item = CalendarId> {
    entry.changes.iter().filter(|change| change.field == CALENDAR).flat_map(values)
}

fn values<I: FromStr>(change: &Change) -> impl Iterator<Item = I> {
    [&change.before, &change.after].into_iter().flatten().filter_map(|text| text.parse().ok())
}

/// The changes of an entry. A value of an opportunity is left out, with an error, for whoever may not see values (A9); a
/// hidden contact is left out as if it were not there (A8), and so is a calendar to which the viewer has no access (C9).
pub async fn visible_changes(siblings: &ActivitySiblings, entry: &Entry) -> Answer<Vec<FieldChange>> {
    let contacts = match Box::pin(siblings.named_contacts()).await {
        Ok(contacts) => contacts,
        Err(failure) => return Err::<Vec<_>, _>(failure).into(),
    };
    let calendars = match Box::pin(siblings.named_calendars()).await {
        Ok(calendars) => calendars,
        Err(failure) => return Err::<Vec<_>, _>(failure).into(),
    };
    let sees_values = siblings.viewpoint().access().actor().holds(MONETARY_VALUE.needs);
    let withheld = !sees_values && entry.changes.iter().any(|change| change.field == VALUE);
    let visible = entry
        .changes
        .iter()
        .filter(|change| sees_values || change.field != VALUE)
        .filter(|change| change.field != CONTACT || values(change).all(|id| contacts.contains(&id)))
        .filter(|change| change.field != CALENDAR || values(change).all(|id| calendars.contains(&id)))
        .map(FieldChange::from)
        .collect();
    Answer::withholding(visible, withheld.then_some(Failure::Forbidden(MONETARY_VALUE)))
}
