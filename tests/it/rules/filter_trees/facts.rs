//! A world by chance, and everything that there is in it.

use entity::opportunity::Status;
use entity::{
    Timestamp, UserId, contact, contact_email, contact_member, contact_phone, contact_tag, opportunity,
    opportunity_member,
};
use retinue::domain::contact::{Channel, ContactFields, CreateContact};
use retinue::domain::opportunity::CreateOpportunity;
use retinue::domain::patch::Patch;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::ids;
use crate::chance::Chance;
use crate::world::{Acts as _, Person, World};

pub const NAMES: [&str; 6] = ["Ada", "ada O'Neil", "100% Öl", "Zoë_B", "Bea", "A\\B"];
pub const TEXTS: [&str; 5] = ["Acme", "acme GmbH", "50% off_x", "Öl & Gas", "Ada"];
pub const EMAILS: [&str; 4] = ["ada@acme.example", "Bea.Z@mail.example", "zoe@acme.example", "x@y.example"];
pub const PHONES: [&str; 4] = ["+493012345678", "+4940123456", "+14155552671", "+493099887766"];
pub const TAGS: [&str; 4] = ["VIP", "vip", "new", "50%"];
pub const COUNTRIES: [&str; 3] = ["DE", "US", "FR"];
pub const STATUSES: [Status; 4] = [Status::Open, Status::Won, Status::Lost, Status::Abandoned];

/// How many there are of each.
const CONTACTS: usize = 14;
const DEALS: usize = 20;

/// A contact with everything about it.
#[derive(Debug)]
pub struct Contact {
    pub row: contact::Model,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub tags: Vec<String>,
    pub followers: Vec<UserId>,
}

/// An opportunity with everything about it.
#[derive(Debug)]
pub struct Deal {
    pub row: opportunity::Model,
    pub followers: Vec<UserId>,
}

/// Everything.
#[derive(Debug)]
pub struct Facts {
    pub contacts: Vec<Contact>,
    pub deals: Vec<Deal>,
    pub people: Vec<UserId>,
    pub seen_at: Timestamp,
}

impl Facts {
    pub async fn generate(world: &World, people: &[Person], chance: &mut Chance) -> Self {
        let people = ids(people);
        let mut made = Vec::new();
        for _ in 0..CONTACTS {
            let wish = CreateContact {
                fields: fields(chance),
                owner: owner(chance, &people),
                followers: followers(chance, &people),
                made_at: None,
            };
            made.push(world.command_line().makes_contact(wish).await.expect("a contact"));
            world.clock.advance_seconds(1);
        }
        for _ in 0..DEALS {
            let text =
                |chance: &mut Chance, texts: &[&str]| maybe(chance, texts).map_or(Patch::Keep, Patch::Set);
            let status = *chance.of(&STATUSES);
            let wish = CreateOpportunity {
                name: (*chance.of(&NAMES)).into(),
                stage: Some(*chance.of(&world.stages)),
                value: if chance.one_in(3) {
                    Patch::Keep
                } else {
                    Patch::Set((chance.below(5) as i64).into())
                },
                status: Some(status),
                lost_reason: if status == Status::Lost { text(chance, &TEXTS) } else { Patch::Keep },
                source: text(chance, &TEXTS),
                owner: owner(chance, &people),
                followers: followers(chance, &people),
                ..world.opportunity_wish(chance.of(&made).id)
            };
            world.command_line().makes_opportunity(wish).await.expect("an opportunity");
            world.clock.advance_seconds(1);
        }
        Self::read(world, people).await
    }

    async fn read(world: &World, people: Vec<UserId>) -> Self {
        let (account, sql) = (world.account, &world.sql);
        let is_here = |column: contact::Column| column.eq(account);
        let rows = contact::Entity::find().filter(is_here(contact::Column::AccountId)).all(sql).await;
        let emails = contact_email::Entity::find().filter(contact_email::Column::AccountId.eq(account));
        let emails = emails.all(sql).await.expect("e-mails");
        let phones = contact_phone::Entity::find().filter(contact_phone::Column::AccountId.eq(account));
        let phones = phones.all(sql).await.expect("phones");
        let tags = contact_tag::Entity::find().filter(contact_tag::Column::AccountId.eq(account));
        let tags = tags.all(sql).await.expect("tags");
        let follows = contact_member::Entity::find().filter(contact_member::Column::AccountId.eq(account));
        let follows = follows.filter(contact_member::Column::Slot.gt(0)).all(sql).await.expect("follows");
        let contacts = rows.expect("contacts").into_iter().map(|row| Contact {
            emails: emails.iter().filter(|of| of.contact_id == row.id).map(|of| of.address.clone()).collect(),
            phones: phones.iter().filter(|of| of.contact_id == row.id).map(|of| of.number.clone()).collect(),
            tags: tags.iter().filter(|of| of.contact_id == row.id).map(|of| of.tag.clone()).collect(),
            followers: follows.iter().filter(|of| of.record_id == row.id).map(|of| of.user_id).collect(),
            row,
        });
        let follows = opportunity_member::Entity::find()
            .filter(opportunity_member::Column::AccountId.eq(account))
            .filter(opportunity_member::Column::Slot.gt(0));
        let follows = follows.all(sql).await.expect("follows");
        let rows = opportunity::Entity::find().filter(opportunity::Column::AccountId.eq(account));
        let deals = rows.all(sql).await.expect("opportunities").into_iter().map(|row| Deal {
            followers: follows.iter().filter(|of| of.record_id == row.id).map(|of| of.user_id).collect(),
            row,
        });
        Self { contacts: contacts.collect(), deals: deals.collect(), people, seen_at: world.now() }
    }
}

fn fields(chance: &mut Chance) -> ContactFields {
    let mut text = |texts: &[&str]| maybe(chance, texts).map_or(Patch::Keep, Patch::Set);
    let mut fields = ContactFields {
        first_name: text(&NAMES),
        company: text(&TEXTS),
        city: text(&TEXTS),
        region: text(&TEXTS),
        postal_code: text(&TEXTS),
        source: text(&TEXTS),
        country: text(&COUNTRIES),
        ..ContactFields::default()
    };
    let mut several =
        |texts: &[&str]| Patch::Set((0..chance.below(3)).map(|_| (*chance.of(texts)).to_owned()).collect());
    fields.emails = several(&EMAILS);
    fields.phones = several(&PHONES);
    fields.tags = several(&TAGS);
    let channels = Channel::ALL.into_iter().filter(|_| chance.one_in(3)).collect();
    fields.do_not_disturb = Patch::Set(channels);
    fields
}

fn maybe(chance: &mut Chance, texts: &[&str]) -> Option<String> {
    if chance.one_in(3) { None } else { Some((*chance.of(texts)).to_owned()) }
}

fn owner(chance: &mut Chance, people: &[UserId]) -> Patch<UserId> {
    if chance.one_in(3) { Patch::Clear } else { Patch::Set(*chance.of(people)) }
}

fn followers(chance: &mut Chance, people: &[UserId]) -> Vec<UserId> {
    people.iter().copied().filter(|_| chance.one_in(3)).collect()
}
