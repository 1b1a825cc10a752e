//! Makes the clinic: the same one every time, dated backwards from today. Everything goes through the same acts as a
//! request, so the owners, followers and the history are as true as any.

use std::collections::HashMap;

use entity::member::Cause;
use entity::opportunity::Status;
use entity::{ContactId, OpportunityId, PipelineId, Timestamp, UserId, stage};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

use super::diary::{self, Cast};
use super::notes;
use super::people::{OTHERS, Person, SIX};
use crate::domain::access::{Access, Base};
use crate::domain::account::{self, CreateAccount, SaveSettings};
use crate::domain::contact::{self, Channel, ContactFields, CreateContact};
use crate::domain::error::Result;
use crate::domain::opportunity::{self, CreateOpportunity};
use crate::domain::patch::Patch;
use crate::domain::pipeline;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::user;

/// The account's name.
pub const NAME: &str = "Northlight Clinic (demo)";

/// The clinic's own pipelines; deals run through the first.
pub const PIPELINES: [&str; 2] = ["Treatments", "Memberships"];

/// E-mail address of the contact that the story is told about.
pub const STORY_EMAIL: &str = "ada.lindqvist@example.com";

const SEED: u64 = 20_261_124;
const CONTACTS: usize = 320;
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

const FIRST_NAMES: &[&str] = &[
    "Alma", "Anton", "Astrid", "Axel", "Bodil", "Cecilia", "David", "Ebba", "Elias", "Elin", "Emil", "Ester",
    "Fatima", "Filip", "Freja", "Gustav", "Hanna", "Hugo", "Ida", "Isak", "Jakob", "Josefin", "Karin",
    "Kerstin", "Lars", "Linnea", "Lovisa", "Magnus", "Malin", "Mehmet", "Mikael", "Nadia", "Nora", "Olle",
    "Petra", "Rasmus", "Sara", "Sofia", "Stina", "Sven", "Tuva", "Ulf", "Vera", "Viktor", "Wilma", "Yusuf",
    "Zara", "Östen",
];
const LAST_NAMES: &[&str] = &[
    "Ahlgren",
    "Andersson",
    "Berglund",
    "Björk",
    "Carlsson",
    "Dahl",
    "Ekström",
    "Eriksson",
    "Forsberg",
    "Gustafsson",
    "Hansson",
    "Hedlund",
    "Isaksson",
    "Jansson",
    "Karlsson",
    "Kaya",
    "Larsson",
    "Lindgren",
    "Lundqvist",
    "Mattsson",
    "Nilsson",
    "Norberg",
    "Olsson",
    "Persson",
    "Qureshi",
    "Rosén",
    "Sjöberg",
    "Sundin",
    "Svensson",
    "Tran",
    "Wallin",
    "Zetterberg",
];
const CITIES: &[(&str, &str)] = &[
    ("Stockholm", "113 40"),
    ("Uppsala", "753 10"),
    ("Solna", "169 51"),
    ("Sundbyberg", "172 63"),
    ("Täby", "183 30"),
    ("Nacka", "131 40"),
];
const TAGS: &[&str] =
    &["recall", "implant", "orthodontics", "insured", "VIP", "anxious", "family", "referral"];
const SOURCES: &[&str] = &["Website", "Referral", "Walk-in", "Phone", "Open day"];
/// Treatments with what they cost, in kronor.
const TREATMENTS: &[(&str, i64)] = &[
    ("Clear aligners", 38_000),
    ("Dental implant", 24_500),
    ("Crown", 8_900),
    ("Veneers", 46_000),
    ("Whitening", 4_200),
    ("Root canal", 6_800),
    ("Bridge", 27_000),
    ("Check-up plan", 1_950),
];
const STAGES: &[&str] =
    &["Inquiry", "Consultation", "Plan presented", "Accepted", "In treatment", "Completed"];
const LOST_REASONS: &[&str] = &["Too expensive", "Chose another clinic", "No answer", "Postponed"];

/// Makes the clinic's account with its people, pipelines, contacts, opportunities, calendars, notes and tasks.
pub async fn make(base: &Base) -> Result<()> {
    let wish = CreateAccount { name: NAME.into(), country: "SE".into(), currency: "SEK".into() };
    let access = account::create(base, &wish).await?;
    let settings =
        SaveSettings { separate_owners: Some(true), expected_version: 1, ..SaveSettings::default() };
    account::save_settings(&access, &settings).await?;

    let staff = Staff::hire(&access).await?;
    let mut unit = access.begin().await?;
    let stages: Vec<String> = STAGES.iter().map(|stage| (*stage).to_owned()).collect();
    let (treatments, stages) = pipeline::ensure(&unit, PIPELINES[0], &stages).await?;
    let memberships = ["Interested", "Trial", "Member"].map(str::to_owned);
    pipeline::ensure(&unit, PIPELINES[1], &memberships).await?;

    let mut clinic = Clinic {
        random: ChaCha8Rng::seed_from_u64(SEED),
        staff,
        pipeline: treatments.id,
        stages,
        patients: (Vec::new(), Vec::new()),
        ada: None,
        deal: None,
        now: unit.now(),
    };
    for _ in 0..CONTACTS {
        clinic.contact(&mut unit).await?;
    }
    clinic.story(&mut unit).await?;
    unit.commit().await?;
    clinic.week(&access).await?;
    clinic.notes(&access).await
}

/// Who works here, by what they do.
struct Staff {
    by_key: HashMap<&'static str, Vec<UserId>>,
}

impl Staff {
    async fn hire(clinic: &Access) -> Result<Self> {
        let mut by_key: HashMap<&'static str, Vec<UserId>> = HashMap::new();
        for person in SIX.iter().chain(&OTHERS) {
            let id = user::create(clinic, &person.wish()).await?;
            by_key.entry(group(person)).or_default().push(id);
        }
        Ok(Self { by_key })
    }

    fn all(&self, group: &str) -> &[UserId] {
        self.by_key.get(group).map_or(&[], Vec::as_slice)
    }
}

/// `provider-2` is a provider.
fn group(person: &Person) -> &'static str {
    match person.key.split_once('-') {
        Some((group @ ("coordinator" | "provider"), _)) => group,
        _ => person.key,
    }
}

struct Clinic {
    random: ChaCha8Rng,
    staff: Staff,
    pipeline: PipelineId,
    stages: Vec<stage::Model>,
    /// Contacts whom Finn follows, and the others.
    patients: (Vec<ContactId>, Vec<ContactId>),
    /// The contact of the story, and her deal.
    ada: Option<ContactId>,
    deal: Option<OpportunityId>,
    now: Timestamp,
}

impl Clinic {
    async fn contact(&mut self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let first = self.one(FIRST_NAMES);
        let last = self.one(LAST_NAMES);
        let (city, postal_code) = self.one(CITIES);
        let made_days_ago = self.random.random_range(3..700);
        let wish = CreateContact {
            fields: ContactFields {
                first_name: Patch::Set(first.to_owned()),
                last_name: Patch::Set(last.to_owned()),
                emails: Patch::Set(vec![self.email(first, last)]),
                phones: Patch::Set(vec![self.phone()]),
                street: Patch::Set(format!("Björkgatan {}", self.random.random_range(1..90))),
                city: Patch::Set(city.to_owned()),
                postal_code: Patch::Set(postal_code.to_owned()),
                country: Patch::Set("SE".to_owned()),
                tags: Patch::Set(self.tags()),
                source: Patch::Set(self.one(SOURCES).to_owned()),
                do_not_disturb: Patch::Set(self.quiet_channels()),
                ..ContactFields::default()
            },
            owner: if self.chance(12) { Patch::Clear } else { Patch::Set(self.somebody("coordinator")) },
            followers: self.followers(6),
            made_at: Some(self.days_ago(made_days_ago)),
        };
        let contact = contact::create_in(unit, &wish).await?;
        self.expect(contact, &wish.followers);
        for _ in 0..self.random.random_range(0..=3) {
            let wish = self.opportunity(contact, &format!("{first} {last}"), made_days_ago);
            opportunity::create_in(unit, &wish, Cause::Manual).await?;
        }
        Ok(())
    }

    fn opportunity(&mut self, contact: ContactId, name: &str, contact_days: i64) -> CreateOpportunity {
        let (treatment, price) = self.one(TREATMENTS);
        let price = price * self.random.random_range(80..=130) / 100;
        let made_days_ago = self.random.random_range(1..=contact_days);
        let updated_days_ago = self.random.random_range(0..made_days_ago);
        let place = self.random.random_range(0..self.stages.len());
        let status = match self.random.random_range(0..10) {
            0..=5 => Status::Open,
            6..=7 => Status::Won,
            8 => Status::Lost,
            _ => Status::Abandoned,
        };
        CreateOpportunity {
            stage: self.stages.get(place).map(|stage| stage.id),
            value: Patch::Set(Decimal::from(price)),
            status: Some(status),
            lost_reason: if status == Status::Lost {
                Patch::Set(self.one(LOST_REASONS).to_owned())
            } else {
                Patch::Keep
            },
            source: Patch::Set(self.one(SOURCES).to_owned()),
            owner: Patch::Set(self.somebody("provider")),
            followers: self.followers(9),
            dates: Some((self.days_ago(made_days_ago), self.days_ago(updated_days_ago))),
            ..CreateOpportunity::new(contact, self.pipeline, format!("{name}: {treatment}"))
        }
    }

    /// The contact that the playground's tabs speak of: Clara owns her, Erik owns the opportunity.
    async fn story(&mut self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        let (clara, erik) = (self.first("coordinator"), self.first("provider"));
        let wish = CreateContact {
            fields: ContactFields {
                first_name: Patch::Set("Ada".to_owned()),
                last_name: Patch::Set("Lindqvist".to_owned()),
                emails: Patch::Set(vec![STORY_EMAIL.to_owned()]),
                phones: Patch::Set(vec![self.phone()]),
                city: Patch::Set("Stockholm".to_owned()),
                country: Patch::Set("SE".to_owned()),
                tags: Patch::Set(vec!["orthodontics".to_owned(), "VIP".to_owned()]),
                source: Patch::Set("Referral".to_owned()),
                ..ContactFields::default()
            },
            owner: clara.map_or(Patch::Clear, Patch::Set),
            followers: Vec::new(),
            made_at: Some(self.days_ago(2)),
        };
        let contact = contact::create_in(unit, &wish).await?;
        self.ada = Some(contact);
        let wish = CreateOpportunity {
            stage: self.stages.get(2).map(|stage| stage.id),
            value: Patch::Set(Decimal::from(42_500)),
            source: Patch::Set("Referral".to_owned()),
            owner: erik.map_or(Patch::Clear, Patch::Set),
            followers: self.staff.all("manager").to_vec(),
            dates: Some((self.days_ago(1), self.days_ago(0))),
            ..CreateOpportunity::new(contact, self.pipeline, "Ada Lindqvist: Clear aligners")
        };
        self.deal = Some(opportunity::create_in(unit, &wish, Cause::Manual).await?);
        Ok(())
    }

    /// What is written on Ada and her deal, and what is to be done.
    async fn notes(&self, access: &Access) -> Result<()> {
        let (Some(contact), Some(deal)) = (self.ada, self.deal) else { return Ok(()) };
        let who = [self.first("coordinator"), self.first("provider"), self.first("follower")];
        let [Some(clara), Some(erik), Some(finn)] = who else { return Ok(()) };
        notes::make(access, &notes::Cast { clara, erik, finn, contact, deal }).await
    }

    /// Notes a contact for this week's appointments: those whom Finn follows, and as many others.
    fn expect(&mut self, contact: ContactId, followers: &[UserId]) {
        let (followed, others) = &mut self.patients;
        let list = if self.staff.all("follower").iter().any(|finn| followers.contains(finn)) {
            followed
        } else {
            others
        };
        list.push(contact);
    }

    /// The calendars, with a week of appointments: Ada comes first.
    async fn week(&self, access: &Access) -> Result<()> {
        let (followed, others) = &self.patients;
        let pairs = followed.iter().zip(others).flat_map(|(followed, other)| [*followed, *other]);
        let patients: Vec<ContactId> = self.ada.into_iter().chain(pairs).collect();
        let providers = self.staff.all("provider");
        let [erik, leila, ..] = *providers else { return Ok(()) };
        let cast = Cast { erik, teacher: leila, providers, patients: &patients };
        diary::make(access, &cast).await
    }

    /// Managers follow about a third, Finn about one in `rarity`.
    fn followers(&mut self, rarity: u32) -> Vec<UserId> {
        let mut followers: Vec<UserId> = Vec::new();
        if self.chance(3) {
            followers.push(self.somebody("manager"));
        }
        if self.chance(rarity * 4) {
            followers.extend(self.staff.all("follower"));
        }
        followers
    }

    fn tags(&mut self) -> Vec<String> {
        let mut tags: Vec<String> = TAGS.iter().map(|tag| (*tag).to_owned()).collect();
        tags.shuffle(&mut self.random);
        tags.truncate(self.random.random_range(0..=3));
        tags
    }

    fn quiet_channels(&mut self) -> Vec<Channel> {
        if self.chance(10) { vec![Channel::Call] } else { Vec::new() }
    }

    fn email(&mut self, first: &str, last: &str) -> String {
        let plain: String = format!("{first}.{last}").to_lowercase().chars().filter_map(ascii).collect();
        format!("{plain}{}@example.com", self.random.random_range(1..1000))
    }

    /// From the range that Sweden keeps free for fiction.
    fn phone(&mut self) -> String {
        format!("+46 70 174 06 {:02}", self.random.random_range(5..100))
    }

    /// Somebody who does this; the one who can be played does it twice as often.
    fn somebody(&mut self, group: &str) -> UserId {
        let people = self.staff.all(group);
        let place = self.random.random_range(0..=people.len());
        people
            .get(place.saturating_sub(1))
            .copied()
            .unwrap_or_else(|| unreachable!("the clinic has a {group}"))
    }

    fn first(&self, group: &str) -> Option<UserId> {
        self.staff.all(group).first().copied()
    }

    fn one<T: Copy>(&mut self, choices: &[T]) -> T {
        *choices.choose(&mut self.random).unwrap_or_else(|| unreachable!("there is always a choice"))
    }

    /// Once in `times`.
    fn chance(&mut self, times: u32) -> bool {
        self.random.random_range(0..times) == 0
    }

    fn days_ago(&self, days: i64) -> Timestamp {
        Timestamp(self.now.0 - days * DAY)
    }
}

fn ascii(letter: char) -> Option<char> {
    Some(match letter {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        'é' => 'e',
        other if other.is_ascii_alphabetic() || other == '.' => other,
        _ => return None,
    })
}
