//! Owners and followers of an account in plain Rust: what acts do to them, as the specification words it.

use std::collections::BTreeMap;

use entity::{Timestamp, UserId};
use policy::{Action, Permission, Wish};
use retinue::domain::record::RecordRef;

use crate::agreement::oracle::{Facts, Follow, Somebody, Thing};

/// What an act answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Done,
    NotFound,
    Denied,
    Invalid,
    Limit,
}

/// A follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    pub until: Option<Timestamp>,
    pub inherits: bool,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub contact: RecordRef,
    pub owner: Option<UserId>,
    pub followers: BTreeMap<UserId, Following>,
    pub version: i64,
    pub updated_at: Timestamp,
}

/// The settings of O1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    pub separate: bool,
    pub opportunity_owner_follows: bool,
    pub contact_owner_follows: bool,
    pub previous_owner_follows: bool,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Model {
    pub settings: Settings,
    pub people: Vec<Somebody>,
    pub records: BTreeMap<RecordRef, Kept>,
    pub now: Timestamp,
}

/// The owner that a maker names.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    Nothing,
    Nobody,
    Somebody(UserId),
}

const LIMIT: usize = 10;

impl Model {
    /// The facts of this moment, as the oracle reads them.
    pub fn facts(&self) -> Facts {
        let things = self.records.iter().map(|(record, kept)| Thing {
            record: *record,
            contact: kept.contact,
            owner: kept.owner,
            follows: kept
                .followers
                .iter()
                .map(|(user, follow)| Follow { user: *user, inherits: follow.inherits, ended: false })
                .collect(),
        });
        Facts { separate: self.settings.separate, people: self.people.clone(), things: things.collect() }
    }

    /// F7: ended follows are none.
    pub fn moves_clock(&mut self, now: Timestamp) {
        self.now = now;
        for kept in self.records.values_mut() {
            kept.followers.retain(|_, follow| follow.until.is_none_or(|until| until > now));
        }
    }

    /// O11, F5
    pub fn deactivates(&mut self, user: UserId) {
        self.person_mut(user).active = false;
        for kept in self.records.values_mut() {
            kept.followers.remove(&user);
        }
    }

    pub fn person_mut(&mut self, user: UserId) -> &mut Somebody {
        self.people.iter_mut().find(|somebody| somebody.user == Some(user)).expect("a known person")
    }

    pub fn is_active(&self, user: UserId) -> bool {
        self.people.iter().any(|somebody| somebody.user == Some(user) && somebody.active)
    }

    fn may(&self, who: &Somebody, record: RecordRef, action: Action, wish: Wish) -> bool {
        let facts = self.facts();
        facts.may(who, facts.thing(record), action, wish)
    }

    /// Not found, or denied; none when the act goes on.
    fn refuses(&self, who: &Somebody, record: RecordRef, action: Action, wish: Wish) -> Option<Answer> {
        if !self.may(who, record, Action::View, Wish::Nobody) {
            return Some(Answer::NotFound);
        }
        (!self.may(who, record, action, wish)).then_some(Answer::Denied)
    }

    /// A2
    pub fn renames(&mut self, who: &Somebody, record: RecordRef) -> Answer {
        if let Some(refused) = self.refuses(who, record, Action::Edit, Wish::Nobody) {
            return refused;
        }
        self.raise(record);
        Answer::Done
    }

    /// A4, F1, F3, F5
    pub fn adds(
        &mut self,
        who: &Somebody,
        record: RecordRef,
        users: &[UserId],
        until: Option<Timestamp>,
    ) -> Answer {
        if !self.may(who, record, Action::View, Wish::Nobody)
            || !users.iter().all(|user| self.is_active(*user))
        {
            return Answer::NotFound;
        }
        if !self.may(who, record, Action::ManageFollowers, Wish::Nobody) {
            return Answer::Denied;
        }
        if until.is_some_and(|until| until <= self.now) {
            return Answer::Invalid;
        }
        let inherits = self.may(who, record, Action::Edit, Wish::Nobody);
        let mut kept = self.records[&record].clone();
        for user in users.iter().filter(|user| kept.owner != Some(**user)) {
            let follow = kept.followers.entry(*user).or_insert(Following { until, inherits });
            follow.until = until.or(follow.until);
        }
        if kept.followers.len() > LIMIT {
            return Answer::Limit;
        }
        self.records.insert(record, kept);
        Answer::Done
    }

    /// A4, F9
    pub fn removes(&mut self, who: &Somebody, record: RecordRef, users: Option<&[UserId]>) -> Answer {
        let only_oneself = users.is_some_and(|users| users.iter().all(|user| Some(*user) == who.user));
        let action = if only_oneself { Action::Unfollow } else { Action::RemoveFollowers };
        if let Some(refused) = self.refuses(who, record, action, Wish::Nobody) {
            return refused;
        }
        let kept = self.records.get_mut(&record).expect("a known record");
        kept.followers.retain(|user, _| users.is_some_and(|users| !users.contains(user)));
        Answer::Done
    }

    /// A5, O2, O3, O6, O7, O8, F4
    pub fn changes_owner(
        &mut self,
        who: &Somebody,
        record: RecordRef,
        owner: Option<UserId>,
        previous_follows: Option<bool>,
    ) -> Answer {
        let visible = self.may(who, record, Action::View, Wish::Nobody);
        if !visible || !owner.is_none_or(|owner| self.is_active(owner)) {
            return Answer::NotFound;
        }
        let wish = wish(who, owner);
        if !self.may(who, record, Action::ChangeOwner, wish) {
            return Answer::Denied;
        }
        if self.records[&record].owner == owner {
            return Answer::Done;
        }
        let before = self.facts();
        let moved = if self.settings.separate { vec![record] } else { self.reached(who, record, owner) };
        self.gives(who, &before, &moved, owner, previous_follows);
        self.follows_automatically(who, &before, &moved);
        Answer::Done
    }

    /// O3: the named one, the contact, every opportunity whose owner was the contact's, and any other that the actor
    /// could change alone.
    fn reached(&self, who: &Somebody, named: RecordRef, owner: Option<UserId>) -> Vec<RecordRef> {
        let facts = self.facts();
        let contact = self.records[&named].contact;
        let moves = |(record, kept): &(&RecordRef, &Kept)| {
            let alone = facts.may_change_owner_alone(who, facts.thing(**record), wish(who, owner));
            let with_contact = kept.owner == self.records[&contact].owner;
            kept.contact == contact
                && kept.owner != owner
                && (**record == named || **record == contact || with_contact || alone)
        };
        self.records.iter().filter(moves).map(|(record, _)| *record).collect()
    }

    fn gives(
        &mut self,
        who: &Somebody,
        before: &Facts,
        moved: &[RecordRef],
        owner: Option<UserId>,
        previous_follows: Option<bool>,
    ) {
        let previous_follows = previous_follows.unwrap_or(self.settings.previous_owner_follows);
        for record in moved {
            self.raise(*record);
            let kept = self.records.get_mut(record).expect("a known record");
            let previous = std::mem::replace(&mut kept.owner, owner);
            if let Some(owner) = owner {
                kept.followers.remove(&owner);
            }
            let previous = previous.filter(|previous| previous_follows && self.is_active(*previous));
            if let Some(previous) = previous {
                self.derives(who, before, *record, previous);
            }
        }
    }

    /// AF1, AF2, AF3: on the owners as they stand at the end.
    fn follows_automatically(&mut self, who: &Somebody, before: &Facts, with_new_owner: &[RecordRef]) {
        if !self.settings.separate {
            return;
        }
        for record in with_new_owner {
            let (contact, owner) = (self.records[record].contact, self.active_owner(*record));
            let of_contact = self.active_owner(contact);
            if *record == contact {
                let owner = owner.filter(|_| self.settings.contact_owner_follows);
                for deal in self.deals_of(contact) {
                    if let Some(owner) = owner {
                        self.derives(who, before, deal, owner);
                    }
                }
                continue;
            }
            if let (Some(owner), true) = (owner, self.settings.opportunity_owner_follows) {
                self.derives(who, before, contact, owner);
            }
            if let (Some(of_contact), Some(_), true) =
                (of_contact, owner, self.settings.contact_owner_follows)
            {
                self.derives(who, before, *record, of_contact);
            }
        }
    }

    /// Somebody follows whom nobody named: not the owner, not twice, not where there is no room (F1, F3).
    fn derives(&mut self, who: &Somebody, before: &Facts, record: RecordRef, user: UserId) {
        let existed = before.things.iter().any(|thing| thing.record == record);
        let inherits = !existed || before.may_edit(who, before.thing(record));
        let kept = self.records.get_mut(&record).expect("a known record");
        if kept.owner != Some(user) && kept.followers.len() < LIMIT {
            kept.followers.entry(user).or_insert(Following { until: None, inherits });
        }
    }

    fn active_owner(&self, record: RecordRef) -> Option<UserId> {
        self.records[&record].owner.filter(|owner| self.is_active(*owner))
    }

    fn deals_of(&self, contact: RecordRef) -> Vec<RecordRef> {
        let of_contact =
            |(record, kept): &(&RecordRef, &Kept)| kept.contact == contact && **record != contact;
        self.records.iter().filter(of_contact).map(|(record, _)| *record).collect()
    }

    fn raise(&mut self, record: RecordRef) {
        let now = self.now;
        let kept = self.records.get_mut(&record).expect("a known record");
        kept.version += 1;
        kept.updated_at = now;
    }

    /// A12, O5, F12. Where it is done, `made` tells what came of it.
    pub fn makes_contact(
        &mut self,
        who: &Somebody,
        named: Named,
        followers: &[UserId],
    ) -> (Answer, Option<Kept>) {
        if let Some(refused) = self.refuses_people(named, followers) {
            return (refused, None);
        }
        if !Facts::may_create_contact(who) {
            return (Answer::Denied, None);
        }
        let owner = match named {
            Named::Somebody(owner) => Some(owner),
            Named::Nobody => None,
            Named::Nothing => who.user.filter(|_| who.restricted && !who.admin),
        };
        self.newborn(who, owner, followers)
    }

    /// A12, O4, O5, F12
    pub fn makes_opportunity(
        &mut self,
        who: &Somebody,
        contact: RecordRef,
        named: Named,
        followers: &[UserId],
    ) -> (Answer, Option<Kept>) {
        let facts = self.facts();
        let sees_pipelines =
            who.holds(Permission::ViewOpportunities) || who.holds(Permission::ManagePipelines);
        if !facts.may_view(who, facts.thing(contact)) || !sees_pipelines {
            return (Answer::NotFound, None);
        }
        if let Some(refused) = self.refuses_people(named, followers) {
            return (refused, None);
        }
        if !facts.may_create_opportunity(who, facts.thing(contact)) {
            return (Answer::Denied, None);
        }
        let of_contact = self.records[&contact].owner;
        let (owner, given) = match named {
            Named::Somebody(owner) => (Some(owner), true),
            Named::Nobody => (None, true),
            Named::Nothing => (self.active_owner(contact), false),
        };
        let moves = !self.settings.separate && given && of_contact != owner;
        if moves && !facts.may_change_owner(who, facts.thing(contact), wish(who, owner)) {
            return (Answer::Denied, None);
        }
        let (answer, kept) = self.newborn(who, owner, followers);
        if moves && answer == Answer::Done {
            let moved = self.reached(who, contact, owner);
            self.gives(who, &facts, &moved, owner, None);
        }
        (answer, kept.map(|kept| Kept { contact, ..kept }))
    }

    /// What auto-follow adds to a record that was just made.
    pub fn settles(&mut self, who: &Somebody, before: &Facts, record: RecordRef) {
        self.follows_automatically(who, before, &[record]);
    }

    fn refuses_people(&self, named: Named, followers: &[UserId]) -> Option<Answer> {
        let owner = if let Named::Somebody(owner) = named { Some(owner) } else { None };
        let known = followers.iter().copied().chain(owner).all(|user| self.is_active(user));
        (!known).then_some(Answer::NotFound)
    }

    fn newborn(&self, who: &Somebody, owner: Option<UserId>, followers: &[UserId]) -> (Answer, Option<Kept>) {
        // O5: nobody loses what they just made.
        let creator = who.user.filter(|_| who.restricted && !who.admin);
        let places = followers.iter().copied().chain(creator).filter(|user| owner != Some(*user));
        let follow = Following { until: None, inherits: true };
        let followers: BTreeMap<UserId, Following> = places.map(|user| (user, follow)).collect();
        if followers.len() > LIMIT {
            return (Answer::Limit, None);
        }
        let contact = RecordRef::Contact(entity::ContactId(uuid::Uuid::nil()));
        (Answer::Done, Some(Kept { contact, owner, followers, version: 1, updated_at: self.now }))
    }
}

fn wish(who: &Somebody, owner: Option<UserId>) -> Wish {
    match owner {
        None => Wish::Nobody,
        Some(owner) if Some(owner) == who.user => Wish::Oneself,
        Some(_) => Wish::Another,
    }
}
