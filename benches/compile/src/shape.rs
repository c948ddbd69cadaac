//! The shapes that are compared, each made out of the code that is really generated.

use quote::{format_ident, quote};
use syn::{Fields, Item, ItemImpl, ItemMod, ItemStruct};

/// How generated types are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As it is: a codec trait that is not generic over formats.
    Wire,
    /// `Serialize` and `Deserialize` written out, as lean as they get.
    Serde,
    /// `Serialize` and `Deserialize` derived.
    Derive,
    /// As the first, with protobuf besides.
    Proto,
}

impl Shape {
    pub(crate) const ALL: [Self; 4] = [Self::Wire, Self::Serde, Self::Derive, Self::Proto];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wire => "shape-wire",
            Self::Serde => "shape-serde",
            Self::Derive => "shape-derive",
            Self::Proto => "shape-proto",
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Wire => "(a) codec trait of the runtime",
            Self::Serde => "(b) serde written out",
            Self::Derive => "(c) serde derived",
            Self::Proto => "(d) as (a), and protobuf, which is encoded and decoded",
        }
    }

    /// The generated module in this shape.
    pub(crate) fn apply(self, code: &str) -> syn::Result<String> {
        let mut file = syn::parse_file(code)?;
        if matches!(self, Self::Serde | Self::Derive) {
            for item in &mut file.items {
                if let Item::Mod(module) = item {
                    self.change(module);
                }
            }
        }
        Ok(prettyplease::unparse(&file))
    }

    fn change(self, module: &mut ItemMod) {
        let Some((_, items)) = &mut module.content else {
            return;
        };
        items.retain(|item| !matches!(item, Item::Impl(item) if implements(item, "Wire")));
        let mut added = Vec::new();
        for item in &mut *items {
            match item {
                Item::Struct(item)
                    if !item.fields.is_empty() && item.generics.params.is_empty() =>
                {
                    match self {
                        Self::Derive => item.attrs.push(
                            syn::parse_quote!(#[derive(serde::Serialize, serde::Deserialize)]),
                        ),
                        _ => added.extend(written_out(item)),
                    }
                }
                // The stand-in has the same names, with serde's traits as bounds.
                Item::Use(item) if quote!(#item).to_string().contains("as anywire") => {
                    *item = syn::parse_quote!(
                        use crate::stand_in as anywire;
                    );
                }
                _ => {}
            }
        }
        items.extend(added);
    }
}

fn implements(item: &ItemImpl, name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, _)| path);
    path.and_then(|path| path.segments.last())
        .is_some_and(|last| last.ident == name)
}

/// The two implementations for one struct.
fn written_out(item: &ItemStruct) -> Vec<Item> {
    let Fields::Named(fields) = &item.fields else {
        return Vec::new();
    };
    let (name, text) = (&item.ident, item.ident.to_string());
    let members: Vec<_> = fields
        .named
        .iter()
        .filter_map(|field| field.ident.as_ref())
        .collect();
    let texts: Vec<String> = members.iter().map(|member| member.to_string()).collect();
    let count = members.len();
    let visitor = format_ident!("{name}Visitor");
    let indexes = 0..count;
    let values = fields
        .named
        .iter()
        .zip(&members)
        .zip(&texts)
        .map(|((field, member), text)| {
            let ty = &field.ty;
            if quote!(#ty).to_string().starts_with("Option") {
                quote!(#member: #member.unwrap_or_default())
            } else {
                quote!(#member: #member.ok_or_else(|| serde::de::Error::missing_field(#text))?)
            }
        });
    let code: syn::File = syn::parse_quote! {
        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct as _;
                let mut object = serializer.serialize_struct(#text, #count)?;
                #(object.serialize_field(#texts, &self.#members)?;)*
                object.end()
            }
        }

        struct #visitor;

        impl<'de> serde::de::Visitor<'de> for #visitor {
            type Value = #name;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(#text)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut object: A) -> Result<#name, A::Error> {
                #(let mut #members = None;)*
                while let Some(field) = object.next_key_seed(anywire::Fields(&[#(#texts),*]))? {
                    match field {
                        #(#indexes => #members = Some(object.next_value()?),)*
                        _ => {
                            object.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(#name { #(#values),* })
            }
        }

        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_struct(#text, &[#(#texts),*], #visitor)
            }
        }
    };
    code.items
}
