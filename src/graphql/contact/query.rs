//! One contact, and lists of them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::Contact;
use super::aggregates::{ContactAggregates, ContactGroupBy, aggregates};
use super::filter::ContactFilterInput;
use crate::domain::access::List;
use crate::graphql::answer::Answer;
use crate::graphql::connection::{Connection, Paging};
use crate::graphql::context::{Viewing, Viewpoint};
use crate::graphql::error::Failure;
use crate::graphql::id::named;
use crate::graphql::lists::ContactSort;

/// The queries about contacts.
#[derive(Debug, Default)]
pub struct ContactQuery;

/// The queries about contacts.
#[Object]
impl ContactQuery {
    /// The contact with this id. Null when there is none, when the viewer may not see it, and when the text is no id of a
    /// contact: the three answer alike.
    async fn contact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of a contact, `contact_…`.")] id: ID,
    ) -> Answer<Contact> {
        Answer::of(Contact::one(ctx.viewpoint(), named(&id))).await
    }

    /// The contacts that the viewer may see, most recently updated first unless sorted otherwise. Empty for whoever lacks
    /// `VIEW_CONTACTS`. Filters and counts see nothing more than the viewer does.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only contacts that pass all of it.")] filter: Option<ContactFilterInput>,
        #[graphql(desc = "The order; most recently updated first when left out.")] sort: Option<ContactSort>,
        #[graphql(
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        )]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after this cursor of the same list and order. Goes with `first`.")]
        after: Option<String>,
        #[graphql(desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`.")]
        last: Option<i64>,
        #[graphql(desc = "Only what comes before this cursor of the same list and order. Goes with `last`.")]
        before: Option<String>,
    ) -> Answer<Connection<Contact>> {
        Answer::of(contacts(ctx.viewpoint(), filter, sort, Paging { first, after, last, before })).await
    }

    /// How many of the contacts that the viewer may see have what in common, the largest groups first. Goes through all of
    /// them: ask for it where it is shown.
    async fn contact_aggregates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only contacts that pass all of it.")] filter: Option<ContactFilterInput>,
        #[graphql(desc = "What the contacts of a group have in common.")] by: ContactGroupBy,
    ) -> Answer<ContactAggregates> {
        Answer::of(aggregates(ctx.viewpoint(), filter, by)).await
    }
}

async fn contacts(
    viewpoint: &Arc<Viewpoint>,
    filter: Option<ContactFilterInput>,
    sort: Option<ContactSort>,
    paging: Paging,
) -> Result<Connection<Contact>, Failure> {
    let filter = filter.unwrap_or_default().decode(viewpoint)?;
    let (sort, name) = ContactSort::order("contacts", sort);
    let window = paging.window(viewpoint, &name, 1)?;
    let list = List { filter, sort };
    let page = viewpoint.access().page::<policy::Contact>(&list, &window).await?;
    let page = Contact::page(viewpoint, page);
    let (counted, filter) = (Arc::clone(viewpoint), list.filter);
    let counter = move || {
        let (viewpoint, filter) = (Arc::clone(&counted), filter.clone());
        Box::pin(async move { Ok(viewpoint.access().count::<policy::Contact>(&filter).await?) }) as _
    };
    Ok(Connection::new(viewpoint, name, page, Box::new(counter)))
}
