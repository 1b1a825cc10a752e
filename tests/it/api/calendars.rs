//! Calendars, their groups and blocked slots, as people see them (C1, C7, C9, P3, A7, A10).

use policy::Permission::{ManageAppointments, ManageCalendars, ViewCalendars};
use rstest::rstest;
use serde_json::{Value, json};

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Person, World};

/// The names of the calendars that somebody sees, by every way there is, which agree.
async fn sees(person: &Person) -> Vec<String> {
    let answer = person
        .reads(
            "{ calendars { totalCount { value } nodes { id name } }
               calendarGroups { name calendars { totalCount { value } nodes { id name } } } }",
        )
        .await;
    let nodes = |list: &Value| list["nodes"].as_array().expect("nodes").clone();
    let listed = nodes(&answer.data()["calendars"]);
    assert_eq!(answer.data()["calendars"]["totalCount"]["value"], json!(listed.len()));
    for group in answer.data()["calendarGroups"].as_array().expect("groups") {
        let inside = nodes(&group["calendars"]);
        assert_eq!(group["calendars"]["totalCount"]["value"], json!(inside.len()));
        assert!(inside.iter().all(|calendar| listed.contains(calendar)), "{inside:?}");
    }
    listed.iter().map(|calendar| calendar["name"].as_str().expect("a name").to_owned()).collect()
}

// C1, C9, P3
#[rstest]
#[tokio::test]
async fn a_calendar_is_seen_by_its_members_and_by_whoever_is_not_restricted(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let Some(world) = World::separate_on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let admin = world.user("Eve").admin().create().await;
    let rita = world.user("Rita").restricted().create().await;
    let blind = world.user("Nils").lacking([ViewCalendars]).also_holding([ManageCalendars]).create().await;
    let group = world.calendar_group("Rooms").await;
    world.calendar().named("zebra").in_group(group).of([&bob]).create().await;
    let hers = world.calendar().named("Hers").in_group(group).of([&rita, &blind]).create().await;
    let other = world.calendar().named("Alone").of([&bob]).create().await;
    world.calendar().named("Gone").of([&rita]).create().await.closes().await;

    for person in [&ada, &admin] {
        assert_eq!(sees(person).await, ["Alone", "Hers", "zebra"]);
    }
    assert_eq!(sees(&rita).await, ["Hers"]);
    assert_eq!(sees(&blind).await, [""; 0]);
    let groups = "{ calendarGroups { name } }";
    rita.reads(groups).sees(json!({ "calendarGroups": [{ "name": "Rooms" }] })).await;
    blind.reads(groups).sees(json!({ "calendarGroups": [] })).await;

    let both = "query($mine: ID!, $other: ID!) { mine: calendar(id: $mine) { name } other: calendar(id: $other) { name }
        node(id: $other) { id } }";
    let ids = json!({ "mine": hers.id.to_string(), "other": other.id.to_string() });
    rita.asks(both, ids.clone())
        .sees(json!({ "mine": { "name": "Hers" }, "other": null, "node": null }))
        .await;
    blind.asks(both, ids).sees(json!({ "mine": null, "other": null, "node": null })).await;

    // Who leaves a calendar sees it no more, and who is not restricted any more sees all.
    hers.lets_go(rita.id).await;
    assert_eq!(sees(&rita).await, [""; 0]);
}

// C9
#[rstest]
#[tokio::test]
async fn calendars_are_found_by_group_and_by_member(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [ada, bob] = world.users(["Ada", "Bob"]).await;
    let group = world.calendar_group("Rooms").await;
    world.calendar().named("A").in_group(group).of([&ada]).create().await;
    world.calendar().named("B").of([&bob, &ada]).create().await;
    world.calendar().named("C").of([&bob]).create().await;
    let document = "query($group: ID, $member: ID) {
        every: calendars(memberId: $member) { nodes { name } totalCount { value } }
        grouped: calendars(groupId: $group, memberId: $member) { nodes { name } totalCount { value } } }";
    let names = |names: &[&str]| {
        let nodes: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        json!({ "totalCount": { "value": nodes.len() }, "nodes": nodes })
    };
    let ask = |variables: Value| ada.asks(document, variables);
    ask(json!({ "group": group.to_string() }))
        .sees(json!({ "every": names(&["A", "B", "C"]), "grouped": names(&["A"]) }))
        .await;
    ask(json!({ "group": null, "member": ada }))
        .sees(json!({ "every": names(&["A", "B"]), "grouped": names(&["B"]) }))
        .await;
    ask(json!({ "member": bob }))
        .sees(json!({ "every": names(&["B", "C"]), "grouped": names(&["B", "C"]) }))
        .await;

    // Paged by their names, forth and back.
    let page = "query($after: String, $before: String) {
        forth: calendars(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
        back: calendars(last: 2, before: $before) { nodes { name } pageInfo { hasPreviousPage startCursor } } }";
    let answer = ada.reads(page).await;
    let (forth, back) = (answer.data()["forth"].clone(), answer.data()["back"].clone());
    assert_eq!(forth["nodes"], json!([{ "name": "A" }, { "name": "B" }]));
    assert_eq!(back["nodes"], json!([{ "name": "B" }, { "name": "C" }]));
    let cursors =
        json!({ "after": forth["pageInfo"]["endCursor"], "before": back["pageInfo"]["startCursor"] });
    let answer = ada.asks(page, cursors).await;
    assert_eq!(answer.data()["forth"]["nodes"], json!([{ "name": "C" }]));
    assert_eq!(answer.data()["back"]["nodes"], json!([{ "name": "A" }]));
}

/// What somebody may do to a calendar, in the words of `viewerAccess`.
const MAY: &str = "query($id: ID!) { calendar(id: $id) { viewerAccess {
    book { ...D } overbook { ...D } edit { ...D } delete { ...D } } } }
    fragment D on AccessDecision { allowed reason permission }";

// A10, C5, C7
#[rstest]
#[tokio::test]
async fn a_calendar_says_what_may_be_done_to_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let anybody = world.user("Ada").create().await;
    let manager = world.user("Mia").restricted().also_holding([ManageCalendars]).create().await;
    let reader =
        world.user("Rob").lacking([ManageAppointments]).also_holding([ManageCalendars]).create().await;
    let calendar = world.calendar().of([&manager]).create().await;
    let yes = json!({ "allowed": true, "reason": null, "permission": null });
    let needs =
        |permission| json!({ "allowed": false, "reason": "MISSING_PERMISSION", "permission": permission });
    for (person, [book, overbook, edit]) in [
        (&anybody, [yes.clone(), needs("MANAGE_CALENDARS"), needs("MANAGE_CALENDARS")]),
        (&manager, [yes.clone(), yes.clone(), yes.clone()]),
        (&reader, [needs("MANAGE_APPOINTMENTS"), needs("MANAGE_APPOINTMENTS"), yes.clone()]),
    ] {
        person
            .asks(MAY, json!({ "id": calendar.id.to_string() }))
            .sees(json!({ "calendar": { "viewerAccess": {
                "book": book, "overbook": overbook, "edit": edit, "delete": edit } } }))
            .await;
    }
    // It is so exactly when the mutation would pass.
    let input = json!({ "id": calendar.id.to_string(), "name": "X" });
    anybody.mutates("calendarUpdate", input.clone()).is_refused("PERMISSION_DENIED").await;
    manager.mutates("calendarUpdate", input.clone()).is_done().await;
    reader.mutates("calendarUpdate", json!({ "id": calendar.id.to_string(), "name": "Y" })).is_done().await;
}

// A10, C5
#[rstest]
#[tokio::test]
async fn a_contact_says_whether_it_can_be_booked_for(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let rob = world.user("Rob").lacking([ManageAppointments]).create().await;
    let nils = world.user("Nils").lacking([ViewCalendars]).create().await;
    for _ in 0..3 {
        world.contact().followed_by(&rita).create().await;
    }
    let document =
        "{ contacts { nodes { viewerAccess { bookAppointment { allowed reason permission } } } } }";
    let says = async |person: &Person| {
        let (answer, statements) = person.reads(document).counted().await;
        let nodes = answer.data()["contacts"]["nodes"].as_array().expect("nodes").clone();
        let first = nodes[0]["viewerAccess"]["bookAppointment"].clone();
        assert!(nodes.iter().all(|node| node["viewerAccess"]["bookAppointment"] == first));
        (first, statements.len())
    };
    let not_entitled = json!({ "allowed": false, "reason": "NOT_ENTITLED", "permission": null });
    let needs =
        |permission| json!({ "allowed": false, "reason": "MISSING_PERMISSION", "permission": permission });
    let yes = json!({ "allowed": true, "reason": null, "permission": null });
    let (said, without) = says(&ada).await;
    assert_eq!(said, not_entitled, "there is no calendar");
    let calendar = world.calendar().of([&ada]).create().await;
    assert_eq!(says(&ada).await, (yes.clone(), without));
    assert_eq!(says(&rita).await.0, not_entitled);
    assert_eq!(says(&rob).await.0, needs("MANAGE_APPOINTMENTS"));
    assert_eq!(says(&nils).await.0, needs("VIEW_CALENDARS"));
    calendar.takes_in(rita.id, 1).await;
    assert_eq!(says(&rita).await.0, yes);
    calendar.closes().await;
    assert_eq!(says(&rita).await.0, not_entitled);
}

// C7
#[rstest]
#[tokio::test]
async fn blocked_slots_are_seen_by_whom_they_concern(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let nils = world.user("Nils").lacking([ViewCalendars]).create().await;
    let hers = world.calendar().named("Hers").of([&rita]).create().await;
    let other = world.calendar().named("Other").of([&ada]).create().await;
    let gone = world.calendar().of([&rita]).create().await;
    ada.is_blocked(world.hour(1)).await;
    rita.is_blocked(world.hour(2)).await;
    nils.is_blocked(world.hour(3)).await;
    hers.is_blocked(world.hour(4)).await;
    let hidden = other.is_blocked(world.hour(5)).await;
    gone.is_blocked(world.hour(6)).await;
    gone.closes().await;
    let sees = async |person: &Person, arguments: &str| {
        let document = format!(
            "{{ blockedSlots({arguments} first: 9) {{ totalCount {{ value }} nodes {{ user {{ name }} calendar {{ name }} }} }} }}"
        );
        let answer = person.reads(document).await;
        let list = answer.data()["blockedSlots"].clone();
        let nodes = list["nodes"].as_array().expect("nodes").clone();
        assert_eq!(list["totalCount"]["value"], json!(nodes.len()));
        let name = |node: &Value| {
            let name = node["user"]["name"].as_str().or(node["calendar"]["name"].as_str());
            name.expect("one of the two").to_owned()
        };
        nodes.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(sees(&ada, "").await, ["Ada", "Rita", "Nils", "Hers", "Other"]);
    assert_eq!(sees(&rita, "").await, ["Rita", "Hers"]);
    assert_eq!(sees(&nils, "").await, [""; 0]);
    // Whatever has a part of the range; its ends do not count.
    let range = r#"range: { from: "2026-01-05T11:00:00Z", until: "2026-01-05T13:00:00Z" }"#;
    assert_eq!(sees(&ada, range).await, ["Rita", "Nils"]);
    assert_eq!(sees(&ada, &format!("calendarId: \"{}\"", hers.id)).await, ["Hers"]);
    assert_eq!(sees(&ada, &format!("userId: \"{}\"", rita.id)).await, ["Rita"]);
    assert_eq!(sees(&rita, &format!("userId: \"{}\"", ada.id)).await, [""; 0]);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    rita.asks(node, json!({ "id": hidden.to_string() })).sees(json!({ "node": null })).await;
}
