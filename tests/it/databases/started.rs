//! A PostgreSQL server of our own, from binaries on the machine, in a folder that goes away with the process.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::found::{self, Server};
use super::{folder, postgres};

/// How long a new server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Starts a server on a free port; none where the machine has no binaries.
pub fn start() -> Option<Server> {
    let binaries = binaries()?;
    let home = folder().keep();
    let user = Account::that_may_run_it();
    user.takes(&home);

    let data = home.join("data");
    let mut initdb = user.command(&binaries.join("initdb"));
    initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
    let made = initdb.current_dir(&home).stdout(Stdio::null()).status().expect("initdb starts");
    assert!(made.success(), "initdb makes a cluster");

    let port = free_port();
    let mut postgres = user.command(&binaries.join("postgres"));
    postgres.arg("-D").arg(&data).arg("-k").arg(&home).args(["-p", &port.to_string()]);
    for setting in
        ["listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    {
        postgres.args(["-c", setting]);
    }
    let log = std::fs::File::create(home.join("log")).expect("a log");
    postgres.current_dir(&home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    let server = postgres.spawn().expect("postgres starts");

    let (pid, home) = (server.id(), home.display());
    postgres::at_the_end(&format!(
        "kill -INT {pid}; while kill -0 {pid}; do sleep 0.1; done; rm -rf '{home}'"
    ));
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let address = format!("postgres://postgres@127.0.0.1:{port}");
        if let Some(server) = found::answers(address, String::new(), "started for the tests") {
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the PostgreSQL that was started in {home} does not answer");
}

/// The folder that has both programs: of the newest version, or of the path.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path()).collect();
    let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    folders.sort_by_key(|folder| std::cmp::Reverse(number(folder)));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders =
        folders.into_iter().map(|folder| folder.join("bin")).chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Who runs the server. It refuses root.
enum Account {
    Ours,
    Other { name: &'static str },
}

impl Account {
    fn that_may_run_it() -> Self {
        if user_id(None).as_deref() != Some("0") {
            return Account::Ours;
        }
        let name = ["postgres", "nobody"].into_iter().find(|name| user_id(Some(name)).is_some());
        Account::Other { name: name.expect("somebody who is not root") }
    }

    fn takes(&self, folder: &Path) {
        if let Account::Other { name } = self {
            let given = Command::new("chown").arg(name).arg(folder).status().expect("chown starts");
            assert!(given.success(), "the folder changes hands");
        }
    }

    fn command(&self, program: &Path) -> Command {
        let Account::Other { name } = self else { return Command::new(program) };
        // It replaces itself by the program, so that the process id stays the server's.
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={name}"), "--clear-groups", "--"]).arg(program);
        command
    }
}

/// The number of a user of the machine, or of the one who runs this.
fn user_id(name: Option<&str>) -> Option<String> {
    let output = Command::new("id").arg("-u").args(name).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}
