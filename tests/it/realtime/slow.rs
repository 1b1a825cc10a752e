//! A reader that stops reading is told to resume, and costs nobody anything (N6).

use std::collections::VecDeque;

use rstest::rstest;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

use super::Listens as _;
use super::ear::document;
use super::fleet::{Fleet, answer, world_apart};
use crate::api::socket::Socket;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Opportunity, Person, World};
use retinue::domain::access::OpportunityFilter;
use retinue::domain::bulk::{self, BulkMoveStage, Choice};
use retinue::graphql::Sent;

/// Moves them all at once, to the stage that is this round's turn.
async fn moves_all(who: &Person, deals: &[Opportunity], round: usize) {
    let stages = &who.world().stages;
    let choice: Choice<OpportunityFilter> = Choice::These(deals.iter().map(|deal| deal.id.into()).collect());
    let wish = BulkMoveStage { choice, pipeline: None, stage: stages[(round + 1) % stages.len()] };
    bulk::move_stage(&who.access().await, &wish).await.expect("moved");
}

async fn deals(world: &World, owner: &Person, count: usize) -> Vec<Opportunity> {
    let contact = world.contact().owned_by(owner).create().await;
    let mut deals = Vec::with_capacity(count);
    for number in 0..count {
        deals.push(
            world.opportunity(&contact).named(&format!("Deal {number}")).owned_by(owner).create().await,
        );
    }
    deals
}

// N6, N4
#[rstest]
#[tokio::test]
async fn who_falls_too_far_behind_is_told_where_to_resume(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [oda, uma] = world.users(["Oda", "Uma"]).await;
    let deals = deals(&world, &oda, 60).await;
    let listen = document("pipelineChanged", "id", "activity { id }");
    let pipeline = json!({ "id": world.pipeline.to_string() });
    let mut slow = uma.listens(&listen, pipeline.clone()).await;
    let mut quick = oda.listens(&listen, pipeline.clone()).await;
    slow.hears().await;
    quick.hears().await;

    let mut happened = Vec::new();
    for round in 0..17 {
        moves_all(&oda, &deals, round).await;
        for _ in &deals {
            happened.push(quick.hears().await["activity"]["id"].clone());
        }
    }
    assert!(happened.len() > 1_000);
    let Some(Sent::Failed { json }) = slow.next().await else { panic!("it is told to resume") };
    let told: Value = serde_json::from_str(&json).expect("JSON");
    let error = &told["errors"][0]["extensions"];
    assert_eq!((&told["data"], &error["code"]), (&Value::Null, &json!("RESUME_REQUIRED")), "{told}");
    slow.hears_no_more().await;

    // It has not heard anything since, so that everything comes; being behind at the start is no reason to be cut again.
    let after = json!({ "id": pipeline["id"], "after": error["after"] });
    let mut resumed = uma.listens(&listen, after).await;
    for activity in &happened {
        assert_eq!(resumed.hears().await["activity"]["id"], *activity);
    }
    oda.renames(&deals[0], "Live again").await.expect("renamed");
    assert_eq!(resumed.hears().await["kind"], "CHANGED");
}

const DEALS: usize = 200;
const ROUNDS: usize = 50;
const STALLED: usize = 8;

/// The least that one of their events takes, in bytes.
const EVENT: usize = 4_000;

/// What those listen to who will not read: it is each one's own, and long.
fn long() -> String {
    let names: String = (0..20).map(|place| format!("name{place}: name ")).collect();
    document(
        "pipelineChanged",
        "id",
        &format!("activity {{ id }} opportunity {{ viewerAccess {{ edit {{ allowed }} }} {names} }}"),
    )
}

/// A socket that takes little in advance.
async fn narrow(address: &str, token: &str) -> Socket {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = socket.connect(address.parse().expect("an address")).await.expect("it listens");
    Socket::through(stream, token).await
}

// N6: in processes of their own, so that the memory is the server's.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_events_go_by_those_who_do_not_read_and_nobody_notices(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = world_apart(on).await else { return };
    let boss = world.user("Boss").admin().create().await;
    let deals = deals(&world, &boss, DEALS).await;
    for deal in &deals {
        boss.renames(deal, &format!("{} {}", deal.id, "x".repeat(EVENT / 20 - 40))).await.expect("renamed");
    }
    let fleet = Fleet::of(&world, 1).await;
    let (address, token) = (fleet.address_of(0), fleet.token_of(&boss));
    let variables = json!({ "id": world.pipeline.to_string() });

    let mut stalled = Vec::new();
    for _ in 0..STALLED {
        let mut socket = narrow(&address, &token).await;
        socket.starts("slow", &long(), variables.clone()).await;
        assert_eq!(socket.result_of("slow").await["data"]["heard"]["kind"], "STARTED");
        stalled.push(socket);
    }
    let mut reader = narrow(&address, &token).await;
    let short = document("pipelineChanged", "id", "activity { id }");
    reader.starts("quick", &short, variables.clone()).await;
    assert_eq!(reader.result_of("quick").await["data"]["heard"]["kind"], "STARTED");

    let mut happened = VecDeque::new();
    let mut before = 0;
    // What a process keeps is the same on either database, and ten thousand take a debug build minutes.
    let rounds = if on == Sqlite { ROUNDS } else { ROUNDS / 5 };
    for round in 0..rounds {
        moves(&address, &token, &world, &deals, round).await;
        for _ in &deals {
            let result = reader.result_of("quick").await;
            happened.push_back(result["data"]["heard"]["activity"]["id"].clone());
        }
        // What every server keeps anyway is there after the first rounds.
        if round == 4 {
            before = fleet.resident(0);
        }
    }
    let grown = fleet.resident(0).saturating_sub(before);
    let if_it_were_kept = EVENT * STALLED * DEALS * (rounds - 5) / 1_024;
    let most = u64::try_from(if_it_were_kept / 8).expect("a number");
    assert!(grown < most.max(16 * 1_024), "{grown} KiB more than before, of {if_it_were_kept}");

    // Each of them has been told to resume, or given up. One does so, and misses nothing.
    let mut last = None;
    for mut socket in stalled {
        let (mut cursor, mut taken) = (None, 0);
        while let Some(message) = socket.next_if_any().await {
            if message["type"] == "error" {
                assert_eq!(message["payload"][0]["extensions"]["code"], "RESUME_REQUIRED", "{message}");
                cursor = Some(message["payload"][0]["extensions"]["after"].clone());
                break;
            }
            let heard = &message["payload"]["data"]["heard"];
            assert_eq!(heard["activity"]["id"], happened[taken], "{message}");
            cursor = Some(heard["cursor"].clone());
            taken += 1;
        }
        assert!(taken < happened.len() / 2, "it took {taken} of them in before it read");
        last = Some((cursor.expect("it heard something"), taken));
    }
    let (cursor, taken) = last.expect("one of them");
    let mut resumed = narrow(&address, &token).await;
    let after = json!({ "id": world.pipeline.to_string(), "after": cursor });
    resumed.starts("again", &short, after).await;
    for activity in happened.iter().skip(taken) {
        assert_eq!(resumed.result_of("again").await["data"]["heard"]["activity"]["id"], *activity);
    }
}

/// One bulk act over HTTP.
async fn moves(address: &str, token: &str, world: &World, deals: &[Opportunity], round: usize) {
    let document = "mutation($input: OpportunityBulkMoveStageInput!) {
        opportunityBulkMoveStage(input: $input) { userErrors { code } } }";
    let stage = world.stages[(round + 1) % world.stages.len()].to_string();
    let ids: Vec<String> = deals.iter().map(|deal| deal.id.to_string()).collect();
    let input = json!({ "ids": ids, "stageId": stage });
    let done = answer(address, token, document, &json!({ "input": input })).await.expect("an answer");
    assert_eq!(done, json!({ "opportunityBulkMoveStage": { "userErrors": [] } }));
}
