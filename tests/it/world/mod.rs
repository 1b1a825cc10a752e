//! A world is an account with people and records in it, on one of the two databases. Its past is made of the domain's
//! own acts, so that no test stands on a state that cannot come about.

mod acts;
mod appointments;
mod builders;
mod calendars;
mod hanging;
mod people;
mod records;
mod refusals;
mod tables;

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use entity::{AccountId, PipelineId, StageId, Timestamp, UserId, account};
use retinue::clock::{Clock, ManualClock};
use retinue::domain::access::{Access, Base};
use retinue::domain::account::{CreateAccount, SaveSettings};
use retinue::domain::database::{Database, Observer};
use retinue::realtime::Hub;
use sea_orm::{DatabaseConnection, EntityTrait, Statement};
use tokio::sync::OnceCell;

use crate::databases::{Kind, Place};

pub use acts::{Acts, LAST_CHANGED, change_of, listed};
pub use appointments::Appointment;
pub use calendars::Calendar;
pub use people::{CommandLine, Person};
pub use records::{AnyRecord, Contact, Opportunity, Seat, apart};

/// 2026-01-05, 09:00 UTC.
const START: Timestamp = Timestamp(1_767_603_600_000_000);

/// An account, seen from outside.
#[derive(Clone)]
pub struct World(Arc<Inner>);

impl fmt::Debug for World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "World({}, {:?})", self.account, self.place.kind)
    }
}

/// What everybody of a world shares.
#[derive(Debug)]
pub struct Inner {
    /// What the code under test runs on.
    pub base: Base,
    /// Where streams hear of what `base` changes.
    pub hub: Hub,
    /// The time, which stands still unless a test moves it or makes something.
    pub clock: Arc<ManualClock>,
    /// The account.
    pub account: AccountId,
    /// A pipeline with three stages.
    pub pipeline: PipelineId,
    /// Its stages.
    pub stages: Vec<StageId>,
    /// A connection behind the back of the code under test.
    pub sql: DatabaseConnection,
    /// Where the data lie.
    pub place: Arc<Place>,
    statements: Arc<Statements>,
    named: AtomicU32,
    clerk: OnceCell<UserId>,
}

/// Collects what is sent to the database, while somebody listens.
#[derive(Debug, Default)]
struct Statements {
    listening: AtomicBool,
    heard: Mutex<Vec<Statement>>,
}

/// The settings of O1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    SeparateOwners,
    OpportunityOwnerFollowsContact,
    ContactOwnerFollowsOpportunities,
    PreviousOwnerFollows,
}

impl World {
    /// A new account, as accounts are at first: linked, every setting off. None where the database is missing.
    pub async fn on(kind: Kind) -> Option<Self> {
        match kind.place() {
            Some(place) => Some(Self::at(Arc::new(place)).await),
            None => {
                println!("skipped: there is no {kind:?} here");
                None
            }
        }
    }

    /// The same with separate owners.
    pub async fn separate_on(kind: Kind) -> Option<Self> {
        let world = Self::on(kind).await?;
        world.turn_on([Setting::SeparateOwners]).await;
        Some(world)
    }

    /// Another account in the same database.
    pub async fn beside(&self) -> Self {
        Self::at(Arc::clone(&self.place)).await
    }

    /// The same account on another server, as a second replica has it. The two share one source of ids: time stands
    /// still here, and only its passing would keep the ids of two sources in order.
    pub async fn replica(&self) -> Self {
        let statements = Arc::new(Statements::default());
        let base = open(&self.place, &statements, &self.clock).await;
        let base = Base { ids: self.base.ids.clone(), ..base };
        let hub = Hub::new(base.clone());
        let base = base.waking(Arc::new(hub.clone()));
        Self(Arc::new(Inner {
            base,
            hub,
            clock: Arc::clone(&self.clock),
            account: self.account,
            pipeline: self.pipeline,
            stages: self.stages.clone(),
            sql: self.place.connect().await,
            place: Arc::clone(&self.place),
            statements,
            named: AtomicU32::new(1_000_000),
            clerk: OnceCell::new(),
        }))
    }

    /// A new account in a given database.
    pub async fn at(place: Arc<Place>) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let statements = Arc::new(Statements::default());
        let clock = Arc::new(ManualClock::new(START));
        let base = open(&place, &statements, &clock).await;
        let hub = Hub::new(base.clone());
        let base = base.waking(Arc::new(hub.clone()));

        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let wish = CreateAccount {
            name: format!("Account {number} of process {}", std::process::id()),
            country: "DE".into(),
            currency: "EUR".into(),
        };
        let access = retinue::domain::account::create(&base, &wish).await.expect("an account");
        let names = ["New", "Working", "Agreed"].map(str::to_owned);
        let unit = access.begin().await.expect("a change");
        let (pipeline, stages) =
            retinue::domain::pipeline::ensure(&unit, "Sales", &names).await.expect("a pipeline");
        unit.commit().await.expect("a commit");

        Self(Arc::new(Inner {
            account: access.actor().account,
            pipeline: pipeline.id,
            stages: stages.into_iter().map(|stage| stage.id).collect(),
            sql: place.connect().await,
            base,
            hub,
            clock,
            place,
            statements,
            named: AtomicU32::new(0),
            clerk: OnceCell::new(),
        }))
    }

    /// Whoever runs the program's own commands.
    pub fn command_line(&self) -> CommandLine {
        CommandLine { world: self.clone() }
    }

    /// Saves settings as on.
    pub async fn turn_on<const N: usize>(&self, settings: [Setting; N]) {
        self.save(&settings, true).await;
    }

    /// Saves settings as off.
    pub async fn turn_off<const N: usize>(&self, settings: [Setting; N]) {
        self.save(&settings, false).await;
    }

    async fn save(&self, settings: &[Setting], on: bool) {
        let of = |setting| settings.contains(&setting).then_some(on);
        let wish = SaveSettings {
            separate_owners: of(Setting::SeparateOwners),
            opportunity_owner_follows_contact: of(Setting::OpportunityOwnerFollowsContact),
            contact_owner_follows_opportunities: of(Setting::ContactOwnerFollowsOpportunities),
            previous_owner_follows: of(Setting::PreviousOwnerFollows),
            expected_version: self.settings().await.version,
            ..SaveSettings::default()
        };
        let access = self.command_line().access().await;
        retinue::domain::account::save_settings(&access, &wish).await.expect("the settings are saved");
    }
}

async fn open(place: &Place, statements: &Arc<Statements>, clock: &Arc<ManualClock>) -> Base {
    let statements = Arc::clone(statements);
    let observer: Observer = Arc::new(move |statement| statements.hear(statement));
    let database = Database::open_observed(&place.address, Some(observer)).await.expect("it opens");
    Base::new(database, Arc::clone(clock) as Arc<dyn Clock>)
}

impl Deref for World {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Inner {
    /// The account's row.
    pub async fn settings(&self) -> account::Model {
        let found = account::Entity::find_by_id(self.account).one(&self.sql).await;
        found.expect("the account is read").expect("the account is there")
    }

    /// This instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An instant that many seconds from now.
    pub fn in_seconds(&self, seconds: i64) -> Timestamp {
        Timestamp(self.now().0 + seconds * 1_000_000)
    }

    /// The statements that the code under test sends while `work` runs.
    pub async fn sent_by<T>(&self, work: impl Future<Output = T>) -> (T, Vec<Statement>) {
        self.statements.listening.store(true, Ordering::SeqCst);
        let answer = work.await;
        self.statements.listening.store(false, Ordering::SeqCst);
        let heard =
            std::mem::take(&mut *self.statements.heard.lock().expect("no test panics while it listens"));
        (answer, heard)
    }

    fn next_number(&self) -> u32 {
        self.named.fetch_add(1, Ordering::SeqCst)
    }

    /// Access for the command line.
    async fn command_line_access(&self) -> Access {
        let id = self.account.to_string();
        let found = self.base.account(&id).await;
        found.expect("the account is read").expect("the account is there")
    }
}

impl Statements {
    fn hear(&self, statement: &Statement) {
        if self.listening.load(Ordering::SeqCst)
            && let Ok(mut heard) = self.heard.lock()
        {
            heard.push(statement.clone());
        }
    }
}
