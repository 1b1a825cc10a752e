//! Every place of the schema that takes an id, with an id in it.

use entity::TypedId;
use entity::account::ContactDuplicates;
use entity::saved_view::Kind;
use retinue::domain::lost_reason::{self, CreateLostReason};
use retinue::domain::patch::Patch;
use retinue::domain::saved_view::{self, CreateSavedView, ViewFields};
use serde_json::{Value, json};

use super::document::mutation;
use crate::align::{DOWN, aligns_at_once};
use crate::world::{Acts as _, Contact, Opportunity, Person, Setting, World};

/// Ids of everything that an account has.
#[derive(Debug)]
pub struct Belongings {
    pub contact: String,
    pub opportunity: String,
    pub user: String,
    pub pipeline: String,
    pub stage: String,
    pub activity: String,
    pub account: String,
    pub lost_reason: String,
    pub saved_view: String,
    pub job: String,
    pub duplicate_flag: String,
    pub calendar: String,
    pub calendar_group: String,
    pub appointment: String,
    pub blocked_slot: String,
    pub notification: String,
    pub note: String,
    pub task: String,
}

impl Belongings {
    pub async fn of(world: &World, admin: &Person) -> (Self, Contact, Opportunity) {
        let contact = world.contact().owned_by(admin).tagged(["vip"]).create().await;
        let deal = world.opportunity(&contact).owned_by(admin).create().await;
        let told = admin.access().await.notifications_after(0, 1).await.expect("the inbox is read");
        let seen = admin.looks_at(&contact, "activity(first: 1) { nodes { id } }").await;
        let group = world.calendar_group("Group").await;
        let calendar = world.calendar().in_group(group).of([admin]).create().await;
        let appointment = world.appointment(&calendar, &contact).create().await;
        let ids = Self {
            contact: contact.id.to_string(),
            opportunity: deal.id.to_string(),
            user: admin.id.to_string(),
            pipeline: world.pipeline.to_string(),
            stage: world.stages[1].to_string(),
            activity: seen["activity"]["nodes"][0]["id"].as_str().expect("an id").to_owned(),
            account: world.account.to_string(),
            lost_reason: lost_reason(world).await,
            saved_view: saved_view(admin).await,
            job: job(world).await,
            duplicate_flag: duplicate_flag(world).await,
            calendar: calendar.id.to_string(),
            calendar_group: group.to_string(),
            appointment: appointment.id.to_string(),
            blocked_slot: calendar.is_blocked(world.hour(100)).await.to_string(),
            notification: told.first().expect("whoever owns it was told").id.to_string(),
            note: admin.writes(&contact, "A note").await.expect("a note").to_string(),
            task: admin.plans(&contact, "A task", None).await.expect("a task").to_string(),
        };
        (ids, contact, deal)
    }

    /// Ids of the same kinds that nobody has.
    pub fn unknown(world: &World) -> Self {
        fn next<I: TypedId>(world: &World) -> String {
            world.base.ids.next::<I>().to_string()
        }
        Self {
            contact: next::<entity::ContactId>(world),
            opportunity: next::<entity::OpportunityId>(world),
            user: next::<entity::UserId>(world),
            pipeline: next::<entity::PipelineId>(world),
            stage: next::<entity::StageId>(world),
            activity: next::<entity::ActivityId>(world),
            account: next::<entity::AccountId>(world),
            lost_reason: next::<entity::LostReasonId>(world),
            saved_view: next::<entity::SavedViewId>(world),
            job: next::<entity::JobId>(world),
            duplicate_flag: next::<entity::DuplicateFlagId>(world),
            calendar: next::<entity::CalendarId>(world),
            calendar_group: next::<entity::CalendarGroupId>(world),
            appointment: next::<entity::AppointmentId>(world),
            blocked_slot: next::<entity::BlockedSlotId>(world),
            notification: next::<entity::NotificationId>(world),
            note: next::<entity::NoteId>(world),
            task: next::<entity::TaskId>(world),
        }
    }

    pub fn all(&self) -> [&String; 18] {
        [
            &self.contact,
            &self.opportunity,
            &self.user,
            &self.pipeline,
            &self.stage,
            &self.activity,
            &self.account,
            &self.lost_reason,
            &self.saved_view,
            &self.job,
            &self.duplicate_flag,
            &self.calendar,
            &self.calendar_group,
            &self.appointment,
            &self.blocked_slot,
            &self.notification,
            &self.note,
            &self.task,
        ]
    }
}

async fn lost_reason(world: &World) -> String {
    let wish = CreateLostReason { name: format!("Reason of {}", world.account), position: None };
    let made = lost_reason::create(&world.command_line().access().await, &wish).await;
    made.expect("a lost reason").0.to_string()
}

async fn duplicate_flag(world: &World) -> String {
    let flag = world.flags_twins().await;
    world.tells_apart(ContactDuplicates::Allow, true).await;
    flag.to_string()
}

/// A job of the command line's, which admins see.
async fn job(world: &World) -> String {
    let separate = world.settings().await.separate_owners;
    world.turn_off([Setting::SeparateOwners]).await;
    let job = aligns_at_once(&world.command_line(), DOWN, 0).await.expect("a job").job;
    if separate {
        world.turn_on([Setting::SeparateOwners]).await;
    }
    job.to_string()
}

async fn saved_view(person: &Person) -> String {
    let name = Patch::Set("View".to_owned());
    let fields = ViewFields { name, shared: Some(true), ..ViewFields::default() };
    let wish = CreateSavedView { kind: Kind::Contacts, fields };
    saved_view::create(&person.access().await, &wish).await.expect("a view").to_string()
}

/// One question with another's id in one place, and the name of that place.
pub struct Question {
    pub place: &'static str,
    pub document: String,
    pub variables: Value,
}

/// Every argument and every input field that takes an id, with one of `theirs` there and `mine` elsewhere.
pub fn questions(mine: &Belongings, theirs: &Belongings) -> Vec<Question> {
    let mut all = Vec::new();
    let mut ask = |place, document: &str, variables| {
        all.push(Question { place, document: document.to_owned(), variables })
    };
    ask("Query.contact.id", "query($id: ID!) { contact(id: $id) { id } }", json!({ "id": theirs.contact }));
    ask(
        "Query.opportunity.id",
        "query($id: ID!) { opportunity(id: $id) { id } }",
        json!({ "id": theirs.opportunity }),
    );
    ask(
        "Query.appointment.id",
        "query($id: ID!) { appointment(id: $id) { id } }",
        json!({ "id": theirs.appointment }),
    );
    for id in theirs.all() {
        ask("Query.node.id", "query($id: ID!) { node(id: $id) { id __typename } }", json!({ "id": id }));
    }
    ask(
        "Query.savedView.id",
        "query($id: ID!) { savedView(id: $id) { id } }",
        json!({ "id": theirs.saved_view }),
    );
    ask("Query.job.id", "query($id: ID!) { job(id: $id) { id } }", json!({ "id": theirs.job }));
    ask("Query.nodes.ids", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": theirs.all() }));

    ask(
        "Query.calendar.id",
        "query($id: ID!) { calendar(id: $id) { id } }",
        json!({ "id": theirs.calendar }),
    );
    for (place, argument, id) in [
        ("Query.calendars.groupId", "groupId", &theirs.calendar_group),
        ("Query.calendars.memberId", "memberId", &theirs.user),
    ] {
        let list = format!(
            "query($id: ID) {{ calendars({argument}: $id) {{ totalCount {{ value }} nodes {{ id }} }} }}"
        );
        ask(place, &list, json!({ "id": id }));
    }
    for (place, argument, id) in [
        ("Query.blockedSlots.calendarId", "calendarId", &theirs.calendar),
        ("Query.blockedSlots.userId", "userId", &theirs.user),
    ] {
        let list = format!(
            "query($id: ID) {{ blockedSlots({argument}: $id) {{ totalCount {{ value }} nodes {{ id }} }} }}"
        );
        ask(place, &list, json!({ "id": id }));
    }
    let contacts =
        "query($filter: ContactFilter) { contacts(filter: $filter) { totalCount { value } nodes { id } } }";
    let deals = "query($filter: OpportunityFilter) { opportunities(filter: $filter) { totalCount { value } nodes { id } } }";
    let appointments = "query($filter: AppointmentFilter) {
        appointments(filter: $filter) { totalCount { value } nodes { id } } }";
    for (place, filter) in [
        ("AppointmentFilter.calendarIds", json!({ "calendarIds": [theirs.calendar] })),
        ("AppointmentFilter.groupIds", json!({ "groupIds": [theirs.calendar_group] })),
        ("AppointmentFilter.contactIds", json!({ "contactIds": [theirs.contact] })),
        ("AppointmentFilter.contactIds", json!({ "contactIds": [theirs.contact, theirs.contact] })),
        ("UserFilter.is", json!({ "assignee": { "is": theirs.user } })),
        ("UserFilter.isNot", json!({ "attendees": { "isNot": theirs.user } })),
        ("UserFilter.in", json!({ "attendees": { "in": [theirs.user] } })),
    ] {
        ask(place, appointments, json!({ "filter": filter }));
    }
    for (place, filter) in [
        ("UserFilter.is", json!({ "owner": { "is": theirs.user } })),
        ("UserFilter.isNot", json!({ "owner": { "isNot": theirs.user } })),
        ("UserFilter.in", json!({ "owner": { "in": [theirs.user] } })),
        ("UserFilter.is", json!({ "followers": { "is": theirs.user } })),
        ("UserFilter.isNot", json!({ "followers": { "isNot": theirs.user } })),
        ("UserFilter.in", json!({ "followers": { "in": [theirs.user] } })),
    ] {
        ask(place, contacts, json!({ "filter": filter }));
        ask(place, deals, json!({ "filter": filter }));
    }
    // Counts and cards are read at once, in either order: each is asked by itself.
    for fields in ["count", "stages { opportunities { nodes { id } } }"] {
        let board = format!(
            "query($id: ID!, $filter: BoardFilter) {{ board(pipelineId: $id, filter: $filter) {{ {fields} }} }}"
        );
        ask("Query.board.pipelineId", &board, json!({ "id": theirs.pipeline }));
        for (place, filter) in [
            ("UserFilter.is", json!({ "owner": { "is": theirs.user } })),
            ("UserFilter.isNot", json!({ "owner": { "isNot": theirs.user } })),
            ("UserFilter.in", json!({ "owner": { "in": [theirs.user] } })),
            ("UserFilter.is", json!({ "followers": { "is": theirs.user } })),
            ("UserFilter.isNot", json!({ "followers": { "isNot": theirs.user } })),
        ] {
            ask(place, &board, json!({ "id": mine.pipeline, "filter": filter }));
        }
    }
    for (place, filter) in [
        ("OpportunityFilter.contactId", json!({ "contactId": theirs.contact })),
        ("OpportunityFilter.pipelineIds", json!({ "pipelineIds": [theirs.pipeline] })),
        ("OpportunityFilter.stageIds", json!({ "stageIds": [theirs.stage] })),
    ] {
        ask(place, deals, json!({ "filter": filter }));
    }

    let mut call = |place, name: &str, input| {
        all.push(Question { place, document: mutation(name, ""), variables: json!({ "input": input }) });
    };
    for (places, kind, its, own) in [
        (CONTACT_PLACES, "contact", &theirs.contact, &mine.contact),
        (OPPORTUNITY_PLACES, "opportunity", &theirs.opportunity, &mine.opportunity),
    ] {
        call(places[0], &format!("{kind}Update"), json!({ "id": its, "source": "x" }));
        call(places[1], &format!("{kind}ChangeOwner"), json!({ "id": its, "ownerId": mine.user }));
        call(places[2], &format!("{kind}ChangeOwner"), json!({ "id": own, "ownerId": theirs.user }));
        call(places[3], &format!("{kind}AddFollowers"), json!({ "id": its, "userIds": [mine.user] }));
        call(places[4], &format!("{kind}AddFollowers"), json!({ "id": own, "userIds": [theirs.user] }));
        call(places[5], &format!("{kind}RemoveFollowers"), json!({ "id": its, "all": true }));
        call(places[6], &format!("{kind}RemoveFollowers"), json!({ "id": own, "userIds": [theirs.user] }));
        call(places[7], &format!("{kind}SetMuted"), json!({ "id": its, "muted": true }));
    }
    for (place, name, input) in in_bulk(mine, theirs) {
        call(place, name, input);
    }
    for (place, name, input) in on_calendars(mine, theirs) {
        call(place, name, input);
    }
    for (place, name, input) in on_appointments(mine, theirs) {
        call(place, name, input);
    }
    for (place, name, input) in on_notes_and_tasks(mine, theirs) {
        call(place, name, input);
    }
    for (place, name, input) in arranging(mine, theirs) {
        call(place, name, input);
    }
    call("ContactCreateInput.ownerId", "contactCreate", json!({ "ownerId": theirs.user }));
    call("ContactCreateInput.followerIds", "contactCreate", json!({ "followerIds": [theirs.user] }));
    let deal = |contact: &str, pipeline: &str, more: Value| {
        let mut input = json!({ "contactId": contact, "pipelineId": pipeline, "name": "Deal" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    for (place, input) in [
        ("OpportunityCreateInput.contactId", deal(&theirs.contact, &mine.pipeline, json!({}))),
        ("OpportunityCreateInput.pipelineId", deal(&mine.contact, &theirs.pipeline, json!({}))),
        (
            "OpportunityCreateInput.pipelineId",
            deal(&mine.contact, &theirs.pipeline, json!({ "stageId": theirs.stage })),
        ),
        (
            "OpportunityCreateInput.stageId",
            deal(&mine.contact, &mine.pipeline, json!({ "stageId": theirs.stage })),
        ),
        (
            "OpportunityCreateInput.ownerId",
            deal(&mine.contact, &mine.pipeline, json!({ "ownerId": theirs.user })),
        ),
        (
            "OpportunityCreateInput.followerIds",
            deal(&mine.contact, &mine.pipeline, json!({ "followerIds": [theirs.user] })),
        ),
    ] {
        call(place, "opportunityCreate", input);
    }
    for (place, input) in [
        ("OpportunityMoveStageInput.id", json!({ "id": theirs.opportunity, "stageId": mine.stage })),
        ("OpportunityMoveStageInput.stageId", json!({ "id": mine.opportunity, "stageId": theirs.stage })),
        (
            "OpportunityMoveStageInput.pipelineId",
            json!({ "id": mine.opportunity, "stageId": theirs.stage, "pipelineId": theirs.pipeline }),
        ),
        (
            "OpportunityMoveStageInput.pipelineId",
            json!({ "id": mine.opportunity, "stageId": mine.stage, "pipelineId": theirs.pipeline }),
        ),
    ] {
        call(place, "opportunityMoveStage", input);
    }
    call(
        "OpportunitySetStatusInput.id",
        "opportunitySetStatus",
        json!({ "id": theirs.opportunity, "status": "WON" }),
    );
    all
}

/// The same for acts on many records, and for jobs.
fn in_bulk(mine: &Belongings, theirs: &Belongings) -> Vec<(&'static str, &'static str, Value)> {
    let (contact, deal, user) = (&theirs.contact, &theirs.opportunity, &theirs.user);
    let (own, own_deal) = (&mine.contact, &mine.opportunity);
    let stage = &mine.stage;
    vec![
        (
            "ContactBulkChangeOwnerInput.ids",
            "contactBulkChangeOwner",
            json!({ "ids": [contact], "ownerId": null }),
        ),
        (
            "ContactBulkChangeOwnerInput.ownerId",
            "contactBulkChangeOwner",
            json!({ "ids": [own], "ownerId": user }),
        ),
        (
            "ContactBulkAddFollowersInput.ids",
            "contactBulkAddFollowers",
            json!({ "ids": [contact], "userIds": [] }),
        ),
        (
            "ContactBulkAddFollowersInput.userIds",
            "contactBulkAddFollowers",
            json!({ "ids": [own], "userIds": [user] }),
        ),
        (
            "ContactBulkRemoveFollowersInput.ids",
            "contactBulkRemoveFollowers",
            json!({ "ids": [contact], "all": true }),
        ),
        (
            "ContactBulkRemoveFollowersInput.userIds",
            "contactBulkRemoveFollowers",
            json!({ "ids": [own], "userIds": [user] }),
        ),
        ("ContactBulkTagInput.ids", "contactBulkTag", json!({ "ids": [contact], "add": ["x"] })),
        ("ContactDeleteInput.id", "contactDelete", json!({ "id": contact })),
        ("ContactRestoreInput.id", "contactRestore", json!({ "id": contact })),
        ("OpportunityDeleteInput.id", "opportunityDelete", json!({ "id": deal })),
        ("OpportunityRestoreInput.id", "opportunityRestore", json!({ "id": deal })),
        ("ContactBulkDeleteInput.ids", "contactBulkDelete", json!({ "ids": [contact] })),
        ("ContactBulkRestoreInput.ids", "contactBulkRestore", json!({ "ids": [contact] })),
        (
            "OpportunityBulkChangeOwnerInput.ids",
            "opportunityBulkChangeOwner",
            json!({ "ids": [deal], "ownerId": null }),
        ),
        (
            "OpportunityBulkChangeOwnerInput.ownerId",
            "opportunityBulkChangeOwner",
            json!({ "ids": [own_deal], "ownerId": user }),
        ),
        (
            "OpportunityBulkAddFollowersInput.ids",
            "opportunityBulkAddFollowers",
            json!({ "ids": [deal], "userIds": [] }),
        ),
        (
            "OpportunityBulkAddFollowersInput.userIds",
            "opportunityBulkAddFollowers",
            json!({ "ids": [own_deal], "userIds": [user] }),
        ),
        (
            "OpportunityBulkRemoveFollowersInput.ids",
            "opportunityBulkRemoveFollowers",
            json!({ "ids": [deal], "all": true }),
        ),
        (
            "OpportunityBulkRemoveFollowersInput.userIds",
            "opportunityBulkRemoveFollowers",
            json!({ "ids": [own_deal], "userIds": [user] }),
        ),
        (
            "OpportunityBulkMoveStageInput.ids",
            "opportunityBulkMoveStage",
            json!({ "ids": [deal], "stageId": stage }),
        ),
        (
            "OpportunityBulkMoveStageInput.stageId",
            "opportunityBulkMoveStage",
            json!({ "ids": [own_deal], "stageId": theirs.stage }),
        ),
        (
            "OpportunityBulkMoveStageInput.pipelineId",
            "opportunityBulkMoveStage",
            json!({ "ids": [own_deal], "stageId": stage, "pipelineId": theirs.pipeline }),
        ),
        ("OpportunityBulkDeleteInput.ids", "opportunityBulkDelete", json!({ "ids": [deal] })),
        ("OpportunityBulkRestoreInput.ids", "opportunityBulkRestore", json!({ "ids": [deal] })),
        ("JobCancelInput.id", "jobCancel", json!({ "id": theirs.job })),
        ("DuplicateFlagDismissInput.id", "duplicateFlagDismiss", json!({ "id": theirs.duplicate_flag })),
    ]
}

/// The same for calendars, their groups and blocked slots.
fn on_calendars(mine: &Belongings, theirs: &Belongings) -> Vec<(&'static str, &'static str, Value)> {
    let (calendar, group, user) = (&theirs.calendar, &theirs.calendar_group, &theirs.user);
    let new = |more: Value| {
        let mut input = json!({ "name": "X", "zone": "UTC" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    let slot = |more: Value| {
        let mut input = json!({ "startsAt": "2040-01-01T00:00:00Z", "endsAt": "2040-01-02T00:00:00Z" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    vec![
        ("CalendarGroupRenameInput.id", "calendarGroupRename", json!({ "id": group, "name": "X" })),
        ("CalendarGroupDeleteInput.id", "calendarGroupDelete", json!({ "id": group })),
        ("CalendarCreateInput.groupId", "calendarCreate", new(json!({ "groupId": group }))),
        ("CalendarCreateInput.memberIds", "calendarCreate", new(json!({ "memberIds": [user] }))),
        ("CalendarUpdateInput.id", "calendarUpdate", json!({ "id": calendar, "name": "X" })),
        ("CalendarUpdateInput.groupId", "calendarUpdate", json!({ "id": mine.calendar, "groupId": group })),
        ("CalendarSetMembersInput.id", "calendarSetMembers", json!({ "id": calendar, "memberIds": [] })),
        (
            "CalendarSetMembersInput.memberIds",
            "calendarSetMembers",
            json!({ "id": mine.calendar, "memberIds": [user] }),
        ),
        ("CalendarDeleteInput.id", "calendarDelete", json!({ "id": calendar })),
        ("BlockedSlotCreateInput.userId", "blockedSlotCreate", slot(json!({ "userId": user }))),
        ("BlockedSlotCreateInput.calendarId", "blockedSlotCreate", slot(json!({ "calendarId": calendar }))),
        ("BlockedSlotDeleteInput.id", "blockedSlotDelete", json!({ "id": theirs.blocked_slot })),
    ]
}

/// The same for appointments.
fn on_appointments(mine: &Belongings, theirs: &Belongings) -> Vec<(&'static str, &'static str, Value)> {
    let (its, user) = (&theirs.appointment, &theirs.user);
    let booked = |more: Value| {
        let mut input = json!({ "calendarId": mine.calendar, "contactId": mine.contact, "overbook": true,
            "startsAt": "2040-01-01T00:00:00Z" });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    let own = |more: Value| {
        let mut input = json!({ "id": mine.appointment });
        input.as_object_mut().expect("input").extend(more.as_object().cloned().unwrap_or_default());
        input
    };
    vec![
        (
            "AppointmentBookInput.calendarId",
            "appointmentBook",
            booked(json!({ "calendarId": theirs.calendar })),
        ),
        ("AppointmentBookInput.contactId", "appointmentBook", booked(json!({ "contactId": theirs.contact }))),
        ("AppointmentBookInput.assigneeId", "appointmentBook", booked(json!({ "assigneeId": user }))),
        ("AppointmentBookInput.attendeeIds", "appointmentBook", booked(json!({ "attendeeIds": [user] }))),
        ("AppointmentRescheduleInput.id", "appointmentReschedule", json!({ "id": its })),
        (
            "AppointmentRescheduleInput.calendarId",
            "appointmentReschedule",
            own(json!({ "calendarId": theirs.calendar })),
        ),
        (
            "AppointmentRescheduleInput.assigneeId",
            "appointmentReschedule",
            own(json!({ "assigneeId": user })),
        ),
        ("AppointmentReassignInput.id", "appointmentReassign", json!({ "id": its, "assigneeId": mine.user })),
        ("AppointmentReassignInput.assigneeId", "appointmentReassign", own(json!({ "assigneeId": user }))),
        ("AppointmentSetStatusInput.id", "appointmentSetStatus", json!({ "id": its, "status": "SHOWED" })),
        ("AppointmentCancelInput.id", "appointmentCancel", json!({ "id": its })),
        ("AppointmentUpdateInput.id", "appointmentUpdate", json!({ "id": its, "title": "X" })),
        ("AppointmentUpdateInput.attendeeIds", "appointmentUpdate", own(json!({ "attendeeIds": [user] }))),
        ("AppointmentDeleteInput.id", "appointmentDelete", json!({ "id": its })),
        ("AppointmentRestoreInput.id", "appointmentRestore", json!({ "id": its })),
    ]
}

/// The same for notes and tasks.
fn on_notes_and_tasks(mine: &Belongings, theirs: &Belongings) -> Vec<(&'static str, &'static str, Value)> {
    let (contact, deal, user) = (&theirs.contact, &theirs.opportunity, &theirs.user);
    let own = &mine.contact;
    vec![
        ("NoteCreateInput.recordId", "noteCreate", json!({ "recordId": contact, "body": "X" })),
        ("NoteCreateInput.recordId", "noteCreate", json!({ "recordId": deal, "body": "X" })),
        (
            "NoteCreateInput.mentionIds",
            "noteCreate",
            json!({ "recordId": own, "body": "X", "mentionIds": [user] }),
        ),
        ("NoteUpdateInput.id", "noteUpdate", json!({ "id": theirs.note, "body": "X" })),
        ("NoteUpdateInput.mentionIds", "noteUpdate", json!({ "id": mine.note, "mentionIds": [user] })),
        ("NoteDeleteInput.id", "noteDelete", json!({ "id": theirs.note })),
        ("TaskCreateInput.recordId", "taskCreate", json!({ "recordId": contact, "title": "X" })),
        ("TaskCreateInput.recordId", "taskCreate", json!({ "recordId": deal, "title": "X" })),
        (
            "TaskCreateInput.assigneeId",
            "taskCreate",
            json!({ "recordId": own, "title": "X", "assigneeId": user }),
        ),
        ("TaskUpdateInput.id", "taskUpdate", json!({ "id": theirs.task, "title": "X" })),
        ("TaskUpdateInput.assigneeId", "taskUpdate", json!({ "id": mine.task, "assigneeId": user })),
        ("TaskCompleteInput.id", "taskComplete", json!({ "id": theirs.task })),
        ("TaskReopenInput.id", "taskReopen", json!({ "id": theirs.task })),
        ("TaskDeleteInput.id", "taskDelete", json!({ "id": theirs.task })),
    ]
}

/// The same for pipelines, stages, lost reasons and saved views and notices.
fn arranging(mine: &Belongings, theirs: &Belongings) -> Vec<(&'static str, &'static str, Value)> {
    let (pipeline, stage, reason) = (&theirs.pipeline, &theirs.stage, &theirs.lost_reason);
    vec![
        ("PipelineRenameInput.id", "pipelineRename", json!({ "id": pipeline, "name": "X" })),
        ("PipelineReorderInput.pipelineIds", "pipelineReorder", json!({ "pipelineIds": [pipeline] })),
        ("PipelineDeleteInput.id", "pipelineDelete", json!({ "id": pipeline, "moveTo": mine.stage })),
        ("PipelineDeleteInput.moveTo", "pipelineDelete", json!({ "id": mine.pipeline, "moveTo": stage })),
        ("StageCreateInput.pipelineId", "stageCreate", json!({ "pipelineId": pipeline, "name": "X" })),
        ("StageRenameInput.id", "stageRename", json!({ "id": stage, "name": "X" })),
        (
            "StageReorderInput.pipelineId",
            "stageReorder",
            json!({ "pipelineId": pipeline, "stageIds": [mine.stage] }),
        ),
        (
            "StageReorderInput.stageIds",
            "stageReorder",
            json!({ "pipelineId": mine.pipeline, "stageIds": [stage] }),
        ),
        ("StageDeleteInput.id", "stageDelete", json!({ "id": stage, "moveTo": mine.stage })),
        ("StageDeleteInput.moveTo", "stageDelete", json!({ "id": mine.stage, "moveTo": stage })),
        ("LostReasonRenameInput.id", "lostReasonRename", json!({ "id": reason, "name": "X" })),
        ("LostReasonReorderInput.lostReasonIds", "lostReasonReorder", json!({ "lostReasonIds": [reason] })),
        ("LostReasonDeleteInput.id", "lostReasonDelete", json!({ "id": reason })),
        ("SavedViewUpdateInput.id", "savedViewUpdate", json!({ "id": theirs.saved_view, "name": "X" })),
        ("SavedViewDeleteInput.id", "savedViewDelete", json!({ "id": theirs.saved_view })),
        ("NotificationMarkReadInput.ids", "notificationMarkRead", json!({ "ids": [theirs.notification] })),
        (
            "NotificationMarkUnreadInput.ids",
            "notificationMarkUnread",
            json!({ "ids": [theirs.notification] }),
        ),
        ("NotificationArchiveInput.ids", "notificationArchive", json!({ "ids": [theirs.notification] })),
        ("NotificationUnarchiveInput.ids", "notificationUnarchive", json!({ "ids": [theirs.notification] })),
    ]
}

pub const CONTACT_PLACES: [&str; 8] = [
    "ContactUpdateInput.id",
    "ContactChangeOwnerInput.id",
    "ContactChangeOwnerInput.ownerId",
    "ContactAddFollowersInput.id",
    "ContactAddFollowersInput.userIds",
    "ContactRemoveFollowersInput.id",
    "ContactRemoveFollowersInput.userIds",
    "ContactSetMutedInput.id",
];

pub const OPPORTUNITY_PLACES: [&str; 8] = [
    "OpportunityUpdateInput.id",
    "OpportunityChangeOwnerInput.id",
    "OpportunityChangeOwnerInput.ownerId",
    "OpportunityAddFollowersInput.id",
    "OpportunityAddFollowersInput.userIds",
    "OpportunityRemoveFollowersInput.id",
    "OpportunityRemoveFollowersInput.userIds",
    "OpportunitySetMutedInput.id",
];
