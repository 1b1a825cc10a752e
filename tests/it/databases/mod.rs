//! Both databases, found or started, migrated once per process. A test gets a file of its own on SQLite and an account
//! of its own on PostgreSQL.

mod covered;
mod found;
mod postgres;
mod started;

use std::path::Path;
use std::sync::{Once, OnceLock};
use std::time::Duration;

use retinue::domain::database::Database;
use sea_orm::{ConnectOptions, DatabaseConnection};
use tempfile::TempDir;

pub use postgres::Scratch;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where a test's data lie.
#[derive(Debug)]
pub struct Place {
    /// As `Database::open` takes it.
    pub address: String,
    /// Which database it is.
    pub kind: Kind,
    _kept: Kept,
}

/// What goes away with the place.
#[derive(Debug)]
#[expect(dead_code, reason = "held until it is dropped")]
enum Kept {
    Nothing,
    File(TempDir),
    Database(Scratch),
}

impl Kind {
    /// A migrated database: a fresh copy of the template, or the one that all tests of the process share. None where
    /// there is no PostgreSQL, which `RETINUE_TEST_REQUIRE=both` makes a failure.
    pub fn place(self) -> Option<Place> {
        covered::announce();
        match self {
            Kind::Sqlite => Some(copy_of_the_template()),
            Kind::Postgres => {
                let address = shared_database()?.to_owned();
                Some(Place { address, kind: self, _kept: Kept::Nothing })
            }
        }
    }

    /// An empty database that no other test sees. PostgreSQL takes a while to make one.
    pub fn empty_place(self) -> Option<Place> {
        covered::announce();
        match self {
            Kind::Sqlite => {
                let folder = folder();
                let address = format!("sqlite:{}", folder.path().join("empty.db").display());
                Some(Place { address, kind: self, _kept: Kept::File(folder) })
            }
            Kind::Postgres => {
                let scratch = Scratch::create(found::server()?);
                let address = scratch.address.clone();
                Some(Place { address, kind: self, _kept: Kept::Database(scratch) })
            }
        }
    }
}

impl Place {
    /// A connection of the test's own, behind the back of the code under test.
    pub async fn connect(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.address.clone());
        options.max_connections(1).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false);
        sea_orm::Database::connect(options).await.expect("the database under test is open to the test")
    }
}

/// What the folders of all runs are called, before the process id.
const FOLDER: &str = "retinue-test-";

/// A folder whose files need not survive anything: in memory where the system has such a place.
fn folder() -> TempDir {
    static SWEPT: Once = Once::new();
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    SWEPT.call_once(|| remove_leftovers(&place));
    let prefix = format!("{FOLDER}{}-", std::process::id());
    tempfile::Builder::new().prefix(&prefix).tempdir_in(place).expect("a temporary folder")
}

/// Removes the folders of processes that were killed before they could.
fn remove_leftovers(place: &Path) {
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let run = name.to_str().and_then(|name| name.strip_prefix(FOLDER)?.split('-').next()?.parse().ok());
        // A server that still runs there stops by itself, and takes its folder along.
        let is_served = entry.path().join("data/postmaster.pid").exists();
        if run.is_some_and(|pid| !postgres::is_alive(pid)) && !is_served {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn copy_of_the_template() -> Place {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let folder = folder();
        let file = folder.path().join("template.db");
        let address = format!("sqlite:{}", file.display());
        apart(async move {
            let database = Database::open(&address).await.expect("SQLite opens a new file");
            database.migrate_up().await.expect("the migrations run on SQLite");
            database.close().await.expect("SQLite closes");
        });
        std::fs::read(file).expect("the template")
    });
    let folder = folder();
    let file = folder.path().join("test.db");
    std::fs::write(&file, template).expect("a copy of the template");
    let address = format!("sqlite:{}", file.display());
    Place { address, kind: Kind::Sqlite, _kept: Kept::File(folder) }
}

fn shared_database() -> Option<&'static str> {
    static SHARED: OnceLock<Option<String>> = OnceLock::new();
    SHARED.get_or_init(|| found::server().map(postgres::database_of_this_run)).as_deref()
}

/// Runs `work` to its end on a runtime of its own, from inside another one or not.
fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(work)
    };
    std::thread::spawn(run).join().expect("the preparation of the tests succeeds")
}
