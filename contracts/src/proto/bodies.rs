//! What carries requests, replies and events: protobuf sends messages only, so
//! whatever is not a struct gets a message around it, in which it can still grow.

use super::names;
use crate::model::{Contract, Field, Operation, OperationKind, Type, TypeId, TypeKind, TypeRef};

/// The message that carries a payload.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    /// `()` is `google.protobuf.Empty`.
    Empty,
    /// A struct of the contract is its own message.
    Struct(TypeId),
    /// A message made for the operation.
    Made {
        /// Its name in the package.
        name: String,
        /// What is in it.
        members: Vec<Member<'a>>,
    },
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) name: String,
    pub(crate) number: u32,
    pub(crate) ty: &'a Type,
    /// The field of the contract; none for a reply.
    pub(crate) field: Option<&'a Field>,
}

/// What a message is called with, or each item of its stream; what an event carries.
pub(crate) fn request<'a>(contract: &Contract, operation: &'a Operation) -> Body<'a> {
    let rust = &operation.name.rust;
    if let Some(bare) = operation.bare()
        && let Some(id) = structure(contract, &bare.ty)
    {
        return Body::Struct(id);
    }
    let name = match operation.kind {
        OperationKind::Event => names::method(rust),
        OperationKind::Message | OperationKind::Oneway => names::request(rust),
    };
    Body::Made {
        name,
        members: members(&operation.args),
    }
}

/// What a message answers, or each item of its stream. Nobody answers the others.
pub(crate) fn response<'a>(contract: &Contract, operation: &'a Operation) -> Body<'a> {
    let ty = &operation.returns;
    if matches!(
        contract.behind_aliases(ty).map(|ty| &ty.kind),
        Some(TypeRef::Unit)
    ) {
        return Body::Empty;
    }
    if let Some(id) = structure(contract, ty) {
        return Body::Struct(id);
    }
    let value = Member {
        name: names::REPLY.to_owned(),
        number: 1,
        ty,
        field: None,
    };
    Body::Made {
        name: names::response(&operation.name.rust),
        members: vec![value],
    }
}

/// Fields as members, with their numbers. Those without any are numbered by
/// their places, which only arguments are in a sound contract.
pub(crate) fn members(fields: &[Field]) -> Vec<Member<'_>> {
    (1..)
        .zip(fields)
        .map(|(place, field)| Member {
            name: names::field(&field.name.rust),
            number: field.number.as_ref().map_or(place, |number| number.value),
            ty: &field.ty,
            field: Some(field),
        })
        .collect()
}

/// The struct that a type is, behind all that leaves no trace on the wire.
fn structure(contract: &Contract, ty: &Type) -> Option<TypeId> {
    let ty = contract.on_the_wire(ty)?;
    match &ty.kind {
        TypeRef::Box(inner) => structure(contract, inner),
        TypeRef::Named {
            target: Some(id), ..
        } => contract
            .type_def(*id)
            .is_some_and(|def| matches!(def.kind, TypeKind::Struct(_)))
            .then_some(*id),
        _ => None,
    }
}
