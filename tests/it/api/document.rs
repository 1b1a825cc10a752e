//! Documents that many tests ask.

/// What every test asks of a refusal.
const USER_ERRORS: &str = "userErrors {
    __typename code message field
    ... on PermissionDenied { permission }
    ... on OwnerChangeDenied { reason permission }
    ... on DuplicateFound { record { id } }
    ... on StaleVersion { current { id version } currentVersion }
    ... on FollowerLimitReached { limit present: current }
    ... on LimitReached { limit present: current }
}";

/// What an act did to followers.
const FOLLOW_CHANGES: &str = "followChanges { record { id } user { name } outcome cause }";

/// A document that calls one mutation with `$input`, and asks for everything that its payload says. `more` is asked of the
/// record.
pub fn mutation(name: &str, more: &str) -> String {
    let input = input_type(name);
    let one = if name.contains("Bulk") {
        // Not the ids, which are as they were given.
        Some("results { outcome record { id } errors { __typename code field message } }")
    } else if name.starts_with("job") || name == "accountAlignOwners" {
        Some("id job { id state }")
    } else if name == "duplicateFlagDismiss" {
        Some("id")
    } else {
        None
    };
    if let Some(one) = one {
        return format!("mutation($input: {input}!) {{ {name}(input: $input) {{ {one} {USER_ERRORS} }} }}");
    }
    if let Some(payload) = arranged(name) {
        let input = input_type(name);
        return format!(
            "mutation($input: {input}!) {{ {name}(input: $input) {{ {payload} {USER_ERRORS} }} }}"
        );
    }
    let record = record_of(name);
    let rest = match name.trim_start_matches(record) {
        "Create" => FOLLOW_CHANGES.to_owned(),
        "ChangeOwner" => format!("previousOwner {{ name }} {FOLLOW_CHANGES}"),
        "AddFollowers" => {
            "followers { user { name } } added { name } changed { name } skipped { user { name } reason }"
                .to_owned()
        }
        "RemoveFollowers" => {
            "followers { user { name } } removed { name } skipped { user { name } reason }".to_owned()
        }
        "Delete" | "Restore" if record == "contact" => "opportunityCount".to_owned(),
        _ => String::new(),
    };
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ id {record} {{ id {more} }} {rest} {USER_ERRORS} }} }}"
    )
}

/// What the payload says of what is no record: pipelines, lost reasons, saved views.
fn arranged(mutation: &str) -> Option<&'static str> {
    Some(match mutation {
        "pipelineCreate" | "pipelineRename" | "stageReorder" => {
            "id pipeline { id name position version stages { id name position } }"
        }
        "pipelineReorder" => "pipelines { id name position version }",
        "pipelineDelete" | "stageDelete" => {
            "id pipeline { id name version stages { name position } } movedCount"
        }
        "stageCreate" | "stageRename" => {
            "id stage { id name position } pipeline { id version stages { name position } }"
        }
        "lostReasonSettingsSave" => "account { onlyListedLostReasons }",
        _ if mutation.starts_with("lostReason") => "id lostReasons { id name position }",
        "appointmentBook" => {
            "id appointment { id title location status startsAt endsAt zone calendarName contactName version
                assignee { name } attendees { name } } contactOwner { outcome reason permission }
                followChanges { user { name } }"
        }
        "appointmentRestore" => "id appointment { id status version } slotWasGone",
        _ if mutation.starts_with("appointment") => {
            "id appointment { id title location description status startsAt endsAt zone overbooked calendarName
                version assignee { name } attendees { name } }"
        }
        _ if mutation.starts_with("calendarGroup") => {
            "id calendarGroup { id name version calendars { nodes { name } } }"
        }
        _ if mutation.starts_with("calendar") => {
            "id calendar { id name description kind zone slotMinutes bufferBeforeMinutes bufferAfterMinutes
                minimumNoticeMinutes autoConfirm seats givesContact keepsOwner version
                members { priority user { name } } }"
        }
        _ if mutation.starts_with("blockedSlot") => {
            "id blockedSlot { id title zone startsAt endsAt user { name } calendar { name } createdBy { name } }"
        }
        "notificationMarkAllRead" => "unreadCount",
        "notificationPreferenceSet" => "preferences { kind wanted }",
        _ if mutation.starts_with("notification") => {
            "notifications { id number kind reason isRead readAt archivedAt } unreadCount"
        }
        _ if mutation.starts_with("note") => {
            "id note { id body version author { name } mentions { name } } record { __typename id }"
        }
        _ if mutation.starts_with("task") => {
            "id task { id title body dueAt isDone completedAt recordName version assignee { name }
                completedBy { name } author { name } } record { __typename id }"
        }
        _ if mutation.starts_with("savedView") => {
            "id savedView { id name kind isShared filter sort columns version viewerMayEdit owner { name } }"
        }
        _ => return None,
    })
}

/// The field of the payload that has the record.
fn record_of(mutation: &str) -> &'static str {
    ["contact", "opportunity"].into_iter().find(|record| mutation.starts_with(record)).unwrap_or("account")
}

/// `ContactUpdateInput` for `contactUpdate`.
pub fn input_type(mutation: &str) -> String {
    format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..])
}
