//! Which fields with a need of their own a value names (A9): the schema's own directives say so.

use async_graphql::Value;
use async_graphql::parser::types::{BaseType, Type};
use async_graphql::registry::{MetaDirectiveInvocation, MetaType, Registry};
use policy::{Field, Permission};

/// The fields with a need that an input of this type names, however deep.
pub fn named_by(types: &Registry, ty: &str, value: &Value) -> Vec<Field> {
    let mut named = Vec::new();
    if let Some(ty) = Type::new(ty) {
        collect(types, &ty, value, &mut named);
    }
    named
}

/// The need of one field of an object; none where it has none.
pub fn of_field(types: &Registry, object: &str, field: &str) -> Option<Field> {
    let directives = &types.types.get(object)?.field_by_name(field)?.directive_invocations;
    needs(directives).next()
}

fn collect(types: &Registry, ty: &Type, value: &Value, named: &mut Vec<Field>) {
    match (&ty.base, value) {
        (_, Value::Null) => {}
        (BaseType::List(item), Value::List(values)) => {
            values.iter().for_each(|value| collect(types, item, value, named));
        }
        (BaseType::List(item), value) => collect(types, item, value, named),
        (BaseType::Named(name), value) => match (types.types.get(name.as_str()), value) {
            (Some(MetaType::InputObject { input_fields, .. }), Value::Object(values)) => {
                for (key, value) in values.iter().filter(|(_, value)| **value != Value::Null) {
                    let Some(field) = input_fields.get(key.as_str()) else { continue };
                    named.extend(needs(&field.directive_invocations));
                    if let Some(ty) = Type::new(&field.ty) {
                        collect(types, &ty, value, named);
                    }
                }
            }
            (Some(MetaType::Enum { enum_values, .. }), Value::Enum(word)) => {
                let word = enum_values.get(word.as_str());
                named.extend(word.iter().flat_map(|word| needs(&word.directive_invocations)));
            }
            (Some(MetaType::Enum { enum_values, .. }), Value::String(word)) => {
                let word = enum_values.get(word);
                named.extend(word.iter().flat_map(|word| needs(&word.directive_invocations)));
            }
            _ => {}
        },
    }
}

fn needs(directives: &[MetaDirectiveInvocation]) -> impl Iterator<Item = Field> {
    directives.iter().filter(|directive| directive.name == "needs").filter_map(|directive| {
        let permission = match directive.args.get("permission")? {
            Value::Enum(name) => Permission::from_name(name.as_str())?,
            Value::String(name) => Permission::from_name(name)?,
            _ => return None,
        };
        policy::fields().iter().copied().find(|field| field.needs == permission)
    })
}
