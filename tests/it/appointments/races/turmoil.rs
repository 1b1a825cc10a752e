//! Everything at once over few people and few hours: whatever wins, the tables are sound (C7).

use std::collections::BTreeMap;

use entity::AppointmentId;
use entity::appointment::Status;
use futures_util::future::join_all;
use retinue::domain::access::Access;
use retinue::domain::appointment::{self, Book, DeleteAppointment, Reschedule, RestoreAppointment};
use retinue::domain::deletion::{self, Delete, Restore};
use retinue::domain::error::{Error, RefusalKind, Result};
use rstest::rstest;

use super::moving::{to_person, to_status, to_time};
use super::{Crowd, wish};
use crate::appointments::checked::assert_sound;
use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::invariants::{self, Owners};
use crate::world::{Acts as _, Calendar, Person, Setting, World};

const ROUNDS: usize = 40;
const AT_ONCE: usize = 12;
const HOURS: usize = 4;
const CONTACTS: usize = 6;

/// How many rounds more where chance left something out.
const MORE_ROUNDS: usize = 200;

/// One act in the turmoil.
#[derive(Clone, Debug)]
enum Act {
    Book(Book),
    Move(Reschedule),
    Give(appointment::Reassign),
    Say(appointment::SetStatus),
    Delete(AppointmentId),
    Restore(AppointmentId),
    ContactGoes(entity::ContactId),
    ContactReturns(entity::ContactId),
    Rename(AppointmentId),
}

impl Act {
    const fn name(&self) -> &'static str {
        match self {
            Act::Book(_) => "book",
            Act::Move(_) => "reschedule",
            Act::Give(_) => "reassign",
            Act::Say(_) => "status",
            Act::Delete(_) => "delete",
            Act::Restore(_) => "restore",
            Act::ContactGoes(_) => "contact goes",
            Act::ContactReturns(_) => "contact returns",
            Act::Rename(_) => "update",
        }
    }

    async fn run(&self, access: &Access) -> Result<()> {
        match self {
            Act::Book(wish) => appointment::book(access, wish).await.map(drop),
            Act::Move(wish) => appointment::reschedule(access, wish).await.map(drop),
            Act::Give(wish) => appointment::reassign(access, wish).await.map(drop),
            Act::Say(wish) => appointment::set_status(access, wish).await.map(drop),
            Act::Delete(appointment) => {
                let wish = DeleteAppointment { appointment: *appointment, expected_version: None };
                appointment::delete(access, &wish).await.map(drop)
            }
            Act::Restore(appointment) => {
                let wish = RestoreAppointment { appointment: *appointment };
                appointment::restore(access, &wish).await.map(drop)
            }
            Act::ContactGoes(contact) => {
                let wish = Delete { record: (*contact).into(), expected_version: None };
                deletion::delete(access, &wish).await.map(drop)
            }
            Act::ContactReturns(contact) => {
                deletion::restore(access, &Restore { record: (*contact).into() }).await.map(drop)
            }
            Act::Rename(appointment) => {
                let wish = appointment::UpdateAppointment {
                    appointment: *appointment,
                    title: retinue::domain::patch::Patch::Set("Another".into()),
                    location: retinue::domain::patch::Patch::Keep,
                    description: retinue::domain::patch::Patch::Keep,
                    attendees: retinue::domain::patch::Patch::Set(Vec::new()),
                    expected_version: None,
                };
                appointment::update(access, &wish).await.map(drop)
            }
        }
    }
}

/// Where it happens.
struct Stage {
    world: World,
    people: Vec<Person>,
    calendars: Vec<Calendar>,
    crowd: Crowd,
}

impl Stage {
    /// Something to do, by chance, with what there is.
    fn act(&self, chance: &mut Chance, there: &[AppointmentId]) -> Act {
        let time = self.world.hour(24 + i64::try_from(chance.below(HOURS)).unwrap_or(0));
        let contact = &self.crowd.contacts[chance.below(CONTACTS)];
        let calendar = chance.of(&self.calendars);
        if there.is_empty() || chance.one_in(3) {
            let attendees = vec![chance.of(&self.people).id];
            return Act::Book(Book { attendees, ..wish(calendar, contact, time) });
        }
        let appointment = *chance.of(there);
        match chance.below(12) {
            0 | 1 => Act::Move(to_time(appointment, time)),
            2 => Act::Move(Reschedule { calendar: Some(calendar.id), ..to_time(appointment, time) }),
            3 | 4 => Act::Give(to_person(appointment, chance.of(&self.people).id)),
            5 => Act::Say(to_status(appointment, *chance.of(&[Status::Cancelled, Status::Invalid]))),
            6 => Act::Say(to_status(appointment, *chance.of(&[Status::Confirmed, Status::Showed]))),
            7 => Act::Delete(appointment),
            8 | 9 => Act::Restore(appointment),
            10 => Act::Rename(appointment),
            _ if chance.one_in(3) => Act::ContactGoes(contact.id),
            _ => Act::ContactReturns(contact.id),
        }
    }
}

/// What must have been answered: rounds in which nothing is refused prove little.
const TOLD: [&str; 14] = [
    "book done",
    "book not found",
    "book unavailable",
    "contact goes done",
    "contact returns done",
    "delete done",
    "reassign done",
    "reassign unavailable",
    "reschedule done",
    "reschedule unavailable",
    "restore done",
    "status done",
    "status unavailable",
    "update done",
];

// C4, C7, C8, R4, AF2, F2, F4
#[rstest]
#[tokio::test]
async fn whatever_happens_at_once_nobody_is_booked_twice(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(Owners::MayDiffer, Owners::AreOne)] owners: Owners,
) {
    let Some(world) = World::on(on).await else { return };
    world.turn_on([Setting::PreviousOwnerFollows]).await;
    if owners == Owners::MayDiffer {
        world.turn_on([Setting::SeparateOwners, Setting::ContactOwnerFollowsOpportunities]).await;
    }
    let mut chance = Chance::new();
    let people: Vec<Person> = world.users(["One", "Two", "Three"]).await.into();
    let calendars = vec![
        world.calendar().of(&people).giving_the_contact().create().await,
        world.calendar().of(&people).buffered(10, 10).create().await,
        world.calendar().of(&people).seating(2).create().await,
    ];
    let crowd = Crowd::of(&world).await;
    for contact in &crowd.contacts[..CONTACTS] {
        world.opportunity(contact).create().await;
    }
    let stage = Stage { world: world.clone(), people, calendars, crowd };
    let admins = [world.command_line().access().await, world.replica().await.command_line().access().await];

    let mut answered: BTreeMap<String, usize> = BTreeMap::new();
    for round in 0..ROUNDS + MORE_ROUNDS {
        if round >= ROUNDS && TOLD.iter().all(|told| answered.contains_key(*told)) {
            break;
        }
        let there: Vec<AppointmentId> = world.all_appointments().await.iter().map(|row| row.id).collect();
        let acts: Vec<Act> = (0..AT_ONCE).map(|_| stage.act(&mut chance, &there)).collect();
        // On SQLite two writers of one file wait by polling: most rounds there have one server.
        let servers = if on == Sqlite && !round.is_multiple_of(20) { 1 } else { 2 };
        let running = acts.iter().enumerate().map(|(place, act)| act.run(&admins[place % servers]));
        for (act, answer) in acts.iter().zip(join_all(running).await) {
            let told = match answer {
                Ok(()) => "done",
                Err(Error::Refused(refusals)) => match &refusals[0].kind {
                    RefusalKind::NotFound => "not found",
                    RefusalKind::SlotUnavailable { .. } => "unavailable",
                    RefusalKind::InvalidInput => "invalid",
                    kind => panic!("round {round}: {act:?} met {kind:?}"),
                },
                Err(error) => panic!("round {round}: {act:?} failed instead of losing: {error}"),
            };
            *answered.entry(format!("{} {told}", act.name())).or_default() += 1;
        }
        assert_sound(&world).await;
    }
    println!("{answered:?}");
    for told in TOLD {
        assert!(answered.contains_key(told), "{told} never happened: {answered:?}");
    }
    invariants::assert_hold(&world, owners).await;
}
