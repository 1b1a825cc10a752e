//! What happens on one server is heard on the others: woken by a bus, and without any by asking the database (N4).

use retinue::realtime::Pace;
use retinue::realtime::bus::{self, Bus};
use rstest::rstest;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Listens as _;
use super::ear::{Ear, document};
use super::nats::Nats;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Person, World};

/// Two servers of one account, a contact of Oda's, and herself at the first, hearing of it at the second.
struct Apart {
    here: World,
    there: World,
    oda: Person,
    record: Contact,
    ear: Ear,
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Apart {
    async fn on(kind: Kind) -> Option<Self> {
        let here = World::separate_on(kind).await?;
        let there = here.replica().await;
        let [oda] = here.users(["Oda"]).await;
        let record = here.contact().owned_by(&oda).create().await;
        let listen = document("contactChanged", "id", "contact { firstName }");
        let mut ear = oda.on(&there).listens(&listen, json!({ "id": record })).await;
        ear.hears().await;
        Some(Self { here, there, oda, record, ear, stop: watch::Sender::new(false), running: Vec::new() })
    }

    /// A bus between the two. Nobody asks the database.
    fn with_bus(mut self, bus: &Bus) -> Self {
        for world in [&self.here, &self.there] {
            let run = bus::run(world.hub.clone(), bus.clone(), self.stop.subscribe());
            self.running.push(tokio::spawn(run));
        }
        self
    }

    async fn renames_and_hears(&mut self, name: &str) {
        self.oda.renames(&self.record, name).await.expect("renamed");
        self.hears(name).await;
    }

    async fn hears(&mut self, name: &str) {
        assert_eq!(self.ear.hears().await["contact"]["firstName"], name);
    }

    async fn ends(self) {
        self.stop.send_replace(true);
        for running in self.running {
            running.await.expect("the bus ends");
        }
    }
}

// N4
#[tokio::test]
async fn the_database_wakes_the_others() {
    let Some(apart) = Apart::on(Postgres).await else { return };
    let mut apart = apart.with_bus(&Bus::Database);
    for number in 0..20 {
        apart.renames_and_hears(&format!("Name {number}")).await;
    }
    apart.ends().await;
}

// N4
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_wakes_the_others_and_may_be_away_for_a_while(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(mut nats) = Nats::start() else { return };
    let Some(apart) = Apart::on(on).await else { return };
    let mut apart = apart.with_bus(&Bus::Nats(nats.address()));
    for number in 0..20 {
        apart.renames_and_hears(&format!("Name {number}")).await;
    }

    nats.goes();
    apart.oda.renames(&apart.record, "While it was away").await.expect("renamed");
    nats.comes_back();
    apart.hears("While it was away").await;
    apart.renames_and_hears("Afterwards").await;
    apart.ends().await;
}

// N4
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_that_is_never_there_costs_nothing_but_the_poll(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(mut nats) = Nats::start() else { return };
    nats.goes();
    let Some(apart) = Apart::on(on).await else { return };
    let mut apart = apart.with_bus(&Bus::Nats(nats.address()));
    let (hub, stopped) = (apart.there.hub.clone(), apart.stop.subscribe());
    apart.running.push(tokio::spawn(async move { hub.poll(Pace::default(), stopped).await }));
    for number in 0..3 {
        apart.renames_and_hears(&format!("Name {number}")).await;
    }
    // It ends though it is never there.
    apart.ends().await;
}

// N4: no wake-up at all: a program of another kind, or one that was lost.
#[rstest]
#[tokio::test]
async fn a_wake_up_that_is_lost_costs_a_poll_and_no_event(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(mut apart) = Apart::on(on).await else { return };
    let (hub, stopped) = (apart.there.hub.clone(), apart.stop.subscribe());
    apart.running.push(tokio::spawn(async move { hub.poll(Pace::default(), stopped).await }));
    for number in 0..3 {
        apart.renames_and_hears(&format!("Name {number}")).await;
    }
    apart.ends().await;
}
