//! Whether the acts themselves let a person pass, without changing anything: each is asked for something that is
//! refused only after authorization (O7).

use entity::Timestamp;
use entity::member::Cause;
use futures_util::future::join_all;
use policy::{Action, Wish};
use retinue::domain::access::Access;
use retinue::domain::contact::{ContactFields, CreateContact, UpdateContact};
use retinue::domain::deletion::{self, Delete};
use retinue::domain::error::{Error, RefusalKind, Result};
use retinue::domain::opportunity::{CreateOpportunity, OpportunityFields, UpdateOpportunity};
use retinue::domain::ownership::{AddFollowers, ChangeOwner, RemoveFollowers, Whom, follow, mute, transfer};
use retinue::domain::patch::Patch;
use retinue::domain::record::RecordRef;

use super::generate::Generated;
use super::oracle::{Facts, Somebody, Thing};
use crate::world::Acts as _;

/// A version that no record ever has.
const NEVER: Option<i64> = Some(-1);

/// What an act answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Passed,
    Denied,
    NotFound,
}

impl Generated {
    /// The access of one of its people, or of the command line.
    pub async fn access_of(&self, somebody: &Somebody) -> Access {
        match self.people.iter().find(|person| Some(person.id) == somebody.user) {
            Some(person) => person.access().await,
            None => self.world.command_line().access().await,
        }
    }
}

/// Compares every act that can be asked for without a trace. Nothing changes, so all records are asked at once.
pub async fn agrees(generated: &Generated, somebody: &Somebody, access: &Access) {
    let things = generated.facts.things.iter();
    join_all(things.map(|thing| agrees_on(generated, somebody, access, thing))).await;
    let nameless = ContactFields { first_name: Patch::Set(String::new()), ..Default::default() };
    let act = CreateContact { fields: nameless, ..Default::default() };
    let passed = answer(retinue::domain::contact::create(access, &act).await) == Answer::Passed;
    assert_eq!(passed, Facts::may_create_contact(somebody), "create by {somebody:?}");
}

async fn agrees_on(generated: &Generated, somebody: &Somebody, access: &Access, thing: &Thing) {
    let facts = &generated.facts;
    let expected = |action, wish| expected(facts, somebody, thing, action, wish);
    for wish in [Wish::Nobody, Wish::Oneself, Wish::Another] {
        let Some(owner) = owner_for(generated, somebody, wish) else { continue };
        let act = ChangeOwner {
            record: thing.record,
            owner,
            previous_owner_follows: None,
            expected_version: NEVER,
        };
        let answer = answer(transfer::change_owner(access, &act).await);
        let expected = expected(Action::ChangeOwner, wish);
        assert_eq!(answer, expected, "{wish:?} by {somebody:?} of {thing:?} in {facts:?}");
    }
    let answer = updates(access, thing.record).await;
    assert_eq!(answer, expected(Action::Edit, Wish::Nobody), "update by {somebody:?} of {thing:?}");
    let act = Delete { record: thing.record, expected_version: NEVER };
    let answer = self::answer(deletion::delete(access, &act).await);
    assert_eq!(answer, expected(Action::Delete, Wish::Nobody), "delete by {somebody:?} of {thing:?}");
    let answer = adds(access, thing.record).await;
    let expected = expected(Action::ManageFollowers, Wish::Nobody);
    assert_eq!(answer, expected, "add by {somebody:?} to {thing:?}");
    if let RecordRef::Contact(contact) = thing.record {
        let answer = creates_opportunity(access, generated, contact).await;
        let passed = answer == Answer::Passed;
        assert_eq!(passed, facts.may_create_opportunity(somebody, thing), "create by {somebody:?}");
        assert!(facts.may_view(somebody, thing) || answer == Answer::NotFound);
    }
}

/// Compares the acts that leave a trace where they pass: ended follows go, and somebody may be muted. Neither bears on
/// any decision.
pub async fn agrees_where_something_may_change(generated: &Generated, somebody: &Somebody) {
    let facts = &generated.facts;
    let access = generated.access_of(somebody).await;
    for thing in &facts.things {
        let whom = Whom::Causes(vec![Cause::Import]);
        let act = RemoveFollowers { record: thing.record, whom };
        let answered = answer(follow::remove_followers(&access, &act).await);
        let removes = expected(facts, somebody, thing, Action::RemoveFollowers, Wish::Nobody);
        assert_eq!(answered, removes, "removal by {somebody:?} of {thing:?}");
        if somebody.user.is_some() {
            let act = mute::SetMuted { record: thing.record, muted: true };
            let answered = answer(mute::set_muted(&access, &act).await);
            let mutes = expected(facts, somebody, thing, Action::Unfollow, Wish::Nobody);
            assert_eq!(answered, mutes, "mute by {somebody:?} of {thing:?}");
        }
    }
}

/// A7: what belongs to another account is not there, whatever one may do here.
pub async fn hides_the_neighbours(neighbours: &Generated, access: &Access) {
    for thing in &neighbours.facts.things {
        assert_eq!(updates(access, thing.record).await, Answer::NotFound);
        assert_eq!(adds(access, thing.record).await, Answer::NotFound);
    }
}

fn expected(facts: &Facts, somebody: &Somebody, thing: &Thing, action: Action, wish: Wish) -> Answer {
    match (facts.may_view(somebody, thing), facts.may(somebody, thing, action, wish)) {
        (false, _) => Answer::NotFound,
        (true, false) => Answer::Denied,
        (true, true) => Answer::Passed,
    }
}

/// Whom a wish stands for; none where nobody does.
fn owner_for(generated: &Generated, somebody: &Somebody, wish: Wish) -> Option<Option<entity::UserId>> {
    match wish {
        Wish::Nobody => Some(None),
        Wish::Oneself => somebody.user.map(Some),
        Wish::Another => {
            let mut others = generated.facts.people.iter().filter(|other| other.active);
            others.find(|other| other.user != somebody.user).map(|other| other.user)
        }
    }
}

async fn updates(access: &Access, record: RecordRef) -> Answer {
    match record {
        RecordRef::Contact(contact) => {
            let act = UpdateContact { contact, fields: ContactFields::default(), expected_version: NEVER };
            answer(retinue::domain::contact::update(access, &act).await)
        }
        RecordRef::Opportunity(opportunity) => {
            let fields = OpportunityFields::default();
            let act = UpdateOpportunity { opportunity, fields, expected_version: NEVER };
            answer(retinue::domain::opportunity::update(access, &act).await)
        }
    }
}

async fn adds(access: &Access, record: RecordRef) -> Answer {
    let act = AddFollowers { record, users: Vec::new(), until: Some(Timestamp(0)) };
    answer(follow::add_followers(access, &act).await)
}

async fn creates_opportunity(access: &Access, generated: &Generated, contact: entity::ContactId) -> Answer {
    let act = CreateOpportunity::new(contact, generated.world.pipeline, "");
    answer(retinue::domain::opportunity::create(access, &act).await)
}

fn answer<T>(result: Result<T>) -> Answer {
    let refusals = match result {
        Ok(_) => return Answer::Passed,
        Err(Error::Refused(refusals)) => refusals,
        Err(error) => panic!("the server failed: {error}"),
    };
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    match &refusals[0].kind {
        RefusalKind::NotFound => Answer::NotFound,
        RefusalKind::PermissionDenied { .. } | RefusalKind::OwnerChangeDenied { .. } => Answer::Denied,
        // Only who is authorized hears of these.
        RefusalKind::InvalidInput | RefusalKind::StaleVersion { .. } => Answer::Passed,
        kind => panic!("nobody asked for what leads to {kind:?}"),
    }
}
