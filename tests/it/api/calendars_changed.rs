//! What can be done to calendars, their groups, members and blocked slots (C1, C7, R6, A7).

use entity::blocked_slot;
use policy::Permission::{ManageAppointments, ManageCalendars, ViewCalendars};
use rstest::rstest;
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

/// The history of a calendar as somebody sees it, newest first: what happened, and the changed fields.
async fn history(person: &Person, id: &Value) -> Vec<String> {
    let document = "query($id: ID!) { calendar(id: $id) { activity { totalCount { value } nodes {
        kind calendar { id } changes { field before after } } } } }";
    let answer = person.asks(document, json!({ "id": id })).await;
    let activity = &answer.data()["calendar"]["activity"];
    let nodes = activity["nodes"].as_array().expect("entries");
    assert_eq!(activity["totalCount"]["value"], json!(nodes.len()));
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let entry = |node: &Value| {
        assert_eq!(node["calendar"]["id"], *id);
        let changes = node["changes"].as_array().expect("changes").iter();
        let changes: Vec<String> = changes
            .map(|change| {
                format!("{} {}>{}", word(&change["field"]), word(&change["before"]), word(&change["after"]))
            })
            .collect();
        format!("{}: {}", word(&node["kind"]), changes.join(", "))
    };
    nodes.iter().map(entry).collect()
}

fn fields(errors: &[Value]) -> Vec<String> {
    let path = |error: &Value| {
        let steps = error["field"].as_array().expect("a path").iter().skip(1);
        let steps: Vec<&str> = steps.map(|step| step.as_str().unwrap_or_default()).collect();
        format!("{} {}", error["code"].as_str().unwrap_or_default(), steps.join("."))
    };
    errors.iter().map(path).collect()
}

// C1, R6
#[rstest]
#[tokio::test]
async fn a_calendar_is_made_changed_and_deleted(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManageCalendars]).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let group =
        mia.mutates("calendarGroupCreate", json!({ "name": " Rooms " })).is_done().await["id"].clone();
    let input = json!({ "name": " First  visits ", "zone": "europe/berlin", "groupId": group, "memberIds": [bob, ada] });
    let made = mia.mutates("calendarCreate", input).is_done().await;
    let id = made["id"].clone();
    assert_eq!(
        made["calendar"],
        json!({ "id": id, "name": "First visits", "description": null,
            "kind": "ROUND_ROBIN", "zone": "Europe/Berlin", "slotMinutes": 30, "bufferBeforeMinutes": 0,
            "bufferAfterMinutes": 0, "minimumNoticeMinutes": 0, "autoConfirm": true, "seats": 1,
            "givesContact": false, "keepsOwner": false, "version": 1,
            "members": [{ "priority": 0, "user": { "name": "Bob" } }, { "priority": 1, "user": { "name": "Ada" } }] })
    );
    let open = "query($id: ID!) { calendar(id: $id) { group { name } availability {
        weekdays { day openings { from until } } dates { date openings { from until } } } } }";
    let nine_to_five = json!([{ "from": "09:00", "until": "17:00" }]);
    let answer = ada.asks(open, json!({ "id": id })).await;
    assert_eq!(answer.data()["calendar"]["group"], json!({ "name": "Rooms" }));
    let weekdays = answer.data()["calendar"]["availability"]["weekdays"].clone();
    assert_eq!(weekdays[0], json!({ "day": "MONDAY", "openings": nine_to_five }));
    assert_eq!(weekdays[6], json!({ "day": "SUNDAY", "openings": [] }));

    // Changed, with the version that was seen; what is so already changes nothing.
    let availability = json!({
        "weekdays": [{ "day": "FRIDAY", "openings": [{ "from": "13:00", "until": "24:00" }, { "from": "08:00", "until": "12:00" }] }],
        "dates": [{ "date": "2026-12-24", "openings": [] }] });
    let change = json!({ "id": id, "kind": "CLASS", "seats": 8, "slotMinutes": 45, "bufferAfterMinutes": 10,
        "description": "Two\nlines", "groupId": null, "availability": availability, "expectedVersion": 1 });
    let changed = mia.mutates("calendarUpdate", change.clone()).is_done().await;
    assert_eq!((&changed["calendar"]["version"], &changed["calendar"]["seats"]), (&json!(2), &json!(8)));
    let mut again = change.clone();
    again["expectedVersion"] = json!(2);
    mia.mutates("calendarUpdate", again).is_nothing_to_do().await;
    mia.mutates(
        "calendarUpdate",
        json!({ "id": id, "kind": null, "slotMinutes": null, "availability": null }),
    )
    .is_nothing_to_do()
    .await;
    let stale = mia.mutates("calendarUpdate", change).is_refused("STALE_VERSION").await;
    assert_eq!((&stale["currentVersion"], &stale["current"]), (&json!(2), &Value::Null));
    let members = json!({ "id": id, "memberIds": [ada], "expectedVersion": 2 });
    let set = mia.mutates("calendarSetMembers", members.clone()).is_done().await;
    assert_eq!(set["calendar"]["members"], json!([{ "priority": 0, "user": { "name": "Ada" } }]));
    mia.mutates("calendarSetMembers", json!({ "id": id, "memberIds": [ada] })).is_nothing_to_do().await;
    mia.mutates("calendarSetMembers", members).is_refused("STALE_VERSION").await;
    // What is no class any more has one seat.
    let back = mia.mutates("calendarUpdate", json!({ "id": id, "kind": "PERSONAL" })).is_done().await;
    assert_eq!(back["calendar"]["seats"], json!(1));

    assert_eq!(
        history(&ada, &id).await,
        [
            "calendar.updated: kind CLASS>PERSONAL, seats 8>1".to_owned(),
            format!("calendar.members_changed: members {}, {}>{}", bob.id, ada.id, ada.id),
            format!(
                "calendar.updated: group {}>-, description ->Two\nlines, kind ROUND_ROBIN>CLASS, slotMinutes 30>45, \
                 bufferAfterMinutes 0>10, availability Mon 09:00-17:00; Tue 09:00-17:00; Wed 09:00-17:00; \
                 Thu 09:00-17:00; Fri 09:00-17:00>Fri 08:00-12:00, 13:00-24:00; 2026-12-24 closed, seats 1>8",
                group.as_str().expect("an id")
            ),
            history(&ada, &id).await[3].clone(),
        ]
    );

    let appointment = world
        .appointment(
            &world.calendar_with(id.as_str().expect("an id").parse().expect("an id")),
            &world.contact().create().await,
        )
        .of(&ada)
        .create()
        .await;
    let before = appointment.row().await;
    let gone = mia.mutates("calendarDelete", json!({ "id": id, "expectedVersion": 4 })).is_done().await;
    assert_eq!(gone, json!({ "id": id, "calendar": null }));
    assert_eq!(appointment.row().await, before, "its appointments stay");
    mia.mutates("calendarDelete", json!({ "id": id })).is_refused("NOT_FOUND").await;
    mia.mutates("calendarUpdate", json!({ "id": id, "name": "X" })).is_refused("NOT_FOUND").await;
}

// C1
#[rstest]
#[tokio::test]
async fn what_a_calendar_cannot_be_is_told_all_at_once(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManageCalendars]).create().await;
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let opening = |from: &str, until: &str| json!({ "from": from, "until": until });
    let wrong = json!({ "name": " ", "zone": "Berlin", "slotMinutes": 4, "bufferBeforeMinutes": 721, "bufferAfterMinutes": -1,
        "minimumNoticeMinutes": 525_601, "seats": 2, "kind": "PERSONAL", "memberIds": [ada, bob, ada],
        "availability": {
            "weekdays": [
                { "day": "MONDAY", "openings": [opening("10:00", "12:00"), opening("11:00", "13:00")] },
                { "day": "TUESDAY", "openings": [opening("12:00", "12:00")] },
                { "day": "MONDAY", "openings": [] }],
            "dates": [{ "date": "2026-01-07", "openings": [] }, { "date": "2026-01-07", "openings": [] }] } });
    let refused = mia.mutates("calendarCreate", wrong).are_refused().await;
    let at: Vec<String> = fields(&refused);
    for field in [
        "name",
        "zone",
        "slotMinutes",
        "bufferBeforeMinutes",
        "bufferAfterMinutes",
        "minimumNoticeMinutes",
        "seats",
        "memberIds",
        "memberIds.2",
        "availability.weekdays.0",
        "availability.weekdays.1",
        "availability.weekdays.2",
        "availability.dates.1",
    ] {
        assert!(at.contains(&format!("INVALID_INPUT {field}")), "{field}: {at:?}");
    }
    assert_eq!(at.len(), 13, "{at:?}");

    let calendar = world.calendar().of([&ada, &bob]).create().await;
    let id = calendar.id.to_string();
    for (input, field) in [
        (json!({ "id": id, "name": null }), "name"),
        (json!({ "id": id, "zone": null }), "zone"),
        (json!({ "id": id, "seats": 1_001, "kind": "CLASS" }), "seats"),
        (json!({ "id": id, "seats": 2 }), "seats"),
        (json!({ "id": id, "kind": "PERSONAL" }), "kind"),
        (json!({ "id": id, "description": "x".repeat(2_001) }), "description"),
    ] {
        let error = mia.mutates("calendarUpdate", input).is_refused("INVALID_INPUT").await;
        assert_eq!(fields(&[error]), [format!("INVALID_INPUT {field}")]);
    }
    // Whoever has left may stay a member, and does not become one.
    bob.leaves().await;
    let id = json!(id);
    mia.mutates("calendarSetMembers", json!({ "id": id, "memberIds": [bob, ada] })).is_done().await;
    mia.mutates("calendarSetMembers", json!({ "id": id, "memberIds": [ada] })).is_done().await;
    let error = mia
        .mutates("calendarSetMembers", json!({ "id": id, "memberIds": [ada, bob] }))
        .is_refused("NOT_FOUND")
        .await;
    assert_eq!(fields(&[error]), ["NOT_FOUND memberIds.1"]);
}

// C1, P3, A7
#[rstest]
#[tokio::test]
async fn calendars_are_changed_by_whoever_sees_and_manages_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let rita = world.user("Rita").restricted().also_holding([ManageCalendars]).create().await;
    let nils = world.user("Nils").lacking([ViewCalendars]).also_holding([ManageCalendars]).create().await;
    let group = world.calendar_group("Rooms").await;
    let hers = world.calendar().in_group(group).of([&rita, &nils]).create().await;
    let other = world.calendar().in_group(group).of([&ada]).create().await;
    let other_row = other.row().await;
    let acts = |id: String| {
        [
            ("calendarUpdate", json!({ "id": id, "name": "X" })),
            ("calendarSetMembers", json!({ "id": id, "memberIds": [ada] })),
            ("calendarDelete", json!({ "id": id })),
        ]
    };
    for (name, input) in acts(hers.id.to_string()) {
        let refused = ada.mutates(name, input.clone()).is_refused("PERMISSION_DENIED").await;
        assert_eq!(refused["permission"], "MANAGE_CALENDARS", "{name}");
        nils.mutates(name, input).is_refused("NOT_FOUND").await;
    }
    let unknown = world.base.ids.next::<entity::CalendarId>();
    for ((name, hidden), (_, missing)) in
        acts(other.id.to_string()).into_iter().zip(acts(unknown.to_string()))
    {
        let (one, statements) = rita.mutates(name, hidden).changes_nothing_counted().await;
        let (two, others) = rita.mutates(name, missing).changes_nothing_counted().await;
        assert_eq!((one, statements), (two, others), "{name}");
    }
    // What is not given: a group that is not there, before the right is asked about.
    let input = json!({ "id": hers.id.to_string(), "groupId": "calendargroup_x" });
    ada.mutates("calendarUpdate", input).is_refused("NOT_FOUND").await;

    for (person, permission) in [(&ada, "MANAGE_CALENDARS"), (&nils, "VIEW_CALENDARS")] {
        let refused = person
            .mutates("calendarCreate", json!({ "name": "", "zone": "" }))
            .is_refused("PERMISSION_DENIED")
            .await;
        assert_eq!(refused["permission"], permission);
        let refused = person
            .mutates("calendarGroupCreate", json!({ "name": "" }))
            .is_refused("PERMISSION_DENIED")
            .await;
        assert_eq!(refused["permission"], permission);
    }
    // A restricted creator must be a member.
    let new = |members: Value| json!({ "name": "New", "zone": "UTC", "memberIds": members });
    let refused = rita.mutates("calendarCreate", new(json!([ada]))).is_refused("INVALID_INPUT").await;
    assert_eq!(fields(&[refused]), ["INVALID_INPUT memberIds"]);
    let made = rita.mutates("calendarCreate", new(json!([ada, rita]))).is_done().await;
    assert_eq!(made["calendar"]["members"][1]["user"]["name"], "Rita");

    // The act may end the sight of whoever does it: the id stays, without an error.
    let left = json!({ "id": made["id"], "memberIds": [ada] });
    let left = rita.mutates("calendarSetMembers", left).is_done().await;
    assert_eq!(left, json!({ "id": made["id"], "calendar": null }));

    // A group goes; hidden calendars stand alone too, and say why.
    let group = json!({ "id": group.to_string(), "expectedVersion": 1 });
    ada.mutates("calendarGroupDelete", group.clone()).is_refused("PERMISSION_DENIED").await;
    nils.mutates("calendarGroupDelete", group.clone()).is_refused("NOT_FOUND").await;
    rita.mutates("calendarGroupDelete", group.clone()).is_done().await;
    rita.mutates("calendarGroupDelete", group).is_refused("NOT_FOUND").await;
    let row = other.row().await;
    assert_eq!((row.group_id, row.version), (None, other_row.version + 1));
    let why = "query($id: ID!) { calendar(id: $id) { activity { nodes { kind causedBy { kind changes { field before } } } } } }";
    ada.asks(why, json!({ "id": other.id.to_string() }))
        .sees(json!({ "calendar": { "activity": { "nodes": [{ "kind": "calendar.updated", "causedBy": {
            "kind": "calendar_group.deleted", "changes": [{ "field": "name", "before": "Rooms" }] } }] } } }))
        .await;
}

// R6
#[rstest]
#[tokio::test]
async fn groups_have_names_of_their_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManageCalendars]).create().await;
    let rooms = mia.mutates("calendarGroupCreate", json!({ "name": "Rooms" })).is_done().await["id"].clone();
    let halls = mia.mutates("calendarGroupCreate", json!({ "name": "Halls" })).is_done().await["id"].clone();
    for (name, input) in [
        ("calendarGroupCreate", json!({ "name": "ROOMS" })),
        ("calendarGroupRename", json!({ "id": halls, "name": " rooms " })),
        ("calendarGroupCreate", json!({ "name": " " })),
    ] {
        let refused = mia.mutates(name, input).is_refused("INVALID_INPUT").await;
        assert_eq!(fields(&[refused]), ["INVALID_INPUT name"]);
    }
    mia.mutates("calendarGroupRename", json!({ "id": rooms, "name": "Rooms" })).is_nothing_to_do().await;
    let renamed = mia
        .mutates("calendarGroupRename", json!({ "id": rooms, "name": "ROOMS", "expectedVersion": 1 }))
        .is_done()
        .await;
    assert_eq!(
        (&renamed["calendarGroup"]["name"], &renamed["calendarGroup"]["version"]),
        (&json!("ROOMS"), &json!(2))
    );
    mia.mutates("calendarGroupRename", json!({ "id": rooms, "name": "X", "expectedVersion": 1 }))
        .is_refused("STALE_VERSION")
        .await;
    let groups = "{ calendarGroups { name viewerAccess { manage { allowed } } } }";
    let may = json!({ "manage": { "allowed": true } });
    mia.reads(groups)
        .sees(json!({ "calendarGroups": [{ "name": "Halls", "viewerAccess": may }, { "name": "ROOMS", "viewerAccess": may }] }))
        .await;
}

// C7
#[rstest]
#[tokio::test]
async fn time_is_blocked_by_whoever_may(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let mia = world.user("Mia").also_holding([ManageCalendars]).create().await;
    let rita = world.user("Rita").restricted().also_holding([ManageCalendars]).create().await;
    let rob = world.user("Rob").restricted().lacking([ManageAppointments]).create().await;
    let nils = world.user("Nils").lacking([ViewCalendars]).create().await;
    let hers = world.calendar().named("Hers").in_zone("Europe/Berlin").of([&rita, &rob]).create().await;
    let other = world.calendar().of([&ada]).create().await;
    let of = |more: Value| {
        let mut input = json!({ "startsAt": "2026-01-06T10:00:00Z", "endsAt": "2026-01-06T12:00:00Z", "title": " Holiday " });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    let person = |person: &Person| of(json!({ "userId": person }));
    let calendar = |calendar: &crate::world::Calendar| of(json!({ "calendarId": calendar.id.to_string() }));
    let refusals = [
        (&ada, person(&mia), "PERMISSION_DENIED"),
        (&ada, calendar(&hers), "PERMISSION_DENIED"),
        (&rita, person(&ada), "PERMISSION_DENIED"),
        (&rita, calendar(&other), "NOT_FOUND"),
        (&rob, person(&rob), "PERMISSION_DENIED"),
        (&rob, calendar(&hers), "PERMISSION_DENIED"),
        (&nils, person(&nils), "PERMISSION_DENIED"),
        (&nils, calendar(&hers), "NOT_FOUND"),
        (&mia, of(json!({})), "INVALID_INPUT"),
        (&mia, of(json!({ "userId": ada, "calendarId": hers.id.to_string() })), "INVALID_INPUT"),
        (&mia, of(json!({ "userId": ada, "endsAt": "2026-01-06T10:00:00Z" })), "INVALID_INPUT"),
        (
            &mia,
            of(
                json!({ "userId": ada, "startsAt": "2026-01-04T10:00:00Z", "endsAt": "2026-01-05T09:00:00Z" }),
            ),
            "INVALID_INPUT",
        ),
        (&mia, of(json!({ "userId": ada, "zone": "Nowhere" })), "INVALID_INPUT"),
        (&mia, of(json!({ "userId": "user_x" })), "NOT_FOUND"),
    ];
    for (who, input, code) in refusals {
        who.mutates("blockedSlotCreate", input.clone()).is_refused(code).await;
    }
    for (who, input) in
        [(&ada, person(&ada)), (&mia, person(&ada)), (&rita, person(&rita)), (&rita, calendar(&hers))]
    {
        who.mutates("blockedSlotCreate", input).is_done().await;
    }
    let made = mia.mutates("blockedSlotCreate", calendar(&hers)).is_done().await;
    assert_eq!(
        made["blockedSlot"],
        json!({ "id": made["id"], "title": "Holiday", "zone": "Europe/Berlin", "startsAt": "2026-01-06T10:00:00Z",
            "endsAt": "2026-01-06T12:00:00Z", "user": null, "calendar": { "name": "Hers" }, "createdBy": { "name": "Mia" } })
    );
    let id = json!({ "id": made["id"] });
    ada.mutates("blockedSlotDelete", id.clone()).is_refused("PERMISSION_DENIED").await;
    rob.mutates("blockedSlotDelete", id.clone()).is_refused("PERMISSION_DENIED").await;
    nils.mutates("blockedSlotDelete", id.clone()).is_refused("NOT_FOUND").await;
    rita.mutates("blockedSlotDelete", id.clone()).is_done().await;
    rita.mutates("blockedSlotDelete", id).is_refused("NOT_FOUND").await;
    let told = history(&rob, &json!(hers.id.to_string())).await;
    assert_eq!(
        told[0],
        "blocked_slot.deleted: startsAt 2026-01-06T10:00:00Z>-, endsAt 2026-01-06T12:00:00Z>-, zone Europe/Berlin>-, title Holiday>-"
    );
    assert_eq!(told.len(), 3);
    // One's own time is one's own to open again, whoever blocked it.
    let own = "{ blockedSlots { nodes { id viewerAccess { delete { allowed } } } } }";
    let answer = ada.reads(own).await;
    for slot in answer.data()["blockedSlots"]["nodes"].as_array().expect("nodes") {
        let deleting = ada.mutates("blockedSlotDelete", json!({ "id": slot["id"] }));
        if slot["viewerAccess"]["delete"]["allowed"] == true {
            deleting.is_done().await;
        } else {
            deleting.is_refused("PERMISSION_DENIED").await;
        }
    }
}

// C1, C7
#[rstest]
#[tokio::test]
async fn there_is_room_for_so_many_and_no_more(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let mia = world.user("Mia").also_holding([ManageCalendars]).create().await;
    for number in 0..100 {
        world.calendar_group(&format!("Group {number}")).await;
    }
    let refused =
        mia.mutates("calendarGroupCreate", json!({ "name": "Another" })).is_refused("LIMIT_REACHED").await;
    assert_eq!((&refused["limit"], &refused["present"]), (&json!(100), &json!(100)));

    for _ in 0..499 {
        world.calendar().create().await;
    }
    world.calendar().create().await.closes().await;
    let input = json!({ "name": "X", "zone": "UTC" });
    mia.mutates("calendarCreate", input.clone()).is_done().await;
    let refused = mia.mutates("calendarCreate", input).is_refused("LIMIT_REACHED").await;
    assert_eq!(refused["limit"], json!(500));

    let slot = |number: i64| blocked_slot::ActiveModel {
        id: Set(world.base.ids.next()),
        account_id: Set(world.account),
        user_id: Set(Some(mia.id)),
        calendar_id: Set(None),
        starts_at: Set(world.hour(number).from),
        ends_at: Set(world.hour(number).until),
        zone: Set("UTC".into()),
        title: Set(None),
        created_by: Set(None),
        created_at: Set(world.now()),
    };
    for part in 0..4 {
        let rows: Vec<_> = (1..=500).map(|number| slot(part * 500 + number)).collect();
        blocked_slot::Entity::insert_many(rows)
            .exec_without_returning(&world.sql)
            .await
            .expect("blocked slots");
    }
    let block = |person: &Person| json!({ "userId": person, "startsAt": "2040-01-01T00:00:00Z", "endsAt": "2040-01-02T00:00:00Z" });
    let refused = mia.mutates("blockedSlotCreate", block(&mia)).is_refused("LIMIT_REACHED").await;
    assert_eq!((&refused["limit"], &refused["present"]), (&json!(2_000), &json!(2_000)));
    // What is over makes room.
    world.clock.advance_seconds(2 * 60 * 60);
    mia.mutates("blockedSlotCreate", block(&mia)).is_done().await;
}
