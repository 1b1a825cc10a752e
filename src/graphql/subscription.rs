//! Makes the object of each event, whatever it is an event of.

use std::sync::Arc;

use super::appointment::AppointmentEvent;
use super::contact::{Contact, ContactEvent};
use super::context::Viewpoint;
use super::error::Failure;
use super::in_view::InView;
use super::live::{Delivery, StreamEventKind, Turn, Wanted};
use super::opportunity::{Opportunity, OpportunityEvent};
use super::pipeline::PipelineEvent;
use crate::realtime::{Record, Told};

/// What is told, as an object of the graph.
///
/// # Errors
/// A database that fails.
pub async fn event(
    viewpoint: &Arc<Viewpoint>,
    wanted: Wanted,
    told: Told,
    record: Option<Record>,
    cursor: Option<String>,
) -> Result<Delivery, Failure> {
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
        Some(Record::Contact(seen)) => contact = Some(Contact::from(InView::alone(viewpoint, seen))),
        Some(Record::Opportunity(seen)) => {
            opportunity = Some(Opportunity::from(InView::alone(viewpoint, seen)));
        }
        None => {}
    }
    Ok(match wanted {
        Wanted::Inbox(_) => return Err(Failure::bug("an inbox has notices")),
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
    })
}
