//! What a writer may do, each thing an act of the domain on whatever chance picks. To let writers do something more, add
//! it to [`Act`] and to [`ACTS`].

use std::sync::Mutex;

use entity::opportunity::Status;
use entity::{ContactId, OpportunityId, UserId};
use retinue::domain::access::{Access, OpportunityFilter};
use retinue::domain::bulk::{self, BulkChangeOwner, BulkMoveStage, Choice};
use retinue::domain::contact::{self, CreateContact};
use retinue::domain::deletion::{self, Delete, Restore};
use retinue::domain::error::{Error, Result};
use retinue::domain::opportunity::{
    self, CreateOpportunity, MoveStage, OpportunityFields, SetStatus, UpdateOpportunity,
};
use retinue::domain::ownership::{AddFollowers, ChangeOwner, RemoveFollowers, Whom, follow, sweep, transfer};
use retinue::domain::patch::Patch;
use retinue::domain::record::RecordRef;
use retinue::domain::user::{self, SetUser};
use rust_decimal::Decimal;

use crate::chance::Chance;
use crate::world::{Acts as _, Person, World};

/// One thing that a writer may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    MakesContact,
    MakesDeal,
    Moves,
    Closes,
    Values,
    ChangesOwner,
    Adds,
    Removes,
    Waits,
    Sweeps,
    ComesOrGoes,
    Deletes,
    Restores,
    GivesMany,
    MovesMany,
}

/// Everything that writers do, the frequent things more than once.
pub const ACTS: [Act; 26] = [
    Act::MakesContact,
    Act::MakesDeal,
    Act::MakesDeal,
    Act::Moves,
    Act::Moves,
    Act::Moves,
    Act::Closes,
    Act::Closes,
    Act::Values,
    Act::Values,
    Act::ChangesOwner,
    Act::ChangesOwner,
    Act::ChangesOwner,
    Act::Adds,
    Act::Adds,
    Act::Adds,
    Act::Removes,
    Act::Waits,
    Act::Sweeps,
    Act::ComesOrGoes,
    Act::Deletes,
    Act::Restores,
    Act::Restores,
    Act::Restores,
    Act::GivesMany,
    Act::MovesMany,
];

const STATUSES: [Status; 4] = [Status::Open, Status::Won, Status::Lost, Status::Abandoned];

/// What all writers share.
#[derive(Debug)]
pub struct Shared {
    pub world: World,
    pub people: Vec<Person>,
    pub contacts: Mutex<Vec<ContactId>>,
    pub deals: Mutex<Vec<OpportunityId>>,
}

/// One of the last few, or of all: writers meet on few records.
fn one_of<I: Copy>(all: &Mutex<Vec<I>>, chance: &mut Chance) -> Option<I> {
    let all = all.lock().expect("no writer panics while it holds it");
    let recent = all.len().min(6);
    match (all.len(), chance.one_in(3)) {
        (0, _) => None,
        (count, true) => Some(all[chance.below(count)]),
        (count, false) => Some(all[count - 1 - chance.below(recent)]),
    }
}

impl Shared {
    /// One short history: somebody makes an opportunity, and then some things happen to whatever is there.
    pub async fn history(&self, chance: &mut Chance) -> Vec<Act> {
        let mut done = Vec::new();
        let mut acts = vec![Act::MakesDeal];
        acts.extend((0..=chance.below(3)).map(|_| *chance.of(&ACTS)));
        for act in acts {
            match self.acts(act, chance).await {
                Ok(()) => done.push(act),
                // Somebody may not, or was not fast enough: that is an answer too.
                Err(Error::Refused(_)) => {}
                Err(error) => panic!("{act:?} failed instead of losing: {error}"),
            }
        }
        done
    }

    /// Mostly the command line, which may do everything; else somebody who is active.
    async fn somebody(&self, chance: &mut Chance) -> Access {
        if chance.one_in(3) {
            let id = chance.of(&self.people).id;
            let access = Access::of_user(&self.world.base, self.world.account, id).await;
            if let Some(access) = access.expect("the user is read") {
                return access;
            }
        }
        self.world.command_line().access().await
    }

    fn person(&self, chance: &mut Chance) -> UserId {
        chance.of(&self.people).id
    }

    fn record(&self, chance: &mut Chance) -> Option<RecordRef> {
        match chance.one_in(4) {
            true => one_of(&self.contacts, chance).map(Into::into),
            false => one_of(&self.deals, chance).map(Into::into),
        }
    }

    fn some_deals(&self, chance: &mut Chance) -> Choice<OpportunityFilter> {
        Choice::These((0..5).filter_map(|_| one_of(&self.deals, chance)).map(RecordRef::from).collect())
    }

    async fn acts(&self, act: Act, chance: &mut Chance) -> Result<()> {
        let access = self.somebody(chance).await;
        let (contact, deal) = (one_of(&self.contacts, chance), one_of(&self.deals, chance));
        let record = self.record(chance);
        match (act, contact, deal, record) {
            (Act::MakesContact, ..) => {
                let wish = CreateContact { owner: self.owner(chance), ..CreateContact::default() };
                let (id, _) = contact::create(&access, &wish).await?;
                self.contacts.lock().expect("not poisoned").push(id);
            }
            (Act::MakesDeal, Some(contact), ..) => {
                let wish = CreateOpportunity {
                    stage: Some(*chance.of(&self.world.stages)),
                    value: self.value(chance),
                    status: Some(*chance.of(&STATUSES)),
                    owner: self.owner(chance),
                    followers: (0..chance.below(4)).map(|_| self.person(chance)).collect(),
                    ..self.world.opportunity_wish(contact)
                };
                let (id, _) = opportunity::create(&access, &wish).await?;
                self.deals.lock().expect("not poisoned").push(id);
            }
            (Act::Moves, _, Some(opportunity), _) => {
                let stage = *chance.of(&self.world.stages);
                let wish = MoveStage { opportunity, stage, pipeline: None, expected_version: None };
                opportunity::move_stage(&access, &wish).await?;
            }
            (Act::Closes, _, Some(opportunity), _) => {
                let (status, lost_reason) = (*chance.of(&STATUSES), Patch::Keep);
                let wish = SetStatus { opportunity, status, lost_reason, expected_version: None };
                opportunity::set_status(&access, &wish).await?;
            }
            (Act::Values, _, Some(opportunity), _) => {
                let fields = OpportunityFields { value: self.value(chance), ..OpportunityFields::default() };
                let wish = UpdateOpportunity { opportunity, fields, expected_version: None };
                opportunity::update(&access, &wish).await?;
            }
            (Act::ChangesOwner, _, _, Some(record)) => {
                let owner = (!chance.one_in(4)).then(|| self.person(chance));
                let previous_owner_follows = *chance.of(&[None, Some(true), Some(false)]);
                let wish = ChangeOwner { record, owner, previous_owner_follows, expected_version: None };
                transfer::change_owner(&access, &wish).await?;
            }
            (Act::Adds, _, _, Some(record)) => {
                let users = (0..=chance.below(4)).map(|_| self.person(chance)).collect();
                let until = chance.one_in(2).then(|| self.world.in_seconds(1 + chance.below(20) as i64));
                follow::add_followers(&access, &AddFollowers { record, users, until }).await?;
            }
            (Act::Removes, _, _, Some(record)) => {
                let whom = match chance.one_in(3) {
                    true => Whom::Everybody,
                    false => Whom::People((0..=chance.below(3)).map(|_| self.person(chance)).collect()),
                };
                follow::remove_followers(&access, &RemoveFollowers { record, whom }).await?;
            }
            (Act::Waits, ..) => self.world.clock.advance_seconds(1 + chance.below(10) as i64),
            (Act::Sweeps, ..) => {
                sweep::sweep(&self.world.base).await?;
            }
            (Act::ComesOrGoes, ..) => {
                let wish = SetUser { active: Some(!chance.one_in(3)), ..SetUser::default() };
                user::set(&self.world.command_line().access().await, self.person(chance), &wish).await?;
            }
            (Act::Deletes, _, _, Some(record)) => {
                deletion::delete(&access, &Delete { record, expected_version: None }).await?;
            }
            (Act::Restores, _, _, Some(record)) => {
                deletion::restore(&access, &Restore { record }).await?;
            }
            (Act::GivesMany, ..) => {
                let (choice, previous_owner_follows) = (self.some_deals(chance), None);
                let wish =
                    BulkChangeOwner { choice, owner: Some(self.person(chance)), previous_owner_follows };
                bulk::change_owner::<policy::Opportunity>(&access, &wish).await?;
            }
            (Act::MovesMany, ..) => {
                let (choice, stage) = (self.some_deals(chance), *chance.of(&self.world.stages));
                bulk::move_stage(&access, &BulkMoveStage { choice, stage, pipeline: None }).await?;
            }
            _ => {}
        }
        Ok(())
    }

    fn owner(&self, chance: &mut Chance) -> Patch<UserId> {
        match chance.below(4) {
            0 => Patch::Clear,
            1 => Patch::Keep,
            _ => Patch::Set(self.person(chance)),
        }
    }

    fn value(&self, chance: &mut Chance) -> Patch<Decimal> {
        match chance.below(4) {
            0 => Patch::Clear,
            _ => Patch::Set(Decimal::new(chance.below(1_000_000) as i64, 2)),
        }
    }
}
