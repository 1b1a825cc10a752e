//! Nobody is booked twice, whoever books at the same instant and on whichever server (C7).

mod contacts;
mod moving;
mod one_slot;
mod turmoil;

use futures_util::future::join_all;
use retinue::domain::access::Access;
use retinue::domain::appointment::{self, Book, Booked};
use retinue::domain::calendar::diary::Span;
use retinue::domain::error::{Error, Refusal, RefusalKind, Result, SlotProblem};

use crate::chance::Chance;
use crate::databases::Kind;
use crate::world::{Acts as _, Calendar, Contact, World};

/// How many book at once.
pub const AT_ONCE: usize = 20;

/// What meets whoever comes too late.
pub const TAKEN: RefusalKind = RefusalKind::SlotUnavailable { reason: SlotProblem::Taken };

/// Twenty people with a contact each, half of them at another server.
pub struct Crowd {
    pub world: World,
    pub contacts: Vec<Contact>,
    here: Vec<Access>,
    there: Vec<Access>,
}

impl Crowd {
    pub async fn of(world: &World) -> Self {
        let replica = world.replica().await;
        let mut crowd =
            Self { world: world.clone(), contacts: Vec::new(), here: Vec::new(), there: Vec::new() };
        for person in world.crowd(AT_ONCE).await {
            crowd.contacts.push(world.contact().owned_by(&person).create().await);
            crowd.here.push(person.access().await);
            crowd.there.push(person.on(&replica).access().await);
        }
        crowd
    }

    /// Whoever books at this place, and where. On SQLite two writers of one file wait by polling: most rounds there have
    /// one server.
    pub fn access(&self, place: usize, round: usize) -> &Access {
        let alone = self.world.place.kind == Kind::Sqlite && !round.is_multiple_of(20);
        if alone || place.is_multiple_of(2) { &self.here[place] } else { &self.there[place] }
    }

    /// Books at once, in an order that chance picks. Answers the winners; everybody else finds the time taken.
    pub async fn books(&self, chance: &mut Chance, round: usize, wishes: Vec<Book>) -> Vec<Booked> {
        let first = chance.below(wishes.len());
        let places = (0..wishes.len()).map(|place| (first + place) % wishes.len());
        let bookings = places.map(|place| appointment::book(self.access(place, round), &wishes[place]));
        let answers = join_all(bookings).await;
        let (won, lost) = sorted(answers);
        for refusal in lost {
            assert_eq!(refusal.kind, TAKEN, "round {round}");
        }
        won
    }
}

/// A wish for a time.
pub fn wish(calendar: &Calendar, contact: &Contact, time: Span) -> Book {
    Book::new(calendar.id, contact.id, time.from)
}

/// Who won, and why the others lost: none may fail, and none is run again.
pub fn sorted<T>(answers: Vec<Result<T>>) -> (Vec<T>, Vec<Refusal>) {
    let (mut won, mut lost) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Ok(answer) => won.push(answer),
            Err(Error::Refused(mut refusals)) => {
                assert_eq!(refusals.len(), 1, "{refusals:?}");
                lost.append(&mut refusals);
            }
            Err(error) => panic!("an act failed instead of losing: {error}"),
        }
    }
    (won, lost)
}
