//! The tabs with which the demo's playground opens: what ownership and following are, notes and tasks, a week of
//! appointments, and the boards, told by six people.

use entity::appointment::{self, Status};
use entity::{
    ContactId, OpportunityId, PipelineId, Timestamp, calendar, contact_email, contact_member, opportunity,
    pipeline,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::clinic::{PIPELINES, STORY_EMAIL};
use super::deals::Deals;
use super::diary::{self, CONSULTATIONS};
use super::people::{OTHERS, SIX};
use crate::domain::access::Access;
use crate::domain::error::Result;
use crate::domain::user;
use crate::domain::validate::rfc3339;
use crate::http::DemoTab;

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The story, about the records of this database; its boards show the deals that were taken in, where there are any.
pub async fn tabs(clinic: &Access, deals: Option<&Deals>) -> Result<Vec<DemoTab>> {
    let mut tabs = relationship(clinic).await?;
    tabs.extend(week(clinic).await?);
    tabs.extend(boards(clinic, deals).await?);
    Ok(tabs)
}

/// The week as somebody who may manage it, as a follower who may look, and as somebody who sees no calendar.
async fn week(clinic: &Access) -> Result<Vec<DemoTab>> {
    let Some((contact, _)) = protagonists(clinic).await? else { return Ok(Vec::new()) };
    let account = clinic.account().id;
    let finn = user::find(clinic, &SIX[3].email()).await?.id;
    let unit = clinic.begin().await?;
    let named = calendar::Entity::find()
        .filter(calendar::Column::AccountId.eq(account))
        .filter(calendar::Column::DeletedAt.is_null())
        .filter(calendar::Column::Name.eq(CONSULTATIONS));
    let Some(consultations) = unit.rows(named).await?.pop() else { return Ok(Vec::new()) };
    let appointments = appointment::Entity::find()
        .filter(appointment::Column::AccountId.eq(account))
        .filter(appointment::Column::DeletedAt.is_null())
        .order_by_asc(appointment::Column::StartsAt);
    let appointments = unit.rows(appointments).await?;
    let follows = contact_member::Entity::find()
        .filter(contact_member::Column::AccountId.eq(account))
        .filter(contact_member::Column::UserId.eq(finn));
    let follows = unit.rows(follows).await?;
    let Some(first) = appointments.first() else { return Ok(Vec::new()) };
    let of_finn = appointments
        .iter()
        .find(|one| {
            one.status != Status::Cancelled && follows.iter().any(|member| member.record_id == one.contact_id)
        })
        .unwrap_or(first);
    let week = span(first.starts_at);
    let Some(slot) = diary::first_free(clinic, consultations.id).await? else { return Ok(Vec::new()) };

    Ok(vec![
        tab("The week", "coordinator", include_str!("story/the_week.graphql"), &json!({ "week": week })),
        tab(
            "Clara books a free slot",
            "coordinator",
            include_str!("story/book_a_free_slot.graphql"),
            &json!({
                "calendar": consultations.id.to_string(),
                "contact": contact.to_string(),
                "startsAt": rfc3339(slot.time.from),
                "range": { "from": rfc3339(slot.time.from), "until": rfc3339(Timestamp(slot.time.from.0 + DAY)) },
            }),
        ),
        tab(
            "Finn may look, and not touch",
            "follower",
            include_str!("story/look_and_not_touch.graphql"),
            &json!({ "appointment": of_finn.id.to_string() }),
        ),
        tab(
            "Nils knows of no calendar",
            "no-value",
            include_str!("story/no_calendars.graphql"),
            &json!({ "contact": contact.to_string(), "week": week }),
        ),
    ])
}

/// The seven days from there.
fn span(from: Timestamp) -> Value {
    json!({ "from": rfc3339(from), "until": rfc3339(Timestamp(from.0 + 7 * DAY)) })
}

/// The board as somebody who sees everything, as somebody who follows, and as somebody without lead value.
async fn boards(clinic: &Access, deals: Option<&Deals>) -> Result<Vec<DemoTab>> {
    let (pipeline, agent, manager) = match deals {
        Some(deals) => (Some(deals.pipeline), "agent", "manager"),
        None => (treatments(clinic).await?, "provider", "follower"),
    };
    let Some(pipeline) = pipeline else { return Ok(Vec::new()) };
    let pipeline = json!({ "pipeline": pipeline.to_string() });
    Ok(vec![
        tab("The board", agent, include_str!("story/the_board.graphql"), &pipeline),
        tab(
            "The board of somebody who follows",
            manager,
            include_str!("story/the_board_of_a_follower.graphql"),
            &pipeline,
        ),
        tab(
            "The board without lead value",
            "no-value",
            include_str!("story/the_board_without_value.graphql"),
            &pipeline,
        ),
    ])
}

/// Two owners, a follower, a setting: told about one contact and one opportunity.
async fn relationship(clinic: &Access) -> Result<Vec<DemoTab>> {
    let Some((contact, opportunity)) = protagonists(clinic).await? else { return Ok(Vec::new()) };
    let finn = user::find(clinic, &SIX[3].email()).await?.id.to_string();
    let leila = user::find(clinic, &OTHERS[2].email()).await?.id.to_string();
    let (contact, opportunity) = (contact.to_string(), opportunity.to_string());
    let version = clinic.account().version;

    Ok(vec![
        tab("What I see", "follower", include_str!("story/what_i_see.graphql"), &json!({})),
        tab(
            "Two owners of one relationship",
            "coordinator",
            include_str!("story/split_owners.graphql"),
            &json!({ "contact": contact }),
        ),
        tab(
            "Clara lets Finn in",
            "coordinator",
            include_str!("story/add_a_follower.graphql"),
            &json!({ "contact": contact, "follower": finn }),
        ),
        tab(
            "Finn listens",
            "follower",
            include_str!("story/finn_listens.graphql"),
            &json!({ "contact": contact }),
        ),
        tab(
            "Finn edits as Clara may",
            "follower",
            include_str!("story/the_follower_edits.graphql"),
            &json!({ "contact": contact, "city": "Uppsala" }),
        ),
        tab(
            "Finn cannot take the contact away",
            "follower",
            include_str!("story/the_follower_is_refused.graphql"),
            &json!({ "contact": contact, "owner": finn }),
        ),
        tab("What Finn was told", "follower", include_str!("story/what_finn_was_told.graphql"), &json!({})),
        tab(
            "A setting that keeps people informed",
            "admin",
            include_str!("story/turn_the_setting_on.graphql"),
            &json!({ "version": version, "opportunity": opportunity, "owner": leila }),
        ),
        tab(
            "What a deal is worth is a right of its own",
            "no-value",
            include_str!("story/the_value_is_gated.graphql"),
            &json!({ "opportunity": opportunity }),
        ),
        tab(
            "Notes, and a task for Finn",
            "follower",
            include_str!("story/notes_and_tasks.graphql"),
            &json!({ "contact": contact }),
        ),
    ])
}

fn tab(title: &str, person: &str, query: &str, variables: &Value) -> DemoTab {
    DemoTab {
        title: title.to_owned(),
        query: query.to_owned(),
        variables: serde_json::to_string_pretty(variables).ok(),
        person: Some(person.to_owned()),
    }
}

/// The clinic's own pipeline.
async fn treatments(clinic: &Access) -> Result<Option<PipelineId>> {
    let unit = clinic.begin().await?;
    let named = pipeline::Entity::find()
        .filter(pipeline::Column::AccountId.eq(clinic.account().id))
        .filter(pipeline::Column::Name.eq(PIPELINES[0]));
    Ok(unit.rows(named).await?.pop().map(|pipeline| pipeline.id))
}

/// The contact and the opportunity that the story is about; none when somebody has changed them beyond recognition.
async fn protagonists(clinic: &Access) -> Result<Option<(ContactId, OpportunityId)>> {
    let unit = clinic.begin().await?;
    let account = clinic.account().id;
    let emails = contact_email::Entity::find()
        .filter(contact_email::Column::AccountId.eq(account))
        .filter(contact_email::Column::AddressKey.eq(STORY_EMAIL));
    let Some(contact) = unit.rows(emails).await?.pop().map(|row| row.contact_id) else { return Ok(None) };
    let opportunities = opportunity::Entity::find()
        .filter(opportunity::Column::AccountId.eq(account))
        .filter(opportunity::Column::ContactId.eq(contact));
    Ok(unit.rows(opportunities).await?.first().map(|row| (contact, row.id)))
}
