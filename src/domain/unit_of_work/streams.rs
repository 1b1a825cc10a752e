//! Numbers what happened, last in the change: one lock per topic, in one order for everybody (N4).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::activity::Cause;
use entity::{
    AppointmentId, CalendarId, NotificationId, PipelineId, UserId, notification, notification_activity,
    stream_event,
};
use sea_orm::sea_query::{Expr, OnConflict, Query, Returning};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, Set};
use uuid::Uuid;

use super::UnitOfWork;
use crate::domain::activity::{Event, Subject, What};
use crate::domain::error::{Error, Result};
use crate::domain::notification::Notice;
use crate::domain::record::RecordRef;
use crate::domain::stream::{Lost, Topic, write_lost};

/// How many rows one statement inserts, as for the history.
const CHUNK: usize = 40;

/// How many topics one statement counts on. Several statements are as ordered as one.
const TOPICS: usize = 500;

/// One event of one topic, before it has its number.
struct Happening<'a> {
    topic: Topic,
    event: &'a Event,
    lost: Lost,
}

impl UnitOfWork<'_> {
    /// Numbers the events on their topics and the notices in their inboxes, and writes both. Answers which topics.
    pub(super) async fn publish(&self, notices: Vec<Notice>) -> Result<Vec<Topic>> {
        let happenings = self.happenings().await?;
        let mut taken: BTreeMap<Topic, i64> = BTreeMap::new();
        for topic in happenings
            .iter()
            .map(|happening| happening.topic)
            .chain(notices.iter().map(|notice| Topic::Inbox(notice.user)))
        {
            *taken.entry(topic).or_default() += 1;
        }
        let mut next = self.take_numbers(&taken).await?;
        let mut number = |topic: Topic| {
            let next = next.get_mut(&topic.uuid()).ok_or_else(|| Error::bug("a topic got no number"))?;
            *next += 1;
            Ok::<i64, Error>(*next)
        };
        let mut events = Vec::with_capacity(happenings.len());
        for happening in &happenings {
            events.push(stream_event::ActiveModel {
                topic: Set(happening.topic.uuid()),
                number: Set(number(happening.topic)?),
                account_id: Set(self.account.id),
                activity_id: Set(happening.event.id),
                at: Set(self.now),
                lost: Set(write_lost(&happening.lost)),
            });
        }
        for events in events.chunks(CHUNK) {
            stream_event::Entity::insert_many(events.to_vec())
                .exec_without_returning(&self.transaction)
                .await?;
        }
        self.insert_notices(notices, number).await?;
        Ok(taken.into_keys().collect())
    }

    /// Takes as many numbers on each topic as it needs; answers the number before the first one of each.
    async fn take_numbers(&self, taken: &BTreeMap<Topic, i64>) -> Result<HashMap<Uuid, i64>> {
        let mut before = HashMap::new();
        let topics: Vec<(Uuid, i64)> = taken.iter().map(|(topic, count)| (topic.uuid(), *count)).collect();
        for topics in topics.chunks(TOPICS) {
            let mut insert = Query::insert();
            insert.into_table("stream").columns(["topic", "account_id", "last_number"]);
            for (topic, count) in topics {
                insert
                    .values([Expr::val(*topic), Expr::val(self.account.id), Expr::val(*count)])
                    .map_err(|error| Error::bug(error.to_string()))?;
            }
            let raised = Expr::col(("stream", "last_number")).add(Expr::col(("excluded", "last_number")));
            insert
                .on_conflict(OnConflict::column("topic").value("last_number", raised).to_owned())
                .returning(Returning::new().columns(["topic", "last_number"]));
            for row in self.transaction.query_all(&insert).await? {
                let topic: Uuid = row.try_get("", "topic")?;
                let last: i64 = row.try_get("", "last_number")?;
                let count = topics.iter().find(|(known, _)| *known == topic).map_or(0, |(_, count)| *count);
                before.insert(topic, last - count);
            }
        }
        Ok(before)
    }

    async fn insert_notices(
        &self,
        notices: Vec<Notice>,
        mut number: impl FnMut(Topic) -> Result<i64>,
    ) -> Result<()> {
        let mut rows = Vec::with_capacity(notices.len());
        let mut grouped = Vec::new();
        for notice in notices {
            let number = number(Topic::Inbox(notice.user))?;
            let (contact, opportunity) = match notice.record {
                Some(RecordRef::Contact(id)) => (Some(id), None),
                Some(RecordRef::Opportunity(id)) => (None, Some(id)),
                None => (None, None),
            };
            for (position, activity) in notice.activities.iter().enumerate() {
                grouped.push(notification_activity::ActiveModel {
                    user_id: Set(notice.user),
                    number: Set(number),
                    position: Set(i16::try_from(position).unwrap_or(i16::MAX)),
                    account_id: Set(self.account.id),
                    activity_id: Set(*activity),
                });
            }
            // What the clock brings about is nobody's doing.
            let by_clock =
                self.events.iter().any(|event| event.id == notice.activity && event.cause == Cause::Clock);
            rows.push(notification::ActiveModel {
                user_id: Set(notice.user),
                number: Set(number),
                id: Set(self.new_id::<NotificationId>()),
                account_id: Set(self.account.id),
                at: Set(self.now),
                kind: Set(notice.kind),
                reason: Set(notice.reason),
                actor_id: Set(self.actor().user.filter(|_| !by_clock)),
                activity_id: Set(notice.activity),
                activity_count: Set(notice.count),
                contact_id: Set(contact),
                opportunity_id: Set(opportunity),
                display_name: Set(notice.display_name),
                read_at: Set(None),
                archived_at: Set(None),
            });
        }
        for rows in rows.chunks(CHUNK) {
            notification::Entity::insert_many(rows.to_vec())
                .exec_without_returning(&self.transaction)
                .await?;
        }
        for rows in grouped.chunks(CHUNK) {
            notification_activity::Entity::insert_many(rows.to_vec())
                .exec_without_returning(&self.transaction)
                .await?;
        }
        Ok(())
    }

    /// What is told on which topics. What was purged is told nowhere: there is nothing left to listen to.
    async fn happenings(&self) -> Result<Vec<Happening<'_>>> {
        let calendars = self.calendars_now().await?;
        let mut happenings = Vec::new();
        for event in self.events.iter().filter(|event| event.what != What::Purged) {
            match event.subject {
                Subject::Record(record) => self.tell_of_record(record, event, &mut happenings),
                Subject::Note { on, .. } | Subject::Task { on, .. } => {
                    happenings.push(Happening { topic: on.into(), event, lost: Lost::new() });
                }
                Subject::Pipeline(pipeline) | Subject::Stage { pipeline, .. } => {
                    let topic = Topic::Pipeline(pipeline);
                    happenings.push(Happening { topic, event, lost: Lost::new() });
                }
                Subject::Appointment { appointment, contact } => {
                    happenings.push(Happening { topic: Topic::Contact(contact), event, lost: Lost::new() });
                    let lost = lost_appointment(event);
                    let now = calendars.get(&appointment).copied();
                    let calendars: BTreeSet<CalendarId> =
                        now.into_iter().chain(calendar_before(event)).collect();
                    for calendar in calendars {
                        let topic = Topic::Calendar(calendar);
                        happenings.push(Happening { topic, event, lost: lost.clone() });
                    }
                }
                Subject::Calendar(_)
                | Subject::User(_)
                | Subject::CalendarGroup(_)
                | Subject::BlockedSlot { .. }
                | Subject::LostReason { .. }
                | Subject::Account => {}
            }
        }
        Ok(happenings)
    }

    /// Of a record, and of an opportunity to whoever listens to its pipeline, the one that it leaves among them.
    fn tell_of_record<'e>(&self, record: RecordRef, event: &'e Event, happenings: &mut Vec<Happening<'e>>) {
        happenings.push(Happening { topic: record.into(), event, lost: Lost::new() });
        let Some(held) = self.held.get(&record) else { return };
        let pipelines: BTreeSet<PipelineId> =
            [held.deal, held.first.deal].into_iter().flatten().map(|deal| deal.pipeline).collect();
        for pipeline in pipelines {
            let lost = lost_by(event);
            happenings.push(Happening { topic: Topic::Pipeline(pipeline), event, lost });
        }
    }

    /// In which calendars the appointments of this change are now.
    async fn calendars_now(&self) -> Result<HashMap<AppointmentId, CalendarId>> {
        let appointments: BTreeSet<AppointmentId> = self
            .events
            .iter()
            .filter_map(|event| match event.subject {
                Subject::Appointment { appointment, .. } => Some(appointment),
                _ => None,
            })
            .collect();
        let appointments: Vec<Uuid> = appointments.into_iter().map(entity::TypedId::uuid).collect();
        let mut found = HashMap::new();
        for ids in appointments.chunks(TOPICS) {
            let select = Query::select()
                .columns(["id", "calendar_id"])
                .from("appointment")
                .and_where(Expr::col("id").is_in(ids.iter().copied()))
                .take();
            for row in self.transaction.query_all(&select).await? {
                found.insert(row.try_get("", "id")?, row.try_get("", "calendar_id")?);
            }
        }
        Ok(found)
    }
}

/// Who may have lost sight of a record by this event.
fn lost_by(event: &Event) -> Lost {
    match event.what {
        What::OwnerChanged { from, .. } => from.into_iter().collect(),
        What::FollowerRemoved { user } | What::FollowEnded { user } => Lost::from([user]),
        _ => Lost::new(),
    }
}

/// Who may have lost sight of an appointment by this event: whose it was, and who takes part no more.
fn lost_appointment(event: &Event) -> Lost {
    let people = |text: &Option<String>| -> BTreeSet<UserId> {
        text.iter().flat_map(|text| text.split(", ")).filter_map(|id| id.parse().ok()).collect()
    };
    let named = event.changes.iter().filter(|change| matches!(&*change.field, "assignee" | "attendees"));
    named.flat_map(|change| &people(&change.before) - &people(&change.after)).collect()
}

/// The calendar that an appointment leaves by this event.
fn calendar_before(event: &Event) -> Option<CalendarId> {
    event.changes.iter().find(|change| change.field == "calendar")?.before.as_ref()?.parse().ok()
}
