//! The house as ARCHITECTURE.md draws it: imports point one way, each library is known to one room, only the door holds
//! a connection, and nothing of the machine it was written on is committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The rooms of `src`, from the roof to the cellar. A room may use those of a lower floor and nothing of its own.
const FLOORS: [&[&str]; 8] = [
    &["cli"],
    &["config", "http"],
    &["graphql", "worker"],
    &["realtime"],
    &["domain"],
    &["auth"],
    &["telemetry"],
    &["clock"],
];

/// What the crates beside `src` may use of this workspace.
const CRATES: [(&str, &[&str]); 5] =
    [("entity", &[]), ("migration", &[]), ("guard", &[]), ("playground", &[]), ("policy", &["entity"])];

/// What may be named where. A place is a folder or a file.
const KNOWN_TO: [(&str, &[&str]); 11] = [
    ("async_graphql", &["src/graphql"]),
    ("axum", &["src/http"]),
    ("hyper", &["src/http"]),
    ("tokio_tungstenite", &["src/http/websocket", "src/cli/bench"]),
    ("async_nats", &["src/realtime/bus"]),
    ("DatabaseConnection", DOOR),
    ("DatabaseTransaction", DOOR),
    ("ConnectionTrait", DOOR),
    ("TransactionTrait", DOOR),
    ("reader()", DOOR),
    ("database.begin(", DOOR),
];

/// The one door, the one transaction, and what they open.
const DOOR: &[&str] =
    &["src/domain/access", "src/domain/unit_of_work", "src/domain/database.rs", "src/domain/database"];

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for file in rust_files("src") {
        let Some(room) = room_of(&file) else { continue };
        let own =
            floor(&room).unwrap_or_else(|| panic!("`{room}` has no floor: say in FLOORS where it stands"));
        for used in rooms_used_by(&code_of(&file), &file) {
            let Some(other) = floor(&used) else { continue };
            if used != room && other <= own {
                wrong.push(format!("{} uses `{used}`, which is not below `{room}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_crates_beside_it_know_only_what_is_below_them() {
    let ours: BTreeSet<&str> = CRATES.iter().map(|(name, _)| *name).chain(["retinue"]).collect();
    for (name, allowed) in CRATES {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).expect("a manifest");
        let used = manifest.lines().filter_map(|line| {
            let named = line.split(['.', ' ', '=']).next()?;
            ours.contains(named).then_some(named)
        });
        let used: Vec<&str> = used.filter(|used| !allowed.contains(used)).collect();
        assert!(used.is_empty(), "`{name}` depends on {used:?}");
    }
}

#[test]
fn each_library_is_known_to_one_room_and_only_the_door_holds_a_connection() {
    let mut wrong = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("guard/src")).chain(rust_files("policy/src")) {
        if file.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let code = code_of(&file);
        for (name, places) in KNOWN_TO {
            if names(&code, name) && !places.iter().any(|place| file.starts_with(place)) {
                wrong.push(format!("{} names `{name}`, which belongs to {places:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_of_a_machine_is_committed() {
    // Put together here, so that this file does not name them itself.
    let machine = ["work", "root", "home"].map(|folder| format!("/{folder}/"));
    let registries = ["crates", "npmjs", "pypi", "golang"].map(|name| match name {
        "crates" => "index.crates.".to_owned() + "io",
        "npmjs" => "registry.npmjs.".to_owned() + "org",
        "pypi" => "files.pythonhosted.".to_owned() + "org",
        _ => "proxy.golang.".to_owned() + "org",
    });
    let mut wrong = Vec::new();
    for file in committed_files() {
        let is_lock = ["Cargo.lock", "package-lock.json"].iter().any(|lock| file.ends_with(lock));
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            let of_machine = machine.iter().any(|path| starts_a_path(line, path));
            let of_registry = !is_lock && registries.iter().any(|host| line.contains(host));
            let of_mirror = is_configuration(&file) && line.contains("://");
            if of_machine || of_registry || of_mirror {
                wrong.push(format!("{}:{number}: {line}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_reading_of_imports_reads_all_their_forms() {
    let here = Path::new("src/http/server.rs");
    let used = |code: &str| rooms_used_by(code, here).into_iter().collect::<Vec<_>>();
    assert_eq!(used("use crate::domain::access::Access;"), ["domain"]);
    assert_eq!(
        used("pub use crate::{clock, domain::{page, text}, graphql::Engine as E};"),
        ["clock", "domain", "graphql"]
    );
    assert_eq!(used("let x = crate::auth::Secrets::new();"), ["auth"]);
    assert_eq!(used("use super::super::worker::x; use super::host;"), ["worker"]);
    assert_eq!(used("use crate::{\n    cli::{a, b},\n};"), ["cli"]);
    assert!(names("use axum::Router;", "axum") && !names("use axum_extra::X;", "axum"));
    assert!(!names("async_graphql_parser::parse()", "async_graphql"));
    assert!(starts_a_path("see /tmp/x and `/etc/y`", "/etc/") && !starts_a_path("a/etc/b", "/etc/"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, relative to the root.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a folder").flatten() {
            let path = folder.join(entry.file_name());
            if root().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(!files.is_empty(), "`{folder}` has no Rust files");
    files
}

/// A file without its comments.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(root().join(file)).expect("a file");
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// The top module that a file belongs to; none for `lib.rs` and `main.rs`.
fn room_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix("src").ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    let room = first.strip_suffix(".rs").unwrap_or(first);
    (!["lib", "main"].contains(&room)).then(|| room.to_owned())
}

/// The floor of a room, counted from the roof.
fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The top modules that code names, by `crate::` or by enough `super::`.
fn rooms_used_by(code: &str, file: &Path) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let whole_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if whole_word {
            used.extend(first_names(&code[at + "crate::".len()..]));
        }
    }
    let to_the_top = "super::".repeat(depth(file));
    for (at, _) in code.match_indices(&to_the_top) {
        used.extend(first_names(&code[at + to_the_top.len()..]));
    }
    used.remove("super");
    used
}

/// How many modules a file is below the crate: `src/http/server.rs` is two.
fn depth(file: &Path) -> usize {
    let is_mod = file.file_name().is_some_and(|name| name == "mod.rs");
    file.components().count() - 1 - usize::from(is_mod)
}

/// The names right after a path, of all members of a group.
fn first_names(after: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = after.strip_prefix('{') else { return vec![name(after)] };
    let mut open = 1;
    let mut members = vec![String::new()];
    for character in group.chars() {
        open += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        match character {
            _ if open == 0 => break,
            ',' if open == 1 => members.push(String::new()),
            _ => members.last_mut().expect("one at least").push(character),
        }
    }
    members.iter().map(|member| name(member)).filter(|name| !name.is_empty()).collect()
}

/// Whether code names something, as a word of its own.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        !(before.ends_with(is_part) || name.ends_with(is_part) && after.starts_with(is_part))
    })
}

/// Whether a line names an absolute path that begins so.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/}~)*".contains(c))
    })
}

/// Files in which an address would name a mirror.
fn is_configuration(file: &Path) -> bool {
    file.ends_with(".npmrc") || file.ends_with(".cargo/config.toml") || file.ends_with("pip.conf")
}

/// What git knows; without git, nothing can be said.
fn committed_files() -> Vec<PathBuf> {
    let listed = Command::new("git").arg("ls-files").current_dir(root()).output();
    let listed = listed.ok().filter(|output| output.status.success());
    let Some(listed) = listed else {
        println!("skipped: this is no git repository");
        return Vec::new();
    };
    String::from_utf8_lossy(&listed.stdout).lines().map(PathBuf::from).collect()
}
