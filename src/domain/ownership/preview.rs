//! What saving the ownership settings would come to (O9). Saving changes no owner and adds no follower: this says what the
//! next changes of owner would do, or an alignment.

use std::collections::{BTreeMap, HashMap};

use entity::{UserId, account, user};
use policy::{Action, Actor, Facts, Link, Owner, Permissions, Relation, Resource, Wish};

use crate::domain::access::{Access, HeldByOwner, Pair};
use crate::domain::error::{Refusal, Result};

/// Settings to try out. What is left out is as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// *Allow different owners for contacts and its opportunities*.
    pub separate_owners: Option<bool>,
    /// *Automatically make opportunity owner follower of contact*.
    pub opportunity_owner_follows_contact: Option<bool>,
    /// *Automatically make contact owner follower of opportunity*.
    pub contact_owner_follows_opportunities: Option<bool>,
    /// Whether previous owners join the followers.
    pub previous_owner_follows: Option<bool>,
}

impl Settings {
    fn over(&self, now: &account::Model) -> account::Model {
        let mut settings = now.clone();
        let set = |setting: &mut bool, wished: Option<bool>| *setting = wished.unwrap_or(*setting);
        set(&mut settings.separate_owners, self.separate_owners);
        set(&mut settings.opportunity_owner_follows_contact, self.opportunity_owner_follows_contact);
        set(&mut settings.contact_owner_follows_opportunities, self.contact_owner_follows_opportunities);
        set(&mut settings.previous_owner_follows, self.previous_owner_follows);
        settings
    }
}

/// How many records of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Contacts.
    pub contacts: i64,
    /// Opportunities.
    pub opportunities: i64,
}

/// What somebody would come to see, and what they would see no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SightChange {
    /// Records that they do not see today.
    pub gained: Numbers,
    /// Records that they would not see any more.
    pub lost: Numbers,
}

/// What the settings would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Contacts and opportunities whose owners differ.
    pub differing: Numbers,
    /// Who would see more or less when opportunities got their contact's owner.
    pub aligned_to_contacts: BTreeMap<UserId, SightChange>,
    /// Who would see more or less when contacts got the one owner of their opportunities.
    pub aligned_to_opportunities: BTreeMap<UserId, SightChange>,
    /// Owners who could not give away that many of their opportunities any more.
    pub cannot_hand_over: BTreeMap<UserId, i64>,
    /// How much people would come to see by following, when they became owners under these settings.
    pub auto_follow_opens: BTreeMap<UserId, Numbers>,
}

/// What settings would come to, through the viewer's eyes.
///
/// # Errors
/// Denied to whoever may not preview them.
pub async fn preview(access: &Access, wished: &Settings) -> Result<Preview> {
    if let Some(reason) = access.may::<policy::Account>(Action::PreviewSettings).reason() {
        return Err(Refusal::denied("", Some(reason)).into());
    }
    let settings = wished.over(access.account());
    let (contacts, opportunities) = access.differing_counts().await?;
    let to_contacts = access.pairs_to_contacts().await?;
    let (contact_pairs, opportunity_pairs) = access.pairs_to_opportunities().await?;
    let held = access.held_opportunities().await?;
    let (contacts_to_follow, opportunities_to_follow) =
        (access.contacts_to_follow().await?, access.opportunities_to_follow().await?);

    let pairs = || to_contacts.iter().chain(&contact_pairs).chain(&opportunity_pairs);
    let named = pairs().flat_map(|pair| [Some(pair.winner), pair.loser]);
    let named = named.chain(held.iter().flat_map(|held| [Some(held.owner), held.contact_owner])).flatten();
    let named = named.chain(contacts_to_follow.keys().copied());
    let mut named: Vec<UserId> = named.chain(opportunities_to_follow.keys().copied()).collect();
    named.sort_unstable();
    named.dedup();
    let people = People(access.users(&named).await?);

    let mut preview = Preview { differing: Numbers { contacts, opportunities }, ..Preview::default() };
    let stays = settings.previous_owner_follows;
    if !settings.separate_owners {
        let changes = &mut preview.aligned_to_contacts;
        people.add::<policy::Opportunity>(changes, &to_contacts, stays, |numbers| &mut numbers.opportunities);
        let changes = &mut preview.aligned_to_opportunities;
        people.add::<policy::Contact>(changes, &contact_pairs, stays, |numbers| &mut numbers.contacts);
        people.add::<policy::Opportunity>(changes, &opportunity_pairs, stays, |numbers| {
            &mut numbers.opportunities
        });
    }
    if access.account().separate_owners && !settings.separate_owners {
        preview.cannot_hand_over = people.cannot_hand_over(&held);
    }
    if settings.separate_owners && settings.opportunity_owner_follows_contact {
        for (user, count) in contacts_to_follow {
            if people.opens::<policy::Contact>(user) {
                preview.auto_follow_opens.entry(user).or_default().contacts = count;
            }
        }
    }
    if settings.separate_owners && settings.contact_owner_follows_opportunities {
        for (user, count) in opportunities_to_follow {
            if people.opens::<policy::Opportunity>(user) {
                preview.auto_follow_opens.entry(user).or_default().opportunities = count;
            }
        }
    }
    Ok(preview)
}

/// The people whom the counts name.
struct People(HashMap<UserId, user::Model>);

impl People {
    /// Whether somebody would see a record to which they are so related: the rules say it.
    fn sees<R: Resource>(&self, user: UserId, relation: Option<Relation>) -> bool {
        let facts = Facts { relation, ..Facts::none() };
        self.0.get(&user).is_some_and(|row| {
            row.active && policy::decide::<R>(&Actor::from_user(row), Action::View, &facts).is_granted()
        })
    }

    fn opens<R: Resource>(&self, user: UserId) -> bool {
        !self.sees::<R>(user, None) && self.sees::<R>(user, Some(Relation::Follower))
    }

    fn add<R: Resource>(
        &self,
        changes: &mut BTreeMap<UserId, SightChange>,
        pairs: &[Pair],
        previous_owner_follows: bool,
        of: impl Fn(&mut Numbers) -> &mut i64,
    ) {
        // An owner is active (O8): nobody else wins.
        let wins = |pair: &&Pair| self.0.get(&pair.winner).is_some_and(|row| row.active);
        for pair in pairs.iter().filter(wins) {
            let before = pair.follows.then_some(Relation::Follower);
            if !self.sees::<R>(pair.winner, before) && self.sees::<R>(pair.winner, Some(Relation::Owner)) {
                *of(&mut changes.entry(pair.winner).or_default().gained) += pair.counted;
            }
            let Some(loser) = pair.loser else { continue };
            let after = (previous_owner_follows && pair.has_room).then_some(Relation::Follower);
            if self.sees::<R>(loser, Some(Relation::Owner)) && !self.sees::<R>(loser, after) {
                *of(&mut changes.entry(loser).or_default().lost) += pair.counted;
            }
        }
    }

    /// Owners who may hand their opportunities over today, and could not where owners are linked (A5, O3).
    fn cannot_hand_over(&self, held: &[HeldByOwner]) -> BTreeMap<UserId, i64> {
        let mut cannot = BTreeMap::new();
        for held in held {
            let Some(row) = self.0.get(&held.owner).filter(|row| row.active) else { continue };
            let actor = Actor::from_user(row);
            let alone = Facts {
                relation: Some(Relation::Owner),
                owner: self.as_owner(Some(held.owner)),
                ..Facts::none()
            };
            let relation = match held.contact_owner {
                Some(owner) if owner == held.owner => Some(Relation::Owner),
                _ => held.follows.then_some(Relation::Follower),
            };
            let contact = Facts {
                relation,
                follow_inherits: held.inherits,
                owner: self.as_owner(held.contact_owner),
                ..Facts::none()
            };
            let link = Link { contact: Some(Box::new(contact)), follows_reached: held.reaches };
            let linked = Facts { link: Some(link), ..alone.clone() };
            let may = |facts: &Facts| {
                let facts = facts.wishing(Wish::Another);
                policy::decide::<policy::Opportunity>(&actor, Action::ChangeOwner, &facts).is_granted()
            };
            if may(&alone) && !may(&linked) {
                *cannot.entry(held.owner).or_default() += held.counted;
            }
        }
        cannot
    }

    fn as_owner(&self, user: Option<UserId>) -> Owner {
        match user.and_then(|user| self.0.get(&user)) {
            None => Owner::Unassigned,
            Some(row) => Owner::Assigned {
                active: row.active,
                permissions: Permissions::from_bits(row.effective_permissions),
            },
        }
    }
}
