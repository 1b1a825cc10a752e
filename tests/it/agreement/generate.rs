//! Worlds by chance: people of every kind, and records that they own and follow in every way.

use entity::UserId;
use policy::Permission::{
    self, ChangeOwners, EditContacts, EditOpportunities, ViewContacts, ViewLeadValue, ViewOpportunities,
};
use policy::Permissions;

use super::oracle::{Facts, Follow, Somebody, Thing};
use crate::chance::Chance;
use crate::world::{AnyRecord, Contact, Person, Setting, World};

/// When the follows that are to have ended do so, and when the others do.
const SOON: i64 = 1_000;
const LATE: i64 = 1_000_000;

/// How many people are made by chance, and how many of them stay: an admin, for the last admin stays, and somebody who
/// may edit everything and change no owner.
const BY_CHANCE: usize = 7;
const STAYING: usize = 2;

/// A world with what the test knows of it.
#[derive(Clone, Debug)]
pub struct Generated {
    pub world: World,
    pub people: Vec<Person>,
    pub facts: Facts,
}

/// How a record is to be owned and followed.
#[derive(Default)]
struct Plan {
    owner: Option<usize>,
    follows: Vec<(usize, How)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Inheriting,
    NotInheriting,
    Ended,
    ForAWhile,
}

/// Gives a record in the making the people of a plan.
macro_rules! planned {
    ($builder:expr, $plan:expr, $people:expr, $world:expr) => {{
        let (mut builder, people) = ($builder, $people);
        let (soon, late) = ($world.in_seconds(SOON), $world.in_seconds(LATE));
        if let Some(owner) = $plan.owner {
            builder = builder.owned_by(&people[owner]);
        }
        for (who, how) in &$plan.follows {
            builder = match how {
                How::Inheriting => builder.followed_by(&people[*who]),
                How::NotInheriting => builder.followed_without_inheriting_by(&people[*who]),
                How::Ended => builder.followed_until(&people[*who], soon),
                How::ForAWhile => builder.followed_until(&people[*who], late),
            };
        }
        builder.create().await
    }};
}

/// Makes people and records in `world`, which has separate owners; at the end they may be linked.
pub async fn generate(
    world: World,
    chance: &mut Chance,
    separate: bool,
    (contacts, opportunities): (usize, usize),
) -> Generated {
    let mut people = Vec::new();
    let mut facts = Facts { separate, ..Facts::default() };
    for number in 0..BY_CHANCE {
        let (person, somebody) = a_person(&world, chance, number).await;
        people.push(person);
        facts.people.push(somebody);
    }
    let (clerk, somebody) = the_clerk(&world).await;
    people.push(clerk);
    facts.people.push(somebody);

    let mut made: Vec<Contact> = Vec::new();
    for number in 0..contacts {
        // The first one is nobody's, so that somebody may claim it.
        let plan = if number == 0 { Plan::default() } else { a_plan(chance, None) };
        let name = chance.of::<&str>(&["Ada", "ada", "Émile", "Zoë", "zoe", "Ünal"]);
        let contact = planned!(world.contact().named(name), plan, &people, world);
        facts.things.push(plan.thing(&people, contact.record(), contact.record()));
        made.push(contact);
    }
    for number in 0..opportunities {
        let contact = if number == 0 { &made[0] } else { chance.of(&made) };
        let owner = facts.thing(contact.record()).owner;
        let owner = people.iter().position(|person| Some(person.id) == owner);
        // Half of them have their contact's owner, so that a linked change reaches them; the first one is nobody's, as
        // its contact is, and followed by the clerk.
        let by_clerk = Plan { owner: None, follows: vec![(BY_CHANCE, How::Inheriting)] };
        let plan = if number == 0 { by_clerk } else { a_plan(chance, Some(owner)) };
        let name = chance.of::<&str>(&["Roof", "roof", "Ärmel", "Window"]);
        let opportunity = planned!(world.opportunity(contact).named(name), plan, &people, world);
        facts.things.push(plan.thing(&people, opportunity.record(), contact.record()));
    }

    let leaver = STAYING + chance.below(BY_CHANCE - STAYING);
    people[leaver].leaves().await;
    facts.people[leaver].active = false;
    let leaver = people[leaver].id;
    for thing in &mut facts.things {
        // O11: whoever leaves follows nothing any more, and still owns what they owned.
        thing.follows.retain(|follow| follow.user != leaver);
    }
    if !facts.separate {
        world.turn_off([Setting::SeparateOwners]).await;
    }
    world.clock.advance_seconds(2 * SOON);
    Generated { world, people, facts }
}

/// Somebody who sees everything and may change owners, and through whom follows inherit nothing.
async fn the_clerk(world: &World) -> (Person, Somebody) {
    let clerk = world.clerk().await;
    let somebody = Somebody {
        user: Some(clerk.id),
        admin: false,
        restricted: false,
        active: true,
        granted: [ViewContacts, ViewOpportunities, ChangeOwners].into_iter().collect(),
    };
    (clerk, somebody)
}

async fn a_person(world: &World, chance: &mut Chance, number: usize) -> (Person, Somebody) {
    let often = [ViewContacts, ViewOpportunities];
    let sometimes = [
        EditContacts,
        EditOpportunities,
        Permission::DeleteContacts,
        Permission::DeleteOpportunities,
        ViewLeadValue,
        Permission::ManageUsers,
    ];
    let mut granted = Permissions::NONE;
    for permission in often {
        if !chance.one_in(8) {
            granted = granted.with(permission);
        }
    }
    for permission in sometimes {
        if chance.one_in(2) {
            granted = granted.with(permission);
        }
    }
    if chance.one_in(3) {
        granted = granted.with(ChangeOwners);
    }
    let (mut admin, mut restricted) = (number == 0 || chance.one_in(12), chance.one_in(2));
    if number == 1 {
        granted = Permissions::of_a_new_user();
        (admin, restricted) = (false, false);
    }
    let mut builder = world.user(&format!("Person {number}")).holding(granted.iter());
    if admin {
        builder = builder.admin();
    }
    if restricted {
        builder = builder.restricted();
    }
    let person = builder.create().await;
    let somebody = Somebody { user: Some(person.id), admin, restricted, active: true, granted };
    (person, somebody)
}

fn a_plan(chance: &mut Chance, owner_of_contact: Option<Option<usize>>) -> Plan {
    let by_chance = if chance.one_in(4) { None } else { Some(chance.below(BY_CHANCE)) };
    let owner = match owner_of_contact {
        Some(owner) if chance.one_in(2) => owner,
        _ => by_chance,
    };
    let mut follows = Vec::new();
    for who in (0..BY_CHANCE).filter(|who| Some(*who) != owner) {
        if chance.one_in(2) {
            continue;
        }
        let how = [How::Inheriting, How::Inheriting, How::NotInheriting, How::Ended, How::ForAWhile];
        follows.push((who, *chance.of(&how)));
    }
    Plan { owner, follows }
}

impl Plan {
    fn thing(
        &self,
        people: &[Person],
        record: retinue::domain::record::RecordRef,
        contact: retinue::domain::record::RecordRef,
    ) -> Thing {
        let follow = |(who, how): &(usize, How)| {
            let user: UserId = people[*who].id;
            Follow { user, inherits: *how != How::NotInheriting, ended: *how == How::Ended }
        };
        Thing {
            record,
            contact,
            owner: self.owner.map(|owner| people[owner].id),
            follows: self.follows.iter().map(follow).collect(),
        }
    }
}
