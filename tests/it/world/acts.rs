//! What people of a world do, each act as a sentence: `ada.gives(&contact, &bob)`.

use entity::member::Cause;
use entity::opportunity::Status;
use entity::{ContactId, OpportunityId, StageId, Timestamp, UserId};
use policy::OwnerChange;
use retinue::domain::access;
use retinue::domain::access::{Access, ContactFilter, Filter, List, OpportunityFilter, Seen, Sort, SortKey};
use retinue::domain::contact::{ContactFields, CreateContact, UpdateContact};
use retinue::domain::deletion::{self, Delete, Deleted, Restore, Restored};
use retinue::domain::error::Result;
use retinue::domain::opportunity::{
    CreateOpportunity, MoveStage, OpportunityFields, SetStatus, UpdateOpportunity,
};
use retinue::domain::ownership::{
    AddFollowers, ChangeOwner, FollowersAdded, FollowersRemoved, OwnerChanged, RemoveFollowers, Whom, follow,
    mute, transfer,
};
use retinue::domain::page::Window;
use retinue::domain::patch::Patch;
use retinue::domain::record::{RecordRef, RecordRow, RecordTable};
use retinue::domain::unit_of_work::Committed;

use super::{AnyRecord, Contact, Opportunity, Person, World};

/// Somebody who acts: a person, or the command line.
pub trait Acts {
    /// Where.
    fn world(&self) -> &World;
    /// With the rights of this moment.
    async fn access(&self) -> Access;

    /// Gives a record to somebody.
    async fn gives(&self, record: &impl AnyRecord, owner: &Person) -> Result<OwnerChanged> {
        self.changes_owner(ChangeOwner { owner: Some(owner.id), ..change_of(record) }).await
    }

    /// Makes a record unassigned.
    async fn clears_owner_of(&self, record: &impl AnyRecord) -> Result<OwnerChanged> {
        self.changes_owner(change_of(record)).await
    }

    /// Gives a record to somebody, and its previous owner follows it.
    async fn gives_while_the_previous_follows(
        &self,
        record: &impl AnyRecord,
        owner: Option<&Person>,
    ) -> Result<OwnerChanged> {
        let owner = owner.map(|owner| owner.id);
        self.changes_owner(ChangeOwner { owner, previous_owner_follows: Some(true), ..change_of(record) })
            .await
    }

    /// Changes an owner.
    async fn changes_owner(&self, wish: ChangeOwner) -> Result<OwnerChanged> {
        transfer::change_owner(&self.access().await, &wish).await
    }

    /// Adds followers.
    async fn adds<'a>(
        &self,
        people: impl IntoIterator<Item = &'a Person>,
        record: &impl AnyRecord,
    ) -> Result<FollowersAdded> {
        self.adds_until(people, record, None).await
    }

    /// Adds followers for a while.
    async fn adds_until<'a>(
        &self,
        people: impl IntoIterator<Item = &'a Person>,
        record: &impl AnyRecord,
        until: Option<Timestamp>,
    ) -> Result<FollowersAdded> {
        let wish = AddFollowers { record: record.record(), users: ids(people), until };
        follow::add_followers(&self.access().await, &wish).await
    }

    /// Takes followers off.
    async fn removes<'a>(
        &self,
        people: impl IntoIterator<Item = &'a Person>,
        record: &impl AnyRecord,
    ) -> Result<FollowersRemoved> {
        self.takes_off(Whom::People(ids(people)), record).await
    }

    /// Takes off whoever follows for one of these causes.
    async fn removes_by_cause<const N: usize>(
        &self,
        causes: [Cause; N],
        record: &impl AnyRecord,
    ) -> Result<FollowersRemoved> {
        self.takes_off(Whom::Causes(causes.into()), record).await
    }

    /// Takes followers off.
    async fn takes_off(&self, whom: Whom, record: &impl AnyRecord) -> Result<FollowersRemoved> {
        let wish = RemoveFollowers { record: record.record(), whom };
        follow::remove_followers(&self.access().await, &wish).await
    }

    /// Wants no notices about a record.
    async fn mutes(&self, record: &impl AnyRecord, muted: bool) -> Result<()> {
        mute::set_muted(&self.access().await, &mute::SetMuted { record: record.record(), muted }).await
    }

    /// Changes the name, whichever record it is.
    async fn renames(&self, record: &impl AnyRecord, name: &str) -> Result<Committed> {
        self.renames_expecting(record, name, None).await
    }

    /// Changes the name of a record that is expected to have a version.
    async fn renames_expecting(
        &self,
        record: &impl AnyRecord,
        name: &str,
        expected_version: Option<i64>,
    ) -> Result<Committed> {
        let (access, name) = (self.access().await, Patch::Set(name.to_owned()));
        match record.record() {
            RecordRef::Contact(contact) => {
                let fields = ContactFields { first_name: name, ..Default::default() };
                let wish = UpdateContact { contact, fields, expected_version };
                retinue::domain::contact::update(&access, &wish).await
            }
            RecordRef::Opportunity(opportunity) => {
                let fields = OpportunityFields { name, ..Default::default() };
                let wish = UpdateOpportunity { opportunity, fields, expected_version };
                retinue::domain::opportunity::update(&access, &wish).await
            }
        }
    }

    /// Changes a contact.
    async fn updates_contact(&self, contact: &Contact, fields: ContactFields) -> Result<Committed> {
        let wish = UpdateContact { contact: contact.id, fields, expected_version: None };
        retinue::domain::contact::update(&self.access().await, &wish).await
    }

    /// Changes an opportunity.
    async fn updates_opportunity(
        &self,
        opportunity: &Opportunity,
        fields: OpportunityFields,
    ) -> Result<Committed> {
        let wish = UpdateOpportunity { opportunity: opportunity.id, fields, expected_version: None };
        retinue::domain::opportunity::update(&self.access().await, &wish).await
    }

    /// Makes a contact.
    async fn makes_contact(&self, wish: CreateContact) -> Result<Contact> {
        let (id, _) = retinue::domain::contact::create(&self.access().await, &wish).await?;
        Ok(self.world().contact_with(id))
    }

    /// Makes an opportunity.
    async fn makes_opportunity(&self, wish: CreateOpportunity) -> Result<Opportunity> {
        let (id, _) = retinue::domain::opportunity::create(&self.access().await, &wish).await?;
        Ok(self.world().opportunity_with(id))
    }

    /// Moves an opportunity.
    async fn moves(&self, opportunity: &Opportunity, stage: StageId) -> Result<Committed> {
        let wish = MoveStage { opportunity: opportunity.id, stage, pipeline: None, expected_version: None };
        retinue::domain::opportunity::move_stage(&self.access().await, &wish).await
    }

    /// Says how an opportunity stands.
    async fn closes(
        &self,
        opportunity: &Opportunity,
        status: Status,
        lost_reason: Patch<String>,
    ) -> Result<Committed> {
        let wish = SetStatus { opportunity: opportunity.id, status, lost_reason, expected_version: None };
        retinue::domain::opportunity::set_status(&self.access().await, &wish).await
    }

    /// Deletes a record.
    async fn deletes(&self, record: &impl AnyRecord) -> Result<Deleted> {
        self.deletes_expecting(record, None).await
    }

    /// Deletes a record that is expected to have a version.
    async fn deletes_expecting(
        &self,
        record: &impl AnyRecord,
        expected_version: Option<i64>,
    ) -> Result<Deleted> {
        let wish = Delete { record: record.record(), expected_version };
        deletion::delete(&self.access().await, &wish).await
    }

    /// Brings a deleted record back.
    async fn restores(&self, record: &impl AnyRecord) -> Result<Restored> {
        deletion::restore(&self.access().await, &Restore { record: record.record() }).await
    }

    /// The deleted records that they may restore, the latest deletion first.
    async fn deleted<R: RecordTable>(&self) -> Vec<access::Deleted<R::Id>> {
        let page = self.access().await.deleted::<R>(&Window::first(1_000)).await.expect("a page");
        page.items.into_iter().map(|(_, deleted)| deleted).collect()
    }

    /// Whether the record is there for them.
    async fn sees(&self, record: &impl AnyRecord) -> bool {
        let access = self.access().await;
        match record.record() {
            RecordRef::Contact(id) => !access.find::<policy::Contact>(&[id]).await.expect("found").is_empty(),
            RecordRef::Opportunity(id) => {
                !access.find::<policy::Opportunity>(&[id]).await.expect("found").is_empty()
            }
        }
    }

    /// To whom they may give a record that they see.
    async fn may_give(&self, record: &impl AnyRecord) -> Option<OwnerChange> {
        let access = self.access().await;
        match record.record() {
            RecordRef::Contact(id) => may_give_one::<policy::Contact>(&access, id).await,
            RecordRef::Opportunity(id) => may_give_one::<policy::Opportunity>(&access, id).await,
        }
    }

    /// Every contact that they see, last changed first.
    async fn contacts(&self) -> Vec<ContactId> {
        let list = List { filter: ContactFilter::default(), sort: LAST_CHANGED };
        ids_of(listed::<policy::Contact>(&self.access().await, &list).await)
    }

    /// Every opportunity that they see, last changed first.
    async fn opportunities(&self) -> Vec<OpportunityId> {
        let list = List { filter: OpportunityFilter::default(), sort: LAST_CHANGED };
        ids_of(listed::<policy::Opportunity>(&self.access().await, &list).await)
    }
}

/// The first order of every list.
pub const LAST_CHANGED: Sort = Sort { key: SortKey::Updated, descending: true };

/// A change of owner that clears it, with everything else left out.
pub fn change_of(record: &impl AnyRecord) -> ChangeOwner {
    ChangeOwner { record: record.record(), owner: None, previous_owner_follows: None, expected_version: None }
}

async fn may_give_one<R: RecordTable>(access: &Access, id: R::Id) -> Option<OwnerChange> {
    let seen = access.find::<R>(&[id]).await.expect("found");
    let records: Vec<&Seen<R>> = seen.values().collect();
    access.owner_changes::<R>(&records).await.expect("decided").remove(&id)
}

/// Everything in a list.
pub async fn listed<R: RecordTable>(access: &Access, list: &List<impl Filter<R>>) -> Vec<Seen<R>> {
    let page = access.page::<R>(list, &Window::first(1_000)).await.expect("a page");
    assert!(!page.has_next, "a world has no more than a page");
    page.items.into_iter().map(|(_, seen)| seen).collect()
}

fn ids_of<R: RecordTable>(seen: Vec<Seen<R>>) -> Vec<R::Id> {
    seen.into_iter().map(|seen| seen.row.id()).collect()
}

fn ids<'a>(people: impl IntoIterator<Item = &'a Person>) -> Vec<UserId> {
    people.into_iter().map(|person| person.id).collect()
}
