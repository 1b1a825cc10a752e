//! What of an event matters to whom, and why.

use std::collections::{BTreeMap, HashMap};

use entity::activity::Cause;
use entity::notification::{Kind, Reason};
use entity::{AppointmentId, UserId};
use policy::Relation;

use super::scene::{Related, Scene};
use crate::domain::activity::{Change, Event, Subject, What};
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{Held, UnitOfWork};

/// What a person must be able to see to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// The record, as they stand to it now.
    OfRecord,
    /// The record, were they still related to it, or related at all: what concerns oneself is told of what one sees no
    /// more, but not where the whole module is switched off (P3).
    Related(Relation),
    /// The appointment (C3).
    OfAppointment(AppointmentId),
}

/// One event as it matters to one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matter {
    pub kind: Kind,
    pub reason: Reason,
    pub sight: Sight,
    pub record: RecordRef,
    /// Which of the events.
    pub place: usize,
}

impl Matter {
    /// What comes first when several matter: what concerns oneself, then by kind, then as it happened.
    pub fn rank(&self) -> (u8, usize) {
        (rank(self.kind), self.place)
    }

    /// How near it is to the person, among the ways in which one event matters to them.
    fn nearness(&self) -> (u8, u8) {
        let tied = matches!(self.reason, Reason::Assigned | Reason::Attendee);
        let reason = match self.reason {
            Reason::Assigned => 0,
            Reason::Attendee => 1,
            _ => 2,
        };
        (rank(self.kind), if tied { reason } else { 2 })
    }
}

const fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::OwnershipGained => 0,
        Kind::OwnershipLost => 1,
        Kind::FollowGained => 2,
        Kind::FollowLost => 3,
        Kind::Mentioned => 4,
        Kind::TaskAssigned => 5,
        Kind::AppointmentAssigned => 6,
        Kind::FollowSkipped => 7,
        Kind::RecordCreated => 8,
        Kind::RecordDeleted => 9,
        Kind::RecordRestored => 10,
        Kind::OwnerChanged => 11,
        Kind::RecordUpdated => 12,
        Kind::Note => 13,
        Kind::Task => 14,
        Kind::Appointment => 15,
        Kind::FollowersChanged => 16,
    }
}

/// What matters to whom; of one event the nearest matter for each person. Nobody is told of what they did themselves.
pub(super) fn matters(
    unit: &UnitOfWork<'_>,
    scene: &Scene,
    events: &[&Event],
) -> BTreeMap<UserId, Vec<Matter>> {
    let mut all: BTreeMap<UserId, Vec<Matter>> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        // What the clock brings about is nobody's doing, in whosever change it is written down.
        let actor = unit.actor().user.filter(|_| event.cause != Cause::Clock);
        let mut nearest: HashMap<UserId, Matter> = HashMap::new();
        for (user, matter) in of_event(unit, scene, event, place) {
            if Some(user) != actor {
                let known = nearest.entry(user).or_insert(matter);
                if matter.nearness() < known.nearness() {
                    *known = matter;
                }
            }
        }
        for (user, matter) in nearest {
            all.entry(user).or_default().push(matter);
        }
    }
    all
}

fn of_event(unit: &UnitOfWork<'_>, scene: &Scene, event: &Event, place: usize) -> Vec<(UserId, Matter)> {
    match event.subject {
        Subject::Record(record) => {
            let mut matters = to_related(scene, record, place, kind_of(event.what), Sight::OfRecord);
            if let Ok(held) = unit.held(record) {
                let of_oneself =
                    |(user, kind, reason, sight)| (user, Matter { kind, reason, sight, record, place });
                matters.extend(of_people(unit, scene, held, event.what).into_iter().map(of_oneself));
            }
            matters
        }
        Subject::Appointment { appointment, contact } => {
            let record = contact.into();
            let sight = Sight::OfAppointment(appointment);
            let mut matters = to_related(scene, record, place, Kind::Appointment, sight);
            let Some(booking) = scene.bookings.get(&appointment) else { return matters };
            let matter = |kind, reason| Matter { kind, reason, sight, record, place };
            let after = change(event, "assignee").and_then(|change| change.after.as_deref()?.parse().ok());
            let is_new = after == Some(booking.assignee);
            let kind = if is_new { Kind::AppointmentAssigned } else { Kind::Appointment };
            matters.push((booking.assignee, matter(kind, Reason::Assigned)));
            let previous =
                change(event, "assignee").and_then(|change| change.before.as_deref()?.parse().ok());
            let previous = previous.filter(|previous: &UserId| *previous != booking.assignee);
            matters.extend(previous.map(|user| (user, matter(Kind::Appointment, Reason::Removed))));
            let attend = |user: &UserId| (*user, matter(Kind::Appointment, Reason::Attendee));
            matters.extend(booking.attendees.iter().map(attend));
            matters
        }
        Subject::Note { on, .. } => {
            let mut matters = to_related(scene, on, place, Kind::Note, Sight::OfRecord);
            if let What::Mentioned { user } = event.what {
                let (kind, reason) = (Kind::Mentioned, Reason::Mentioned);
                matters.push((user, Matter { kind, reason, sight: Sight::OfRecord, record: on, place }));
            }
            matters
        }
        Subject::Task { task, on } => {
            let mut matters = to_related(scene, on, place, Kind::Task, Sight::OfRecord);
            // Whose a task is sees it, whoever sees the record (R5).
            let sight = Sight::Related(Relation::Follower);
            if let Some(user) = scene.assignee(task) {
                let is_new = match event.what {
                    What::Assigned { to, .. } => to == Some(user),
                    what => what == What::Created,
                };
                let kind = if is_new { Kind::TaskAssigned } else { Kind::Task };
                matters.push((user, Matter { kind, reason: Reason::Assigned, sight, record: on, place }));
            }
            matters
        }
        _ => Vec::new(),
    }
}

/// To the owner and the followers who have not muted the record (F8).
fn to_related(
    scene: &Scene,
    record: RecordRef,
    place: usize,
    kind: Kind,
    sight: Sight,
) -> Vec<(UserId, Matter)> {
    let matter = |related: &Related| {
        let reason = match related.relation {
            Relation::Owner => Reason::Owner,
            Relation::Follower | Relation::Reader => Reason::Follower,
        };
        (related.user, Matter { kind, reason, sight, record, place })
    };
    scene.related(record).iter().filter(|related| !related.muted).map(matter).collect()
}

/// What an event says of people themselves, which no mute silences (F8). It is told as it turned out: who was taken off
/// and put back in one act has lost nothing.
fn of_people(
    unit: &UnitOfWork<'_>,
    scene: &Scene,
    held: &Held,
    what: What,
) -> Vec<(UserId, Kind, Reason, Sight)> {
    let record = held.record;
    let owner = scene.owner(record);
    let follows = |user| scene.relation(record, user).is_some_and(|now| now.relation == Relation::Follower);
    let followed =
        |user| held.roster.before().any(|member| member.user_id == user && member.follows_at(unit.now()));
    let gained = |user: UserId| (user, Kind::OwnershipGained, Reason::Assigned, Sight::OfRecord);
    match what {
        What::Created => owner.map(gained).into_iter().collect(),
        What::OwnerChanged { from, to } => {
            let to = to.filter(|to| owner == Some(*to) && held.first_owner() != Some(*to));
            let from = from.filter(|from| owner != Some(*from) && held.first_owner() == Some(*from));
            let lost = |user| (user, Kind::OwnershipLost, Reason::Removed, Sight::Related(Relation::Owner));
            to.map(gained).into_iter().chain(from.map(lost)).collect()
        }
        What::FollowerAdded { user, .. } if follows(user) && !followed(user) => {
            vec![(user, Kind::FollowGained, Reason::Added, Sight::OfRecord)]
        }
        What::FollowerRemoved { user } | What::FollowEnded { user }
            if scene.relation(record, user).is_none() =>
        {
            vec![(user, Kind::FollowLost, Reason::Removed, Sight::Related(Relation::Follower))]
        }
        What::FollowerSkipped { user, .. } => {
            vec![(user, Kind::FollowSkipped, Reason::Skipped, Sight::Related(Relation::Follower))]
        }
        _ => Vec::new(),
    }
}

/// What an event on a record is to its owner and followers.
const fn kind_of(what: What) -> Kind {
    match what {
        What::Created => Kind::RecordCreated,
        What::Deleted => Kind::RecordDeleted,
        What::Restored => Kind::RecordRestored,
        What::OwnerChanged { .. } => Kind::OwnerChanged,
        What::FollowerAdded { .. }
        | What::FollowerChanged { .. }
        | What::FollowerRemoved { .. }
        | What::FollowEnded { .. }
        | What::FollowerSkipped { .. } => Kind::FollowersChanged,
        _ => Kind::RecordUpdated,
    }
}

/// What became of a field.
fn change<'e>(event: &'e Event, field: &str) -> Option<&'e Change> {
    event.changes.iter().find(|change| change.field == field)
}
