//! Free slots (C1, C7, C9): when somebody is free, never why somebody is not.

use std::fmt::Write as _;

use entity::appointment::Status;
use policy::Permission::ManageCalendars;
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Calendar, Person, World};

const SLOTS: &str =
    "query($id: ID!, $from: DateTime!, $until: DateTime!, $zone: String) { calendar(id: $id) {
    freeSlots(range: { from: $from, until: $until }, zone: $zone) {
        startsAt endsAt day localStart seatsLeft members { userId seatsLeft user { name } } } } }";

/// The free slots of a morning, from 10 to 14 o'clock: when each begins, and who is free with how many seats.
async fn morning(person: &Person, calendar: &Calendar) -> Vec<String> {
    let variables = json!({ "id": calendar.id.to_string(), "from": "2026-01-05T10:00:00Z", "until": "2026-01-05T14:00:00Z" });
    let answer = person.asks(SLOTS, variables).await;
    let slots = answer.data()["calendar"]["freeSlots"].as_array().expect("slots").clone();
    slots.iter().map(written).collect()
}

fn written(slot: &Value) -> String {
    let mut text = slot["startsAt"].as_str().expect("an instant")[11..16].to_owned();
    let mut seats = 0;
    for member in slot["members"].as_array().expect("members") {
        let left = member["seatsLeft"].as_i64().expect("seats");
        seats += left;
        write!(text, " {}:{left}", member["user"]["name"].as_str().expect("a name")).expect("it grows");
    }
    assert_eq!(slot["seatsLeft"], json!(seats));
    text
}

// C7, C9
#[rstest]
#[tokio::test]
async fn whatever_is_in_the_way_counts_and_is_not_told(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let rita = world.user("Rita").restricted().create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().named("Visits").of([&rita, &bob]).create().await;
    let elsewhere = world.calendar().named("Elsewhere").of([&bob, &cleo]).create().await;
    let free = ["10:00 Rita:1 Bob:1", "11:00 Rita:1 Bob:1", "12:00 Rita:1 Bob:1", "13:00 Rita:1 Bob:1"];
    assert_eq!(morning(&rita, &calendar).await, free);

    // Bob is booked elsewhere, where Rita sees neither the calendar nor the appointment.
    world.appointment(&elsewhere, &contact).of(&bob).at(world.hour(1)).create().await;
    assert_eq!(morning(&rita, &calendar).await, ["10:00 Rita:1", free[1], free[2], free[3]]);
    // What was called off, or is over by then, is not in the way.
    world
        .appointment(&elsewhere, &contact)
        .of(&bob)
        .at(world.hour(2))
        .with_status(Status::Cancelled)
        .create()
        .await;
    world.appointment(&elsewhere, &contact).of(&cleo).at(world.hour(3)).create().await;
    assert_eq!(morning(&rita, &calendar).await, ["10:00 Rita:1", free[1], free[2], free[3]]);
    // A person's blocked time counts everywhere, a calendar's in the calendar.
    rita.is_blocked(world.hour(2)).await;
    calendar.is_blocked(world.hour(3)).await;
    elsewhere.is_blocked(world.hour(4)).await;
    assert_eq!(morning(&rita, &calendar).await, ["10:00 Rita:1", "11:00 Bob:1", free[3]]);
    assert_eq!(morning(&ada, &elsewhere).await, ["10:00 Cleo:1", "11:00 Bob:1 Cleo:1", "12:00 Bob:1"]);
    // Who has left is not booked, and comes back as they were.
    bob.leaves().await;
    assert_eq!(morning(&rita, &calendar).await, ["10:00 Rita:1", "13:00 Rita:1"]);
    bob.returns().await;
    assert_eq!(morning(&rita, &calendar).await, ["10:00 Rita:1", "11:00 Bob:1", free[3]]);
}

// C1, C7
#[rstest]
#[tokio::test]
async fn buffers_notice_and_seats_are_kept(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let plain = world.calendar().of([&ada]).create().await;
    let class = world.calendar().of([&ada]).seating(3).create().await;
    let buffered = world.calendar().of([&ada]).buffered(15, 0).create().await;
    let late = world.calendar().of([&ada]).noticed(150).create().await;
    // It is nine: in two and a half hours it is half past eleven.
    assert_eq!(morning(&ada, &late).await, ["12:00 Ada:1", "13:00 Ada:1"]);
    world.appointment(&class, &contact).at(world.hour(2)).create().await;
    assert_eq!(morning(&ada, &class).await, ["10:00 Ada:3", "11:00 Ada:2", "12:00 Ada:3", "13:00 Ada:3"]);
    assert_eq!(morning(&ada, &plain).await, ["10:00 Ada:1", "12:00 Ada:1", "13:00 Ada:1"]);
    // A quarter of an hour before twelve Ada is not free yet.
    assert_eq!(morning(&ada, &buffered).await, ["10:00 Ada:1", "13:00 Ada:1"]);
    for _ in 0..2 {
        world.appointment(&class, &contact).at(world.hour(2)).create().await;
    }
    assert_eq!(morning(&ada, &class).await, ["10:00 Ada:3", "12:00 Ada:3", "13:00 Ada:3"]);
}

// C1
#[rstest]
#[tokio::test]
async fn the_zone_says_how_slots_are_shown_and_not_which_there_are(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let calendar = world.calendar().in_zone("Asia/Kathmandu").slots_of_minutes(720).of([&ada]).create().await;
    let shown = async |zone: Option<&str>| {
        let variables = json!({ "id": calendar.id.to_string(), "zone": zone,
            "from": "2026-01-06T00:00:00Z", "until": "2026-01-07T00:00:00Z" });
        let answer = ada.asks(SLOTS, variables).await;
        let slots = answer.data()["calendar"]["freeSlots"].as_array().expect("slots").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let shown = slots
            .iter()
            .map(|slot| ["startsAt", "day", "localStart"].map(|field| text(&slot[field])).join(" "));
        shown.collect::<Vec<_>>()
    };
    let expected = ["2026-01-06T06:15:00Z 2026-01-06 12:00", "2026-01-06T18:15:00Z 2026-01-07 00:00"];
    assert_eq!(shown(None).await, expected);
    assert_eq!(
        shown(Some("America/New_York")).await,
        ["2026-01-06T06:15:00Z 2026-01-06 01:15", "2026-01-06T18:15:00Z 2026-01-06 13:15"]
    );
}

// C1
#[rstest]
#[tokio::test]
async fn a_range_that_cannot_be_is_refused(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let calendar = world.calendar().slots_of_minutes(5).of([&ada]).create().await;
    let ask = |from: &str, until: &str, zone: &str| {
        let variables = json!({ "id": calendar.id.to_string(), "from": from, "until": until, "zone": zone });
        ada.asks(SLOTS, variables)
    };
    for (from, until, zone) in [
        ("2026-01-06T00:00:00Z", "2026-01-06T00:00:00Z", "UTC"),
        ("2026-01-07T00:00:00Z", "2026-01-06T00:00:00Z", "UTC"),
        ("2026-01-06T00:00:00Z", "2026-03-09T00:00:01Z", "UTC"),
        ("2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", "Europe/Nowhere"),
        ("2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", "Etc/Unknown"),
    ] {
        ask(from, until, zone).await.has_errors(["BAD_USER_INPUT calendar.freeSlots"]);
    }
    let longest = ask("2026-01-06T00:00:00Z", "2026-03-09T00:00:00Z", "UTC").await;
    assert_eq!(longest.data()["calendar"]["freeSlots"].as_array().expect("slots").len(), 62 * 288);
    // Two of these are too much for one answer.
    world.calendar().slots_of_minutes(5).of([&ada]).create().await;
    let both = r#"{ calendars { nodes { freeSlots(range: { from: "2026-01-06T00:00:00Z", until: "2026-03-09T00:00:00Z" }) { startsAt } } } }"#;
    let refused = ada.reads(both).await;
    assert!(refused.errors()[0].starts_with("BAD_USER_INPUT calendars.nodes.0.freeSlots"), "{refused:?}");
}

// C9: as many statements for fifty calendars as for one.
#[rstest]
#[tokio::test]
async fn a_page_of_calendars_costs_the_same_at_any_size(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let viewer = world.user("Viewer").restricted().also_holding([ManageCalendars]).create().await;
    let crowd = world.crowd(12).await;
    let contact = world.contact().create().await;
    let groups = [world.calendar_group("One").await, world.calendar_group("Two").await];
    for place in 0..50 {
        let members = [&viewer, &crowd[place % 12], &crowd[(place + 5) % 12]];
        let calendar = world.calendar().in_group(groups[place % 2]).of(members).create().await;
        world.appointment(&calendar, &contact).at(world.hour(5 + place as i64 % 3)).create().await;
        calendar.is_blocked(world.hour(9)).await;
    }
    let page = r#"query($first: Int!) { calendars(first: $first) {
        totalCount { value }
        nodes {
            name kind group { name calendars(first: 2) { nodes { name } totalCount { value } } }
            availability { weekdays { day openings { from until } } }
            members { priority user { name } }
            freeSlots(range: { from: "2026-01-05T09:00:00Z", until: "2026-01-06T09:00:00Z" }) {
                startsAt localStart seatsLeft members { user { name } } }
            other: freeSlots(range: { from: "2026-01-05T09:00:00Z", until: "2026-01-06T09:00:00Z" }, zone: "Asia/Tokyo") {
                localStart }
            activity(first: 2) { nodes { kind actor { name } } totalCount { value } }
            viewerAccess { book { allowed } edit { allowed } } } } }"#;
    let mut counted = Vec::new();
    for size in [1, 10, 50] {
        let (answer, statements) = viewer.asks(page, json!({ "first": size })).counted().await;
        let nodes = answer.data()["calendars"]["nodes"].as_array().expect("nodes").clone();
        assert_eq!(nodes.len(), size);
        assert!(nodes.iter().all(|node| !node["freeSlots"].as_array().expect("slots").is_empty()));
        counted.push(statements.len());
    }
    assert_eq!(counted[0], counted[1], "{counted:?}");
    assert_eq!(counted[1], counted[2], "{counted:?}");
}
