//! The people whom a change may concern: what they may see, and what they want to hear of.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::notification::Kind;
use entity::{CalendarId, UserId, calendar_member, notification_preference, user};
use policy::{Action, Actor, Facts, Owner, Ties};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::matter::{Matter, Sight};
use super::scene::{Scene, owner_of};
use super::tell::CHUNK;
use crate::domain::error::Result;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::{UnitOfWork, decide};

/// The people whom a change may concern.
#[derive(Debug, Default)]
pub(super) struct People {
    actors: HashMap<UserId, Actor>,
    owners: HashMap<UserId, Owner>,
    unwanted: HashSet<(UserId, Kind)>,
    members: HashSet<(CalendarId, UserId)>,
}

impl People {
    /// These people, with the rights of this moment. Who has left hears nothing.
    pub async fn of(
        unit: &UnitOfWork<'_>,
        scene: &Scene,
        concerned: impl Iterator<Item = UserId>,
    ) -> Result<Self> {
        let mut people = Self::default();
        let concerned: Vec<UserId> = concerned.collect();
        let everybody: BTreeSet<UserId> = concerned.iter().copied().chain(scene.owners()).collect();
        let everybody: Vec<UserId> = everybody.into_iter().collect();
        for ids in everybody.chunks(CHUNK) {
            let rows = user::Entity::find()
                .filter(user::Column::AccountId.eq(unit.account().id))
                .filter(user::Column::Id.is_in(ids.iter().copied()));
            for row in unit.rows(rows).await? {
                people.owners.insert(row.id, owner_of(&row));
                if row.active {
                    people.actors.insert(row.id, Actor::from_user(&row));
                }
            }
        }
        for ids in concerned.chunks(CHUNK) {
            let rows = notification_preference::Entity::find()
                .filter(notification_preference::Column::UserId.is_in(ids.iter().copied()))
                .filter(notification_preference::Column::Wanted.eq(false));
            let rows = unit.rows(rows).await?.into_iter();
            people.unwanted.extend(rows.map(|row| (row.user_id, row.kind)));
        }
        let calendars: BTreeSet<CalendarId> =
            scene.bookings.values().map(|booking| booking.calendar).collect();
        let calendars: Vec<CalendarId> = calendars.into_iter().collect();
        for ids in calendars.chunks(CHUNK) {
            let rows = calendar_member::Entity::find()
                .filter(calendar_member::Column::CalendarId.is_in(ids.iter().copied()));
            let rows = unit.rows(rows).await?.into_iter();
            people.members.extend(rows.map(|row| (row.calendar_id, row.user_id)));
        }
        Ok(people)
    }

    /// Whether this person is to hear of a matter: active, willing, and able to see it.
    pub fn hears(&self, scene: &Scene, user: UserId, matter: &Matter) -> bool {
        let Some(actor) = self.actors.get(&user) else { return false };
        !self.unwanted.contains(&(user, matter.kind)) && self.sees(scene, actor, user, matter)
    }

    fn sees(&self, scene: &Scene, actor: &Actor, user: UserId, matter: &Matter) -> bool {
        let facts = self.facts(scene, matter.record, user);
        let decision = match matter.sight {
            Sight::OfRecord => decide(actor, matter.record, Action::View, &facts),
            Sight::Related(relation) => {
                let facts = Facts { relation: Some(relation), ..facts };
                decide(actor, matter.record, Action::View, &facts)
            }
            Sight::OfAppointment(appointment) => {
                let Some(booking) = scene.bookings.get(&appointment) else { return false };
                let ties = Ties {
                    assignee: booking.assignee == user,
                    attendee: booking.attendees.contains(&user),
                    member: self.members.contains(&(booking.calendar, user)),
                    ..Ties::NONE
                };
                let contact = self.facts(scene, booking.contact.into(), user);
                let facts = Facts::appointment(ties, contact);
                policy::decide::<policy::Appointment>(actor, Action::View, &facts)
            }
        };
        decision.is_granted()
    }

    /// How a person and the owner stand to a record.
    fn facts(&self, scene: &Scene, record: RecordRef, user: UserId) -> Facts {
        let related = scene.relation(record, user);
        let owner = scene.owner(record).and_then(|owner| self.owners.get(&owner).copied());
        Facts {
            relation: related.map(|related| related.relation),
            follow_inherits: related.is_some_and(|related| related.inherits_edit),
            owner: owner.unwrap_or(Owner::Unassigned),
            ..Facts::none()
        }
    }
}
