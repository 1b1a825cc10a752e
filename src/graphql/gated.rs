//! Fields that need a permission of their own (A9): the check, and the directive that shows it.

use async_graphql::TypeDirective;

use super::answer::Answer;
use super::context::Viewpoint;
use super::error::Failure;
use super::user::Permission;

/// The value of a gated field for whoever holds what it needs; null and one `FORBIDDEN` error for everybody else.
pub fn gated<T>(viewpoint: &Viewpoint, field: policy::Field, value: Option<T>) -> Answer<T> {
    if viewpoint.access().actor().holds(field.needs) {
        Ok(value).into()
    } else {
        Err::<Option<T>, _>(Failure::Forbidden(field)).into()
    }
}

/// Marks what needs a permission of its own. Reading such a field without it answers null, with one error for the field
/// and list whose `extensions` name the permission; writing it is refused with `PermissionDenied`.
#[TypeDirective(location = "FieldDefinition", location = "InputFieldDefinition", location = "EnumValue")]
pub fn needs(
    #[graphql(
        desc = "The permission that the viewer must hold, beside the right to see or change the record."
    )]
    permission: Permission,
) {
}
