//! Types in generated code: how they are written, and what can be derived on them.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::names;
use crate::model::{Contract, Field, Scalar, Type, TypeDef, TypeId, TypeKind, TypeRef, Variant};

/// What all the parts of a declared type allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) eq: bool,
    pub(super) hash: bool,
    pub(super) order: bool,
    pub(super) copy: bool,
    /// Whether there is a `#[check]` in it.
    pub(super) checked: bool,
}

impl Facts {
    /// What nothing speaks against: the start, from which parts take away.
    const BEST: Self = Self {
        eq: true,
        hash: true,
        order: true,
        copy: true,
        checked: false,
    };

    fn and(self, other: Self) -> Self {
        Self {
            eq: self.eq && other.eq,
            hash: self.hash && other.hash,
            order: self.order && other.order,
            copy: self.copy && other.copy,
            checked: self.checked || other.checked,
        }
    }
}

/// The declared types of a contract and their facts.
#[derive(Debug)]
pub(super) struct Types<'a> {
    contract: &'a Contract,
    facts: Vec<Vec<Facts>>,
}

impl<'a> Types<'a> {
    pub(super) fn collect(contract: &'a Contract) -> Self {
        let best = |file: &crate::model::File| vec![Facts::BEST; file.types.len()];
        let mut types = Self {
            contract,
            facts: contract.files.iter().map(best).collect(),
        };
        // Types may contain each other in a circle, so facts are taken away until nothing changes.
        loop {
            let facts: Vec<Vec<Facts>> = contract
                .files
                .iter()
                .map(|file| file.types.iter().map(|def| types.judge(def)).collect())
                .collect();
            if facts == types.facts {
                return types;
            }
            types.facts = facts;
        }
    }

    /// The facts of a declared type.
    pub(super) fn judge(&self, def: &TypeDef) -> Facts {
        match &def.kind {
            TypeKind::Struct(fields) => self.of_object(fields),
            TypeKind::Newtype(newtype) => {
                let inner = self.of(&newtype.ty);
                Facts {
                    checked: inner.checked || !newtype.checks.is_empty(),
                    ..inner
                }
            }
            TypeKind::Alias(ty) => self.of(ty),
            TypeKind::UnitEnum(unit) => Facts {
                order: false,
                copy: !unit.open,
                ..Facts::BEST
            },
            TypeKind::DataEnum(data) => self.of_variants(data.variants.iter()),
            TypeKind::ErrorEnum(error) => {
                self.of_variants(error.variants.iter().map(|error| &error.variant))
            }
        }
    }

    fn of_variants<'v>(&self, variants: impl Iterator<Item = &'v Variant>) -> Facts {
        let none = Facts {
            order: false,
            copy: false,
            ..Facts::BEST
        };
        variants.fold(none, |facts, variant| {
            facts.and(self.of_object(&variant.fields))
        })
    }

    /// What may grow is never `Copy`, and objects have no order.
    pub(super) fn of_object(&self, fields: &[Field]) -> Facts {
        let none = Facts {
            order: false,
            copy: false,
            ..Facts::BEST
        };
        fields.iter().fold(none, |facts, field| {
            let facts = facts.and(self.of(&field.ty));
            Facts {
                checked: facts.checked || !field.checks.is_empty(),
                ..facts
            }
        })
    }

    /// The facts of a type as it is used.
    pub(super) fn of(&self, ty: &Type) -> Facts {
        match &ty.kind {
            TypeRef::Unit => Facts::BEST,
            TypeRef::Scalar(scalar) => of_scalar(*scalar),
            TypeRef::Option(inner) => self.of(inner),
            TypeRef::Vec(inner) | TypeRef::Box(inner) => Facts {
                copy: false,
                ..self.of(inner)
            },
            TypeRef::Map { sorted, key, value } => {
                let facts = self.of(key).and(self.of(value));
                Facts {
                    copy: false,
                    hash: facts.hash && *sorted,
                    order: facts.order && *sorted,
                    ..facts
                }
            }
            TypeRef::Named {
                target: Some(id), ..
            } => self.facts[id.file][id.index],
            // Written as `Json`, see `written`.
            TypeRef::Named { target: None, .. } => of_scalar(Scalar::Json),
        }
    }

    /// The whole contract.
    pub(super) fn contract(&self) -> &'a Contract {
        self.contract
    }

    /// What a type is behind aliases, newtypes and boxes.
    pub(super) fn core<'t>(&self, ty: &'t Type) -> &'t TypeRef
    where
        'a: 't,
    {
        // Every name of a checked contract stands for something.
        let ty = self.contract.on_the_wire(ty).unwrap_or(ty);
        match &ty.kind {
            TypeRef::Box(inner) => self.core(inner),
            kind => kind,
        }
    }

    /// The declared type behind a name.
    pub(super) fn get(&self, id: TypeId) -> &'a TypeDef {
        &self.contract.files[id.file].types[id.index]
    }

    /// The type behind all aliases.
    pub(super) fn resolve<'t>(&self, ty: &'t Type) -> &'t Type
    where
        'a: 't,
    {
        match &ty.kind {
            TypeRef::Named {
                target: Some(id), ..
            } => match &self.get(*id).kind {
                TypeKind::Alias(ty) => self.resolve(ty),
                _ => ty,
            },
            _ => ty,
        }
    }

    /// The declared type of a used one, if it is not built in.
    pub(super) fn declared(&self, ty: &Type) -> Option<&'a TypeDef> {
        match self.resolve(ty).kind {
            TypeRef::Named {
                target: Some(id), ..
            } => Some(self.get(id)),
            _ => None,
        }
    }

    /// What a newtype wraps, if the type is one.
    pub(super) fn wrapped(&self, ty: &Type) -> Option<&'a Type> {
        match &self.declared(ty)?.kind {
            TypeKind::Newtype(newtype) => Some(&newtype.ty),
            _ => None,
        }
    }

    /// The scalar, if the type is one.
    pub(super) fn scalar(&self, ty: &Type) -> Option<Scalar> {
        match self.resolve(ty).kind {
            TypeRef::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Whether values can be the keys of maps, newtypes looked through.
    pub(super) fn is_key(&self, ty: &Type) -> bool {
        if let Some(inner) = self.wrapped(ty) {
            return self.is_key(inner);
        }
        use Scalar::{Bool, I8, I16, I32, I64, String, U8, U16, U32, U64};
        matches!(
            self.scalar(ty),
            Some(Bool | I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64 | String)
        )
    }

    /// Whether values have a text, newtypes looked through.
    pub(super) fn has_text(&self, ty: &Type) -> bool {
        if let Some(inner) = self.wrapped(ty) {
            return self.has_text(inner);
        }
        match self.resolve(ty).kind {
            TypeRef::Scalar(scalar) => !matches!(scalar, Scalar::Bytes | Scalar::Json),
            TypeRef::Named {
                target: Some(id), ..
            } => matches!(self.get(id).kind, TypeKind::UnitEnum(_)),
            _ => false,
        }
    }

    /// Whether parameters of the type take what converts into it: text and
    /// newtypes do. `impl Into<u64>` would refuse the literal `7`.
    pub(super) fn takes_into(&self, ty: &Type) -> bool {
        self.scalar(ty) == Some(Scalar::String) || self.wrapped(ty).is_some()
    }

    /// A parameter's type, and the conversion of the parameter into `ty`.
    pub(super) fn parameter(
        &self,
        ty: &Type,
        name: &proc_macro2::Ident,
    ) -> (TokenStream, TokenStream) {
        let written = written(ty);
        if self.takes_into(ty) {
            (
                quote!(impl ::core::convert::Into<#written>),
                quote!(#name.into()),
            )
        } else {
            (written, quote!(#name))
        }
    }
}

fn of_scalar(scalar: Scalar) -> Facts {
    match scalar {
        Scalar::F32 | Scalar::F64 => Facts {
            eq: false,
            hash: false,
            order: false,
            ..Facts::BEST
        },
        Scalar::Json => Facts {
            eq: false,
            hash: false,
            order: false,
            copy: false,
            checked: false,
        },
        Scalar::String | Scalar::Bytes | Scalar::Decimal => Facts {
            copy: false,
            ..Facts::BEST
        },
        _ => Facts::BEST,
    }
}

/// The type in Rust. Built-in names are those of the runtime's prelude, which
/// no type of a contract can take.
pub(super) fn written(ty: &Type) -> TokenStream {
    let span = ty.span;
    match &ty.kind {
        TypeRef::Unit => quote_spanned!(span=> ()),
        TypeRef::Scalar(scalar) => {
            let name = names::ident_at(scalar_name(*scalar), span);
            quote!(#name)
        }
        TypeRef::Option(inner) => {
            let inner = written(inner);
            quote_spanned!(span=> Option<#inner>)
        }
        TypeRef::Vec(inner) => {
            let inner = written(inner);
            quote_spanned!(span=> Vec<#inner>)
        }
        TypeRef::Box(inner) => {
            let inner = written(inner);
            quote_spanned!(span=> Box<#inner>)
        }
        TypeRef::Map { sorted, key, value } => {
            let (key, value) = (written(key), written(value));
            if *sorted {
                quote_spanned!(span=> BTreeMap<#key, #value>)
            } else {
                quote_spanned!(span=> HashMap<#key, #value>)
            }
        }
        TypeRef::Named {
            name,
            target: Some(_),
        } => {
            let name = names::ident_at(name, span);
            quote!(#name)
        }
        // Already reported; any type will do that keeps rustc from reporting it again.
        TypeRef::Named { target: None, .. } => quote!(Json),
    }
}

fn scalar_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::I8 => "i8",
        Scalar::I16 => "i16",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::U8 => "u8",
        Scalar::U16 => "u16",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
        Scalar::String => "String",
        Scalar::Bytes => "Bytes",
        Scalar::Uuid => "Uuid",
        Scalar::Decimal => "Decimal",
        Scalar::Date => "Date",
        Scalar::Timestamp => "Timestamp",
        Scalar::Duration => "Duration",
        Scalar::Json => "Json",
    }
}

/// `#[derive(..)]` of everything that the facts allow. Only transparent types
/// are ordered, and only what cannot grow is copied.
pub(super) fn derives(facts: Facts) -> TokenStream {
    let copy = facts.copy.then(|| quote!(Copy,));
    let eq = facts.eq.then(|| quote!(, Eq));
    let order = facts.order.then(|| quote!(, PartialOrd, Ord));
    let hash = facts.hash.then(|| quote!(, Hash));
    quote!(#[derive(Clone, #copy Debug, PartialEq #eq #order #hash)])
}
