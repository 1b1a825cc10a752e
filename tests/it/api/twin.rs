//! Two accounts that one person cannot tell apart: the same in everything that they may see, with any amount of other
//! things in the one and none of them in the other.

use std::collections::BTreeMap;

use entity::opportunity::Status;
use entity::{ContactId, OpportunityId};
use policy::Permission::{ChangeOwners, EditContacts, EditOpportunities};
use retinue::domain::contact::ContactFields;
use retinue::domain::patch::Patch;
use serde_json::Value;

use crate::chance::Chance;
use crate::databases::Kind;
use crate::world::{Acts as _, Contact, Opportunity, Person, World};

const NAMES: [&str; 4] = ["Ada", "Bea", "ada", "Zoë"];
const TAGS: [&str; 3] = ["vip", "VIP", "new"];
const STATUSES: [Status; 4] = [Status::Open, Status::Won, Status::Lost, Status::Abandoned];

/// One of the two.
#[derive(Debug)]
pub struct Twin {
    pub world: World,
    /// Who looks at it; restricted.
    pub viewer: Person,
    pub people: Vec<Person>,
    /// Contacts that the viewer sees.
    pub contacts: Vec<Contact>,
    /// Opportunities that the viewer sees.
    pub deals: Vec<Opportunity>,
    /// Ids that the viewer must not be able to tell from unknown ones, which they are in the empty twin.
    pub hidden: Vec<String>,
    is_full: bool,
    /// Contacts that the viewer does not see, but an opportunity of which they do.
    backgrounds: Vec<Contact>,
    secrets: Vec<Contact>,
    secret_deals: Vec<Opportunity>,
}

/// One thing that happens in both, or only in the full one.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    what: usize,
    dice: [usize; 6],
}

impl Step {
    /// What could happen next.
    pub fn any(chance: &mut Chance) -> Self {
        Self { what: chance.below(12), dice: std::array::from_fn(|_| chance.below(1_000)) }
    }
}

impl Twin {
    /// With the people, and nothing else.
    pub async fn new(on: Kind, is_full: bool) -> Option<Self> {
        let world = World::separate_on(on).await?;
        let viewer = world.user("Viewer").restricted().also_holding([ChangeOwners]).create().await;
        let mut people = vec![viewer.clone()];
        for (name, lacks) in
            [("Oda", vec![]), ("Rita", vec![EditContacts, EditOpportunities]), ("Abel", vec![])]
        {
            people.push(world.user(name).lacking(lacks).create().await);
        }
        Some(Self {
            world,
            viewer,
            people,
            contacts: Vec::new(),
            deals: Vec::new(),
            hidden: Vec::new(),
            is_full,
            backgrounds: Vec::new(),
            secrets: Vec::new(),
            secret_deals: Vec::new(),
        })
    }

    /// Lets a step happen. Where only the full twin takes it, the same time passes in the other.
    pub async fn takes(&mut self, step: Step) {
        let dice = step.dice;
        match step.what {
            0 | 1 => self.shows_a_contact(dice).await,
            2 | 3 => self.shows_a_deal(dice).await,
            4 => self.shows_a_deal_of_a_hidden_contact(dice).await,
            5 => self.changes_what_is_seen(dice).await,
            _ => {
                let before = self.world.now();
                if self.is_full {
                    self.hides(step.what, dice).await;
                }
                let passed = (self.world.now().0 - before.0) / 1_000_000;
                // Whatever was made took less.
                self.world.clock.advance_seconds(10 - passed);
            }
        }
    }

    fn other(&self, die: usize) -> &Person {
        &self.people[1 + die % (self.people.len() - 1)]
    }

    async fn shows_a_contact(&mut self, dice: [usize; 6]) {
        let other = self.other(dice[0]).clone();
        let builder = self.world.contact().named(NAMES[dice[1] % 4]).tagged([TAGS[dice[2] % 3]]);
        let builder = match dice[3] % 3 {
            0 => builder.owned_by(&self.viewer).followed_by(&other),
            1 => builder.owned_by(&other).followed_by(&self.viewer),
            _ => builder.followed_by(&self.viewer),
        };
        self.contacts.push(builder.create().await);
    }

    async fn shows_a_deal(&mut self, dice: [usize; 6]) {
        if self.contacts.is_empty() {
            return;
        }
        let contact = self.contacts[dice[4] % self.contacts.len()].clone();
        self.deal(&contact, dice).await;
    }

    /// The contact is there in both, but for its name everything about it differs.
    async fn shows_a_deal_of_a_hidden_contact(&mut self, dice: [usize; 6]) {
        let mut builder = self.world.contact().named(NAMES[dice[1] % 4]);
        if self.is_full {
            builder = builder.owned_by(self.other(dice[5])).followed_by(&self.people[3]).tagged(["secret"]);
        }
        let contact = builder.create().await;
        if self.is_full {
            let fields = ContactFields {
                emails: Patch::Set(vec!["secret@hidden.example".into()]),
                phones: Patch::Set(vec!["+4930901820".into()]),
                source: Patch::Set("secret".into()),
                ..ContactFields::default()
            };
            self.world.command_line().updates_contact(&contact, fields).await.expect("it changes");
            self.people[1].writes(&contact, "secret").await.expect("a note");
        }
        // A8: whose a task is to do sees the name of what it is on.
        let viewer = self.viewer.clone();
        self.people[1].plans(&contact, "Call", Some(&viewer)).await.expect("a task");
        self.deal(&contact, dice).await;
        self.hidden.push(contact.id.to_string());
        self.backgrounds.push(contact);
    }

    async fn deal(&mut self, contact: &Contact, dice: [usize; 6]) {
        let other = self.other(dice[0]).clone();
        let stage = self.world.stages[dice[2] % 3];
        let builder = self.world.opportunity(contact).named(NAMES[dice[1] % 4]).worth(5).in_stage(stage);
        let builder = match dice[3] % 3 {
            0 => builder.owned_by(&self.viewer).followed_by(&other),
            1 => builder.owned_by(&other).followed_by(&self.viewer),
            _ => builder.followed_by(&self.viewer),
        };
        let deal = builder.create().await;
        let status = STATUSES[dice[5] % 4];
        self.world.command_line().closes(&deal, status, Patch::Keep).await.expect("it closes");
        self.deals.push(deal);
    }

    async fn changes_what_is_seen(&self, dice: [usize; 6]) {
        if let Some(contact) = self.contacts.get(dice[0] % self.contacts.len().max(1)) {
            self.world.command_line().renames(contact, NAMES[dice[1] % 4]).await.expect("it changes");
            self.people[1].writes_to(contact, "seen", [&self.viewer]).await.expect("a note");
            self.people[1].plans(contact, "Seen", None).await.expect("a task");
        }
        if let Some(deal) = self.deals.get(dice[2] % self.deals.len().max(1)) {
            self.world.command_line().renames(deal, NAMES[dice[3] % 4]).await.expect("it changes");
        }
        self.world.clock.advance_seconds(1);
    }

    /// What happens behind the viewer's back.
    async fn hides(&mut self, what: usize, dice: [usize; 6]) {
        let (one, another) = (self.other(dice[0]).clone(), self.other(dice[1]).clone());
        match what {
            6 | 7 => {
                let builder = self.world.contact().named(NAMES[dice[2] % 4]).tagged([TAGS[dice[3] % 3]]);
                let contact = builder.owned_by(&one).followed_by(&another).create().await;
                self.hidden.push(contact.id.to_string());
                self.secrets.push(contact);
            }
            8 | 9 => {
                let everywhere: Vec<&Contact> =
                    self.contacts.iter().chain(&self.secrets).chain(&self.backgrounds).collect();
                let Some(contact) = everywhere.get(dice[2] % everywhere.len().max(1)) else { return };
                let builder = self.world.opportunity(contact).named(NAMES[dice[3] % 4]).worth(9);
                let deal =
                    builder.in_stage(self.world.stages[dice[4] % 3]).owned_by(&one).followed_by(&another);
                let deal = deal.create().await;
                self.hidden.push(deal.id.to_string());
                self.secret_deals.push(deal);
            }
            10 => {
                for contact in &self.secrets {
                    self.world.command_line().gives(contact, &one).await.expect("it is given");
                    self.world.command_line().renames(contact, "Hidden").await.expect("it changes");
                    self.people[1].writes(contact, "secret").await.expect("a note");
                    self.people[1].plans(contact, "Secret", Some(&one)).await.expect("a task");
                }
            }
            _ => {
                for deal in &self.secret_deals {
                    self.world.command_line().gives(deal, &another).await.expect("it is given");
                    self.world.command_line().adds([&one], deal).await.expect("it is followed");
                    self.people[1].writes(deal, "secret").await.expect("a note");
                    self.people[1].plans(deal, "Secret", Some(&another)).await.expect("a task");
                    self.world
                        .command_line()
                        .closes(deal, Status::Won, Patch::Keep)
                        .await
                        .expect("it closes");
                }
            }
        }
    }

    /// As many ids as the full twin hides, all of them unknown.
    pub fn pretends_to_hide(&mut self, like: &Self) {
        self.hidden = like
            .hidden
            .iter()
            .map(|id| match id.starts_with("contact") {
                true => self.world.base.ids.next::<ContactId>().to_string(),
                false => self.world.base.ids.next::<OpportunityId>().to_string(),
            })
            .collect();
    }
}

/// Calls ids by the order in which they show, and cursors nothing, so that answers of two accounts can be compared.
#[derive(Debug, Default)]
pub struct Renamed(BTreeMap<String, String>);

impl Renamed {
    /// The answer without ids.
    pub fn plain(&mut self, answer: &Value) -> Value {
        match answer {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.plain(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| {
                    let is_cursor = name.to_lowercase().ends_with("cursor");
                    (name.clone(), if is_cursor { Value::Bool(!value.is_null()) } else { self.plain(value) })
                })
                .collect(),
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        let mut plain = text.to_owned();
        for id in words.filter(|word| word.split_once('_').is_some_and(|(_, suffix)| suffix.len() == 26)) {
            let kind = id.split('_').next().unwrap_or_default();
            let next = format!("{kind}#{}", self.0.len());
            let name = self.0.entry(id.to_owned()).or_insert(next);
            plain = plain.replace(id, name);
        }
        plain
    }
}
