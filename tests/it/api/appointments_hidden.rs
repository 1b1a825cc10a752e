//! Two accounts that differ only in appointments that a viewer may not see give that viewer the same answers, after the same
//! number of statements (A7); and what the history tells of appointments.

use entity::appointment::Status;
use policy::Permission::{ChangeOwners, ViewCalendars};
use retinue::domain::appointment;
use retinue::domain::appointment::{Book, DeleteAppointment, SetStatus};
use retinue::domain::patch::Patch;
use rstest::rstest;
use serde_json::{Value, json};

use super::twin::Renamed;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Calendar, Contact, Person, World};

/// One of the two accounts.
struct Twin {
    world: World,
    viewer: Person,
    people: Vec<Person>,
    contacts: Vec<Contact>,
    calendars: Vec<Calendar>,
    groups: Vec<String>,
    /// Ids of appointments, and of what happened to them, that the viewer must not be able to tell from unknown ones.
    hidden: Vec<String>,
}

impl Twin {
    /// What a restricted viewer sees, in one of them between things that they do not.
    async fn of_somebody_restricted(on: Kind, is_full: bool) -> Option<Self> {
        let world = World::separate_on(on).await?;
        let viewer = world.user("Viewer").restricted().create().await;
        let ada = world.user("Ada").create().await;
        let seen = world.contact().named("Seen").owned_by(&ada).followed_by(&viewer).create().await;
        let background = world.contact().named("Background").owned_by(&ada).tagged(["secret"]).create().await;
        let with_a_deal = world.contact().named("With a deal").owned_by(&ada).create().await;
        world.opportunity(&with_a_deal).named("Deal").owned_by(&viewer).create().await;
        let group = world.calendar_group("Group").await;
        let hers = world.calendar().named("Hers").in_group(group).of([&ada, &viewer]).create().await;
        let other = world.calendar().named("Other").in_group(group).of([&ada]).create().await;
        let mut twin = Self {
            viewer: viewer.clone(),
            people: vec![viewer.clone(), ada.clone()],
            contacts: vec![seen.clone(), background.clone(), with_a_deal.clone()],
            calendars: vec![hers.clone(), other.clone()],
            groups: vec![group.to_string()],
            hidden: Vec::new(),
            world,
        };
        for round in 0..4 {
            twin.hides(is_full, round, &ada).await;
            let world = &twin.world;
            let at = |hour: i64| world.hour(24 + 10 * round + hour);
            let mut visible = vec![
                world.appointment(&hers, &background).of(&viewer).at(at(0)).titled("Of the viewer"),
                world
                    .appointment(&other, &background)
                    .of(&ada)
                    .at(at(1))
                    .attended_by(&viewer)
                    .titled("Attended"),
                world.appointment(&other, &seen).of(&ada).at(at(2)).titled("Of the contact"),
            ];
            if round == 2 {
                visible.push(
                    world.appointment(&hers, &seen).of(&viewer).at(at(3)).titled("Overbooked").overbooked(),
                );
            }
            for builder in visible {
                builder.create().await;
            }
        }
        Some(twin)
    }

    /// Half a minute in which a full account gets appointments that nobody shows the viewer.
    async fn hides(&mut self, is_full: bool, round: i64, ada: &Person) {
        let world = self.world.clone();
        let before = world.now();
        for (place, contact) in self.contacts[1..].iter().cycle().take(4).enumerate() {
            if !is_full {
                self.hidden.push(world.base.ids.next::<entity::AppointmentId>().to_string());
                continue;
            }
            let calendar = &self.calendars[place % 2];
            let wish = Book {
                title: Patch::Set("Secret".into()),
                location: Patch::Set("hidden".into()),
                assignee: Some(ada.id),
                ..Book::new(
                    calendar.id,
                    contact.id,
                    world.hour(24 + 10 * round + 4 + i64::try_from(place).expect("small")).from,
                )
            };
            let access = ada.access().await;
            let made = appointment::book(&access, &wish).await.expect("it is booked").appointment;
            if place == 3 {
                let wish = DeleteAppointment { appointment: made, expected_version: None };
                appointment::delete(&access, &wish).await.expect("it is deleted");
            }
            self.hidden.push(made.to_string());
        }
        let passed = (world.now().0 - before.0) / 1_000_000;
        world.clock.advance_seconds(30 - passed);
    }

    /// A contact with a history, to somebody to whom calendars are off. In a full account it was booked, and so given
    /// away; else it was given away by hand.
    async fn of_somebody_without_calendars(on: Kind, is_full: bool) -> Option<Self> {
        let world = World::separate_on(on).await?;
        let viewer = world.user("Viewer").lacking([ViewCalendars]).create().await;
        let ada = world.user("Ada").also_holding([ChangeOwners]).create().await;
        let bob = world.user("Bob").create().await;
        let contact = world.contact().named("Cleo").create().await;
        let calendar = world.calendar().named("Checks").of([&bob]).giving_the_contact().create().await;
        let access = ada.access().await;
        let mut hidden = Vec::new();
        if is_full {
            let wish = Book::new(calendar.id, contact.id, world.hour(24).from);
            let made = appointment::book(&access, &wish).await.expect("it is booked").appointment;
            let wish = SetStatus {
                appointment: made,
                status: Status::Showed,
                overbook: false,
                expected_version: None,
            };
            appointment::set_status(&access, &wish).await.expect("it changes");
            let wish = Book::new(calendar.id, contact.id, world.hour(30).from);
            let gone = appointment::book(&access, &wish).await.expect("it is booked").appointment;
            let wish = DeleteAppointment { appointment: gone, expected_version: None };
            appointment::delete(&access, &wish).await.expect("it is deleted");
            hidden.extend([made.to_string(), gone.to_string()]);
            let entries = "query($id: ID!) { contact(id: $id) { activity { nodes { id kind } } } }";
            let seen = ada.asks(entries, json!({ "id": contact })).await;
            let entries = seen.data()["contact"]["activity"]["nodes"].as_array().expect("entries").clone();
            let of_appointments = entries
                .iter()
                .filter(|entry| entry["kind"].as_str().expect("a kind").starts_with("appointment"));
            hidden.extend(of_appointments.map(|entry| entry["id"].as_str().expect("an id").to_owned()));
            assert_eq!(hidden.len(), 2 + 4);
        } else {
            ada.gives(&contact, &bob).await.expect("it is given");
            hidden.extend((0..2).map(|_| world.base.ids.next::<entity::AppointmentId>().to_string()));
            hidden.extend((0..4).map(|_| world.base.ids.next::<entity::ActivityId>().to_string()));
        }
        Some(Self {
            viewer: viewer.clone(),
            people: vec![viewer, ada, bob],
            contacts: vec![contact],
            calendars: vec![calendar],
            groups: Vec::new(),
            hidden,
            world,
        })
    }

    fn filters(&self) -> Vec<Value> {
        let mut filters = vec![
            json!({}),
            json!({ "overbooked": true }),
            json!({ "overbooked": false }),
            json!({ "statuses": ["CONFIRMED"] }),
            json!({ "range": { "from": "2026-01-06T10:00:00Z", "until": "2026-01-07T20:00:00Z" } }),
            json!({ "startsAt": { "from": "2026-01-06T10:00:00Z" } }),
            json!({ "createdAt": { "from": "2026-01-05T09:00:40Z" } }),
            json!({ "contact": { "hasTags": true } }),
            json!({ "contact": { "hasTags": false } }),
            json!({ "contact": { "name": { "is": "background" } } }),
            json!({ "contact": { "owner": { "any": true } } }),
        ];
        for search in ["secret", "hidden", "background", "deal", "of the", ""] {
            filters.extend([json!({ "search": search }), json!({ "not": { "search": search } })]);
        }
        for field in ["assignee", "attendees"] {
            for person in &self.people {
                filters.extend([json!({ field: { "is": person } }), json!({ field: { "isNot": person } })]);
            }
            filters.extend(["any", "none", "me"].map(|flag| json!({ field: { flag: true } })));
        }
        filters.extend(self.contacts.iter().map(|contact| json!({ "contactIds": [contact] })));
        filters.extend(
            self.calendars.iter().map(|calendar| json!({ "calendarIds": [calendar.id.to_string()] })),
        );
        filters.extend(self.groups.iter().map(|group| json!({ "groupIds": [group] })));
        filters
    }

    /// Everything that is asked.
    fn battery(&self) -> Vec<(String, Value)> {
        let its = "id title contactName calendarName calendar { id } contact { id } assignee { name } attendees { name } status startsAt
            version overbooked activity { totalCount { value } nodes { kind } }
            viewerAccess { edit { allowed reason } changeCalendar { allowed reason } }";
        let page =
            "totalCount { value isExact } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let mut asked = Vec::new();
        for by in ["STARTS_AT", "CREATED_AT", "UPDATED_AT"] {
            for direction in ["ASC", "DESC"] {
                let sort = format!("sort: {{ by: {by}, direction: {direction} }}");
                for part in ["first: 200", "first: 3", "last: 2"] {
                    asked.push((
                        format!("{{ appointments({sort}, {part}) {{ {page} nodes {{ {its} }} }} }}"),
                        json!({}),
                    ));
                    let nested = format!("appointments({sort}, {part}) {{ {page} nodes {{ id title }} }}");
                    asked.push((
                        format!("{{ users {{ nodes {{ name {nested} }} }} contacts {{ nodes {{ displayName {nested} }} }} calendars {{ nodes {{ name {nested} }} }} }}"),
                        json!({}),
                    ));
                }
            }
        }
        for filter in self.filters() {
            let document = format!(
                "query($filter: AppointmentFilter) {{ appointments(filter: $filter) {{ {page} nodes {{ id }} }}
                    users {{ nodes {{ appointments(filter: $filter) {{ totalCount {{ value }} nodes {{ id }} }} }} }} }}"
            );
            asked.push((document, json!({ "filter": filter })));
        }
        for id in &self.hidden {
            let document = "query($id: ID!) { appointment(id: $id) { id } node(id: $id) { id } }";
            asked.push((document.into(), json!({ "id": id })));
        }
        asked.push(("query($ids: [ID!]!) { nodes(ids: $ids) { id } }".into(), json!({ "ids": self.hidden })));
        asked.push((format!("{{ deletedAppointments {{ {page} nodes {{ appointmentId }} }} }}"), json!({})));
        let history = format!(
            "{{ contacts {{ nodes {{ id version updatedAt lastActivityAt owner {{ name }}
                activity {{ {page} nodes {{ id kind at actor {{ name }} cause causedBy {{ kind }} record {{ id }}
                    appointment {{ id }} changes {{ field before after }} }} }}
                few: activity(first: 2) {{ {page} nodes {{ kind }} }} last: activity(last: 1) {{ nodes {{ kind }} }} }} }} }}"
        );
        asked.push((history, json!({})));
        asked
    }

    async fn cannot_be_told_from(&self, empty: &Self) {
        assert_eq!(self.world.now(), empty.world.now());
        let (mut ones, mut others) = (Renamed::default(), Renamed::default());
        for ((document, variables), (same, other_variables)) in
            self.battery().into_iter().zip(empty.battery())
        {
            assert_eq!(document, same);
            let (one, statements) = self.viewer.asks(&document, variables.clone()).counted().await;
            let (other, others_statements) = empty.viewer.asks(&document, other_variables).counted().await;
            one.data();
            let (one, other) = (ones.plain(&one.json), others.plain(&other.json));
            assert_eq!(one, other, "{document} {variables}\nwith hidden things: {one:#}\nwithout: {other:#}");
            assert_eq!(statements.len(), others_statements.len(), "{document} {variables}");
        }
    }
}

// A7, A8, C3
#[rstest]
#[tokio::test]
async fn hidden_appointments_leave_no_trace_in_any_answer(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(full) = Twin::of_somebody_restricted(on, true).await else { return };
    let Some(empty) = Twin::of_somebody_restricted(on, false).await else { return };
    let count = "{ appointments { totalCount { value } } }";
    let answer = full.viewer.reads(count).await;
    assert_eq!(answer.data()["appointments"]["totalCount"]["value"], 13);
    full.cannot_be_told_from(&empty).await;
}

// A7, C8, P3
#[rstest]
#[tokio::test]
async fn a_booking_that_one_may_not_see_is_no_cause_and_no_history(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(full) = Twin::of_somebody_without_calendars(on, true).await else { return };
    let Some(empty) = Twin::of_somebody_without_calendars(on, false).await else { return };
    full.cannot_be_told_from(&empty).await;

    // Whoever sees calendars sees what caused it.
    let document = "query($id: ID!) { contact(id: $id) { activity { totalCount { value } nodes {
        kind causedBy { kind } appointment { status } record { __typename } } } } }";
    let answer = full.people[1].asks(document, json!({ "id": full.contacts[0] })).await;
    let history = &answer.data()["contact"]["activity"];
    let entries: Vec<(&str, &Value, &Value, bool)> = history["nodes"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| {
            let kind = entry["kind"].as_str().expect("a kind");
            (kind, &entry["causedBy"]["kind"], &entry["appointment"]["status"], entry["record"].is_object())
        })
        .collect();
    let (null, showed, booked) = (Value::Null, json!("SHOWED"), json!("appointment.booked"));
    assert_eq!(
        entries,
        [
            // It is deleted, and its history stays for those who could see it.
            ("appointment.deleted", &null, &null, false),
            ("appointment.booked", &null, &null, false),
            ("appointment.status_changed", &null, &showed, false),
            ("contact.owner_changed", &booked, &null, true),
            ("appointment.booked", &null, &showed, false),
            ("contact.created", &null, &null, true),
        ]
    );
    assert_eq!(history["totalCount"]["value"], 6);
}
