//! Every name that generation takes.
//!
//! | Contract | Generated | Example |
//! |---|---|---|
//! | `struct User`, `enum Role` | itself | `User` |
//! | message `get_user` | its request, unless it has a `#[payload]` | `GetUserRequest` |
//! | message `get_user` | its marker | `op::GetUser` |
//! | event `user_created` | its payload, which is its marker | `UserCreated` |
//! | event `user_created` | its subscriber | `UserCreatedSubscriber` |
//! | `trait Users` with messages | the handler's trait | `Users` |
//! | `trait Users` with messages | the server | `UsersServer` |
//! | `trait Users` with messages | the client | `UsersClient` |
//! | `trait Users` with events | the publisher | `UsersPublisher` |
//! | any file with messages | the module of the markers | `op` |
//! | any file | the runtime | `anywire` |

use proc_macro2::{Ident, Span};

use crate::case;
use crate::model::{File, Name, Operation, OperationKind, RenameRule, Service, TypeKind};
use crate::parse::name::is_keyword;

/// The name under which generated code knows the runtime.
pub(crate) const RUNTIME: &str = "anywire";

/// The module of the markers.
pub(crate) const MARKERS: &str = "op";

/// What the prelude brings into value position. A newtype of such a name
/// would hide it from generated code.
pub(crate) const PRELUDE_VALUES: &[&str] = &["None", "Some", "Ok", "Err"];

/// `get_user` is `GetUser`.
pub(crate) fn marker(operation: &str) -> String {
    let name = case::rename(operation, RenameRule::Pascal);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if is_keyword(&name) {
        name + "_"
    } else {
        name
    }
}

/// `nick_name` has a constant `NICK_NAME`.
pub(super) fn constant(field: &str) -> Ident {
    let name = case::rename(field, RenameRule::ScreamingSnake);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        generated(&format!("_{name}"))
    } else {
        generated(&name)
    }
}

/// The file with the descriptors of `shop/orders.rs` is `shop.orders.binpb`.
pub(crate) fn descriptor_set(module: &[String]) -> String {
    module.join(".") + ".binpb"
}

/// `get_user` is called with a `GetUserRequest`.
pub(crate) fn request(operation: &str) -> String {
    marker(operation) + "Request"
}

/// `user_created` is received by a `UserCreatedSubscriber`.
pub(crate) fn subscriber(event: &str) -> String {
    marker(event) + "Subscriber"
}

/// `Users` is served by a `UsersServer`.
pub(crate) fn server(service: &str) -> String {
    format!("{service}Server")
}

/// `Users` is called through a `UsersClient`.
pub(crate) fn client(service: &str) -> String {
    format!("{service}Client")
}

/// The events of `Users` are published through a `UsersPublisher`.
pub(crate) fn publisher(service: &str) -> String {
    format!("{service}Publisher")
}

/// The names that an operation takes in its file's module, besides `op`.
pub(crate) fn of_operation(operation: &Operation) -> Vec<String> {
    let name = &operation.name.rust;
    match operation.kind {
        OperationKind::Event => vec![marker(name), subscriber(name)],
        _ if operation.bare().is_some() => Vec::new(),
        _ => vec![request(name)],
    }
}

/// The names that a service takes in its file's module, besides its own and
/// those of its operations.
pub(crate) fn of_service(service: &Service) -> Vec<String> {
    let name = &service.name.rust;
    let mut names = Vec::new();
    if service
        .operations
        .iter()
        .any(|operation| operation.kind != OperationKind::Event)
    {
        names.extend([server(name), client(name)]);
    }
    if service
        .operations
        .iter()
        .any(|operation| operation.kind == OperationKind::Event)
    {
        names.push(publisher(name));
    }
    names
}

/// A name of the contract as Rust writes it, at its place in the contract.
pub(super) fn ident(name: &Name) -> Ident {
    ident_at(&name.rust, name.span)
}

/// A generated name.
pub(super) fn generated(name: &str) -> Ident {
    ident_at(name, Span::call_site())
}

pub(super) fn ident_at(name: &str, span: Span) -> Ident {
    if is_keyword(name) {
        Ident::new_raw(name, span)
    } else {
        Ident::new(name, span)
    }
}

/// Names of generated code that must differ from each other and from those of
/// the contract. One that is taken gets underscores.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    taken: Vec<String>,
}

impl Names {
    /// The names that no variable can have: those of tuple structs, and of the prelude's values.
    pub(super) fn variables(file: &File) -> Self {
        let newtypes = file
            .types
            .iter()
            .filter(|def| matches!(def.kind, TypeKind::Newtype(_)));
        let newtypes = newtypes
            .map(|def| &def.name)
            .chain(file.imports.iter().map(|import| &import.name));
        let prelude = PRELUDE_VALUES.iter().map(|name| (*name).to_owned());
        Self {
            taken: newtypes
                .map(|name| name.rust.clone())
                .chain(prelude)
                .collect(),
        }
    }

    /// The names of a function's own variables, which those of fields stand beside.
    pub(super) fn locals(file: &File, own: &[&str]) -> Self {
        let mut names = Self::variables(file);
        names
            .taken
            .extend(own.iter().map(|name| (*name).to_owned()));
        names
    }

    /// The names of everything in the file's module, which generic parameters stand beside.
    pub(super) fn types(file: &File) -> Self {
        let types = file.types.iter().map(|def| &def.name);
        let imports = file.imports.iter().map(|import| &import.name);
        let services = file.services.iter().map(|service| &service.name);
        let mut taken: Vec<String> = types
            .chain(imports)
            .chain(services)
            .map(|name| name.rust.clone())
            .collect();
        taken.extend(
            file.services
                .iter()
                .flat_map(|service| &service.operations)
                .flat_map(of_operation),
        );
        Self { taken }
    }

    /// A name like `wanted` that is not taken yet.
    pub(super) fn take(&mut self, wanted: &str) -> Ident {
        let mut name = wanted.to_owned();
        while is_keyword(&name) || self.taken.contains(&name) {
            name.push('_');
        }
        self.taken.push(name.clone());
        generated(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, marker};

    #[test]
    fn markers_are_names() {
        for (operation, expected) in [
            ("get_user", "GetUser"),
            ("self_", "Self_"),
            ("_2fa", "_2fa"),
            ("__", "__"),
            ("type", "Type"),
        ] {
            assert_eq!(marker(operation), expected);
        }
    }

    #[test]
    fn taken_names_get_underscores() {
        let mut names = Names::default();
        let found = ["id", "type", "id", "type_"].map(|wanted| names.take(wanted).to_string());
        assert_eq!(found, ["id", "type_", "id_", "type__"]);
    }
}
