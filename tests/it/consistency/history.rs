//! One history: people act by chance, and the model is told the same.

use std::collections::BTreeMap;

use entity::{UserId, activity, contact, opportunity};
use policy::{Permission, Permissions};
use retinue::domain::contact::{ContactFields, CreateContact};
use retinue::domain::error::{Error, RefusalKind, Result};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::ownership::{AddFollowers, ChangeOwner, RemoveFollowers, Whom, follow, transfer};
use retinue::domain::patch::Patch;
use retinue::domain::record::RecordRef;
use retinue::domain::user::SetUser;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::model::{Answer, Following, Kept, Model, Named, Settings};
use crate::agreement::oracle::Somebody;
use crate::chance::Chance;
use crate::world::{Acts as _, AnyRecord as _, Person, Setting, World};

const PEOPLE: usize = 14;

/// A world and what the model makes of its history.
#[derive(Debug)]
pub struct History {
    pub world: World,
    pub answered: BTreeMap<String, usize>,
    people: Vec<Person>,
    model: Model,
}

impl History {
    /// People, one contact and one opportunity. Every setting is on, or none.
    pub async fn begin(world: World, chance: &mut Chance, settings: bool) -> Self {
        let mut people = Vec::new();
        let mut somebodies = Vec::new();
        for number in 0..PEOPLE {
            let mut granted = Permissions::of_a_new_user();
            for permission in [
                Permission::EditContacts,
                Permission::EditOpportunities,
                Permission::ViewContacts,
                Permission::ViewOpportunities,
            ] {
                if chance.one_in(5) {
                    granted = granted.without(permission);
                }
            }
            if chance.one_in(4) {
                granted = granted.with(Permission::ChangeOwners);
            }
            let (admin, restricted) = (number < 2, number >= 2 && chance.one_in(3));
            let mut builder = world.user(&format!("Person {number}")).holding(granted.iter());
            builder = if admin { builder.admin() } else { builder };
            builder = if restricted { builder.restricted() } else { builder };
            let person = builder.create().await;
            somebodies.push(Somebody { user: Some(person.id), admin, restricted, active: true, granted });
            people.push(person);
        }
        if settings {
            world
                .turn_on([
                    Setting::SeparateOwners,
                    Setting::OpportunityOwnerFollowsContact,
                    Setting::ContactOwnerFollowsOpportunities,
                    Setting::PreviousOwnerFollows,
                ])
                .await;
        }
        let model = Model {
            settings: Settings {
                separate: settings,
                opportunity_owner_follows: settings,
                contact_owner_follows: settings,
                previous_owner_follows: settings,
            },
            people: somebodies,
            records: BTreeMap::new(),
            now: world.now(),
        };
        let mut history = Self { world, answered: BTreeMap::new(), people, model };
        history.makes_contact(0, chance).await;
        history.makes_opportunity(0, chance).await;
        // Few places are left on these.
        let nine: Vec<UserId> = history.people[3..12].iter().map(|person| person.id).collect();
        let records: Vec<RecordRef> = history.model.records.keys().copied().collect();
        for record in records {
            history.adds_these(0, record, nine.clone(), None).await;
        }
        if settings {
            history.leaves_no_room().await;
        }
        history
    }

    /// Every place on the contact is taken, and then somebody who is neither its owner nor a follower becomes the owner of
    /// its opportunity: there is no room for them (AF4), whatever chance made of the beginning.
    async fn leaves_no_room(&mut self) {
        let records: Vec<RecordRef> = self.model.records.keys().copied().collect();
        let of_kind = |kind: &str| records.iter().copied().find(|record| record.kind() == kind).expect("one");
        let (contact, deal) = (of_kind("contact"), of_kind("opportunity"));
        let kept = &self.model.records[&contact];
        let stands_by = |user: &UserId| kept.owner != Some(*user) && !kept.followers.contains_key(user);
        let bystanders: Vec<UserId> = self.people.iter().map(|person| person.id).filter(stands_by).collect();
        let (places, others) = bystanders.split_at(10 - kept.followers.len());
        let others: Vec<UserId> = others.to_vec();
        self.adds_these(0, contact, places.to_vec(), None).await;
        let owner = self.model.records[&deal].owner;
        let newcomer = others.into_iter().find(|user| owner != Some(*user)).expect("more people than places");
        self.gives(0, deal, Some(newcomer), None).await;
    }

    /// Somebody does something.
    pub async fn goes_on(&mut self, chance: &mut Chance) {
        let active: Vec<usize> = (0..PEOPLE).filter(|place| self.model.people[*place].active).collect();
        // The first one is an admin, to whom much succeeds.
        let who = if chance.one_in(4) { 0 } else { *chance.of(&active) };
        match chance.below(24) {
            0 => self.makes_contact(who, chance).await,
            1 | 2 => self.makes_opportunity(who, chance).await,
            3 | 4 => self.renames(who, chance).await,
            5..=10 => self.changes_owner(who, chance).await,
            11..=16 => self.adds(who, chance).await,
            17 | 18 => self.removes(who, chance).await,
            19 => self.saves_settings(chance).await,
            20 | 21 => self.waits(chance),
            22 => self.comes_or_goes(chance).await,
            _ => self.is_changed(chance).await,
        }
    }

    /// How often somebody should have followed where there was no room (AF4).
    pub async fn skipped(&self) -> usize {
        let skipped = activity::Entity::find()
            .filter(activity::Column::AccountId.eq(self.world.account))
            .filter(activity::Column::Kind.ends_with(".follower_skipped"))
            .count(&self.world.sql)
            .await;
        usize::try_from(skipped.expect("a count")).expect("few")
    }

    /// The tables say what the model says.
    pub async fn assert_told(&self) {
        let records: Vec<RecordRef> = self.model.records.keys().copied().collect();
        let seats = self.world.all_seats_of(&records).await;
        let rows = self.rows().await;
        for (record, kept) in &self.model.records {
            let (owner, version, updated_at) = rows[record];
            let seats = seats.get(record).into_iter().flatten();
            let living = seats
                .filter(|seat| seat.slot > 0 && seat.until.is_none_or(|until| until > self.model.now))
                .map(|seat| (seat.user, Following { until: seat.until, inherits: seat.inherits_edit }));
            let contact = kept.contact;
            let told = Kept { contact, owner, followers: living.collect(), version, updated_at };
            assert_eq!(&told, kept, "{record:?} with {:?}", self.model.settings);
        }
    }

    async fn rows(&self) -> BTreeMap<RecordRef, (Option<UserId>, i64, entity::Timestamp)> {
        let (account, sql) = (self.world.account, &self.world.sql);
        let contacts = contact::Entity::find().filter(contact::Column::AccountId.eq(account)).all(sql).await;
        let deals =
            opportunity::Entity::find().filter(opportunity::Column::AccountId.eq(account)).all(sql).await;
        let contacts = contacts.expect("contacts").into_iter();
        let deals = deals.expect("opportunities").into_iter();
        let contacts = contacts.map(|row| (row.id.into(), (row.owner_id, row.version, row.updated_at)));
        contacts
            .chain(deals.map(|row| (row.id.into(), (row.owner_id, row.version, row.updated_at))))
            .collect()
    }

    async fn makes_contact(&mut self, who: usize, chance: &mut Chance) {
        let (named, owner, followers) = self.named_people(chance);
        let fields = ContactFields { first_name: Patch::Set("Ada".into()), ..Default::default() };
        let wish = CreateContact { fields, owner, followers: followers.clone(), made_at: None };
        let before = self.activities().await;
        let answer = self.people[who].makes_contact(wish).await;
        let somebody = self.model.people[who].clone();
        let facts = self.model.facts();
        let (expected, kept) = self.model.makes_contact(&somebody, named, &followers);
        self.compare("Create", &answer, expected, before).await;
        if let (Ok(contact), Some(kept)) = (answer, kept) {
            let record = contact.record();
            self.model.records.insert(record, Kept { contact: record, ..kept });
            self.model.settles(&somebody, &facts, record);
        }
    }

    async fn makes_opportunity(&mut self, who: usize, chance: &mut Chance) {
        let contacts: Vec<RecordRef> = self
            .model
            .records
            .keys()
            .copied()
            .filter(|record| self.model.records[record].contact == *record)
            .collect();
        let RecordRef::Contact(id) = *chance.of(&contacts) else { return };
        let (named, owner, followers) = self.named_people(chance);
        let wish =
            CreateOpportunity { owner, followers: followers.clone(), ..self.world.opportunity_wish(id) };
        let before = self.activities().await;
        let answer = self.people[who].makes_opportunity(wish).await;
        let somebody = self.model.people[who].clone();
        let facts = self.model.facts();
        let (expected, kept) = self.model.makes_opportunity(&somebody, id.into(), named, &followers);
        self.compare("Create", &answer, expected, before).await;
        if let (Ok(deal), Some(kept)) = (answer, kept) {
            let record = deal.record();
            self.model.records.insert(record, kept);
            self.model.settles(&somebody, &facts, record);
        }
    }

    async fn renames(&mut self, who: usize, chance: &mut Chance) {
        let (record, before) = (self.a_record(chance), self.activities().await);
        let name = format!("Name {before}");
        let person = &self.people[who];
        let answer = match record {
            RecordRef::Contact(id) => person.renames(&self.world.contact_with(id), &name).await,
            RecordRef::Opportunity(id) => person.renames(&self.world.opportunity_with(id), &name).await,
        };
        let somebody = self.model.people[who].clone();
        let expected = self.model.renames(&somebody, record);
        self.compare("Rename", &answer, expected, before).await;
    }

    async fn changes_owner(&mut self, who: usize, chance: &mut Chance) {
        let record = self.a_record(chance);
        // Often it is the owner who gives it away.
        let owner = self.model.records[&record].owner.filter(|owner| self.model.is_active(*owner));
        let owner = self.people.iter().position(|person| Some(person.id) == owner);
        let who = owner.filter(|_| chance.one_in(2)).unwrap_or(who);
        let owner = match chance.below(6) {
            0 => None,
            1 => Some(self.people[who].id),
            _ => Some(self.a_person(chance)),
        };
        let previous_owner_follows = *chance.of(&[None, Some(true), Some(false)]);
        self.gives(who, record, owner, previous_owner_follows).await;
    }

    async fn gives(
        &mut self,
        who: usize,
        record: RecordRef,
        owner: Option<UserId>,
        previous_owner_follows: Option<bool>,
    ) {
        let before = self.activities().await;
        let wish = ChangeOwner { record, owner, previous_owner_follows, expected_version: None };
        let answer = transfer::change_owner(&self.people[who].access().await, &wish).await;
        let somebody = self.model.people[who].clone();
        let expected = self.model.changes_owner(&somebody, record, owner, previous_owner_follows);
        self.compare("ChangeOwner", &answer, expected, before).await;
    }

    async fn adds(&mut self, who: usize, chance: &mut Chance) {
        let record = self.a_record(chance);
        let users = self.some_people(chance, 9);
        let until =
            if chance.one_in(3) { Some(self.world.in_seconds(chance.below(60) as i64 - 5)) } else { None };
        self.adds_these(who, record, users, until).await;
    }

    async fn adds_these(
        &mut self,
        who: usize,
        record: RecordRef,
        users: Vec<UserId>,
        until: Option<entity::Timestamp>,
    ) {
        let before = self.activities().await;
        let wish = AddFollowers { record, users: users.clone(), until };
        let answer = follow::add_followers(&self.people[who].access().await, &wish).await;
        let somebody = self.model.people[who].clone();
        let expected = self.model.adds(&somebody, record, &users, until);
        self.compare("Add", &answer, expected, before).await;
    }

    async fn removes(&mut self, who: usize, chance: &mut Chance) {
        let (record, before) = (self.a_record(chance), self.activities().await);
        let users = match chance.below(4) {
            0 => None,
            1 => Some(vec![self.people[who].id]),
            _ => Some(self.some_people(chance, 4)),
        };
        let whom = users.clone().map_or(Whom::Everybody, Whom::People);
        let wish = RemoveFollowers { record, whom };
        let answer = follow::remove_followers(&self.people[who].access().await, &wish).await;
        let somebody = self.model.people[who].clone();
        let expected = self.model.removes(&somebody, record, users.as_deref());
        self.compare("Remove", &answer, expected, before).await;
    }

    async fn saves_settings(&mut self, chance: &mut Chance) {
        let on = chance.one_in(2);
        let settings = &mut self.model.settings;
        let (setting, flag) = match chance.below(6) {
            0..=2 => (Setting::SeparateOwners, &mut settings.separate),
            3 => (Setting::OpportunityOwnerFollowsContact, &mut settings.opportunity_owner_follows),
            4 => (Setting::ContactOwnerFollowsOpportunities, &mut settings.contact_owner_follows),
            _ => (Setting::PreviousOwnerFollows, &mut settings.previous_owner_follows),
        };
        *flag = on;
        if on { self.world.turn_on([setting]).await } else { self.world.turn_off([setting]).await }
    }

    fn waits(&mut self, chance: &mut Chance) {
        self.world.clock.advance_seconds(1 + chance.below(30) as i64);
        self.model.moves_clock(self.world.now());
    }

    async fn comes_or_goes(&mut self, chance: &mut Chance) {
        // The first admin stays.
        let who = 1 + chance.below(PEOPLE - 1);
        let id = self.people[who].id;
        if self.model.people[who].active && !chance.one_in(3) {
            self.people[who].leaves().await;
            self.model.deactivates(id);
        } else {
            self.people[who].returns().await;
            self.model.person_mut(id).active = true;
        }
    }

    async fn is_changed(&mut self, chance: &mut Chance) {
        let who = 2 + chance.below(PEOPLE - 2);
        let permission = *chance.of(&[
            Permission::EditContacts,
            Permission::EditOpportunities,
            Permission::ViewContacts,
            Permission::ChangeOwners,
        ]);
        let somebody = &mut self.model.people[who];
        let mut wish = SetUser { only_assigned_data: Some(!somebody.restricted), ..Default::default() };
        somebody.restricted = !somebody.restricted;
        if chance.one_in(2) {
            somebody.granted = somebody.granted.with(permission);
            wish.grant = vec![permission];
        } else {
            somebody.granted = somebody.granted.without(permission);
            wish.revoke = vec![permission];
        }
        self.people[who].becomes(wish).await;
    }

    fn a_record(&self, chance: &mut Chance) -> RecordRef {
        let records: Vec<RecordRef> = self.model.records.keys().copied().collect();
        // Much happens to a few of them, so that their places run out.
        if chance.one_in(2) { records[chance.below(records.len().min(3))] } else { *chance.of(&records) }
    }

    fn some_people(&self, chance: &mut Chance, at_most: usize) -> Vec<UserId> {
        (0..=chance.below(at_most)).map(|_| self.a_person(chance)).collect()
    }

    /// Mostly somebody who has not left.
    fn a_person(&self, chance: &mut Chance) -> UserId {
        let active = self.model.people.iter().filter(|somebody| somebody.active);
        let active: Vec<UserId> = active.filter_map(|somebody| somebody.user).collect();
        if chance.one_in(12) { chance.of(&self.people).id } else { *chance.of(&active) }
    }

    fn named_people(&self, chance: &mut Chance) -> (Named, Patch<UserId>, Vec<UserId>) {
        let owner = self.a_person(chance);
        let (named, patch) = match chance.below(4) {
            0 => (Named::Nobody, Patch::Clear),
            1 | 2 => (Named::Somebody(owner), Patch::Set(owner)),
            _ => (Named::Nothing, Patch::Keep),
        };
        let followers = if chance.one_in(2) { Vec::new() } else { self.some_people(chance, 5) };
        (named, patch, followers)
    }

    async fn activities(&self) -> u64 {
        let of_account = activity::Column::AccountId.eq(self.world.account);
        activity::Entity::find().filter(of_account).count(&self.world.sql).await.expect("a count")
    }

    /// The answer is the model's, and a refusal left nothing in the history.
    async fn compare<T>(&mut self, act: &str, answer: &Result<T>, expected: Answer, before: u64) {
        let told = match answer {
            Ok(_) => Answer::Done,
            Err(Error::Refused(refusals)) => match &refusals[0].kind {
                RefusalKind::NotFound => Answer::NotFound,
                RefusalKind::PermissionDenied { .. } | RefusalKind::OwnerChangeDenied { .. } => {
                    Answer::Denied
                }
                RefusalKind::InvalidInput => Answer::Invalid,
                RefusalKind::FollowerLimitReached { .. } => Answer::Limit,
                RefusalKind::DuplicateFound { .. } => panic!("duplicates are allowed here"),
                kind => panic!("nobody asked for what leads to {kind:?}"),
            },
            Err(error) => panic!("{act}: {error}"),
        };
        assert_eq!(told, expected, "{act} in {:#?}", self.model.settings);
        if told != Answer::Done {
            assert_eq!(self.activities().await, before, "{act} was refused without a trace");
        }
        *self.answered.entry(format!("{act} {told:?}")).or_insert(0) += 1;
    }
}
