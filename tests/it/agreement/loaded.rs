//! What the policy needs to know, read straight from the tables.

use std::collections::HashMap;

use entity::{Timestamp, UserId, contact, opportunity, user};
use policy::{Facts, Link, Owner, Permissions, Relation, Wish};
use retinue::domain::record::RecordRef;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::world::{Seat, World};

/// The rows of a world that decisions depend on.
#[derive(Debug)]
pub struct Loaded {
    pub separate: bool,
    pub now: Timestamp,
    pub users: HashMap<UserId, user::Model>,
    pub contacts: Vec<contact::Model>,
    pub opportunities: Vec<opportunity::Model>,
    pub seats: HashMap<RecordRef, Vec<Seat>>,
}

impl Loaded {
    /// Reads them.
    pub async fn of(world: &World) -> Self {
        let account = world.account;
        let users = user::Entity::find().filter(user::Column::AccountId.eq(account)).all(&world.sql).await;
        let contacts =
            contact::Entity::find().filter(contact::Column::AccountId.eq(account)).all(&world.sql).await;
        let opportunities = opportunity::Entity::find()
            .filter(opportunity::Column::AccountId.eq(account))
            .all(&world.sql)
            .await;
        let mut loaded = Self {
            separate: world.settings().await.separate_owners,
            now: world.now(),
            users: users.expect("users").into_iter().map(|user| (user.id, user)).collect(),
            contacts: contacts.expect("contacts"),
            opportunities: opportunities.expect("opportunities"),
            seats: HashMap::new(),
        };
        loaded.seats = world.all_seats_of(&loaded.records()).await;
        loaded
    }

    /// Every record, contacts first.
    pub fn records(&self) -> Vec<RecordRef> {
        let contacts = self.contacts.iter().map(|row| RecordRef::from(row.id));
        contacts.chain(self.opportunities.iter().map(|row| RecordRef::from(row.id))).collect()
    }

    /// What is known of a record and a person, with everything that is linked.
    pub fn facts(&self, user: Option<UserId>, record: RecordRef, wish: Wish) -> Facts {
        let mut facts = self.facts_alone(user, record, wish);
        if self.separate {
            return facts;
        }
        let (contact, is_contact) = match record {
            RecordRef::Contact(id) => (id, true),
            RecordRef::Opportunity(id) => {
                let row = self.opportunities.iter().find(|row| row.id == id);
                (row.expect("a known opportunity").contact_id, false)
            }
        };
        let owner = self.owner(contact.into());
        let mut reached =
            self.opportunities.iter().filter(|row| row.contact_id == contact && row.owner_id == owner);
        facts.link = Some(Link {
            contact: (!is_contact).then(|| Box::new(self.facts_alone(user, contact.into(), wish))),
            follows_reached: reached
                .any(|row| self.relation(user, row.id.into()) == Some(Relation::Follower)),
        });
        facts
    }

    fn facts_alone(&self, user: Option<UserId>, record: RecordRef, wish: Wish) -> Facts {
        let owner = self.owner(record).map_or(Owner::Unassigned, |owner| {
            let row = &self.users[&owner];
            let permissions = Permissions::from_bits(row.effective_permissions);
            Owner::Assigned { active: row.active, permissions }
        });
        let follow_inherits = self.seat(user, record).is_some_and(|seat| seat.inherits_edit);
        Facts { relation: self.relation(user, record), follow_inherits, owner, wish, ..Facts::none() }
    }

    fn owner(&self, record: RecordRef) -> Option<UserId> {
        match record {
            RecordRef::Contact(id) => self.contacts.iter().find(|row| row.id == id)?.owner_id,
            RecordRef::Opportunity(id) => self.opportunities.iter().find(|row| row.id == id)?.owner_id,
        }
    }

    fn seat(&self, user: Option<UserId>, record: RecordRef) -> Option<&Seat> {
        self.seats.get(&record)?.iter().find(|seat| Some(seat.user) == user)
    }

    fn relation(&self, user: Option<UserId>, record: RecordRef) -> Option<Relation> {
        let seat = self.seat(user, record)?;
        let lives = seat.until.is_none_or(|until| until > self.now);
        match seat.slot {
            0 => Some(Relation::Owner),
            _ => lives.then_some(Relation::Follower),
        }
    }
}
