//! The variables of a request, coerced before the engine sees them: it lets a missing required variable through, takes
//! `null` for `String!`, and forgets the defaults of `@include(if:)`.

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationDefinition, Type, VariableDefinition,
};
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{Name, Positioned, ServerError, Value, Variables};
use serde_json::Value as Json;

use super::error::{Code, coded};

/// The variables that the chosen operation declares, checked against their types. One that is neither given nor has a
/// default stays out, so that the field that it stands for counts as omitted; what is not declared is dropped.
///
/// # Errors
/// Bad input, for each variable that cannot be taken.
pub fn coerce(
    types: &Registry,
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    given: Json,
) -> Result<Variables, Vec<ServerError>> {
    let mut given = match given {
        Json::Null => serde_json::Map::new(),
        Json::Object(given) => given,
        _ => return Err(vec![coded(Code::BadUserInput, "`variables` must be an object", None)]),
    };
    // Without a chosen operation the engine says what is wrong.
    let Some(operation) = chosen(document, operation_name) else { return Ok(Variables::default()) };
    let mut variables = Variables::default();
    let mut errors = Vec::new();
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        match variable(types, &definition.node, given.remove(name.as_str())) {
            Ok(Some(value)) => {
                variables.insert(name.clone(), value);
            }
            Ok(None) => {}
            Err(message) => errors.push(coded(Code::BadUserInput, message, Some(definition.pos))),
        }
    }
    if errors.is_empty() { Ok(variables) } else { Err(errors) }
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(its_name, _)| its_name.is_some_and(|its_name| its_name == name)),
        None if operations.len() == 1 => operations.next(),
        None => None,
    };
    found.map(|(_, operation): (_, &Positioned<OperationDefinition>)| &operation.node)
}

fn variable(
    types: &Registry,
    definition: &VariableDefinition,
    given: Option<Json>,
) -> Result<Option<Value>, String> {
    let (name, ty) = (&definition.name.node, &definition.var_type.node);
    let Some(given) = given else {
        return match &definition.default_value {
            Some(default) => Ok(Some(default.node.clone())),
            None if ty.nullable => Ok(None),
            None => Err(format!("the variable `${name}` of type `{ty}` must be given")),
        };
    };
    let value = Value::from_json(given).map_err(|_| format!("the variable `${name}` cannot be read"))?;
    check(types, ty, &value, &mut format!("${name}"))?;
    Ok(Some(value))
}

/// Checks a value against its type. The message names the place in the value, never the value.
///
/// # Errors
/// What is wrong, and where.
pub fn check(types: &Registry, ty: &Type, value: &Value, place: &mut String) -> Result<(), String> {
    match (&ty.base, value) {
        (_, Value::Null) if ty.nullable => Ok(()),
        (_, Value::Null) => Err(format!("`{place}` must not be null: its type is `{ty}`")),
        (BaseType::List(item), Value::List(values)) => values
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| within(place, &index, |place| check(types, item, value, place))),
        // One item stands for a list of it.
        (BaseType::List(item), value) => check(types, item, value, place),
        (BaseType::Named(name), value) => check_named(types, name, value, place),
    }
}

fn check_named(types: &Registry, name: &Name, value: &Value, place: &mut String) -> Result<(), String> {
    let wrong = |place: &str| Err(format!("`{place}` is not of the type `{name}`"));
    match types.types.get(name.as_str()) {
        Some(MetaType::Scalar { is_valid: Some(is_valid), .. }) if !is_valid(value) => wrong(place),
        Some(MetaType::Enum { enum_values, .. }) => match value {
            Value::Enum(word) if enum_values.contains_key(word.as_str()) => Ok(()),
            Value::String(word) if enum_values.contains_key(word) => Ok(()),
            _ => wrong(place),
        },
        Some(MetaType::InputObject { input_fields, oneof, .. }) => {
            let Value::Object(values) = value else { return wrong(place) };
            if *oneof && (values.len() != 1 || values.values().any(|value| *value == Value::Null)) {
                return Err(format!("`{place}` must have exactly one field, which is not null"));
            }
            // A long name may be a value at the wrong place, so it is not repeated.
            if values.keys().any(|key| !input_fields.contains_key(key.as_str())) {
                return Err(format!("`{place}` has a field that the type `{name}` does not have"));
            }
            input_fields.values().try_for_each(|field| {
                let Some(ty) = Type::new(&field.ty) else { return Ok(()) };
                match values.get(field.name.as_str()) {
                    Some(value) => within(place, &field.name, |place| check(types, &ty, value, place)),
                    None if ty.nullable || field.default_value.is_some() => Ok(()),
                    None => Err(format!("`{place}.{}` of type `{ty}` must be given", field.name)),
                }
            })
        }
        // Any other name is for validation to refuse.
        _ => Ok(()),
    }
}

fn within(
    place: &mut String,
    step: &dyn std::fmt::Display,
    check: impl FnOnce(&mut String) -> Result<(), String>,
) -> Result<(), String> {
    let before = place.len();
    place.push('.');
    place.push_str(&step.to_string());
    check(place)?;
    place.truncate(before);
    Ok(())
}
