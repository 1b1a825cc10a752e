//! Every operation of the schema appears in the tests. A new one fails here until it is listed with the files that cover
//! it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::databases::Kind::Sqlite;
use crate::world::World;

/// Each operation, and the files of `tests/it/api/` with the allowed and the refused of it.
const QUERIES: [(&str, &[&str]); 30] = [
    ("account", &["settings", "accounts"]),
    ("appointment", &["appointments_read", "appointments_hidden", "questions"]),
    ("appointments", &["appointments_read", "appointments_hidden", "questions"]),
    ("blockedSlots", &["calendars", "questions"]),
    ("calendar", &["calendars", "calendars_free", "questions"]),
    ("calendarGroups", &["calendars"]),
    ("calendars", &["calendars", "calendars_free", "questions"]),
    ("board", &["board", "questions", "two_worlds"]),
    ("contact", &["hidden", "access", "questions"]),
    ("contactAggregates", &["aggregates", "conditions", "two_worlds", "accounts"]),
    ("contacts", &["filters", "conditions", "searching", "paging", "two_worlds", "accounts"]),
    ("deletedAppointments", &["appointments_read", "appointments_hidden"]),
    ("deletedContacts", &["deletion"]),
    ("deletedOpportunities", &["deletion"]),
    ("duplicateFlags", &["duplicates"]),
    ("lostReasons", &["lost_reasons"]),
    ("myTasks", &["tasks"]),
    ("node", &["nodes", "hidden", "questions"]),
    ("nodes", &["nodes", "hidden", "questions"]),
    ("opportunities", &["filters", "conditions", "searching", "gated", "two_worlds", "accounts"]),
    ("opportunity", &["contact_name", "gated", "questions"]),
    ("opportunityAggregates", &["aggregates", "conditions", "two_worlds", "accounts"]),
    ("pipelines", &["permissions", "opportunities"]),
    ("savedView", &["saved_views", "questions"]),
    ("savedViews", &["saved_views"]),
    ("users", &["gated", "paging", "accounts"]),
    ("viewer", &["permissions", "notifications"]),
    ("job", &["jobs"]),
    ("jobs", &["jobs"]),
    ("ownershipSettingsPreview", &["jobs"]),
];

const MUTATIONS: [(&str, &[&str]); 81] = [
    ("appointmentBook", &["appointments_changed", "questions"]),
    ("appointmentCancel", &["appointments_changed", "questions"]),
    ("appointmentDelete", &["appointments_changed", "questions"]),
    ("appointmentReassign", &["appointments_changed", "questions"]),
    ("appointmentReschedule", &["appointments_changed", "questions"]),
    ("appointmentRestore", &["appointments_changed", "questions"]),
    ("appointmentSetStatus", &["appointments_changed", "questions"]),
    ("appointmentUpdate", &["appointments_changed", "questions"]),
    ("blockedSlotCreate", &["calendars_changed", "questions"]),
    ("blockedSlotDelete", &["calendars_changed", "questions"]),
    ("calendarCreate", &["calendars_changed", "questions"]),
    ("calendarDelete", &["calendars_changed", "questions"]),
    ("calendarGroupCreate", &["calendars_changed"]),
    ("calendarGroupDelete", &["calendars_changed", "questions"]),
    ("calendarGroupRename", &["calendars_changed", "questions"]),
    ("calendarSetMembers", &["calendars_changed", "questions"]),
    ("calendarUpdate", &["calendars_changed", "questions"]),
    ("contactAddFollowers", &["access", "followers", "follows", "hidden"]),
    ("contactChangeOwner", &["change_owner", "owners", "order", "hidden"]),
    ("contactCreate", &["create", "given"]),
    ("contactDelete", &["deletion", "hidden"]),
    ("contactRemoveFollowers", &["access", "followers", "hidden"]),
    ("contactRestore", &["deletion"]),
    ("contactSetMuted", &["follows", "hidden"]),
    ("contactUpdate", &["access", "updates", "versions", "hidden"]),
    ("duplicateFlagDismiss", &["duplicates"]),
    ("lostReasonCreate", &["lost_reasons"]),
    ("lostReasonDelete", &["lost_reasons", "questions"]),
    ("lostReasonRename", &["lost_reasons", "questions"]),
    ("lostReasonReorder", &["lost_reasons", "questions"]),
    ("lostReasonSettingsSave", &["lost_reasons"]),
    ("noteCreate", &["notes", "questions"]),
    ("noteDelete", &["notes", "questions"]),
    ("noteUpdate", &["notes", "questions"]),
    ("notificationArchive", &["notifications", "questions"]),
    ("notificationMarkAllRead", &["notifications"]),
    ("notificationMarkRead", &["notifications", "questions"]),
    ("notificationMarkUnread", &["notifications", "questions"]),
    ("notificationPreferenceSet", &["notifications"]),
    ("notificationUnarchive", &["notifications", "questions"]),
    ("opportunityAddFollowers", &["followers", "follows", "hidden"]),
    ("opportunityChangeOwner", &["change_owner", "owners", "order", "hidden"]),
    ("opportunityCreate", &["create", "given", "auto_follow", "hidden"]),
    ("opportunityDelete", &["deletion", "hidden"]),
    ("opportunityMoveStage", &["access", "opportunities", "versions", "hidden"]),
    ("opportunityRemoveFollowers", &["followers", "hidden"]),
    ("opportunityRestore", &["deletion"]),
    ("opportunitySetMuted", &["follows", "hidden"]),
    ("opportunitySetStatus", &["access", "opportunities", "versions", "hidden"]),
    ("opportunityUpdate", &["access", "updates", "gated", "hidden"]),
    ("ownershipSettingsSave", &["settings"]),
    ("pipelineCreate", &["pipelines"]),
    ("pipelineDelete", &["pipelines", "questions"]),
    ("pipelineRename", &["pipelines", "questions"]),
    ("pipelineReorder", &["pipelines", "questions"]),
    ("savedViewCreate", &["saved_views"]),
    ("savedViewDelete", &["saved_views", "questions"]),
    ("savedViewUpdate", &["saved_views", "questions"]),
    ("stageCreate", &["stages", "questions"]),
    ("stageDelete", &["stages", "questions"]),
    ("stageRename", &["stages", "questions"]),
    ("stageReorder", &["stages", "questions"]),
    ("taskComplete", &["tasks", "questions"]),
    ("taskCreate", &["tasks", "questions"]),
    ("taskDelete", &["tasks", "questions"]),
    ("taskReopen", &["tasks", "questions"]),
    ("taskUpdate", &["tasks", "questions"]),
    ("contactBulkAddFollowers", &["bulk"]),
    ("contactBulkChangeOwner", &["bulk"]),
    ("contactBulkDelete", &["bulk"]),
    ("contactBulkRemoveFollowers", &["bulk"]),
    ("contactBulkRestore", &["bulk"]),
    ("contactBulkTag", &["bulk"]),
    ("opportunityBulkAddFollowers", &["bulk"]),
    ("opportunityBulkChangeOwner", &["bulk"]),
    ("opportunityBulkDelete", &["bulk"]),
    ("opportunityBulkMoveStage", &["bulk"]),
    ("opportunityBulkRemoveFollowers", &["bulk"]),
    ("opportunityBulkRestore", &["bulk"]),
    ("accountAlignOwners", &["jobs"]),
    ("jobCancel", &["jobs"]),
];

/// Those that one listens to, and the files of `tests/it/`.
const SUBSCRIPTIONS: [(&str, &[&str]); 5] = [
    ("appointmentChanged", &["realtime/calendars", "realtime/opening"]),
    ("contactChanged", &["realtime/records", "realtime/ends", "realtime/resumed", "realtime/opening"]),
    ("notificationAdded", &["realtime/inbox", "realtime/chaos"]),
    ("opportunityChanged", &["realtime/records", "realtime/opening"]),
    ("pipelineChanged", &["realtime/pipelines", "realtime/slow", "realtime/opening"]),
];

fn names(fields: &Value) -> BTreeSet<String> {
    let fields = fields.as_array().expect("fields").iter();
    fields.map(|field| field["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn every_operation_of_the_schema_is_tested() {
    let Some(world) = World::on(Sqlite).await else { return };
    let ada = world.user("Ada").create().await;
    let answer = ada
        .reads("{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }")
        .await;
    let schema = &answer.data()["__schema"];
    let listed =
        |operations: &[(&str, &[&str])]| operations.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&schema["queryType"]["fields"]), listed(&QUERIES));
    assert_eq!(names(&schema["mutationType"]["fields"]), listed(&MUTATIONS));
    assert_eq!(names(&schema["subscriptionType"]["fields"]), listed(&SUBSCRIPTIONS));
}

/// The files are there and name the operation, or what tests of both records call it: `does("Update", …)`.
#[test]
fn the_files_that_are_listed_name_the_operation() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for (operation, groups) in QUERIES.iter().chain(&MUTATIONS).chain(&SUBSCRIPTIONS) {
        for group in *groups {
            let text = files.entry(group).or_insert_with(|| {
                let path =
                    if group.contains('/') { format!("{group}.rs") } else { format!("api/{group}.rs") };
                fs::read_to_string(folder.join(path)).unwrap_or_else(|error| panic!("{group}: {error}"))
            });
            let verb = operation.trim_start_matches("contact").trim_start_matches("opportunity");
            let sentence = match verb {
                "ChangeOwner" => ".hands(",
                "AddFollowers" => ".lets_follow(",
                "RemoveFollowers" => ".takes(",
                // `looks_at` and `finds` ask for one record.
                "" => "looks_at(",
                _ => operation,
            };
            let quoted = format!("\"{verb}\"");
            let is_named = text.contains(operation) || text.contains(&quoted) || text.contains(sentence);
            assert!(is_named, "`{group}` does not name `{operation}`");
        }
    }
}
