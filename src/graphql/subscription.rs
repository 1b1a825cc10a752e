//! Makes the object of each event, whatever it is an event of.

use std::sync::Arc;

use super::appointment::AppointmentEvent;
use super::contact::{Contact, ContactEvent};
use super::context::Viewpoint;
use super::error::Failure;
use super::in_view::InView;
use super::live::{Delivery, StreamEventKind, Turn, Wanted};
use super::notification::Notification;
use super::opportunity::{Opportunity, OpportunityEvent};
use super::pipeline::PipelineEvent;
use crate::realtime::{Record, Told};

/// What is told, as an object of the graph; none where there is nothing left to tell of.
///
/// # Errors
/// A database that fails.
pub async fn event(
    viewpoint: &Arc<Viewpoint>,
    wanted: Wanted,
    told: Told,
    record: Option<Record>,
    cursor: Option<String>,
) -> Result<Option<Delivery>, Failure> {
    if let Wanted::Inbox(_) = wanted {
        return notice(viewpoint, &told).await;
    }
    let (kind, event) = match told {
        Told::Started => (StreamEventKind::Started, None),
        Told::Event(event) => (StreamEventKind::Changed, Some(event)),
        Told::Removed(event) => (StreamEventKind::Removed, Some(event)),
        Told::Reload => (StreamEventKind::Reload, None),
        Told::Ended | Told::Behind => (StreamEventKind::AccessEnded, None),
    };
    let activity = event.as_ref().filter(|_| kind == StreamEventKind::Changed).map(|event| event.activity);
    let turn = Turn { kind, activity, cursor };
    let (mut contact, mut opportunity) = (None, None);
    match record {
        Some(Record::Contact(snapshot, standing)) => {
            contact = Some(Contact::from(InView::alone(viewpoint, snapshot.through(standing))));
        }
        Some(Record::Opportunity(snapshot, standing)) => {
            opportunity = Some(Opportunity::from(InView::alone(viewpoint, snapshot.through(standing))));
        }
        None => {}
    }
    Ok(Some(match wanted {
        Wanted::Inbox(_) => return Ok(None),
        Wanted::Contact(id) => Delivery::of(ContactEvent { turn, id, contact }),
        Wanted::Opportunity(id) => Delivery::of(OpportunityEvent { turn, id, opportunity }),
        Wanted::Pipeline(id) => {
            let opportunity_id = event.and_then(|event| event.opportunity);
            Delivery::of(PipelineEvent { turn, id, opportunity_id, opportunity })
        }
        Wanted::Calendar(id) => {
            let appointment_id = event.and_then(|event| event.appointment);
            Delivery::of(AppointmentEvent { turn, id, appointment_id })
        }
    }))
}

/// A notice of the viewer's inbox; none when it was too old to be kept meanwhile.
async fn notice(viewpoint: &Arc<Viewpoint>, told: &Told) -> Result<Option<Delivery>, Failure> {
    let Told::Event(event) = told else { return Ok(None) };
    let found = viewpoint.access().numbered_notifications(&[event.number]).await?.remove(&event.number);
    Ok(found.and_then(|row| Notification::siblings(viewpoint, vec![row]).pop()).map(Delivery::of))
}
