use prost::Message as _;
use prost_types::{FileDescriptorProto, FileDescriptorSet};

use super::sets;

fn file(package: &str, name: &str, imports: &[&str]) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        dependency: imports.iter().map(|&path| path.to_owned()).collect(),
        ..FileDescriptorProto::default()
    }
}

/// The files that are told of sets with these.
fn told(given: &[&[FileDescriptorProto]]) -> Vec<Vec<FileDescriptorProto>> {
    let encoded: Vec<_> = given
        .iter()
        .map(|file| {
            FileDescriptorSet {
                file: file.to_vec(),
            }
            .encode_to_vec()
        })
        .collect();
    let encoded: Vec<&[u8]> = encoded.iter().map(|set| &**set).collect();
    sets(&encoded).into_iter().map(|set| set.file).collect()
}

#[test]
fn a_file_that_two_sets_share_keeps_its_name() {
    let common = file("a.v1", "common.proto", &[]);
    let given: &[&[_]] = &[
        &[file("a.v1", "a.proto", &["common.proto"]), common.clone()],
        &[file("b.v1", "b.proto", &["common.proto"]), common],
    ];
    assert_eq!(told(given), given);
}

#[test]
fn files_of_one_name_are_told_apart_and_still_found_by_those_that_import_them() {
    let given: &[&[_]] = &[
        &[
            file("a.v1", "users.proto", &["common.proto"]),
            file("a.common.v1", "common.proto", &[]),
        ],
        &[
            file("b.v1", "users.proto", &["common.proto"]),
            file("b.common.v1", "common.proto", &[]),
        ],
    ];
    let told = told(given);
    assert_eq!(told[0], given[0]);
    assert_eq!(
        told[1],
        [
            file("b.v1", "b.v1/users.proto", &["b.common.v1/common.proto"]),
            file("b.common.v1", "b.common.v1/common.proto", &[]),
        ]
    );
}
