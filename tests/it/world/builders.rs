//! Records in the making: who owns and follows them, through the acts that bring it about.

use entity::{ContactId, StageId, Timestamp, UserId};
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::ownership::{AddFollowers, ChangeOwner, follow};
use retinue::domain::patch::Patch;
use retinue::domain::record::RecordRef;
use rust_decimal::Decimal;

use super::acts::change_of;
use super::{Acts, AnyRecord, Contact, Opportunity, Person, World};

/// Who owns and follows a record in the making.
#[derive(Clone, Debug, Default)]
struct People {
    owner: Option<UserId>,
    followers: Vec<UserId>,
    without_inheriting: Vec<UserId>,
    for_a_while: Vec<(UserId, Timestamp)>,
}

/// A contact in the making.
#[derive(Clone, Debug)]
pub struct ContactBuilder {
    world: World,
    fields: ContactFields,
    people: People,
}

/// An opportunity in the making.
#[derive(Clone, Debug)]
pub struct OpportunityBuilder {
    world: World,
    wish: CreateOpportunity,
    people: People,
}

impl World {
    /// A contact, unassigned unless said otherwise.
    pub fn contact(&self) -> ContactBuilder {
        let name = format!("Contact {}", self.next_number());
        let fields = ContactFields { first_name: Patch::Set(name), ..Default::default() };
        ContactBuilder { world: self.clone(), fields, people: People::default() }
    }

    /// An opportunity of a contact, unassigned unless said otherwise.
    pub fn opportunity(&self, contact: &Contact) -> OpportunityBuilder {
        let wish = self.opportunity_wish(contact.id);
        OpportunityBuilder { world: self.clone(), wish, people: People::default() }
    }

    /// The wish for an opportunity of a contact, with everything that can be left out left out.
    pub fn opportunity_wish(&self, contact: ContactId) -> CreateOpportunity {
        CreateOpportunity::new(contact, self.pipeline, format!("Deal {}", self.next_number()))
    }
}

/// What both builders offer about people.
macro_rules! people_of_a_record {
    ($builder:ty) => {
        impl $builder {
            /// Has this owner.
            pub fn owned_by(mut self, owner: &Person) -> Self {
                self.people.owner = Some(owner.id);
                self
            }

            /// Has this follower, added by somebody who may edit it.
            pub fn followed_by(mut self, follower: &Person) -> Self {
                self.people.followers.push(follower.id);
                self
            }

            /// Has this follower through somebody who could not edit it (A2).
            pub fn followed_without_inheriting_by(mut self, follower: &Person) -> Self {
                self.people.without_inheriting.push(follower.id);
                self
            }

            /// Has this follower until then.
            pub fn followed_until(mut self, follower: &Person, until: Timestamp) -> Self {
                self.people.for_a_while.push((follower.id, until));
                self
            }
        }
    };
}

people_of_a_record!(ContactBuilder);
people_of_a_record!(OpportunityBuilder);

impl ContactBuilder {
    /// Has this given name.
    pub fn named(mut self, name: &str) -> Self {
        self.fields.first_name = Patch::Set(name.to_owned());
        self
    }

    /// Has these tags.
    pub fn tagged<const N: usize>(mut self, tags: [&str; N]) -> Self {
        self.fields.tags = Patch::Set(tags.map(str::to_owned).into());
        self
    }

    /// Makes it. A second passes.
    pub async fn create(self) -> Contact {
        let (world, people) = (self.world, self.people);
        let wish = CreateContact {
            fields: self.fields,
            owner: people.first_owner(),
            followers: people.followers.clone(),
            made_at: None,
        };
        let contact = world.command_line().makes_contact(wish).await.expect("the contact is made");
        people.settle(&contact).await;
        contact
    }
}

impl OpportunityBuilder {
    /// Is called so.
    pub fn named(mut self, name: &str) -> Self {
        self.wish.name = name.to_owned();
        self
    }

    /// Is worth that many euros.
    pub fn worth(mut self, value: i64) -> Self {
        self.wish.value = Patch::Set(Decimal::from(value));
        self
    }

    /// Is in that stage.
    pub fn in_stage(mut self, stage: StageId) -> Self {
        self.wish.stage = Some(stage);
        self
    }

    /// Makes it. A second passes.
    pub async fn create(self) -> Opportunity {
        let (world, people) = (self.world, self.people);
        let wish = CreateOpportunity {
            owner: people.first_owner(),
            followers: people.followers.clone(),
            ..self.wish
        };
        let made = world.command_line().makes_opportunity(wish).await;
        let opportunity = made.expect("the opportunity is made");
        people.settle(&opportunity).await;
        opportunity
    }
}

impl People {
    fn first_owner(&self) -> Patch<UserId> {
        let first = self.without_inheriting.first().copied().or(self.owner);
        first.map_or(Patch::Clear, Patch::Set)
    }

    /// Brings about what cannot be said when a record is made.
    async fn settle(&self, record: &impl AnyRecord) {
        let world = record.world();
        self.pass_through_hands(record).await;
        let access = world.command_line().access().await;
        for (user, until) in &self.for_a_while {
            let wish = AddFollowers { record: record.record(), users: vec![*user], until: Some(*until) };
            follow::add_followers(&access, &wish).await.expect("they follow for a while");
        }
        world.clock.advance_seconds(1);
    }

    /// Somebody who may change owners and nothing else gives the record from hand to hand: whoever had it follows it,
    /// and inherits nothing.
    async fn pass_through_hands(&self, record: &impl AnyRecord) {
        if self.without_inheriting.is_empty() {
            return;
        }
        let world = record.world();
        let separate = world.settings().await.separate_owners;
        assert!(separate || matches!(record.record(), RecordRef::Contact(_)), "others would move with it");
        let clerk = world.clerk().await;
        let next = self.without_inheriting.iter().copied().map(Some).skip(1).chain([self.owner]);
        for owner in next {
            let wish = ChangeOwner { owner, previous_owner_follows: Some(true), ..change_of(record) };
            clerk.changes_owner(wish).await.expect("it passes on");
        }
    }
}
