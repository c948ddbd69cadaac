//! Types as text, for messages.

use super::SCALARS;
use crate::model::{Type, TypeRef};

/// The type as a contract writes it.
pub(crate) fn show(ty: &Type) -> String {
    match &ty.kind {
        TypeRef::Unit => "()".to_owned(),
        TypeRef::Scalar(scalar) => {
            let name = SCALARS
                .iter()
                .find(|(_, known)| known == scalar)
                .map_or("?", |(name, _)| name);
            name.to_owned()
        }
        TypeRef::Option(inner) => format!("Option<{}>", show(inner)),
        TypeRef::Vec(inner) => format!("Vec<{}>", show(inner)),
        TypeRef::Map {
            sorted: true,
            key,
            value,
        } => format!("BTreeMap<{}, {}>", show(key), show(value)),
        TypeRef::Map {
            sorted: false,
            key,
            value,
        } => format!("HashMap<{}, {}>", show(key), show(value)),
        TypeRef::Box(inner) => format!("Box<{}>", show(inner)),
        TypeRef::Named { name, .. } => name.clone(),
    }
}
