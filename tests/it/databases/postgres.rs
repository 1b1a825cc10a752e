//! Databases on a PostgreSQL server: made once per run, named after it, dropped when it is over.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use retinue::domain::database::Database;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::apart;
use super::found::Server;

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct Scratch {
    /// Where it lies.
    pub address: String,
    name: String,
    server: &'static Server,
}

impl Scratch {
    /// Makes an empty one.
    pub fn create(server: &'static Server) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}_{}", name_of_this_run(), MADE.fetch_add(1, Ordering::SeqCst));
        let address = server.address_of(&name);
        let create = format!(r#"CREATE DATABASE "{name}""#);
        apart(async move { run(&admin(server).await, &create).await });
        Self { address, name, server }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let (server, drop) = (self.server, drop_database(&self.name));
        apart(async move { run(&admin(server).await, &drop).await });
    }
}

/// The address of the migrated database of this run; made when it is not there yet.
pub(super) fn database_of_this_run(server: &'static Server) -> String {
    let name = name_of_this_run();
    let address = server.address_of(&name);
    let wanted = address.clone();
    let drop = drop_database(&name);
    apart(async move {
        let admin = admin(server).await;
        drop_leftovers(&admin).await;
        // Processes of one run, as nextest starts them, make it once between them.
        run(&admin, "SELECT pg_advisory_lock(7246853)").await;
        let database = match Database::open(&wanted).await {
            Ok(database) => database,
            Err(_) => {
                run(&admin, &format!(r#"CREATE DATABASE "{name}""#)).await;
                // What a test writes need not survive a power cut.
                run(&admin, &format!(r#"ALTER DATABASE "{name}" SET synchronous_commit = off"#)).await;
                Database::open(&wanted).await.expect("the new database opens")
            }
        };
        database.migrate_up().await.expect("the migrations run on PostgreSQL");
        database.close().await.expect("PostgreSQL closes");
        run(&admin, "SELECT pg_advisory_unlock(7246853)").await;
    });
    if run_of_many_processes().is_none() {
        at_the_end(&format!("psql '{}' -qc '{drop}'", server.address_of("postgres")));
    }
    address
}

/// Runs a shell command when this process is over, however it ends. Where that fails, the next run cleans up.
pub(super) fn at_the_end(command: &str) {
    static WAITING: Mutex<Vec<std::process::Child>> = Mutex::new(Vec::new());
    use std::os::unix::process::CommandExt as _;
    let shell = Command::new("sh")
        .args(["-c", "cat > /dev/null; eval \"$0\"", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C is for the tests: this one outlives them.
        .process_group(0)
        .spawn();
    if let (Ok(shell), Ok(mut waiting)) = (shell, WAITING.lock()) {
        waiting.push(shell);
    }
}

async fn admin(server: &Server) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(server.address_of("postgres"));
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await.expect("the server answers")
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    let done = connection.execute_unprepared(sql).await;
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Drops the databases of runs on this machine that ended without doing so.
async fn drop_leftovers(admin: &DatabaseConnection) {
    let prefix = format!("{}_", name_of_this_machine());
    let sql = format!("SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')");
    let rows = admin.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    for row in rows.expect("the list of databases") {
        let name: String = row.try_get("", "datname").expect("a name");
        let run = name[prefix.len()..].split('_').next().and_then(|pid| pid.parse().ok());
        if run.is_some_and(|pid| !is_alive(pid)) {
            // Another run may be at the same work.
            if let Err(error) = admin.execute_unprepared(&drop_database(&name)).await {
                let _ = writeln!(std::io::stderr(), "`{name}` stays behind: {error}");
            }
        }
    }
}

fn drop_database(name: &str) -> String {
    format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#)
}

fn name_of_this_run() -> String {
    let pid = run_of_many_processes().unwrap_or_else(std::process::id);
    format!("{}_{pid}", name_of_this_machine())
}

/// nextest runs every test in a process of its own: the run is then its parent.
fn run_of_many_processes() -> Option<u32> {
    std::env::var_os("NEXTEST_RUN_ID").map(|_| std::os::unix::process::parent_id())
}

/// Several machines may share a server, and each knows only its own processes.
fn name_of_this_machine() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host: String = host.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    format!("retinue_test_{}", host.to_lowercase())
}

/// Whether a process of this machine runs.
pub(super) fn is_alive(pid: u32) -> bool {
    let asked = Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}
