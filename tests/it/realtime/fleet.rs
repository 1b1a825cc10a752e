//! One server or several over the database of a world, as processes that can be killed and started again.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use entity::Timestamp;
use retinue::auth::{Bearer, Secrets, Tokens};
use retinue::domain::database::Database;
use serde_json::Value;
use tempfile::TempDir;

use crate::chance::Chance;
use crate::cli::program::{Running, command, run};
use crate::cli::serve::address;
use crate::cli::wire;
use crate::databases::Kind;
use crate::world::{Acts as _, Person, Setting, World};

/// How long the tokens are valid, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// A world with separate owners and a database of its own: servers sweep, purge and forget in all accounts of theirs, by
/// a clock that is months ahead of a world's. None where the database is missing.
pub async fn world_apart(on: Kind) -> Option<World> {
    let place = on.empty_place()?;
    let database = Database::open(&place.address).await.expect("it opens");
    database.migrate_up().await.expect("up");
    let world = World::at(Arc::new(place)).await;
    world.turn_on([Setting::SeparateOwners]).await;
    Some(world)
}

/// Servers.
pub struct Fleet {
    folder: TempDir,
    database: String,
    servers: Vec<Mutex<Option<Running>>>,
    addresses: RwLock<Vec<String>>,
    tokens: Tokens,
}

impl Fleet {
    /// As many servers over the database of a world.
    pub async fn of(world: &World, size: usize) -> Arc<Self> {
        let database = world.place.address.clone();
        tokio::task::spawn_blocking(move || Self::start(database, size)).await.expect("a fleet")
    }

    fn start(database: String, size: usize) -> Arc<Self> {
        let folder = TempDir::new().expect("a folder");
        let secrets = Secrets::at(&folder.path().join("secrets")).expect("secrets");
        let fleet = Self {
            folder,
            database,
            servers: (0..size).map(|_| Mutex::new(None)).collect(),
            addresses: RwLock::new(vec![String::new(); size]),
            tokens: Tokens::new(&secrets.token_key),
        };
        (0..size).for_each(|place| fleet.start_one(place));
        Arc::new(fleet)
    }

    /// What tells a program which database and which secrets are meant.
    fn settings(&self) -> [String; 4] {
        let secrets: PathBuf = self.folder.path().join("secrets");
        ["--database".into(), self.database.clone(), "--secrets".into(), secrets.display().to_string()]
    }

    fn start_one(&self, place: usize) {
        let mut command =
            command(self.folder.path(), ["serve", "--no-playground", "--listen", "127.0.0.1:0"]);
        command.args(self.settings());
        let mut running = Running::start(command);
        let address = address(&running.logs("serving"));
        self.addresses.write().unwrap_or_else(PoisonError::into_inner)[place] = address;
        *self.servers[place].lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
    }

    /// Kills one of them as a crash would, and starts another in its place.
    pub fn kill(&self, place: usize) {
        let server = self.servers[place].lock().unwrap_or_else(PoisonError::into_inner).take();
        let server = server.expect("it runs");
        server.signal("-KILL");
        server.ends();
        self.start_one(place);
    }

    /// How many there are.
    pub fn size(&self) -> usize {
        self.servers.len()
    }

    /// The address of one of them.
    pub fn address_of(&self, place: usize) -> String {
        self.addresses.read().unwrap_or_else(PoisonError::into_inner)[place].clone()
    }

    /// The address of any of them.
    pub fn address(&self, chance: &mut Chance) -> String {
        self.address_of(chance.below(self.size()))
    }

    /// Resident memory of one of them, in KiB.
    pub fn resident(&self, place: usize) -> u64 {
        let server = self.servers[place].lock().unwrap_or_else(PoisonError::into_inner);
        let id = server.as_ref().expect("it runs").id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("resident memory");
        line.trim_end_matches("kB").trim().parse().expect("a number")
    }

    /// Runs a command of the program over the same database.
    pub async fn runs(&self, arguments: &[&str]) {
        let arguments = arguments.iter().map(|word| (*word).to_owned()).chain(self.settings());
        let (folder, arguments) = (self.folder.path().to_owned(), arguments.collect::<Vec<String>>());
        let ended = tokio::task::spawn_blocking(move || run(&folder, arguments)).await.expect("it runs");
        assert_eq!(ended.code, Some(0), "{ended:#?}");
    }

    /// A token that lasts for as long as a test may take.
    pub fn token_of(&self, person: &Person) -> String {
        self.token_until(person, Timestamp(now() + HOUR))
    }

    /// A token that ends at an instant of the machine's clock.
    pub fn token_until(&self, person: &Person, expires_at: Timestamp) -> String {
        let bearer = Bearer { account: person.world().account, user: person.id, expires_at };
        self.tokens.issue(bearer, Timestamp(now())).expect("a token")
    }
}

/// What a server answers to a document; none where it was not there to answer, or failed.
pub async fn answer(address: &str, token: &str, document: &str, variables: &Value) -> Option<Value> {
    let request = wire::question(address, token, document, variables);
    let address = address.to_owned();
    let sent = tokio::task::spawn_blocking(move || wire::received(wire::start(&address, &request).ok()?));
    let response = sent.await.expect("it is sent").filter(|response| response.status == 200)?;
    let mut answer: Value = serde_json::from_str(&response.body).expect("JSON");
    answer.get("errors").is_none().then(|| answer["data"].take())
}

/// Microseconds since 1970, by the machine's clock as the servers have it.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
    i64::try_from(since.as_micros()).expect("a time before the year 294000")
}
