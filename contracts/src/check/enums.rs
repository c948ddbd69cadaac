//! Enums: names that generation and the wire need for themselves.

use crate::diag::Diagnostics;
use crate::model::{File, TypeKind, Variant};
use crate::rules;

pub(super) fn check(cx: &mut Diagnostics, file: &File) {
    for def in &file.types {
        match &def.kind {
            TypeKind::UnitEnum(unit) if unit.open => check_unknown(cx, &unit.variants),
            TypeKind::DataEnum(data) => {
                if data.open {
                    check_unknown(cx, &data.variants);
                }
                for field in data.variants.iter().flat_map(|variant| &variant.fields) {
                    if field.name.wire == data.tag.value {
                        let message = format!(
                            "field `{}` has the name of the tag of `{}`",
                            field.name.rust, def.name.rust
                        );
                        cx.error(&rules::TAG_FIELD, field.name.span, message)
                            .note(format!(
                                "the variant is named by the key `{}` of the object",
                                data.tag.value
                            ))
                            .help("rename the field, or choose another tag: `#[tag(\"..\")]`");
                    }
                }
            }
            _ => {}
        }
    }
}

/// An open enum keeps what it does not know in a generated variant `Unknown`.
fn check_unknown(cx: &mut Diagnostics, variants: &[Variant]) {
    for variant in variants
        .iter()
        .filter(|variant| variant.name.rust == "Unknown")
    {
        cx.error(
            &rules::UNKNOWN_VARIANT_NAME,
            variant.name.span,
            "variant `Unknown` clashes with the one generated for open enums",
        )
        .help("rename it, with `#[name(\"Unknown\")]` if peers know it so");
    }
}
