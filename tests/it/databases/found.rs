//! Finds a PostgreSQL server: the one that is named, one that answers here, or one started from the machine's binaries.

use std::env;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};

use super::{apart, started};

/// Names the server: an address, `start` for one of our own, or `none`.
const ADDRESS: &str = "TEST_POSTGRES_URL";

/// A server on which this process may make databases.
#[derive(Clone, Debug)]
pub struct Server {
    /// The address of its `postgres` database, up to and without the name: `postgres://user@`.
    pub before_name: String,
    /// What follows the name: `?host=/var/run/postgresql`.
    pub after_name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from.
    pub origin: &'static str,
}

impl Server {
    /// The address of one of its databases.
    pub fn address_of(&self, database: &str) -> String {
        format!("{}/{database}{}", self.before_name, self.after_name)
    }
}

/// The server of this process; the same for all its tests.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(find).as_ref()
}

fn find() -> Option<Server> {
    match env::var(ADDRESS).as_deref() {
        Ok("") | Err(_) => local().or_else(started::start),
        Ok("none") => None,
        Ok("start") => Some(started::start().expect("TEST_POSTGRES_URL=start needs PostgreSQL's binaries")),
        Ok(address) => {
            let (before_name, after_name) = without_name(address);
            let named = answers(before_name, after_name, "named by TEST_POSTGRES_URL");
            Some(named.expect("somebody who may make databases answers at TEST_POSTGRES_URL"))
        }
    }
}

fn local() -> Option<Server> {
    let users = [Some("postgres".to_owned()), env::var("USER").ok(), Some("root".to_owned())];
    let sockets = ["/var/run/postgresql", "/tmp"].map(|folder| (folder, format!("{folder}/.s.PGSQL.5432")));
    for user in users.into_iter().flatten() {
        for (folder, socket) in &sockets {
            if Path::new(socket).exists() {
                let found =
                    answers(format!("postgres://{user}@localhost"), format!("?host={folder}"), "found");
                if found.is_some() {
                    return found;
                }
            }
        }
        let found = answers(format!("postgres://{user}@127.0.0.1:5432"), String::new(), "found");
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The server at an address, when it answers soon and lets us make databases.
pub(super) fn answers(before_name: String, after_name: String, origin: &'static str) -> Option<Server> {
    let address = format!("{before_name}/postgres{after_name}");
    let version = apart(async move {
        let patience = Duration::from_secs(5);
        let mut options = sea_orm::ConnectOptions::new(address);
        options.max_connections(1).acquire_timeout(patience).sqlx_logging(false);
        let connect = sea_orm::Database::connect(options);
        let connection = tokio::time::timeout(patience, connect).await.ok()?.ok()?;
        let sql = "SELECT current_setting('server_version') AS version FROM pg_roles \
                   WHERE rolname = current_user AND (rolcreatedb OR rolsuper)";
        let row = connection.query_one_raw(Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await;
        let version = row.ok()??.try_get::<String>("", "version").ok();
        let _ = connection.close().await;
        version
    })?;
    Some(Server { before_name, after_name, version, origin })
}

/// Splits `postgres://user@host/name?options` around the name, which may be missing.
fn without_name(address: &str) -> (String, String) {
    let (path, options) = match address.split_once('?') {
        Some((path, options)) => (path, format!("?{options}")),
        None => (address, String::new()),
    };
    let authority = path.find("://").map_or(0, |at| at + 3);
    let name = path[authority..].find('/').map_or(path.len(), |at| authority + at);
    (path[..name].to_owned(), options)
}

#[test]
fn an_address_is_split_around_its_name() {
    let split = |address| without_name(address);
    let parts = |before: &str, after: &str| (before.to_owned(), after.to_owned());
    assert_eq!(split("postgres://a@h:1/name?host=/tmp"), parts("postgres://a@h:1", "?host=/tmp"));
    assert_eq!(split("postgres://a@h"), parts("postgres://a@h", ""));
    assert_eq!(split("postgres://a@h/"), parts("postgres://a@h", ""));
}
