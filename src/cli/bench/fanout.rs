//! How much it costs to tell many sockets of one change.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use entity::Timestamp;
use entity::user::Role;
use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::process::Measured;
use super::socket::{Subscriber, allow_many};
use crate::auth::{Bearer, Secrets, Tokens};
use crate::cli::CliError;
use crate::clock::{Clock, SystemClock};
use crate::domain::access::{Access, Base};
use crate::domain::account::{self, CreateAccount};
use crate::domain::contact::{self, ContactFields, CreateContact};
use crate::domain::database::Database;
use crate::domain::patch::Patch;
use crate::domain::user::{self, CreateUser};
use crate::domain::validate::parse_rfc3339;

/// How many people hold the sockets: each of them has several.
const PEOPLE: usize = 50;

/// How many sockets are opened at once.
const AT_ONCE: usize = 64;

/// One in so many sockets is opened before memory is looked at: the first ones fill the pools of the server, once for all.
const FIRST: usize = 10;

/// What each socket listens to.
const QUERY: &str = "subscription($id: ID!) { contactChanged(id: $id) { kind contact { id lastName version } activity { kind at actor { name } } } }";

/// How long the tokens are valid, in microseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000_000;

#[derive(Debug, Args)]
pub struct FanoutArgs {
    /// How many sockets listen
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    sockets: u32,
    /// How many changes happen, one after the other
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    changes: u32,
    /// `postgres://…` to measure over; an embedded database in a folder of its own otherwise
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// What was measured.
#[derive(Clone, Debug)]
struct Figures {
    deliveries: usize,
    p50: Duration,
    p99: Duration,
    cpu_per_delivery: Duration,
    cpu_per_bare_write: Duration,
    resident_per_socket: u64,
    bytes: usize,
}

pub async fn run(args: &FanoutArgs) -> Result<(), CliError> {
    allow_many();
    let folder = TempDir::new().map_err(CliError::io("cannot make a folder"))?;
    let database = match &args.database {
        Some(address) => address.clone(),
        None => format!("sqlite:{}", folder.path().join("bench.db").display()),
    };
    let stage = Stage::make(&database, &folder).await?;
    let secrets = folder.path().join("secrets").display().to_string();
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--no-playground",
        "--database",
        &database,
        "--secrets",
        &secrets,
    ];
    let server = Measured::start(folder.path(), &arguments).await?;
    let figures = measure(args, &stage, &server, &folder).await;
    server.stop().await;
    print(args, &figures?);
    Ok(())
}

/// The account that is measured.
struct Stage {
    tokens: Vec<String>,
    writer: String,
    contact: String,
}

impl Stage {
    async fn make(database: &str, folder: &TempDir) -> Result<Self, CliError> {
        let database = Database::open(database).await?;
        database.migrate_up().await?;
        let base = Base::new(database, Arc::new(SystemClock));
        let stamp = base.clock.now().0;
        let wish =
            CreateAccount { name: format!("Bench {stamp}"), country: "DE".into(), currency: "EUR".into() };
        let account = account::create(&base, &wish).await?;
        let writer = person(&account, "Writer", Role::Admin).await?;
        let fields = ContactFields { last_name: Patch::Set("Measured".into()), ..ContactFields::default() };
        let owner = Patch::Set(writer.user);
        let wish = CreateContact { fields, owner, followers: Vec::new(), made_at: None };
        let (contact, _) = contact::create(&account, &wish).await?;

        let secrets = Secrets::at(&folder.path().join("secrets"))?;
        let tokens = Tokens::new(&secrets.token_key);
        let token = |bearer: Bearer| {
            let issued = tokens.issue(bearer, base.clock.now());
            issued.map_err(|error| CliError::Usage(format!("a token cannot be signed: {error}")))
        };
        let mut listeners = Vec::with_capacity(PEOPLE);
        for number in 0..PEOPLE {
            listeners.push(token(person(&account, &format!("Listener {number}"), Role::User).await?)?);
        }
        let stage = Self { tokens: listeners, writer: token(writer)?, contact: contact.to_string() };
        base.database.close().await.map_err(|error| CliError::Domain(error.into()))?;
        Ok(stage)
    }
}

async fn person(account: &Access, name: &str, role: Role) -> Result<Bearer, CliError> {
    let email = format!("{}@bench.example", name.to_lowercase().replace(' ', "-"));
    let wish = CreateUser { role, ..CreateUser::new(name, email) };
    let id = user::create(account, &wish).await?;
    let expires_at = Timestamp(account.base().clock.now().0 + DAY);
    Ok(Bearer { account: account.account().id, user: id, expires_at })
}

async fn measure(
    args: &FanoutArgs,
    stage: &Stage,
    server: &Measured,
    folder: &TempDir,
) -> Result<Figures, CliError> {
    let count = args.sockets as usize;
    let first = count.div_ceil(FIRST);
    let mut sockets = open_all(stage, &server.address, 0..first).await?;
    let before = server.resident()?;
    sockets.extend(open_all(stage, &server.address, first..count).await?);
    let resident = server.resident()?.saturating_sub(before);
    let resident_per_socket = resident / u64::try_from(count - first).unwrap_or(u64::MAX).max(1);

    let cpu = server.cpu()?;
    let mut hearing = JoinSet::new();
    for mut socket in sockets {
        let changes = args.changes;
        hearing.spawn(async move {
            let mut heard = Vec::with_capacity(changes as usize);
            for _ in 0..changes {
                let text = socket.hears().await?;
                heard.push((SystemClock.now(), text));
            }
            Ok::<_, String>((socket, heard))
        });
    }
    for change in 0..args.changes {
        say(&server.address, stage, change).await?;
    }
    let (mut delays, mut bytes, mut kept) = (Vec::new(), 0, Vec::with_capacity(count));
    while let Some(heard) = hearing.join_next().await {
        let heard = heard.map_err(|error| CliError::Usage(error.to_string()))?;
        let (socket, heard) = heard.map_err(|error| CliError::Usage(format!("a socket failed: {error}")))?;
        kept.push(socket);
        for (at, text) in heard {
            bytes = text.len();
            delays.push(delay(&text, at)?);
        }
    }
    let cpu = server.cpu()?.saturating_sub(cpu);
    drop(kept);
    delays.sort_unstable();
    let percentile = |percent: usize| delays[(delays.len() - 1) * percent / 100];
    let deliveries = delays.len();
    let per = |cpu: Duration| cpu / u32::try_from(deliveries).unwrap_or(u32::MAX);
    Ok(Figures {
        deliveries,
        p50: percentile(50),
        p99: percentile(99),
        cpu_per_delivery: per(cpu),
        cpu_per_bare_write: per(bare(args, bytes, folder).await?),
        resident_per_socket,
        bytes,
    })
}

async fn open_all(stage: &Stage, address: &str, places: Range<usize>) -> Result<Vec<Subscriber>, CliError> {
    let opening = places.map(|place| {
        let token = &stage.tokens[place % stage.tokens.len()];
        Subscriber::open(address, token, QUERY, &stage.contact)
    });
    let opened: Vec<_> = stream::iter(opening).buffer_unordered(AT_ONCE).collect().await;
    let opened: Result<Vec<Subscriber>, String> = opened.into_iter().collect();
    opened.map_err(|error| CliError::Usage(format!("a socket did not open: {error}")))
}

/// How long after the change began a socket had the news: its transaction and commit are part of it.
fn delay(text: &str, heard: Timestamp) -> Result<Duration, CliError> {
    let message: Value = serde_json::from_str(text).unwrap_or_default();
    let at = message["payload"]["data"]["contactChanged"]["activity"]["at"].as_str();
    let at = at.and_then(parse_rfc3339);
    let at = at.ok_or_else(|| CliError::Usage(format!("a socket heard something else: {text}")))?;
    Ok(Duration::from_micros(u64::try_from(heard.0 - at.0).unwrap_or_default()))
}

/// One change of the contact, over HTTP.
async fn say(address: &str, stage: &Stage, change: u32) -> Result<(), CliError> {
    let query =
        "mutation($input: ContactUpdateInput!) { contactUpdate(input: $input) { userErrors { code } } }";
    let input = json!({ "id": stage.contact, "lastName": format!("Change {change}") });
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        stage.writer,
        body.len()
    );
    let failed = || CliError::io("the change was not sent");
    let mut stream = TcpStream::connect(address).await.map_err(failed())?;
    stream.write_all(request.as_bytes()).await.map_err(failed())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.map_err(failed())?;
    if answer.contains("\"userErrors\":[]") {
        return Ok(());
    }
    Err(CliError::Usage(format!("the change was refused: {answer}")))
}

/// The CPU time of as many bare writes of as many bytes.
async fn bare(args: &FanoutArgs, bytes: usize, folder: &TempDir) -> Result<Duration, CliError> {
    let bytes_text = bytes.to_string();
    let server = Measured::start(folder.path(), &["bench", "bare", "--bytes", &bytes_text]).await?;
    let failed = || CliError::io("the bare server does not answer");
    let mut streams = Vec::with_capacity(args.sockets as usize);
    for _ in 0..args.sockets {
        streams.push(TcpStream::connect(&server.address).await.map_err(failed())?);
    }
    for stream in &mut streams {
        stream.read_exact(&mut [0]).await.map_err(failed())?;
    }
    let mut cpu = Duration::ZERO;
    // The first round is for warmth.
    for round in 0..=args.changes {
        let before = server.cpu()?;
        streams[0].write_all(b"!").await.map_err(failed())?;
        let mut reading = JoinSet::new();
        for mut stream in streams.drain(..) {
            let mut text = vec![0; bytes];
            reading.spawn(async move { stream.read_exact(&mut text).await.map(|_| stream) });
        }
        while let Some(read) = reading.join_next().await {
            let read = read.map_err(|error| CliError::Usage(error.to_string()))?;
            streams.push(read.map_err(failed())?);
        }
        if round > 0 {
            cpu += server.cpu()?.saturating_sub(before);
        }
    }
    server.stop().await;
    Ok(cpu)
}

fn print(args: &FanoutArgs, figures: &Figures) {
    let micros = |duration: Duration| duration.as_nanos() as f64 / 1_000.0;
    let ratio = micros(figures.cpu_per_delivery) / micros(figures.cpu_per_bare_write).max(f64::EPSILON);
    if args.json {
        let line = json!({
            "sockets": args.sockets,
            "deliveries": figures.deliveries,
            "delayP50Ms": figures.p50.as_secs_f64() * 1_000.0,
            "delayP99Ms": figures.p99.as_secs_f64() * 1_000.0,
            "cpuPerDeliveryUs": micros(figures.cpu_per_delivery),
            "cpuPerBareWriteUs": micros(figures.cpu_per_bare_write),
            "ratio": ratio,
            "residentPerSocketBytes": figures.resident_per_socket,
            "bytesPerDelivery": figures.bytes,
        });
        println!("{line}");
        return;
    }
    println!("sockets                       {:>12}", args.sockets);
    println!("deliveries                    {:>12}", figures.deliveries);
    println!("change to delivery, p50       {:>9.1} ms", figures.p50.as_secs_f64() * 1_000.0);
    println!("change to delivery, p99       {:>9.1} ms", figures.p99.as_secs_f64() * 1_000.0);
    println!("CPU per delivery              {:>9.1} µs", micros(figures.cpu_per_delivery));
    println!("CPU per bare socket write     {:>9.1} µs", micros(figures.cpu_per_bare_write));
    println!("ratio of the two              {ratio:>12.2}");
    println!("resident per idle socket      {:>8.1} KiB", figures.resident_per_socket as f64 / 1_024.0);
    println!("bytes per delivery            {:>12}", figures.bytes);
}
