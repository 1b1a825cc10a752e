//! Reads the filter, the order and the columns of a view as the lists themselves do.

use std::sync::LazyLock;

use async_graphql::parser::types::Type;
use async_graphql::registry::Registry;
use async_graphql::{InputType, OutputType, Value};
use entity::saved_view::Kind;
use policy::Field;
use serde_json::Value as Json;

use super::needs;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::saved_view::Text;
use crate::graphql::contact::{Contact, ContactFilterInput};
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::lists::{ContactSort, OpportunitySort};
use crate::graphql::opportunity::{Opportunity, OpportunityFilterInput};
use crate::graphql::roots;
use crate::graphql::variables::check;

/// The schema's types, which say what a filter may be.
static TYPES: LazyLock<Registry> = LazyLock::new(roots::types);

/// How deep a filter or an order may nest, before anybody looks at what it says.
const MAX_DEPTH: usize = 40;

/// A filter as the list of this kind takes it. It is read and then kept as it was given: ids in it are not looked up.
///
/// # Errors
/// Invalid, when the list would not take it.
pub fn filter(viewpoint: &Viewpoint, kind: Kind, json: &Json) -> Result<Text> {
    match kind {
        Kind::Contacts => read("filter", json, |filter: ContactFilterInput| filter.decode(viewpoint)),
        Kind::Opportunities => {
            read("filter", json, |filter: OpportunityFilterInput| filter.decode(viewpoint))
        }
    }
}

/// An order as the list of this kind takes it.
///
/// # Errors
/// Invalid, when the list would not take it.
pub fn sort(kind: Kind, json: &Json) -> Result<Text> {
    match kind {
        Kind::Contacts => read("sort", json, Ok::<ContactSort, Failure>),
        Kind::Opportunities => read("sort", json, Ok::<OpportunitySort, Failure>),
    }
}

/// The needs among the fields that a view shows.
///
/// # Errors
/// Invalid, for each one that the records of this kind do not have.
pub fn columns(kind: Kind, columns: &[String]) -> Result<Vec<Field>> {
    let object = match kind {
        Kind::Contacts => Contact::type_name(),
        Kind::Opportunities => Opportunity::type_name(),
    };
    let known = |column: &str| TYPES.types.get(&*object).is_some_and(|ty| ty.field_by_name(column).is_some());
    let unknown = columns.iter().enumerate().filter(|(_, column)| !known(column));
    let unknown: Vec<Refusal> = unknown
        .map(|(place, _)| {
            Refusal::invalid(&format!("columns.{place}"), format!("not a field of the type `{object}`"))
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Refused(unknown));
    }
    Ok(columns.iter().filter_map(|column| needs::of_field(&TYPES, &object, column)).collect())
}

/// The fields with a need that a kept filter names.
pub fn filter_needs(kind: Kind, json: &Json) -> Vec<Field> {
    match kind {
        Kind::Contacts => named_by::<ContactFilterInput>(json),
        Kind::Opportunities => named_by::<OpportunityFilterInput>(json),
    }
}

/// The fields with a need that a kept order names.
pub fn sort_needs(kind: Kind, json: &Json) -> Vec<Field> {
    match kind {
        Kind::Contacts => named_by::<ContactSort>(json),
        Kind::Opportunities => named_by::<OpportunitySort>(json),
    }
}

fn named_by<T: InputType>(json: &Json) -> Vec<Field> {
    let value = Value::from_json(json.clone()).unwrap_or_default();
    needs::named_by(&TYPES, &T::type_name(), &value)
}

fn read<T: InputType, D>(
    field: &str,
    json: &Json,
    decode: impl FnOnce(T) -> std::result::Result<D, Failure>,
) -> Result<Text> {
    let name = T::type_name();
    let wrong = |message: String| Refusal::invalid(field, message);
    if depth(json) > MAX_DEPTH {
        return Err(wrong(format!("nests deeper than {MAX_DEPTH} levels")).into());
    }
    let value = Value::from_json(json.clone()).map_err(|_| wrong("cannot be read".to_owned()))?;
    let ty = Type::new(&name).ok_or_else(|| Error::bug("a type without a name"))?;
    check(&TYPES, &ty, &value, &mut field.to_owned()).map_err(wrong)?;
    let read = T::parse(Some(value.clone())).map_err(|_| wrong(format!("cannot be read as a `{name}`")))?;
    match decode(read) {
        Ok(_) => {}
        // What needs a permission is named below, and refused where rights are decided.
        Err(Failure::Forbidden(_) | Failure::Denied(_) | Failure::NotOneself) => {}
        Err(Failure::BadInput(message)) => return Err(wrong(message.into_owned()).into()),
        Err(Failure::NotFound | Failure::Broken) => return Err(Error::bug("a filter was not read")),
    }
    Ok(Text { json: json.to_string(), names: needs::named_by(&TYPES, &name, &value) })
}

fn depth(json: &Json) -> usize {
    let inside = match json {
        Json::Array(items) => items.iter().map(depth).max(),
        Json::Object(fields) => fields.values().map(depth).max(),
        _ => return 0,
    };
    1 + inside.unwrap_or_default()
}
