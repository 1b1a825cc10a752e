//! A PostgreSQL server of our own, from binaries on the machine, in a folder that goes away with the process.

use super::found::{self, Server};
use super::{folder, postgres};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

    let control = |what: &str| {
        let mut control = user.command(&binaries.join("pg_ctl"));
        control.arg("-D").arg(&data).args(["-w", "-l"]).arg(home.join("log")).arg(what);
        control.current_dir(&home).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        control
    };
    let stop = control("stop");
    let words: Vec<String> = std::iter::once(stop.get_program()).chain(stop.get_args()).map(quoted).collect();
    postgres::at_the_end(&format!("{}; rm -rf {}", words.join(" "), quoted(home.as_os_str())));

    let port = free_port();
    let settings = format!(
        "-p {port} -k '{}' -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off \
         -c full_page_writes=off",
        home.display()
    );
    let started = control("start").args(["-o", &settings]).status().expect("pg_ctl starts");
    assert!(started.success(), "PostgreSQL starts; its log is in {}", home.display());
    found::answers(format!("postgres://postgres@127.0.0.1:{port}"), String::new(), "started for the tests")
}

/// A word that the shell takes as it is.
fn quoted(word: &std::ffi::OsStr) -> String {
    format!("'{}'", word.to_string_lossy())
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
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
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
