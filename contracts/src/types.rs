//! Names resolved, across files.
//!
//! [`resolve`] fills in what every name stands for and reports those that
//! stand for nothing; the rest of the room answers questions about types.

mod imports;
mod recursion;
mod show;
mod usage;

pub(crate) use self::show::show;

use std::collections::{HashMap, HashSet};

use crate::diag::Diagnostics;
use crate::model::{Contract, Field, File, Name, Type, TypeDef, TypeId, TypeKind, TypeRef};
use crate::parse::ty::{CONTAINERS, SCALARS};
use crate::rules;
use crate::similar::similar;

/// Fills in every [`Import::target`](crate::model::Import) and every
/// [`TypeRef::Named`], and reports what has none.
pub(crate) fn resolve(cx: &mut Diagnostics, contract: &mut Contract) {
    imports::resolve(cx, contract);
    let declared = Declared::collect(contract);
    for index in 0..contract.files.len() {
        cx.enter(index);
        resolve_file(cx, contract, index, &declared);
    }
    for id in recursion::check(cx, contract) {
        // An alias that stands for itself stands for nothing.
        if let TypeKind::Alias(ty) = &mut contract.files[id.file].types[id.index].kind {
            ty.kind = TypeRef::Named {
                name: String::new(),
                target: None,
            };
        }
    }
}

/// Warns of types and imports that nothing uses.
pub(crate) fn warn_unused(cx: &mut Diagnostics, contract: &Contract) {
    usage::warn(cx, contract);
}

impl Contract {
    /// The declaration of a type.
    pub fn type_def(&self, id: TypeId) -> Option<&TypeDef> {
        self.files.get(id.file)?.types.get(id.index)
    }

    /// The type behind aliases; nothing for a type that was reported as unknown.
    pub fn behind_aliases<'a>(&'a self, ty: &'a Type) -> Option<&'a Type> {
        self.behind(ty, false)
    }

    /// The type behind aliases and newtypes: what stands on the wire. Nothing
    /// for a type that was reported as unknown.
    pub fn on_the_wire<'a>(&'a self, ty: &'a Type) -> Option<&'a Type> {
        self.behind(ty, true)
    }

    fn behind<'a>(&'a self, mut ty: &'a Type, newtypes: bool) -> Option<&'a Type> {
        // A chain longer than there are types is a circle, reported elsewhere.
        let most: usize = self.files.iter().map(|file| file.types.len()).sum();
        for _ in 0..=most {
            let TypeRef::Named { target, .. } = &ty.kind else {
                return Some(ty);
            };
            match &self.type_def((*target)?)?.kind {
                TypeKind::Alias(inner) => ty = inner,
                TypeKind::Newtype(inner) if newtypes => ty = &inner.ty,
                _ => return Some(ty),
            }
        }
        None
    }
}

/// Calls `visit` for every type that a declaration mentions, outermost only.
pub(crate) fn each_type_of<'a>(def: &'a TypeDef, visit: &mut dyn FnMut(&'a Type)) {
    let mut fields = |fields: &'a [Field]| fields.iter().for_each(|field| visit(&field.ty));
    match &def.kind {
        TypeKind::Struct(of_struct) => fields(of_struct),
        TypeKind::Newtype(newtype) => visit(&newtype.ty),
        TypeKind::Alias(ty) => visit(ty),
        TypeKind::UnitEnum(_) => {}
        TypeKind::DataEnum(data) => data
            .variants
            .iter()
            .for_each(|variant| fields(&variant.fields)),
        TypeKind::ErrorEnum(error) => error
            .variants
            .iter()
            .for_each(|error| fields(&error.variant.fields)),
    }
}

/// Calls `visit` for a type and all types inside it.
pub(crate) fn each_inside<'a>(ty: &'a Type, visit: &mut dyn FnMut(&'a Type)) {
    visit(ty);
    match &ty.kind {
        TypeRef::Unit | TypeRef::Scalar(_) | TypeRef::Named { .. } => {}
        TypeRef::Option(inner) | TypeRef::Vec(inner) | TypeRef::Box(inner) => {
            each_inside(inner, visit)
        }
        TypeRef::Map { key, value, .. } => {
            each_inside(key, visit);
            each_inside(value, visit);
        }
    }
}

/// Where the types of the root are declared, for help.
struct Declared {
    files: Vec<(String, Vec<String>)>,
    types: HashMap<String, usize>,
}

impl Declared {
    fn collect(contract: &Contract) -> Self {
        let mut types = HashMap::new();
        for (index, file) in contract.files.iter().enumerate() {
            for def in &file.types {
                types.entry(def.name.rust.clone()).or_insert(index);
            }
        }
        let places = contract
            .files
            .iter()
            .map(|file| (file.path.clone(), file.module.clone()));
        Self {
            files: places.collect(),
            types,
        }
    }

    /// The path and the module of the file that declares a type.
    fn place_of(&self, name: &str) -> Option<(&str, &[String])> {
        let (path, module) = self.files.get(*self.types.get(name)?)?;
        Some((path, module))
    }
}

/// What a name can stand for in one file.
struct Scope {
    types: HashMap<String, Option<TypeId>>,
    services: HashSet<String>,
    /// A name may come from something that could not be read.
    forgiving: bool,
}

fn scope(contract: &Contract, index: usize) -> Scope {
    let file = &contract.files[index];
    let mut types: HashMap<String, Option<TypeId>> = HashMap::new();
    for name in &file.broken {
        types.insert(name.clone(), None);
    }
    for import in &file.imports {
        types.insert(import.name.rust.clone(), import.target);
    }
    // The first declaration counts; the second is reported as a duplicate.
    for (at, def) in file.types.iter().enumerate().rev() {
        types.insert(
            def.name.rust.clone(),
            Some(TypeId {
                file: index,
                index: at,
            }),
        );
    }
    let services = file
        .services
        .iter()
        .map(|service| service.name.rust.clone())
        .collect();
    Scope {
        types,
        services,
        forgiving: file.unread || file.broken.iter().any(|name| name == "*"),
    }
}

fn resolve_file(cx: &mut Diagnostics, contract: &mut Contract, index: usize, declared: &Declared) {
    let scope = scope(contract, index);
    let mut reported: HashSet<String> = HashSet::new();
    each_type_mut(&mut contract.files[index], &mut |ty| {
        let TypeRef::Named { name, target } = &mut ty.kind else {
            return;
        };
        if name.is_empty() {
            return;
        }
        match scope.types.get(name) {
            Some(found) => *target = *found,
            None if scope.forgiving || !reported.insert(name.clone()) => {}
            None if scope.services.contains(name) => {
                cx.error(
                    &rules::ERROR_AS_TYPE,
                    ty.span,
                    format!("`{name}` is a service, not a type of data"),
                )
                .help("write the name of a struct or an enum");
            }
            None => {
                let finding = cx.error(
                    &rules::UNKNOWN_TYPE,
                    ty.span,
                    format!("unknown type `{name}`"),
                );
                if let Some((path, module)) = declared.place_of(name) {
                    finding
                        .note(format!("`{name}` is declared in {path}"))
                        .help(format!("import it: `use {}::{name};`", module_path(module)));
                } else if let Some(near) = similar(name, known_names(&scope)) {
                    finding.help(format!("a type with a similar name exists: `{near}`"));
                } else {
                    finding.help(format!("declare it: `pub struct {name} {{ .. }}`"));
                }
            }
        }
    });
}

fn known_names(scope: &Scope) -> Vec<&str> {
    let mut names: Vec<&str> = scope.types.keys().map(String::as_str).collect();
    names.sort_unstable();
    let built_in = CONTAINERS
        .iter()
        .copied()
        .filter(|name| !matches!(*name, "Result" | "Stream" | "Patch"));
    SCALARS
        .iter()
        .map(|(name, _)| *name)
        .chain(built_in)
        .chain(names)
        .collect()
}

/// Calls `visit` for every type in a file, those inside others too.
fn each_type_mut(file: &mut File, visit: &mut dyn FnMut(&mut Type)) {
    for def in &mut file.types {
        match &mut def.kind {
            TypeKind::Struct(fields) => fields
                .iter_mut()
                .for_each(|field| inside_mut(&mut field.ty, visit)),
            TypeKind::Newtype(newtype) => inside_mut(&mut newtype.ty, visit),
            TypeKind::Alias(ty) => inside_mut(ty, visit),
            TypeKind::UnitEnum(_) => {}
            TypeKind::DataEnum(data) => data
                .variants
                .iter_mut()
                .flat_map(|variant| &mut variant.fields)
                .for_each(|field| inside_mut(&mut field.ty, visit)),
            TypeKind::ErrorEnum(error) => error
                .variants
                .iter_mut()
                .flat_map(|error| &mut error.variant.fields)
                .for_each(|field| inside_mut(&mut field.ty, visit)),
        }
    }
    for operation in file
        .services
        .iter_mut()
        .flat_map(|service| &mut service.operations)
    {
        operation
            .args
            .iter_mut()
            .for_each(|arg| inside_mut(&mut arg.ty, visit));
        inside_mut(&mut operation.returns, visit);
        if let Some(error) = &mut operation.error {
            inside_mut(error, visit);
        }
    }
}

fn inside_mut(ty: &mut Type, visit: &mut dyn FnMut(&mut Type)) {
    visit(ty);
    match &mut ty.kind {
        TypeRef::Unit | TypeRef::Scalar(_) | TypeRef::Named { .. } => {}
        TypeRef::Option(inner) | TypeRef::Vec(inner) | TypeRef::Box(inner) => {
            inside_mut(inner, visit)
        }
        TypeRef::Map { key, value, .. } => {
            inside_mut(key, visit);
            inside_mut(value, visit);
        }
    }
}

/// The module's path as a contract writes it: `crate::shop::orders`.
fn module_path(module: &[String]) -> String {
    let mut path = "crate".to_owned();
    for name in module {
        path.push_str("::");
        path.push_str(name);
    }
    path
}

/// The name of a declared type, for messages.
fn name_of(contract: &Contract, id: TypeId) -> &Name {
    &contract.files[id.file].types[id.index].name
}
