//! Bundles the page with Node and npm into `OUT_DIR/dist`, or puts a page there that says what was missing.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the page is made of. `node_modules` is not among it, so that a developer's own neither counts nor is copied.
const SOURCES: [&str; 8] = [
    ".npmrc",
    "index.html",
    "package-lock.json",
    "package.json",
    "public",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() {
    for source in SOURCES {
        println!("cargo:rerun-if-changed=page/{source}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=without-node.html");
    println!("cargo:rerun-if-env-changed=RETINUE_PLAYGROUND");
    println!("cargo:rustc-check-cfg=cfg(playground_built)");

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (workshop, dist) = (out.join("page"), out.join("dist"));
    empty(&dist).expect("OUT_DIR can be written");

    let bundled = bundle(&workshop, &dist);
    // The libraries are 200 MB that nobody needs any more.
    let _ = fs::remove_dir_all(&workshop);

    match bundled {
        Ok(()) => println!("cargo:rustc-cfg=playground_built"),
        Err(reason) => {
            println!("cargo:warning=built without the playground: {reason}");
            // What was missing may stand on another path.
            println!("cargo:rerun-if-env-changed=PATH");
            explain(&dist, &reason).expect("OUT_DIR can be written");
        }
    }
    embed(&out, &dist).expect("OUT_DIR can be written");
}

/// Makes the bundle, or says in a few words why there is none.
fn bundle(workshop: &Path, dist: &Path) -> Result<(), String> {
    if env::var_os("RETINUE_PLAYGROUND").is_some_and(|wish| wish == "off") {
        return Err("RETINUE_PLAYGROUND is off".into());
    }
    let version = version_of("node").ok_or("Node.js was not found")?;
    if !is_recent(&version) {
        return Err(format!("Node.js {version} is too old, 20.19 or newer is needed"));
    }
    version_of(NPM).ok_or("npm was not found")?;

    copy_sources(workshop).map_err(|error| format!("the page could not be copied ({error})"))?;
    let install = ["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    run(workshop, NPM, install)?;
    let vite = workshop.join("node_modules").join("vite").join("bin").join("vite.js");
    let build =
        [vite.as_os_str(), "build".as_ref(), "--outDir".as_ref(), dist.as_ref(), "--emptyOutDir".as_ref()];
    run(workshop, "node", build)
}

fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_owned();
    (output.status.success() && !version.is_empty()).then_some(version)
}

/// What Vite asks for: 20.19, 22.12 or newer.
fn is_recent(version: &str) -> bool {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        _ => false,
    }
}

fn run<A: AsRef<OsStr>>(
    workshop: &Path,
    program: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<(), String> {
    let mut command = Command::new(program);
    // Cargo's own DEBUG would make Node's tools talkative, and NODE_ENV would change what they make.
    command.args(arguments).current_dir(workshop).env("NODE_ENV", "production").env_remove("DEBUG");
    let step = if program == NPM { "`npm ci`" } else { "`vite build`" };
    let output = command.output().map_err(|error| format!("{step} could not be started ({error})"))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let tells =
        |line: &&str| !line.trim().is_empty() && !line.starts_with("npm warn") && !line.contains("    at ");
    for line in stderr.lines().filter(tells).take(8) {
        println!("cargo:warning={line}");
    }
    Err(format!("{step} failed, and the warnings of the build say why"))
}

fn copy_sources(workshop: &Path) -> io::Result<()> {
    empty(workshop)?;
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    SOURCES.iter().try_for_each(|source| copy(&page.join(source), &workshop.join(source)))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn empty(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
}

/// The page that stands in for the playground.
fn explain(dist: &Path, reason: &str) -> io::Result<()> {
    empty(dist)?;
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    fs::write(dist.join("index.html"), include_str!("without-node.html").replace("{{reason}}", &reason))
}

/// The folder's place is known only here; naming it with an environment variable would cost `rust-embed` three more crates.
fn embed(out: &Path, dist: &Path) -> io::Result<()> {
    let dist = dist.to_str().ok_or_else(|| io::Error::other("OUT_DIR is not text"))?;
    fs::write(
        out.join("bundle.rs"),
        format!("#[derive(rust_embed::Embed)]\n#[folder = {dist:?}]\nstruct Bundle;\n"),
    )
}
