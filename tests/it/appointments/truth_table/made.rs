//! A world with every kind of person, and for each an appointment of every kind.

use std::collections::HashMap;

use entity::{AppointmentId, CalendarId, ContactId, UserId};

use super::oracle::{Case, Related, Who};
use crate::world::{AnyRecord as _, Appointment, Calendar, Contact, Person, World};

/// When the follows end that are to have ended.
const SOON: i64 = 100_000;

/// Everything that the table is asked of.
#[derive(Debug)]
pub struct Made {
    pub world: World,
    pub people: Vec<Somebody>,
    /// Somebody's own case with each appointment; with all others they have nothing to do.
    pub cases: HashMap<AppointmentId, (UserId, Case)>,
    /// By person and membership: of the first they are no member, of the second they are.
    pub calendars: HashMap<CalendarId, (UserId, bool)>,
    pub contacts: HashMap<ContactId, (UserId, Related)>,
}

/// One kind of person.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub person: Person,
    pub who: Who,
    /// Without and with their membership.
    pub calendars: [Calendar; 2],
    /// By relation and whether they follow its opportunity.
    pub contacts: Vec<(Related, bool, Contact)>,
    pub appointments: Vec<(Case, Appointment)>,
}

impl Made {
    /// Makes it for these people.
    pub async fn of(world: World, people: &[Who]) -> Self {
        let mut made = Self {
            world,
            people: Vec::new(),
            cases: HashMap::new(),
            calendars: HashMap::new(),
            contacts: HashMap::new(),
        };
        let other = made.world.user("Another").create().await;
        for who in people {
            let somebody = made.somebody(*who, &other).await;
            let user = somebody.person.id;
            made.cases.extend(somebody.appointments.iter().map(|(case, made)| (made.id, (user, *case))));
            let calendars = somebody.calendars.iter().zip([false, true]);
            made.calendars.extend(calendars.map(|(calendar, member)| (calendar.id, (user, member))));
            let contacts = somebody.contacts.iter();
            made.contacts.extend(contacts.map(|(related, _, contact)| (contact.id, (user, *related))));
            made.people.push(somebody);
        }
        made.world.clock.advance_seconds(SOON);
        made
    }

    async fn somebody(&self, who: Who, other: &Person) -> Somebody {
        let world = &self.world;
        let mut person = world.user(&format!("Person {}", self.people.len())).holding(who.granted.iter());
        if who.admin {
            person = person.admin();
        }
        if who.flag {
            person = person.restricted();
        }
        let person = person.create().await;
        let calendars = [
            world.calendar().of([other]).create().await,
            world.calendar().of([other, &person]).create().await,
        ];
        let mut contacts = Vec::new();
        for related in Related::ALL {
            for follows in [false, true] {
                let contact = world.contact();
                let contact = match related {
                    Related::Stranger => contact.followed_by(other),
                    Related::Owner => contact.owned_by(&person),
                    Related::Follower => contact.owned_by(other).followed_by(&person),
                    Related::FollowedOnce => {
                        contact.owned_by(other).followed_until(&person, world.in_seconds(SOON))
                    }
                };
                let contact = contact.create().await;
                // In the hands of the other, so that it is hidden or seen for the follow alone.
                let deal = world.opportunity(&contact).owned_by(other);
                let deal = if follows { deal.followed_by(&person) } else { deal };
                let deal = deal.create().await;
                assert_eq!(deal.followers().await.contains(&person.id), follows);
                contacts.push((related, follows, contact));
            }
        }
        let mut appointments = Vec::new();
        for case in Case::all() {
            let fits = |(related, follows, _): &&(Related, bool, Contact)| {
                *related == case.contact && *follows == case.follows_opportunity
            };
            let (.., contact) = contacts.iter().find(fits).expect("a contact of every kind");
            let calendar = &calendars[usize::from(case.member)];
            let appointment = world.appointment(calendar, contact);
            let appointment = appointment.of(if case.assignee { &person } else { other });
            // Somebody takes part in any case: that there are attendees is not to be one.
            let appointment = appointment.attended_by(if case.attendee { &person } else { other });
            appointments.push((case, appointment.create().await));
        }
        Somebody { person, who, calendars, contacts, appointments }
    }

    /// How somebody stands to an appointment, whoever it was made for.
    pub fn case(&self, somebody: &Somebody, appointment: AppointmentId) -> Case {
        let (user, case) = self.cases[&appointment];
        if user == somebody.person.id { case } else { Case::NOBODY }
    }

    /// Whether somebody is a member of a calendar.
    pub fn is_member(&self, somebody: &Somebody, calendar: CalendarId) -> bool {
        let (user, member) = self.calendars[&calendar];
        user == somebody.person.id && member
    }

    /// How somebody is related to a contact.
    pub fn related(&self, somebody: &Somebody, contact: ContactId) -> Related {
        let (user, related) = self.contacts[&contact];
        if user == somebody.person.id { related } else { Related::Stranger }
    }
}
