//! The driver: from sources to a contract that is known to be sound.

use proc_macro2::TokenStream;

use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::emit::Options;
use crate::model::Contract;
#[cfg(feature = "proto")]
use crate::proto;
use crate::proto::descriptor::reflected;
use crate::{check, emit, parse, types};

/// The text of one contract file.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The path shown to the user.
    pub path: String,
    /// The module that the file becomes: its path below the root, one name a level.
    pub module: Vec<String>,
    /// The text, without a byte order mark.
    pub text: String,
    /// Whether the text ends where the bytes of the file stopped being text.
    pub(crate) cut: bool,
}

impl Source {
    /// A file by its path, its module and its text. A byte order mark is
    /// accepted and has no column.
    pub fn new<N: Into<String>>(
        path: impl Into<String>,
        module: impl IntoIterator<Item = N>,
        text: impl Into<String>,
    ) -> Self {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Self {
            path: path.into(),
            module: module.into_iter().map(Into::into).collect(),
            text,
            cut: false,
        }
    }

    /// A file by its bytes. If they are not text, compiling it says so.
    pub fn from_bytes<N: Into<String>>(
        path: impl Into<String>,
        module: impl IntoIterator<Item = N>,
        bytes: Vec<u8>,
    ) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::new(path, module, text),
            Err(error) => {
                let text =
                    String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()])
                        .into_owned();
                Self {
                    cut: true,
                    ..Self::new(path, module, text)
                }
            }
        }
    }
}

/// A contract without mistakes: whatever follows cannot fail.
#[derive(Debug, Clone)]
pub struct CheckedContract(Contract);

impl CheckedContract {
    /// The contract.
    pub fn contract(&self) -> &Contract {
        &self.0
    }

    /// The Rust code of the whole contract root: one module a file. It includes
    /// the files of [`to_descriptor_sets`](Self::to_descriptor_sets).
    pub fn to_rust(&self) -> String {
        self.to_rust_with(Options::default())
    }

    /// The same, with what the options add.
    pub fn to_rust_with(&self, options: Options) -> String {
        emit::rust(&self.0, options)
    }

    /// The files that the code includes, and that are to lie beside it: one for
    /// each contract file with methods of gRPC.
    pub fn to_descriptor_sets(&self) -> Vec<DescriptorSet> {
        let sets = self.0.files.iter().filter_map(|file| {
            Some(DescriptorSet {
                name: emit::names::descriptor_set(&file.module),
                bytes: reflected(&self.0, file)?,
            })
        });
        sets.collect()
    }
}

/// What gRPC's reflection tells of one contract file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptorSet {
    /// The name of the file: `shop.orders.binpb`.
    pub name: String,
    /// The contract file and all that it imports, as the bytes of a
    /// `google.protobuf.FileDescriptorSet`.
    pub bytes: Vec<u8>,
}

#[cfg(feature = "proto")]
impl CheckedContract {
    /// The `.proto` files that other languages compile: one for each contract
    /// file that is encoded as protobuf.
    pub fn to_proto(&self) -> Vec<crate::ProtoFile> {
        proto::files(&self.0)
    }

    /// The same as descriptors, from which code can be generated without
    /// `protoc`, and after them those of protobuf's own types that they use.
    pub fn to_descriptors(&self) -> prost_types::FileDescriptorSet {
        proto::descriptors(&self.0)
    }
}

/// A contract that was written inside Rust code, checked.
#[derive(Debug, Clone)]
pub struct InlineContract {
    contract: Contract,
    visibility: TokenStream,
    findings: Vec<Diagnostic>,
}

impl InlineContract {
    /// What there is to say about it. A contract without errors is sound.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// The module that stands in the place of the contract. `runtime` is the
    /// path of the runtime crate there.
    ///
    /// Of a contract with mistakes it is what compiles all the same, so that
    /// rustc does not report the absence of the rest of it as well.
    pub fn to_rust(&self, runtime: &TokenStream) -> TokenStream {
        let Self {
            contract,
            visibility,
            findings,
        } = self;
        if findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            emit::stand_in(contract, findings, visibility, runtime)
        } else {
            emit::inline(contract, visibility, runtime)
        }
    }
}

/// Compiles the files of one contract root.
///
/// Gives the contract if there is no error among the findings, which are all
/// there are, in source order: in the order of `sources`, then by position.
pub fn compile(sources: &[Source]) -> (Option<CheckedContract>, Vec<Diagnostic>) {
    let mut cx = Diagnostics::default();
    let mut contract = Contract::default();
    for (index, source) in sources.iter().enumerate() {
        cx.enter(index);
        contract.files.push(parse::file(&mut cx, source));
    }
    let sound = judge(&mut cx, &mut contract);
    (sound.then_some(CheckedContract(contract)), cx.finish())
}

/// Compiles `#[contract(..)] pub mod users { .. }`: the attribute's tokens and
/// the module's.
///
/// # Errors
///
/// What is wrong with something that is no module with a body.
pub fn compile_inline(
    header: TokenStream,
    module: TokenStream,
) -> Result<InlineContract, Vec<Diagnostic>> {
    let mut cx = Diagnostics::default();
    let Some(inline) = parse::inline(&mut cx, header, module) else {
        return Err(cx.finish());
    };
    let mut contract = Contract {
        files: vec![inline.file],
    };
    judge(&mut cx, &mut contract);
    Ok(InlineContract {
        contract,
        visibility: inline.visibility,
        findings: cx.finish(),
    })
}

/// Whether the contract is sound.
fn judge(cx: &mut Diagnostics, contract: &mut Contract) -> bool {
    types::resolve(cx, contract);
    check::all(cx, contract);
    let sound = !cx.has_errors();
    // After an error much looks unused that is not.
    if sound {
        types::warn_unused(cx, contract);
    }
    sound
}
