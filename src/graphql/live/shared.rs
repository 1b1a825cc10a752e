//! Which subscriptions get the same text for the same event, so that it is made once for all of them.

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};

/// The objects of an event that are the same for everybody who may see every record and holds the same permissions.
const OBJECTS: [&str; 14] = [
    "activity",
    "actor",
    "addedBy",
    "address",
    "changes",
    "contact",
    "followers",
    "monetaryValue",
    "opportunity",
    "owner",
    "pipeline",
    "stage",
    "stages",
    "user",
];

/// Their fields that name nobody's own standing: none of these answers by who asks.
const LEAVES: [&str; 46] = [
    "__typename",
    "addedAt",
    "after",
    "amount",
    "at",
    "before",
    "cause",
    "city",
    "company",
    "contactId",
    "contactName",
    "country",
    "createdAt",
    "currency",
    "cursor",
    "daysInStage",
    "displayName",
    "doNotDisturb",
    "emails",
    "field",
    "firstName",
    "id",
    "inheritsEdit",
    "kind",
    "lastActivityAt",
    "lastName",
    "lostReason",
    "name",
    "opportunityId",
    "phones",
    "picture",
    "pipelineId",
    "position",
    "postalCode",
    "primaryEmail",
    "primaryPhone",
    "region",
    "source",
    "stageChangedAt",
    "status",
    "statusChangedAt",
    "street",
    "tags",
    "until",
    "updatedAt",
    "version",
];

/// Whether everything that the operation selects is the same for everybody with the same permissions. Whatever is not
/// listed here is taken for personal.
pub fn is_impersonal(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    // The root field has arguments, which say what is listened to.
    operation.selection_set.node.items.iter().all(|root| match &root.node {
        Selection::Field(field) => set_is_impersonal(document, &field.node.selection_set.node),
        Selection::InlineFragment(_) | Selection::FragmentSpread(_) => false,
    })
}

fn set_is_impersonal(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let (name, inner) = (field.node.name.node.as_str(), &field.node.selection_set.node);
            let is_known = OBJECTS.contains(&name) || LEAVES.contains(&name);
            is_known
                && field.node.arguments.is_empty()
                && field.node.directives.is_empty()
                && set_is_impersonal(document, inner)
        }
        Selection::InlineFragment(fragment) => {
            fragment.node.directives.is_empty()
                && set_is_impersonal(document, &fragment.node.selection_set.node)
        }
        Selection::FragmentSpread(spread) => {
            let name: &Name = &spread.node.fragment_name.node;
            spread.node.directives.is_empty()
                && document
                    .fragments
                    .get(name)
                    .is_some_and(|fragment| set_is_impersonal(document, &fragment.node.selection_set.node))
        }
    })
}
