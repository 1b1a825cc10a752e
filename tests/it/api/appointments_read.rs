//! Appointments as they are read: by id, in lists, and under what they belong to.

use entity::appointment::Status;
use policy::Permission::{ManageAppointments, ManageCalendars, ViewCalendars, ViewContacts};
use retinue::domain::appointment::{Book, DeleteAppointment, SetStatus};
use retinue::domain::patch::Patch;
use retinue::domain::{appointment, error};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Appointment, Calendar, Contact, Person, World};

const ONE: &str = "query($id: ID!) { appointment(id: $id) { id } node(id: $id) { __typename id } }";

/// Everything that an appointment says.
const EVERYTHING: &str = "id calendar { name } calendarName contact { id displayName owner { name } } contactName
    assignee { name } attendees { name } title location description status startsAt endsAt zone localStart localEnd
    overbooked bookedBy { name } version createdAt updatedAt
    activity { totalCount { value } nodes {
        kind at cause actor { name } causedBy { kind } record { id } appointment { id } changes { field before after } } }
    viewerAccess {
        edit { allowed reason permission } reschedule { allowed } reassign { allowed } changeStatus { allowed }
        delete { allowed reason permission } changeCalendar { allowed reason permission }
        overbook { allowed reason permission } }";

impl Person {
    /// Whether they see an appointment: by id, as a node, in the list and its count, and under its contact and assignee.
    async fn sees_appointment(&self, its: &Appointment) -> bool {
        let row = its.row().await;
        let answer = self.asks(ONE, json!({ "id": its.id.to_string() })).await;
        let (by_id, node) = (answer.data()["appointment"].is_object(), answer.data()["node"].is_object());
        assert_eq!(by_id, node);
        let list = "{ appointments(first: 200) { totalCount { value } nodes { id } }
            users { nodes { id appointments(first: 200) { nodes { id } } } }
            contacts { nodes { id appointments(first: 200) { totalCount { value } nodes { id } } } }
            calendars { nodes { id appointments(first: 200) { totalCount { value } nodes { id } } } } }";
        let data = self.reads(list).await.data().clone();
        let id = json!(its.id.to_string());
        let has = |list: &Value| list["nodes"].as_array().expect("nodes").iter().any(|node| node["id"] == id);
        let listed = &data["appointments"];
        assert_eq!(listed["totalCount"]["value"], json!(listed["nodes"].as_array().map(Vec::len)));
        assert_eq!(has(listed), by_id, "the list and the id agree");
        for (things, its) in [
            ("users", row.assignee_id.to_string()),
            ("contacts", row.contact_id.to_string()),
            ("calendars", row.calendar_id.to_string()),
        ] {
            let things = data[things]["nodes"].as_array().expect("nodes");
            // The contact and the calendar need not be visible.
            if let Some(thing) = things.iter().find(|thing| thing["id"] == json!(its)) {
                assert_eq!(has(&thing["appointments"]), by_id, "{its}");
            }
        }
        by_id
    }
}

/// Books an hour.
async fn booked(person: &Person, calendar: &Calendar, contact: &Contact, hour: i64) -> Appointment {
    let world = person.world();
    let wish = Book::new(calendar.id, contact.id, world.hour(hour).from);
    let booked = appointment::book(&person.access().await, &wish).await.expect("it is booked");
    world.appointment_with(booked.appointment)
}

// C2, G1
#[rstest]
#[tokio::test]
async fn an_appointment_says_everything(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let contact = world.contact().named("Cleo").owned_by(&bob).create().await;
    let calendar = world.calendar().named("Checks").of([&ada]).create().await;
    let wish = Book {
        title: Patch::Set("First look".into()),
        location: Patch::Set("Room 7".into()),
        zone: Some("Europe/Berlin".into()),
        attendees: vec![bob.id],
        ..Book::new(calendar.id, contact.id, world.hour(24).from)
    };
    let made = appointment::book(&ada.access().await, &wish).await.expect("it is booked");
    let document = format!("query($id: ID!) {{ appointment(id: $id) {{ {EVERYTHING} }} }}");
    let id = made.appointment.to_string();
    let answer = ada.asks(document, json!({ "id": id })).await;
    let seen = &answer.data()["appointment"];
    let expected = json!({
        "id": id,
        "calendar": { "name": "Checks" },
        "calendarName": "Checks",
        "contact": { "id": contact.id.to_string(), "displayName": "Cleo", "owner": { "name": "Bob" } },
        "contactName": "Cleo",
        "assignee": { "name": "Ada" },
        "attendees": [{ "name": "Bob" }],
        "title": "First look",
        "location": "Room 7",
        "description": null,
        "status": "CONFIRMED",
        "startsAt": "2026-01-06T09:00:00Z",
        "endsAt": "2026-01-06T10:00:00Z",
        "zone": "Europe/Berlin",
        "localStart": "2026-01-06T10:00:00+01:00",
        "localEnd": "2026-01-06T11:00:00+01:00",
        "overbooked": false,
        "bookedBy": { "name": "Ada" },
        "version": 1,
    });
    for (field, value) in expected.as_object().expect("fields") {
        assert_eq!(seen[field], *value, "{field}");
    }
    let entry = &seen["activity"]["nodes"][0];
    assert_eq!(seen["activity"]["totalCount"]["value"], 1);
    assert_eq!((&entry["kind"], &entry["record"]), (&json!("appointment.booked"), &Value::Null));
    assert_eq!(entry["appointment"]["id"], json!(id));
    let missing =
        json!({ "allowed": false, "reason": "MISSING_PERMISSION", "permission": "MANAGE_CALENDARS" });
    assert_eq!(seen["viewerAccess"]["overbook"], missing);
    assert_eq!(seen["viewerAccess"]["edit"], json!({ "allowed": true, "reason": null, "permission": null }));
    // The words of a booking find it.
    for (search, count) in [("first look", 1), ("room", 1), ("cleo", 1), ("other", 0)] {
        let document =
            "query($filter: AppointmentFilter) { appointments(filter: $filter) { totalCount { value } } }";
        let answer = ada.asks(document, json!({ "filter": { "search": search } })).await;
        assert_eq!(answer.data()["appointments"]["totalCount"]["value"], count, "{search}");
    }
}

// A8, C9
#[rstest]
#[tokio::test]
async fn an_attendee_sees_the_appointment_and_of_its_contact_the_name(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let contact = world.contact().named("Cleo").owned_by(&ada).tagged(["vip"]).create().await;
    let calendar = world.calendar().named("Checks").of([&ada]).create().await;
    let wish = Book {
        title: Patch::Set("First look".into()),
        attendees: vec![rita.id],
        ..Book::new(calendar.id, contact.id, world.hour(24).from)
    };
    let made = appointment::book(&ada.access().await, &wish).await.expect("it is booked");
    let document = "query($id: ID!) { appointment(id: $id) { title contactName contact { id } calendarName calendar { id }
        activity { nodes { changes { field } } } viewerAccess { edit { allowed reason } } } }";
    let answer = rita.asks(document, json!({ "id": made.appointment.to_string() })).await;
    let seen = &answer.data()["appointment"];
    assert_eq!(
        (&seen["title"], &seen["contactName"], &seen["contact"], &seen["calendarName"], &seen["calendar"]),
        (&json!("First look"), &json!("Cleo"), &Value::Null, &json!("Checks"), &Value::Null)
    );
    assert_eq!(seen["viewerAccess"]["edit"], json!({ "allowed": false, "reason": "NOT_ENTITLED" }));
    let changes = seen["activity"]["nodes"][0]["changes"].as_array().expect("changes").clone();
    let fields: Vec<&str> = changes.iter().filter_map(|change| change["field"].as_str()).collect();
    assert!(fields.contains(&"title") && fields.contains(&"assignee"), "{fields:?}");
    assert!(!fields.contains(&"contact") && !fields.contains(&"calendar"), "{fields:?}");

    let count =
        "query($filter: AppointmentFilter) { appointments(filter: $filter) { totalCount { value } } }";
    for (filter, expected) in [
        (json!({ "contact": { "name": { "is": "Cleo" } } }), 1),
        (json!({ "contact": { "hasTags": true } }), 0),
        (json!({ "contact": { "owner": { "any": true } } }), 0),
        (json!({ "contactIds": [contact] }), 0),
        (json!({ "calendarIds": [calendar.id.to_string()] }), 0),
        (json!({ "attendees": { "me": true } }), 1),
    ] {
        let answer = rita.asks(count, json!({ "filter": filter })).await;
        assert_eq!(answer.data()["appointments"]["totalCount"]["value"], expected, "{filter}");
    }
    // A deleted calendar's name still shows.
    calendar.closes().await;
    let answer = rita.asks(document, json!({ "id": made.appointment.to_string() })).await;
    assert_eq!(answer.data()["appointment"]["calendarName"], "Checks");
}

// P3, C3, A8
#[rstest]
#[tokio::test]
async fn who_may_see_an_appointment_and_who_may_not(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let calendars = world.user("Sees no calendars").lacking([ViewCalendars]).create().await;
    let admin = world.user("Admin").admin().create().await;
    let restricted = async |name: &str| world.user(name).restricted().create().await;
    let (member, assignee, attendee) =
        (restricted("Member").await, restricted("Assignee").await, restricted("Attendee").await);
    let (owner, follower) = (restricted("Owner").await, restricted("Follower").await);
    let deals = restricted("Follows the deal").await;
    let blind = world.user("Sees no contacts").restricted().lacking([ViewContacts]).create().await;
    let contact = world.contact().owned_by(&owner).followed_by(&follower).followed_by(&blind).create().await;
    world.opportunity(&contact).owned_by(&deals).create().await;
    let calendar = world.calendar().of([&ada, &member, &assignee]).create().await;
    let made = world.appointment(&calendar, &contact).of(&assignee).attended_by(&attendee).create().await;
    for person in [&ada, &admin, &assignee, &attendee, &owner, &follower] {
        assert!(person.sees_appointment(&made).await, "{person:?}");
    }
    for person in [&member, &deals, &blind, &calendars] {
        assert!(!person.sees_appointment(&made).await, "{person:?}");
    }
    // The module is off, owned and held ones included.
    let off = world.user("Off").lacking([ViewCalendars]).create().await;
    let own = world.contact().owned_by(&off).create().await;
    let held = world.appointment(&calendar, &own).of(&off).create().await;
    assert!(!off.sees_appointment(&held).await);
    off.reads("{ appointments { totalCount { value } } deletedAppointments { totalCount { value } nodes { title } } }")
        .sees(json!({
            "appointments": { "totalCount": { "value": 0 } },
            "deletedAppointments": { "totalCount": { "value": 0 }, "nodes": [] },
        }))
        .await;
}

// A10, C4
#[rstest]
#[tokio::test]
async fn what_the_viewer_may_do_is_what_the_acts_let_through(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let no_manager = world.user("Looks on").lacking([ManageAppointments]).create().await;
    let assignee = world.user("Assignee").restricted().create().await;
    let follower = world.user("Follower").restricted().create().await;
    let member = world.user("Member").restricted().also_holding([ManageCalendars]).create().await;
    let contact = world.contact().followed_by(&follower).followed_by(&member).create().await;
    let calendar = world.calendar().of([&ada, &member]).create().await;
    let made = world.appointment(&calendar, &contact).of(&assignee).create().await;
    let document = "query($id: ID!) { appointment(id: $id) { viewerAccess {
        changeStatus { allowed } delete { allowed } changeCalendar { allowed } overbook { allowed } } } }";
    for (person, manages, moves, overbooks) in [
        (&ada, true, true, false),
        (&no_manager, false, false, false),
        (&assignee, true, false, false),
        (&follower, false, false, false),
        (&member, true, true, true),
    ] {
        let answer = person.asks(document, json!({ "id": made.id.to_string() })).await;
        let said = |act: &str| answer.data()["appointment"]["viewerAccess"][act]["allowed"] == true;
        let said = [said("changeStatus"), said("delete"), said("changeCalendar"), said("overbook")];
        assert_eq!(said, [manages, manages, moves, overbooks], "{person:?}");
        let access = person.access().await;
        // What it has already is nothing to do; a wrong version comes after authorization (O7).
        let same = SetStatus {
            appointment: made.id,
            status: Status::Confirmed,
            overbook: false,
            expected_version: None,
        };
        assert_eq!(appointment::set_status(&access, &same).await.is_ok(), manages, "{person:?}");
        let stale = DeleteAppointment { appointment: made.id, expected_version: Some(99) };
        let code = match appointment::delete(&access, &stale).await {
            Err(error::Error::Refused(refusals)) => format!("{:?}", refusals[0].kind),
            other => panic!("{other:?}"),
        };
        assert_eq!(code.starts_with("StaleVersion"), manages, "{person:?}: {code}");
    }
}

// G1, G3
#[rstest]
#[tokio::test]
async fn a_list_is_walked_by_its_cursors(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let contact = world.contact().create().await;
    let calendar = world.calendar().of([&ada]).create().await;
    let mut made = Vec::new();
    for hour in [30, 24, 27] {
        made.push(world.appointment(&calendar, &contact).at(world.hour(hour)).create().await.id.to_string());
    }
    let first = "{ appointments(first: 2) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let page = ada.reads(first).await.data()["appointments"].clone();
    assert_eq!(page["nodes"], json!([{ "id": made[1] }, { "id": made[2] }]));
    let next = "query($after: String, $sort: AppointmentSort) {
        appointments(first: 2, after: $after, sort: $sort) { nodes { id } pageInfo { hasNextPage } } }";
    let after = page["pageInfo"]["endCursor"].clone();
    ada.asks(next, json!({ "after": after }))
        .sees(
            json!({ "appointments": { "nodes": [{ "id": made[0] }], "pageInfo": { "hasNextPage": false } } }),
        )
        .await;
    // A cursor belongs to its order.
    let other = json!({ "after": after, "sort": { "by": "STARTS_AT", "direction": "DESC" } });
    ada.asks(next, other).await.has_errors(["BAD_USER_INPUT appointments"]);

    let range = "query($filter: AppointmentFilter) { appointments(filter: $filter) { nodes { id } } }";
    for (filter, expected) in [
        (json!({ "from": "2026-01-06T10:00:00Z", "until": "2026-01-06T12:00:00Z" }), vec![]),
        (json!({ "from": "2026-01-06T09:59:00Z", "until": "2026-01-06T12:00:00.000001Z" }), vec![1, 2]),
        (json!({ "from": "2026-01-06T12:30:00Z" }), vec![2, 0]),
    ] {
        let nodes: Vec<Value> = expected.iter().map(|place: &usize| json!({ "id": made[*place] })).collect();
        ada.asks(range, json!({ "filter": { "range": filter } }))
            .sees(json!({ "appointments": { "nodes": nodes } }))
            .await;
    }
    for wrong in [json!({}), json!({ "from": "2026-01-06T10:00:00Z", "until": "2026-01-06T10:00:00Z" })] {
        ada.asks(range, json!({ "filter": { "range": wrong } }))
            .await
            .has_errors(["BAD_USER_INPUT appointments"]);
    }
}

// R4
#[rstest]
#[tokio::test]
async fn the_deleted_are_listed_for_those_who_may_restore_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let looks_on = world.user("Looks on").lacking([ManageAppointments]).create().await;
    let rita = world.user("Rita").restricted().create().await;
    let attendee = world.user("Attendee").restricted().create().await;
    let contact = world.contact().named("Cleo").create().await;
    let calendar = world.calendar().named("Checks").of([&ada, &rita]).create().await;
    let wish = Book {
        assignee: Some(rita.id),
        attendees: vec![attendee.id],
        title: Patch::Set("First look".into()),
        ..Book::new(calendar.id, contact.id, world.hour(24).from)
    };
    let hers = appointment::book(&ada.access().await, &wish).await.expect("it is booked").appointment;
    let other = booked(&ada, &calendar, &contact, 30).await.id;
    for id in [hers, other] {
        world.clock.advance_seconds(1);
        let wish = DeleteAppointment { appointment: id, expected_version: None };
        appointment::delete(&ada.access().await, &wish).await.expect("it is deleted");
    }
    assert!(ada.asks(ONE, json!({ "id": hers.to_string() })).await.data()["node"].is_null());
    let list = "{ deletedAppointments { totalCount { value } nodes {
        appointmentId title contactName calendarName assignee { name } status startsAt endsAt deletedWithContact
        deletedBy { name } deletedAt purgedAt } } }";
    let seen = ada.reads(list).await.data()["deletedAppointments"].clone();
    assert_eq!(seen["totalCount"]["value"], 2);
    assert_eq!(seen["nodes"][0]["appointmentId"], json!(other.to_string()));
    let expected = json!({ "deletedAppointments": { "totalCount": { "value": 1 }, "nodes": [{
        "appointmentId": hers.to_string(), "title": "First look", "contactName": "Cleo", "calendarName": "Checks",
        "assignee": { "name": "Rita" }, "status": "CONFIRMED", "startsAt": "2026-01-06T09:00:00Z",
        "endsAt": "2026-01-06T10:00:00Z", "deletedWithContact": false, "deletedBy": { "name": "Ada" },
        "deletedAt": seen["nodes"][1]["deletedAt"], "purgedAt": seen["nodes"][1]["purgedAt"],
    }] } });
    rita.reads(list).sees(expected).await;
    for person in [&looks_on, &attendee] {
        let none = json!({ "deletedAppointments": { "totalCount": { "value": 0 }, "nodes": [] } });
        person.reads(list).sees(none).await;
    }
}

/// A week of a calendar with everything that it shows.
const WEEK: &str = "query($first: Int!, $id: ID!, $from: DateTime!, $until: DateTime!) {
    appointments(first: $first, filter: { calendarIds: [$id], range: { from: $from, until: $until } }) {
        totalCount { value } pageInfo { hasNextPage endCursor } nodes { EVERYTHING } } }";

/// The same under everybody whom it concerns.
const UNDER: &str = "query($first: Int!) {
    users { nodes { name appointments(first: $first) { totalCount { value } nodes { EVERYTHING } } } }
    contacts { nodes { displayName appointments(first: $first) { totalCount { value } nodes { EVERYTHING } } } }
    calendars { nodes { name appointments(first: $first) { totalCount { value } nodes { EVERYTHING } } } } }";

// W1 to W7: constant statements
#[rstest]
#[tokio::test]
async fn a_week_takes_the_same_statements_for_one_ten_and_a_hundred(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let calendar = world.calendar().of([&rita, &ada]).create().await;
    let mut contacts = Vec::new();
    for _ in 0..10 {
        contacts.push(world.contact().owned_by(&ada).followed_by(&rita).create().await);
    }
    for hour in 0..100 {
        let wish = Book {
            attendees: vec![rita.id],
            ..Book::new(
                calendar.id,
                contacts[hour % 10].id,
                world.hour(1 + i64::try_from(hour).expect("small")).from,
            )
        };
        appointment::book(&ada.access().await, &wish).await.expect("it is booked");
    }
    let everything = |document: &str| document.replace("EVERYTHING", EVERYTHING);
    for viewer in [&ada, &rita] {
        let mut counts = Vec::new();
        for first in [1, 10, 100] {
            let variables = json!({ "first": first, "id": calendar.id.to_string(),
                "from": "2026-01-05T00:00:00Z", "until": "2026-01-12T00:00:00Z" });
            let (answer, statements) = viewer.asks(everything(WEEK), variables).counted().await;
            let page = &answer.data()["appointments"];
            assert_eq!(page["nodes"].as_array().map(Vec::len), Some(first));
            assert_eq!(page["totalCount"]["value"], 100);
            counts.push(statements.len());
        }
        assert_eq!(counts, [WEEK_TAKES; 3], "{viewer:?}");
        let mut counts = Vec::new();
        for first in [1, 5, 10] {
            let (answer, statements) =
                viewer.asks(everything(UNDER), json!({ "first": first })).counted().await;
            answer.data();
            counts.push(statements.len());
        }
        assert_eq!(counts, [UNDER_TAKES; 3], "{viewer:?}");
    }
}

/// Who asks; the page and its count; names of calendars and contacts, calendars, contacts and their owners, people, attendees and
/// their people; the history with its values and its count, and of that actors, causes (what they happened to, and their
/// values), records of both kinds, appointments, and the contacts and calendars that it names.
const WEEK_TAKES: usize = 26;

/// The same three times, beside the people, contacts and calendars themselves; of people those held and those attended.
const UNDER_TAKES: usize = 81;
