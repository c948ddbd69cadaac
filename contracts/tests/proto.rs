//! Contracts as protobuf.
//!
//! Every folder in `proto` holds contracts and the `.proto` files expected of
//! them; `UPDATE_EXPECT=1` overwrites these. A compiler of protobuf reads all of
//! them, and understands what our descriptors say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{env, fs};

use anywire_contracts::{CheckedContract, Source, Style, compile, read};
use proptest::prelude::*;
use prost::Message as _;
use prost_types::{DescriptorProto, FileDescriptorProto, FileDescriptorSet};

const CASES: &[&str] = &["names", "users"];

fn checked(root: &str) -> (CheckedContract, Vec<Source>) {
    let sources = read(Path::new(root))
        .expect("the contracts are there")
        .files;
    let (contract, findings) = compile(&sources);
    let findings: Vec<String> = findings
        .iter()
        .map(|finding| finding.render(&sources, Style::default()))
        .collect();
    (
        contract.unwrap_or_else(|| panic!("{}", findings.join("\n"))),
        sources,
    )
}

#[test]
fn files_are_as_expected() {
    let update = env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in CASES {
        let (contract, sources) = checked(&format!("tests/proto/{case}/contracts"));
        let expected = Path::new("tests/proto").join(case).join("expected");
        for file in contract.to_proto() {
            let source = Path::new(&sources[file.source].path).with_extension("proto");
            assert!(source.ends_with(&file.path), "{}", file.path);
            let expected = expected.join(&file.path);
            if update {
                let folder = expected.parent().expect("it stands in a folder");
                fs::create_dir_all(folder).expect("the folder of goldens is writable");
                fs::write(&expected, &file.text).expect("the folder of goldens is writable");
            } else if fs::read_to_string(&expected).unwrap_or_default() != file.text {
                wrong.push(format!("{} is now:\n{}", expected.display(), file.text));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n(UPDATE_EXPECT=1 accepts this)",
        wrong.join("\n")
    );
}

#[test]
fn a_compiler_of_protobuf_reads_the_same_descriptors() {
    let roots = CASES
        .iter()
        .map(|case| format!("tests/proto/{case}/contracts"));
    for root in roots.chain(["tests/pass".to_owned()]) {
        let (contract, _) = checked(&root);
        let ours = contract.to_descriptors();
        let theirs = compiled(&contract);
        let names = |set: &FileDescriptorSet| -> BTreeSet<String> {
            set.file.iter().map(|file| file.name().to_owned()).collect()
        };
        assert_eq!(names(&ours), names(&theirs));
        for ours in &ours.file {
            let theirs = theirs.file.iter().find(|theirs| theirs.name == ours.name);
            let theirs = theirs.unwrap_or_else(|| panic!("{} is missing", ours.name()));
            // Of protobuf's own we hold the types only.
            if ours.package() != "google.protobuf" {
                assert_eq!(comments(ours), comments(theirs), "{}", ours.name());
            }
            assert_eq!(plain(ours), plain(theirs), "{}", ours.name());
        }
    }
}

/// What gRPC's reflection hands out: a file, all that it imports, and no more.
#[test]
fn the_descriptors_of_a_file_are_those_that_a_compiler_of_protobuf_has() {
    let mut names = Vec::new();
    for case in CASES {
        let (contract, _) = checked(&format!("tests/proto/{case}/contracts"));
        let theirs = compiled(&contract);
        for set in contract.to_descriptor_sets() {
            let ours = FileDescriptorSet::decode(&*set.bytes).expect("descriptors");
            let held: BTreeSet<&str> = ours.file.iter().map(|file| file.name()).collect();
            let mut asked: BTreeSet<&str> = [ours.file[0].name()].into();
            for file in &ours.file {
                asked.extend(file.dependency.iter().map(String::as_str));
                let theirs = theirs.file.iter().find(|theirs| theirs.name == file.name);
                assert_eq!(Some(file.clone()), theirs.map(plain), "{}", file.name());
            }
            assert_eq!(held, asked);
            names.push((set.name, held.len()));
        }
    }
    assert_eq!(
        names,
        [("names.binpb".to_owned(), 3), ("users.binpb".to_owned(), 4)]
    );
}

#[test]
fn code_can_be_generated_from_the_descriptors() {
    for case in CASES {
        let (contract, _) = checked(&format!("tests/proto/{case}/contracts"));
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = prost_build::Config::new();
        config.out_dir(folder.path());
        let made = config.compile_fds(contract.to_descriptors());
        made.unwrap_or_else(|error| panic!("{case}: {error}"));
        let files = fs::read_dir(folder.path()).expect("the folder is there");
        assert!(files.count() >= 2, "a file a package");
    }
}

/// What a compiler makes of our files.
fn compiled(contract: &CheckedContract) -> FileDescriptorSet {
    let folder = tempfile::tempdir().expect("a folder");
    let files = contract.to_proto();
    for file in &files {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().expect("it stands in a folder")).expect("a folder");
        fs::write(path, &file.text).expect("written");
    }
    let mut compiler = protox::Compiler::new([folder.path()]).expect("a compiler");
    compiler.include_source_info(true).include_imports(true);
    let paths = files.iter().map(|file| &file.path);
    compiler
        .open_files(paths)
        .unwrap_or_else(|error| panic!("{error:?}"));
    compiler.file_descriptor_set()
}

/// The comments by the paths of what they are about.
fn comments(file: &FileDescriptorProto) -> BTreeMap<Vec<i32>, String> {
    let locations = file.source_code_info.iter().flat_map(|info| &info.location);
    locations
        .filter_map(|location| Some((location.path.clone(), location.leading_comments.clone()?)))
        .collect()
}

/// Without places in the text, and without what compilers fill in.
fn plain(file: &FileDescriptorProto) -> FileDescriptorProto {
    let mut file = file.clone();
    file.source_code_info = None;
    file.options = None;
    file.message_type.iter_mut().for_each(plain_message);
    file
}

fn plain_message(message: &mut DescriptorProto) {
    for field in &mut message.field {
        field.json_name = None;
    }
    message.nested_type.iter_mut().for_each(plain_message);
}

/// Names that are near to each other in one way or another.
fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&[
        "User",
        "user",
        "UserRole",
        "Role",
        "Admin",
        "RoleAdmin",
        "Unspecified",
        "role_admin",
        "user_id",
        "userId",
        "UserId",
        "message",
        "string",
        "acme",
        "variant",
        "GetUser",
        "GetUserRequest",
        "GetUserResponse",
        "UserResponse",
        "_2fa",
        "a_b",
        "aB",
        "a1",
        "a_1",
    ])
}

fn fields(public: &'static str) -> impl Strategy<Value = String> {
    let ty = prop::sample::select(&[
        "u32",
        "Option<bool>",
        "Vec<String>",
        "BTreeMap<u32, Json>",
        "Timestamp",
    ]);
    let renamed = prop::option::of(prop::sample::select(&["x", "y-z", "$type", "a.b"]));
    prop::collection::vec((name(), ty, renamed), 0..4).prop_map(move |fields| {
        let fields = (1..).zip(fields).map(|(number, (name, ty, renamed))| {
            let renamed = renamed.map(|name| format!("#[name(\"{name}\")] "));
            let renamed = renamed.unwrap_or_default();
            format!("#[n({number})] {renamed}{public}{name}: {ty},")
        });
        fields.collect()
    })
}

fn item() -> impl Strategy<Value = String> {
    let structure = (name(), fields("pub "))
        .prop_map(|(name, fields)| format!("pub struct {name} {{ {fields} }}"));
    let values = prop::collection::vec(name(), 1..4);
    let unit = (name(), values).prop_map(|(name, values)| {
        let values = (1..)
            .zip(values)
            .map(|(number, value)| format!("{value} = {number},"));
        format!("pub enum {name} {{ {} }}", values.collect::<String>())
    });
    let variants = prop::collection::vec((name(), fields("")), 1..4);
    let data = (name(), variants).prop_map(|(name, variants)| {
        let variants = (1..)
            .zip(variants)
            .map(|(number, (variant, fields))| format!("{variant} {{ {fields} }} = {number},"));
        format!(
            "#[tag(\"_\")] pub enum {name} {{ {} }}",
            variants.collect::<String>()
        )
    });
    let grpc = prop::option::of((name(), name()));
    let operations = prop::collection::vec((name(), 0..4usize, grpc), 1..4);
    let service = (name(), operations).prop_map(|(name, operations)| {
        let operations = operations.into_iter().map(|(operation, form, grpc)| {
            let grpc = grpc.map(|(service, method)| format!(", grpc = \"{service}/{method}\""));
            let grpc = grpc.unwrap_or_default();
            let (attribute, rest) = [
                ("message", "(id: u32) -> u32"),
                ("message", "(#[payload] id: u32)"),
                ("message", "(ids: Stream<u32>) -> Stream<Vec<u32>>"),
                ("event", "(#[payload] id: u32)"),
            ][form];
            format!("#[{attribute}(\"{name}.{operation}\"{grpc})] fn {operation}{rest};")
        });
        format!(
            "#[service] pub trait {name} {{ {} }}",
            operations.collect::<String>()
        )
    });
    prop_oneof![structure, unit, data, service]
}

fn file() -> impl Strategy<Value = String> {
    let package = prop::sample::select(&["acme.v1", "acme.v1.user", "google"]);
    (package, prop::collection::vec(item(), 1..4)).prop_map(|(package, items)| {
        let head = format!("#![contract(package = \"{package}\", encodings(json, proto))]");
        format!("{head}\n{}", items.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sound_is_sound_in_protobuf(texts in prop::collection::vec(file(), 1..3)) {
        let sources: Vec<Source> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| Source::new(format!("f{at}.rs"), [format!("f{at}")], text.clone()))
            .collect();
        if let (Some(contract), _) = compile(&sources) {
            let theirs = compiled(&contract);
            let ours = contract.to_descriptors();
            for ours in &ours.file {
                let theirs = theirs.file.iter().find(|theirs| theirs.name == ours.name);
                prop_assert_eq!(Some(plain(ours)), theirs.map(plain));
            }
        }
    }
}
