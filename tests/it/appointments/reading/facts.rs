//! Contacts, calendars and appointments of every kind, and everything that is true of them.

use entity::appointment::{self, Status};
use entity::{AppointmentId, CalendarGroupId, CalendarId, ContactId, Timestamp, UserId, appointment_token};
use retinue::domain::contact::ContactFields;
use retinue::domain::patch::Patch;
use retinue::domain::search::appointment_words;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, Set};

use crate::chance::Chance;
use crate::world::{Acts as _, Calendar, Contact, Person, World};

pub const NAMES: [&str; 4] = ["Ada", "Bea", "Zoë", "Adam"];
pub const TITLES: [&str; 4] = ["First look", "Check-up", "Ada's review", "Müller"];
pub const PLACES: [&str; 3] = ["Room 7", "Berlin", "ada street"];
pub const STATUSES: [Status; 6] =
    [Status::New, Status::Confirmed, Status::Showed, Status::NoShow, Status::Cancelled, Status::Invalid];

const HOUR: i64 = 3_600_000_000;

/// Everything that is true.
#[derive(Debug)]
pub struct Facts {
    pub all: Vec<Its>,
    pub contacts: Vec<OfContact>,
    pub calendars: Vec<OfCalendar>,
    pub groups: Vec<CalendarGroupId>,
    pub people: Vec<UserId>,
    /// The beginning of the hours in which the appointments lie.
    pub start: Timestamp,
}

/// An appointment.
#[derive(Debug)]
pub struct Its {
    pub row: appointment::Model,
    pub attendees: Vec<UserId>,
}

impl Its {
    /// Whether somebody holds or attends it.
    pub fn is_of(&self, person: UserId) -> bool {
        self.row.assignee_id == person || self.attendees.contains(&person)
    }
}

/// A contact.
#[derive(Debug)]
pub struct OfContact {
    pub id: ContactId,
    pub name: &'static str,
    pub email: &'static str,
    pub owner: Option<UserId>,
    pub followers: Vec<UserId>,
    pub is_tagged: bool,
}

/// A calendar.
#[derive(Debug)]
pub struct OfCalendar {
    pub id: CalendarId,
    pub group: Option<CalendarGroupId>,
    pub members: Vec<UserId>,
}

impl Facts {
    /// Fourteen contacts, five calendars, ninety appointments in four days.
    pub async fn generate(world: &World, viewers: &[Person], chance: &mut Chance) -> Self {
        let other = world.user("Other").create().await;
        let people: Vec<&Person> = viewers.iter().chain([&other]).collect();
        let (mut of_contacts, mut contacts) = (Vec::new(), Vec::new());
        for _ in 0..14 {
            let (facts, contact) = a_contact(world, &people, chance).await;
            of_contacts.push(facts);
            contacts.push(contact);
        }
        let groups = vec![world.calendar_group("One").await, world.calendar_group("Two").await];
        let (mut of_calendars, mut calendars) = (Vec::new(), Vec::new());
        for place in 0..5 {
            let members: Vec<&Person> = people.iter().copied().filter(|_| chance.one_in(2)).collect();
            let group = (place % 3 != 0).then(|| *chance.of(&groups));
            let mut builder = world.calendar().of(members.iter().copied());
            if let Some(group) = group {
                builder = builder.in_group(group);
            }
            let calendar = builder.create().await;
            let members = members.iter().map(|member| member.id).collect();
            of_calendars.push(OfCalendar { id: calendar.id, group, members });
            calendars.push(calendar);
        }
        // One of them is deleted: its appointments stay.
        calendars[4].closes().await;

        let start = world.hour(0).from;
        let mut ids: Vec<(AppointmentId, Vec<UserId>)> = Vec::new();
        for _ in 0..90 {
            let calendar = chance.of(&calendars).clone();
            let contact = chance.of(&contacts).clone();
            ids.push(an_appointment(world, &calendar, &contact, &people, start, chance).await);
        }
        // What is deleted is not there (R4).
        for (id, _) in ids.drain(..8).collect::<Vec<_>>() {
            let gone = appointment::ActiveModel {
                id: Set(id),
                deleted_at: Set(Some(world.now())),
                ..Default::default()
            };
            gone.update(&world.sql).await.expect("it goes");
        }
        let mut all = Vec::new();
        for (id, attendees) in ids {
            all.push(Its { row: world.appointment_with(id).row().await, attendees });
        }
        let people = people.iter().map(|person| person.id).collect();
        Self { all, contacts: of_contacts, calendars: of_calendars, groups, people, start }
    }

    pub fn contact(&self, id: ContactId) -> &OfContact {
        self.contacts.iter().find(|contact| contact.id == id).expect("a contact")
    }

    pub fn calendar(&self, id: CalendarId) -> &OfCalendar {
        self.calendars.iter().find(|calendar| calendar.id == id).expect("a calendar")
    }
}

async fn a_contact(world: &World, people: &[&Person], chance: &mut Chance) -> (OfContact, Contact) {
    let name = chance.of(&NAMES);
    let email = *chance.of(&["secret@hidden.example", "ada@open.example"]);
    let owner = (!chance.one_in(3)).then(|| *chance.of(people));
    let followers: Vec<&Person> = people
        .iter()
        .copied()
        .filter(|person| owner.is_none_or(|owner| owner != *person) && chance.one_in(5))
        .collect();
    let is_tagged = chance.one_in(2);
    let mut builder = world.contact().named(name);
    if let Some(owner) = owner {
        builder = builder.owned_by(owner);
    }
    for follower in &followers {
        builder = builder.followed_by(follower);
    }
    if is_tagged {
        builder = builder.tagged(["vip"]);
    }
    let contact = builder.create().await;
    let fields = ContactFields { emails: Patch::Set(vec![email.into()]), ..ContactFields::default() };
    world.command_line().updates_contact(&contact, fields).await.expect("it changes");
    let facts = OfContact {
        id: contact.id,
        name,
        email,
        owner: owner.map(|owner| owner.id),
        followers: followers.iter().map(|follower| follower.id).collect(),
        is_tagged,
    };
    (facts, contact)
}

async fn an_appointment(
    world: &World,
    calendar: &Calendar,
    contact: &Contact,
    people: &[&Person],
    start: Timestamp,
    chance: &mut Chance,
) -> (AppointmentId, Vec<UserId>) {
    // Quarters of an hour, so that many begin and end together; now and then the longest that there is.
    let from = Timestamp(start.0 + HOUR / 4 * i64::try_from(chance.below(384)).expect("small"));
    let quarters = if chance.one_in(6) { 96 } else { 1 + chance.below(8) };
    let until = Timestamp(from.0 + HOUR / 4 * i64::try_from(quarters).expect("small"));
    let attendees: Vec<&Person> = people.iter().copied().filter(|_| chance.one_in(6)).collect();
    let mut builder = world
        .appointment(calendar, contact)
        .of(people[chance.below(people.len())])
        .at(retinue::domain::calendar::diary::Span { from, until })
        .with_status(*chance.of(&STATUSES))
        .titled(TITLES[chance.below(TITLES.len())]);
    if chance.one_in(4) {
        builder = builder.overbooked();
    }
    for attendee in &attendees {
        builder = builder.attended_by(attendee);
    }
    let made = builder.create().await;
    let location = chance.one_in(2).then(|| (*chance.of(&PLACES)).to_owned());
    let later = i64::try_from(chance.below(40)).expect("small") * 1_000_000;
    let more = appointment::ActiveModel {
        id: Set(made.id),
        location: Set(location),
        updated_at: Set(Timestamp(world.now().0 + later)),
        ..Default::default()
    };
    let row = more.update(&world.sql).await.expect("it changes");
    for word in appointment_words(row.title.as_deref(), row.location.as_deref()) {
        let token = appointment_token::ActiveModel {
            appointment_id: Set(row.id),
            word: Set(word),
            account_id: Set(world.account),
        };
        let written = appointment_token::Entity::insert(token).exec_without_returning(&world.sql).await;
        written.expect("a word");
    }
    (made.id, attendees.iter().map(|attendee| attendee.id).collect())
}
