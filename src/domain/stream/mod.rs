//! Streams: what happened on a topic, in order and without a gap (N4).

use std::collections::BTreeSet;

use entity::{CalendarId, ContactId, OpportunityId, PipelineId, TypedId, UserId};
use uuid::Uuid;

use super::record::RecordRef;

/// What one can listen to. Ordered as its numbers are taken: by id, whatever it is the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// What one person is told.
    Inbox(UserId),
    /// A contact.
    Contact(ContactId),
    /// An opportunity.
    Opportunity(OpportunityId),
    /// A pipeline, its stages and the opportunities in it.
    Pipeline(PipelineId),
    /// The appointments of a calendar.
    Calendar(CalendarId),
}

impl Topic {
    /// The id inside. Ids are unique over all tables, so that it names the topic.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Topic::Inbox(id) => id.uuid(),
            Topic::Contact(id) => id.uuid(),
            Topic::Opportunity(id) => id.uuid(),
            Topic::Pipeline(id) => id.uuid(),
            Topic::Calendar(id) => id.uuid(),
        }
    }
}

impl PartialOrd for Topic {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Topic {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid().cmp(&other.uuid())
    }
}

impl From<RecordRef> for Topic {
    fn from(record: RecordRef) -> Self {
        match record {
            RecordRef::Contact(id) => Topic::Contact(id),
            RecordRef::Opportunity(id) => Topic::Opportunity(id),
        }
    }
}

/// Whom an event took a grant from, per topic and place among the events of the change.
pub(in crate::domain) type Lost = BTreeSet<UserId>;

/// The list as it is kept.
#[must_use]
pub(in crate::domain) fn write_lost(lost: &Lost) -> Option<String> {
    let ids: Vec<String> = lost.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

/// The list as it was kept.
#[must_use]
pub fn read_lost(text: Option<&str>) -> BTreeSet<UserId> {
    text.into_iter().flat_map(|text| text.split(',')).filter_map(|id| id.parse().ok()).collect()
}
