//! The owner and the followers of one record, in memory: every rule about who stands where, without a database.

use entity::member::{Cause, FOLLOWER_LIMIT, OWNER_SLOT};
use entity::{ActivityId, Timestamp, UserId};

use crate::domain::access::Member;
use crate::domain::record::RecordRef;

/// The people of a record, as an act changes them.
#[derive(Clone, Debug)]
pub struct Roster {
    record: RecordRef,
    members: Vec<Member>,
    loaded: Vec<Member>,
}

/// Where a membership comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Why.
    pub cause: Cause,
    /// Who added them.
    pub added_by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// The activity.
    pub event: ActivityId,
    /// Whether the follow inherits the owner's edit (A2).
    pub inherits_edit: bool,
    /// When it ends.
    pub until: Option<Timestamp>,
}

/// What became of an attempt to add a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// Follows now.
    Added,
    /// Followed already; the end is another now (F3).
    Changed,
    /// Followed already.
    Follows,
    /// Owns the record (F3).
    Owns,
    /// There is no room (F1).
    NoRoom,
}

impl Roster {
    /// Of a record that is being made.
    #[must_use]
    pub const fn empty(record: RecordRef) -> Self {
        Self { record, members: Vec::new(), loaded: Vec::new() }
    }

    /// As the database has it.
    #[must_use]
    pub fn loaded(record: RecordRef, members: Vec<Member>) -> Self {
        Self { record, loaded: members.clone(), members }
    }

    /// Takes out the follows that have ended at `now` (F7).
    pub fn reap(&mut self, now: Timestamp) -> Vec<UserId> {
        let ended: Vec<UserId> = self
            .members
            .iter()
            .filter(|member| !member.is_owner() && !member.follows_at(now))
            .map(|member| member.user_id)
            .collect();
        self.members.retain(|member| !ended.contains(&member.user_id));
        ended
    }

    /// The owner.
    #[must_use]
    pub fn owner(&self) -> Option<UserId> {
        self.members.iter().find(|member| member.is_owner()).map(|member| member.user_id)
    }

    /// The followers, oldest first.
    #[must_use]
    pub fn followers(&self) -> Vec<&Member> {
        let mut followers: Vec<&Member> = self.members.iter().filter(|member| !member.is_owner()).collect();
        followers.sort_by_key(|member| (member.added_at, member.slot));
        followers
    }

    /// Owner and followers.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// Owner and followers, as the database has them.
    pub fn before(&self) -> impl Iterator<Item = &Member> {
        self.loaded.iter()
    }

    /// Whether this person follows.
    #[must_use]
    pub fn is_follower(&self, user: UserId) -> bool {
        self.member(user).is_some_and(|member| !member.is_owner())
    }

    /// The membership of a person.
    #[must_use]
    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.user_id == user)
    }

    /// How many of these people an add would add: not the owner, not who follows already, nobody twice.
    #[must_use]
    pub fn newcomers(&self, users: impl IntoIterator<Item = UserId>) -> Vec<UserId> {
        let mut newcomers = Vec::new();
        for user in users {
            if self.member(user).is_none() && !newcomers.contains(&user) {
                newcomers.push(user);
            }
        }
        newcomers
    }

    /// Puts in another owner, or none. True when the new owner followed until now (F4).
    pub fn set_owner(&mut self, owner: Option<UserId>, origin: Origin) -> bool {
        self.members.retain(|member| !member.is_owner());
        let Some(owner) = owner else { return false };
        let followed = self.take(owner);
        let muted_at = followed.as_ref().and_then(|member| member.muted_at);
        self.members.push(Member { muted_at, until: None, ..self.new_member(owner, OWNER_SLOT, origin) });
        followed.is_some()
    }

    /// Adds a follower, or changes when the follow ends.
    pub fn add_follower(&mut self, user: UserId, origin: Origin) -> Added {
        if let Some(member) = self.members.iter_mut().find(|member| member.user_id == user) {
            if member.is_owner() {
                return Added::Owns;
            }
            if origin.until.is_none() || origin.until == member.until {
                return Added::Follows;
            }
            member.until = origin.until;
            return Added::Changed;
        }
        let Some(slot) = self.free_slot() else { return Added::NoRoom };
        // A mute belongs to person and record, whichever of the two they are (F8).
        let muted_at =
            self.loaded.iter().find(|member| member.user_id == user).and_then(|member| member.muted_at);
        self.members.push(Member { muted_at, ..self.new_member(user, slot, origin) });
        Added::Added
    }

    /// Takes a follower off; false when they did not follow.
    pub fn remove_follower(&mut self, user: UserId) -> bool {
        self.is_follower(user) && self.take(user).is_some()
    }

    /// Mutes or unmutes; false when nothing changes, none when the person is not of the roster.
    pub fn mute(&mut self, user: UserId, since: Option<Timestamp>) -> Option<bool> {
        let member = self.members.iter_mut().find(|member| member.user_id == user)?;
        if member.muted_at.is_some() == since.is_some() {
            return Some(false);
        }
        member.muted_at = since;
        Some(true)
    }

    /// The rows that the database must lose, and those that it must get, in this order.
    #[must_use]
    pub fn difference(&self) -> (Vec<Member>, Vec<Member>) {
        let lost = self.loaded.iter().filter(|member| !self.members.contains(member)).cloned().collect();
        let gained = self.members.iter().filter(|member| !self.loaded.contains(member)).cloned().collect();
        (lost, gained)
    }

    fn take(&mut self, user: UserId) -> Option<Member> {
        let place = self.members.iter().position(|member| member.user_id == user)?;
        Some(self.members.remove(place))
    }

    fn free_slot(&self) -> Option<i16> {
        (1..=FOLLOWER_LIMIT).find(|slot| self.members.iter().all(|member| member.slot != *slot))
    }

    fn new_member(&self, user_id: UserId, slot: i16, origin: Origin) -> Member {
        Member {
            record_id: self.record.uuid(),
            user_id,
            slot,
            cause: origin.cause,
            added_by: origin.added_by,
            added_at: origin.at,
            event_id: Some(origin.event),
            until: origin.until,
            inherits_edit: origin.inherits_edit,
            muted_at: None,
        }
    }
}
