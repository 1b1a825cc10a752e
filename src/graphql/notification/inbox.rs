//! The viewer's own inbox, as fields of their own person.

use std::sync::Arc;

use async_graphql::SimpleObject;

use super::Notification;
use super::kinds::NotificationKind;
use crate::domain::access::Inbox;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;

/// Whether the viewer wants notifications of a kind.
#[derive(SimpleObject, Clone, Copy, Debug)]
#[graphql(name = "NotificationPreference")]
pub struct Wanted {
    /// The kind.
    kind: NotificationKind,
    /// Whether they are told of it. They are, until they say otherwise.
    wanted: bool,
}

/// A page of the viewer's notices, newest first.
///
/// # Errors
/// Bad input; a database that fails.
pub async fn inbox(
    viewpoint: &Arc<Viewpoint>,
    inbox: Inbox,
    paging: Paging,
) -> Result<Connection<Notification>, Failure> {
    let list = if inbox.archived { "notifications:archived" } else { "notifications" };
    let window = paging.window(viewpoint, list, 1)?;
    let page = viewpoint.access().notifications(inbox, &window).await?;
    let page = Notification::page(viewpoint, page);
    let counted = Arc::clone(viewpoint);
    let counter = move || {
        let viewpoint = Arc::clone(&counted);
        Box::pin(async move { Ok(viewpoint.access().count_notifications(inbox).await?) }) as _
    };
    Ok(Connection::new(viewpoint, list, page, Box::new(counter)))
}

/// How many of the viewer's notices are neither read nor archived.
///
/// # Errors
/// A database that fails.
pub async fn unread_count(viewpoint: &Viewpoint) -> Result<u64, Failure> {
    let unread = Inbox { unread_only: true, archived: false };
    Ok(viewpoint.access().count_notifications(unread).await?.value)
}

/// Of every kind, whether the viewer wants it.
///
/// # Errors
/// A database that fails.
pub async fn preferences(viewpoint: &Viewpoint) -> Result<Vec<Wanted>, Failure> {
    let known = viewpoint.access().notification_preferences().await?;
    Ok(known.into_iter().map(|(kind, wanted)| Wanted { kind: kind.into(), wanted }).collect())
}
