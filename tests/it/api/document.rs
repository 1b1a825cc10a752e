//! Documents that many tests ask.

/// What every test asks of a refusal.
const USER_ERRORS: &str = "userErrors {
    __typename code message field
    ... on PermissionDenied { permission }
    ... on OwnerChangeDenied { reason permission }
    ... on StaleVersion { current { id version } currentVersion }
    ... on FollowerLimitReached { limit present: current }
}";

/// What an act did to followers.
const FOLLOW_CHANGES: &str = "followChanges { record { id } user { name } outcome cause }";

/// A document that calls one mutation with `$input`, and asks for everything that its payload says. `more` is asked of the
/// record.
pub fn mutation(name: &str, more: &str) -> String {
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
        _ => String::new(),
    };
    let input = input_type(name);
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ id {record} {{ id {more} }} {rest} {USER_ERRORS} }} }}"
    )
}

/// The field of the payload that has the record.
fn record_of(mutation: &str) -> &'static str {
    ["contact", "opportunity"].into_iter().find(|record| mutation.starts_with(record)).unwrap_or("account")
}

/// `ContactUpdateInput` for `contactUpdate`.
pub fn input_type(mutation: &str) -> String {
    format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..])
}
