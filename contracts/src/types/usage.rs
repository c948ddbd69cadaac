//! Types and imports that nothing uses.

use std::collections::HashSet;

use super::{each_inside, each_type_of};
use crate::diag::Diagnostics;
use crate::model::{Contract, Type, TypeId, TypeKind, TypeRef};
use crate::rules;

pub(super) fn warn(cx: &mut Diagnostics, contract: &Contract) {
    let used = used_types(contract);
    let used_anywhere: HashSet<TypeId> = used.iter().map(|(_, id)| *id).collect();
    // A root without services is a library of types, made to be used elsewhere.
    let has_services = contract.files.iter().any(|file| !file.services.is_empty());
    for (index, file) in contract.files.iter().enumerate() {
        cx.enter(index);
        for import in &file.imports {
            let is_used = import.target.is_none_or(|id| used.contains(&(index, id)));
            if !is_used {
                cx.warning(
                    &rules::UNUSED_IMPORT,
                    import.name.span,
                    format!("`{}` is imported and not used", import.name.rust),
                )
                .help("remove the import");
            }
        }
        for (at, def) in file.types.iter().enumerate().filter(|_| has_services) {
            let id = TypeId {
                file: index,
                index: at,
            };
            if !used_anywhere.contains(&id) {
                let what = match def.kind {
                    TypeKind::ErrorEnum(_) => "no operation returns it",
                    _ => "nothing refers to it",
                };
                cx.warning(
                    &rules::UNUSED_TYPE,
                    def.name.span,
                    format!("type `{}` is not used: {what}", def.name.rust),
                )
                .help("use it, or remove it");
            }
        }
    }
}

/// The types that something else refers to, with the file it stands in.
fn used_types(contract: &Contract) -> HashSet<(usize, TypeId)> {
    let mut used = HashSet::new();
    for (file, of_file) in contract.files.iter().enumerate() {
        let mut mark = |ty: &Type, by: Option<TypeId>| {
            each_inside(ty, &mut |ty| {
                if let TypeRef::Named {
                    target: Some(id), ..
                } = &ty.kind
                    && by != Some(*id)
                {
                    used.insert((file, *id));
                }
            });
        };
        for (index, def) in of_file.types.iter().enumerate() {
            each_type_of(def, &mut |ty| mark(ty, Some(TypeId { file, index })));
        }
        for operation in of_file
            .services
            .iter()
            .flat_map(|service| &service.operations)
        {
            operation.args.iter().for_each(|arg| mark(&arg.ty, None));
            mark(&operation.returns, None);
            operation.error.iter().for_each(|error| mark(error, None));
        }
    }
    used
}
