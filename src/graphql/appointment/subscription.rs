//! What happens to the appointments of one calendar, as it happens.

use async_graphql::{Context, ID, Object, Subscription};
use entity::{AppointmentId, CalendarId};
use futures_util::stream::BoxStream;

use super::Appointment;
use crate::graphql::activity::Activity;
use crate::graphql::answer::Answer;
use crate::graphql::context::Viewing;
use crate::graphql::id::named;
use crate::graphql::live::{Listening, StreamEventKind, Turn, Wanted, occasion};

/// One event of a calendar's stream.
#[derive(Clone, Debug)]
pub struct AppointmentEvent {
    /// What all events have.
    pub turn: Turn,
    /// Of which calendar.
    pub id: CalendarId,
    /// The appointment that it is about.
    pub appointment_id: Option<AppointmentId>,
}

/// One event of a calendar's stream: what happened to those of its appointments that the subscriber may see.
#[Object]
impl AppointmentEvent {
    /// What the event says.
    async fn kind(&self) -> StreamEventKind {
        self.turn.kind
    }

    /// The calendar that is listened to, `calendar_…`.
    async fn calendar_id(&self) -> ID {
        self.id.into()
    }

    /// The appointment that the event is about, `appointment_…`. Null for what is about none.
    async fn appointment_id(&self) -> Option<ID> {
        self.appointment_id.map(Into::into)
    }

    /// That appointment as the subscriber sees it now, which may be newer than the event. Null when it was removed.
    async fn appointment(&self, ctx: &Context<'_>) -> Answer<Appointment> {
        let changed = self.turn.kind == StreamEventKind::Changed;
        Answer::of(async {
            let Some(id) = self.appointment_id.filter(|_| changed) else { return Ok(None) };
            Appointment::one(ctx.viewpoint(), id).await
        })
        .await
    }

    /// What happened, who did it and why. Null for what is no event of the history, and for a removal.
    async fn activity(&self, ctx: &Context<'_>) -> Answer<Activity> {
        Answer::of(self.turn.activity(ctx)).await
    }

    /// From where to resume after this event: give it as `after`. Opaque, and good for this calendar alone.
    async fn cursor(&self) -> Option<&str> {
        self.turn.cursor.as_deref()
    }
}

/// Subscriptions to the appointments of calendars.
#[derive(Debug, Default)]
pub struct AppointmentSubscription;

/// Subscriptions to the appointments of calendars.
#[Subscription]
impl AppointmentSubscription {
    /// Everything that happens to the appointments of one calendar, as far as the viewer may see them, in order. One that
    /// leaves the calendar, is deleted, or leaves the viewer's sight by this comes once more as `REMOVED`. `NOT_FOUND`
    /// where the viewer has no access to the calendar.
    async fn appointment_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The calendar, `calendar_…`.")] calendar_id: ID,
        #[graphql(
            desc = "Resume after the event with this `cursor`: nothing is missed, nothing comes twice."
        )]
        after: Option<String>,
    ) -> BoxStream<'static, AppointmentEvent> {
        occasion(ctx, Listening { wanted: Wanted::Calendar(named(&calendar_id)), after })
    }
}
