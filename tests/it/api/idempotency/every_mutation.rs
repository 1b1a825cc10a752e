//! Every mutation of the schema takes part.

use retinue::domain::ownership::align::{AlignOwners, Direction, Plan, align_owners};
use rstest::rstest;
use serde_json::{Value, json};

use super::keyed;
use super::schema::Schema;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Contact, Opportunity, Person, Setting, World};

/// What a mutation finds.
#[derive(Debug)]
struct Scene {
    world: World,
    ada: Person,
    bob: Person,
    cleo: Person,
    contact: Contact,
    deal: Opportunity,
}

impl Scene {
    /// An admin, who owns a contact and its opportunity; Cleo follows both.
    async fn on(kind: Kind) -> Option<Self> {
        let world = World::separate_on(kind).await?;
        let ada = world.user("Ada").admin().create().await;
        let [bob, cleo] = world.users(["Bob", "Cleo"]).await;
        let contact = world.contact().owned_by(&ada).followed_by(&cleo).create().await;
        let deal = world.opportunity(&contact).owned_by(&ada).followed_by(&cleo).create().await;
        Some(Self { world, ada, bob, cleo, contact, deal })
    }

    /// An input with which a mutation changes something.
    async fn input(&self, mutation: &str) -> Value {
        let Self { world, bob, cleo, contact, deal, .. } = self;
        let pipeline = world.pipeline.to_string();
        let stages: Vec<String> = world.stages.iter().map(ToString::to_string).collect();
        match mutation {
            "contactCreate" => json!({ "firstName": "Grace", "emails": ["grace@example.com"],
                "ownerId": bob, "followerIds": [cleo] }),
            "contactUpdate" => json!({ "id": contact, "company": "Navy", "city": null }),
            "contactChangeOwner" => json!({ "id": contact, "ownerId": bob, "previousOwnerFollows": true }),
            "contactAddFollowers" => json!({ "id": contact, "userIds": [bob, cleo] }),
            "contactRemoveFollowers" => json!({ "id": contact, "userIds": [cleo, bob] }),
            "contactSetMuted" => json!({ "id": contact, "muted": true }),
            "contactBulkChangeOwner" => {
                json!({ "ids": [contact], "ownerId": bob, "previousOwnerFollows": true })
            }
            "contactBulkAddFollowers" => {
                json!({ "filter": { "owner": { "me": true } }, "userIds": [bob, cleo] })
            }
            "contactBulkRemoveFollowers" => json!({ "ids": [contact], "userIds": [cleo, bob] }),
            "contactBulkTag" => json!({ "ids": [contact], "add": ["vip"] }),
            "opportunityCreate" => json!({ "contactId": contact, "pipelineId": pipeline,
                "name": "Another", "monetaryValue": "12.50", "ownerId": bob, "followerIds": [cleo] }),
            "opportunityUpdate" => json!({ "id": deal, "name": "Bigger", "monetaryValue": "7" }),
            "opportunityChangeOwner" => json!({ "id": deal, "ownerId": bob, "previousOwnerFollows": true }),
            "opportunityAddFollowers" => json!({ "id": deal, "userIds": [bob, cleo] }),
            "opportunityRemoveFollowers" => json!({ "id": deal, "all": true }),
            "opportunitySetMuted" => json!({ "id": deal, "muted": true }),
            "opportunityMoveStage" => json!({ "id": deal, "stageId": stages[1] }),
            "opportunitySetStatus" => json!({ "id": deal, "status": "LOST", "lostReason": "price" }),
            "opportunityBulkChangeOwner" => json!({ "filter": {}, "ownerId": bob }),
            "opportunityBulkAddFollowers" => json!({ "ids": [deal], "userIds": [bob] }),
            "opportunityBulkRemoveFollowers" => json!({ "ids": [deal], "all": true }),
            "opportunityBulkMoveStage" => json!({ "ids": [deal], "stageId": stages[2] }),
            "contactBulkDelete" => json!({ "ids": [contact] }),
            "opportunityBulkDelete" => json!({ "ids": [deal] }),
            "contactBulkRestore" => {
                self.ada.mutates("contactBulkDelete", json!({ "ids": [contact] })).await.payload();
                json!({ "ids": [contact] })
            }
            "opportunityBulkRestore" => {
                self.ada.mutates("opportunityBulkDelete", json!({ "ids": [deal] })).await.payload();
                json!({ "ids": [deal] })
            }
            "accountAlignOwners" => {
                self.differs().await;
                json!({ "direction": "CONTACTS_TO_OPPORTUNITIES", "previousOwnerFollows": true })
            }
            "jobCancel" => json!({ "id": self.makes_job().await }),
            "contactDelete" => json!({ "id": contact, "expectedVersion": 1 }),
            "contactRestore" => {
                self.ada.mutates("contactDelete", json!({ "id": contact })).is_done().await;
                json!({ "id": contact })
            }
            "opportunityDelete" => json!({ "id": deal }),
            "opportunityRestore" => {
                self.ada.mutates("opportunityDelete", json!({ "id": deal })).is_done().await;
                json!({ "id": deal })
            }
            "pipelineCreate" => json!({ "name": "Other", "stages": ["One", "Two"] }),
            "pipelineRename" => json!({ "id": pipeline, "name": "Renamed" }),
            "pipelineReorder" => json!({ "pipelineIds": [self.makes_pipeline().await["id"], pipeline] }),
            "pipelineDelete" => {
                let other = self.makes_pipeline().await;
                json!({ "id": pipeline, "moveTo": other["pipeline"]["stages"][0]["id"] })
            }
            "stageCreate" => json!({ "pipelineId": pipeline, "name": "Late", "position": 1 }),
            "stageRename" => json!({ "id": stages[0], "name": "Renamed" }),
            "stageReorder" => {
                json!({ "pipelineId": pipeline, "stageIds": [stages[2], stages[0], stages[1]] })
            }
            "stageDelete" => json!({ "id": stages[0], "moveTo": stages[1] }),
            "calendarGroupCreate" => json!({ "name": "Rooms" }),
            "calendarGroupRename" => {
                json!({ "id": self.makes("calendarGroup", "Rooms").await, "name": "Halls" })
            }
            "calendarGroupDelete" => json!({ "id": self.makes("calendarGroup", "Rooms").await }),
            "calendarCreate" => json!({ "name": "Visits", "zone": "Europe/Berlin", "memberIds": [bob, cleo],
                "availability": { "dates": [{ "date": "2026-12-24", "openings": [] }] } }),
            "calendarUpdate" => {
                json!({ "id": self.makes_calendar().await, "name": "Calls", "slotMinutes": 45 })
            }
            "calendarSetMembers" => json!({ "id": self.makes_calendar().await, "memberIds": [cleo, bob] }),
            "calendarDelete" => json!({ "id": self.makes_calendar().await, "expectedVersion": 1 }),
            "blockedSlotCreate" => json!({ "userId": bob, "title": "Holiday",
                "startsAt": "2040-01-01T00:00:00Z", "endsAt": "2040-01-02T00:00:00Z" }),
            "blockedSlotDelete" => {
                let input = json!({ "calendarId": self.makes_calendar().await,
                    "startsAt": "2040-01-01T00:00:00Z", "endsAt": "2040-01-02T00:00:00Z" });
                json!({ "id": self.ada.mutates("blockedSlotCreate", input).is_done().await["id"] })
            }
            "appointmentBook" => {
                json!({ "calendarId": self.makes_calendar().await, "contactId": contact,
                    "startsAt": "2040-01-02T09:00:00Z", "title": "Talk", "attendeeIds": [cleo] })
            }
            "appointmentReschedule" => json!({ "id": self.books().await["id"],
                "startsAt": "2040-01-02T10:00:00Z", "zone": "Asia/Tokyo" }),
            "appointmentReassign" => json!({ "id": self.books().await["id"], "assigneeId": cleo }),
            "appointmentSetStatus" => json!({ "id": self.books().await["id"], "status": "NO_SHOW" }),
            "appointmentCancel" => json!({ "id": self.books().await["id"], "expectedVersion": 1 }),
            "appointmentUpdate" => json!({ "id": self.books().await["id"], "location": "Room 1" }),
            "appointmentDelete" => json!({ "id": self.books().await["id"] }),
            "appointmentRestore" => {
                let id = self.books().await["id"].clone();
                self.ada.mutates("appointmentDelete", json!({ "id": id })).is_done().await;
                json!({ "id": id })
            }
            "noteCreate" => {
                json!({ "recordId": contact, "body": "Called.\nNobody there.", "mentionIds": [bob] })
            }
            "noteUpdate" => {
                json!({ "id": self.writes().await, "body": "Called again", "mentionIds": [cleo] })
            }
            "noteDelete" => json!({ "id": self.writes().await, "expectedVersion": 1 }),
            "taskCreate" => json!({ "recordId": deal, "title": "Call", "assigneeId": bob,
                "dueAt": "2040-01-02T09:00:00Z" }),
            "taskUpdate" => json!({ "id": self.plans().await, "title": "Write", "assigneeId": cleo }),
            "taskComplete" => json!({ "id": self.plans().await, "expectedVersion": 1 }),
            "taskReopen" => {
                let id = self.plans().await;
                self.ada.mutates("taskComplete", json!({ "id": id })).is_done().await;
                json!({ "id": id, "expectedVersion": 2 })
            }
            "taskDelete" => json!({ "id": self.plans().await }),
            "lostReasonCreate" => json!({ "name": "Price" }),
            "lostReasonRename" => {
                json!({ "id": self.makes("lostReason", "Price").await, "name": "Too dear" })
            }
            "lostReasonReorder" => {
                let (one, two) =
                    (self.makes("lostReason", "One").await, self.makes("lostReason", "Two").await);
                json!({ "lostReasonIds": [two, one] })
            }
            "lostReasonDelete" => json!({ "id": self.makes("lostReason", "Price").await }),
            "lostReasonSettingsSave" => json!({ "onlyListed": true }),
            "savedViewCreate" => json!({ "kind": "CONTACTS", "name": "Mine", "isShared": true,
                "filter": { "owner": { "me": true } }, "columns": ["displayName"] }),
            "savedViewUpdate" => json!({ "id": self.makes_view().await, "name": "Theirs", "filter": null }),
            "savedViewDelete" => json!({ "id": self.makes_view().await }),
            "ownershipSettingsSave" => json!({ "previousOwnerFollows": true,
                "expectedVersion": world.settings().await.version }),
            "duplicateFlagDismiss" => json!({ "id": world.flags_twins().await.to_string() }),
            "notificationMarkRead" | "notificationArchive" => json!({ "ids": [self.notice().await] }),
            "notificationMarkUnread" => {
                let ids = json!({ "ids": [self.notice().await] });
                self.ada.mutates("notificationMarkRead", ids.clone()).is_done().await;
                ids
            }
            "notificationUnarchive" => {
                let ids = json!({ "ids": [self.notice().await] });
                self.ada.mutates("notificationArchive", ids.clone()).is_done().await;
                ids
            }
            "notificationMarkAllRead" => json!({ "upTo": 1 }),
            "notificationPreferenceSet" => json!({ "kind": "NOTE", "wanted": false }),
            other => panic!("say here with which input `{other}` changes something"),
        }
    }

    /// Owners are one from now on, but the deal has another than its contact.
    async fn differs(&self) {
        self.ada.hands(&self.deal, &self.bob).is_done().await;
        self.world.turn_off([Setting::SeparateOwners]).await;
    }

    /// A job that nobody works at.
    async fn makes_job(&self) -> String {
        self.differs().await;
        let plan = Plan { direction: Direction::ContactsToOpportunities, previous_owner_follows: None };
        let access = self.ada.access().await;
        let started = align_owners(&access, &AlignOwners { plan, at_once: 0 }).await;
        started.expect("it is started").job.to_string()
    }

    async fn makes_pipeline(&self) -> Value {
        let input = json!({ "name": "Second", "stages": ["First"] });
        self.ada.mutates("pipelineCreate", input).is_done().await
    }

    async fn makes_calendar(&self) -> Value {
        let input = json!({ "name": "Visits", "zone": "UTC", "memberIds": [self.bob] });
        self.ada.mutates("calendarCreate", input).is_done().await["id"].clone()
    }

    async fn books(&self) -> Value {
        let input = json!({ "name": "Talks", "zone": "UTC", "memberIds": [self.bob, self.cleo] });
        let calendar = self.ada.mutates("calendarCreate", input).is_done().await["id"].clone();
        let input = json!({ "calendarId": calendar, "contactId": self.contact, "assigneeId": self.bob,
            "startsAt": "2040-01-02T09:00:00Z" });
        self.ada.mutates("appointmentBook", input).is_done().await
    }

    /// What Ada was told first.
    async fn notice(&self) -> String {
        let told = self.ada.access().await.notifications_after(0, 1).await.expect("the inbox is read");
        told.first().expect("Ada was told").id.to_string()
    }

    async fn writes(&self) -> Value {
        let input = json!({ "recordId": self.contact, "body": "A note" });
        self.ada.mutates("noteCreate", input).is_done().await["id"].clone()
    }

    async fn plans(&self) -> Value {
        let input = json!({ "recordId": self.deal, "title": "A task", "assigneeId": self.bob });
        self.ada.mutates("taskCreate", input).is_done().await["id"].clone()
    }

    async fn makes_view(&self) -> Value {
        let input = json!({ "kind": "CONTACTS", "name": "Mine", "filter": { "owner": { "me": true } } });
        self.ada.mutates("savedViewCreate", input).is_done().await["id"].clone()
    }

    /// The id of something new that has a name only.
    async fn makes(&self, kind: &str, name: &str) -> Value {
        self.ada.mutates(&format!("{kind}Create"), json!({ "name": name })).is_done().await["id"].clone()
    }
}

/// What cannot be done twice, even without a key: a name is taken, what is deleted is gone, and what is
/// back is not deleted.
fn is_refused_again(mutation: &str) -> bool {
    let unique = [
        "appointmentBook",
        "pipelineCreate",
        "stageCreate",
        "lostReasonCreate",
        "savedViewCreate",
        "calendarGroupCreate",
    ];
    // What acts on many answers per record, and is not refused itself.
    let ends = ["Delete", "Restore"].iter().any(|end| mutation.ends_with(end)) && !mutation.contains("Bulk");
    ends || unique.contains(&mutation)
}

/// The same input, with the version that there is after it was taken.
fn once_more(mut input: Value) -> Value {
    if let Some(version) = input["expectedVersion"].as_i64() {
        input["expectedVersion"] = json!(version + 1);
    }
    input
}

/// Another input of the same mutation: with another text or number in it. Whether it could be taken says nothing, since
/// the key is looked at first.
fn altered(mut input: Value) -> Value {
    let first = [
        "id",
        "ids",
        "userIds",
        "ownerId",
        "firstName",
        "userId",
        "name",
        "contactId",
        "recordId",
        "pipelineId",
        "pipelineIds",
        "lostReasonIds",
        "onlyListed",
        "previousOwnerFollows",
        "expectedVersion",
        "upTo",
        "wanted",
    ];
    let name = first.into_iter().find(|name| input.get(*name).is_some());
    alter(&mut input[name.unwrap_or_else(|| panic!("say here what another input is"))]);
    input
}

fn alter(value: &mut Value) {
    match value {
        Value::String(text) => text.push('x'),
        Value::Number(number) => *value = json!(number.as_i64().expect("a whole number") + 1),
        Value::Array(items) => alter(&mut items[0]),
        Value::Bool(bool) => *bool = !*bool,
        other => panic!("say here how {other} is altered"),
    }
}

// R6
#[tokio::test]
async fn the_input_of_every_mutation_has_the_field() {
    let Some(world) = World::on(Sqlite).await else { return };
    let schema = Schema::read(&world.user("Ada").create().await).await;
    for mutation in schema.mutations() {
        let field = schema.input_field(&mutation.input, "idempotencyKey");
        let expected = json!({ "name": "String", "kind": "SCALAR" });
        assert_eq!(field, Some(&expected), "flatten `IdempotencyInput` into `{}`", mutation.input);
    }
}

// R6
#[rstest]
#[tokio::test]
async fn every_mutation_is_done_once_and_answered_alike(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(first) = Scene::on(on).await else { return };
    let schema = Schema::read(&first.ada).await;
    for mutation in schema.mutations() {
        let Some(scene) = Scene::on(on).await else { return };
        let (world, name) = (&scene.world, &mutation.name);
        let input = scene.input(name).await;
        let asks = |key: &str, input: Value| {
            scene.ada.asks(schema.document(&mutation), json!({ "input": keyed(key, input) }))
        };
        let before = world.tables().await.but_for("idempotency_key");
        let answer = asks("first", input.clone()).await;
        assert_eq!(answer.payload()["userErrors"], json!([]), "{name}: {}", answer.text);
        assert!(before != world.tables().await.but_for("idempotency_key"), "{name} changes nothing");
        assert_eq!(world.keys().await.len(), 1, "{name} does not keep its key");

        // However often it is sent again, nothing is changed, and the answer is the same to the letter.
        for _ in 0..2 {
            let replayed = asks("first", input.clone()).changes_nothing().await;
            assert_eq!(replayed.text, answer.text, "{name}");
        }
        let reused = asks("first", altered(input.clone())).changes_nothing().await;
        assert_eq!(
            reused.payload()["userErrors"],
            json!([{ "__typename": "IdempotencyKeyReused" }]),
            "{name}"
        );

        for key in world.keys().await {
            let outcome = key.outcome.expect("an outcome");
            assert_names_only(&serde_json::from_str(&outcome).expect("JSON"), name);
        }

        // What finds most of it done already keeps its key too.
        let again = asks("second", once_more(input.clone())).await;
        if is_refused_again(name) {
            assert_ne!(again.payload()["userErrors"], json!([]), "{name}");
            assert_eq!(world.keys().await.len(), 1, "{name} keeps the key of a refused call");
            continue;
        }
        assert_eq!(again.payload()["userErrors"], json!([]), "{name}: {}", again.text);
        assert_eq!(world.keys().await.len(), 2, "{name} does not keep its key where nothing is to be done");
        let replayed = asks("second", once_more(input.clone())).changes_nothing().await;
        assert_eq!(replayed.text, again.text, "{name}");
        let reused = asks("second", altered(once_more(input))).changes_nothing().await;
        assert_eq!(
            reused.payload()["userErrors"],
            json!([{ "__typename": "IdempotencyKeyReused" }]),
            "{name}"
        );
    }
}

/// Nothing but ids, and words that the program has chosen (R4).
fn assert_names_only(outcome: &Value, mutation: &str) {
    match outcome {
        Value::Null | Value::Bool(_) => {}
        Value::Array(items) => items.iter().for_each(|item| assert_names_only(item, mutation)),
        Value::Object(fields) => fields.values().for_each(|value| assert_names_only(value, mutation)),
        Value::String(text) => {
            let is_id = text.split_once('_').is_some_and(|(kind, rest)| {
                rest.len() == 26 && kind.chars().all(|letter| letter.is_ascii_lowercase())
            });
            let is_code = text.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_');
            assert!(is_id || is_code, "`{mutation}` keeps `{text}`");
        }
        Value::Number(number) => panic!("`{mutation}` keeps {number}"),
    }
}

// R6
#[rstest]
#[tokio::test]
async fn without_a_key_nothing_is_kept_and_everything_is_done_again(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(Scene { world, ada, .. }) = Scene::on(on).await else { return };
    let input = json!({ "firstName": "Grace", "idempotencyKey": null });
    let one = ada.mutates("contactCreate", input.clone()).is_done().await;
    let other = ada.mutates("contactCreate", input).is_done().await;
    assert_ne!(one["id"], other["id"]);
    assert_eq!(world.keys().await, []);
}

// R6: the key and its outcome take one statement each.
#[rstest]
#[tokio::test]
async fn a_key_takes_two_statements(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(Scene { ada, contact, .. }) = Scene::on(on).await else { return };
    let names = |company: &str| json!({ "id": contact, "company": company });
    let (_, without) = ada.mutates("contactUpdate", names("Navy")).counted().await;
    let (answer, with) = ada.calls("contactUpdate", "one", names("Army")).counted().await;
    answer.done();
    assert_eq!(with.len(), without.len() + 2, "{with:#?}");
    let (_, without) = ada.mutates("contactUpdate", names("Army")).counted().await;
    let (answer, with) = ada.calls("contactUpdate", "two", names("Army")).counted().await;
    answer.done();
    assert_eq!(with.len(), without.len() + 2, "{with:#?}");
}
