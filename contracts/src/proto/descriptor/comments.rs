//! Doc comments, by the paths that descriptors know their parts by.

use crate::model::{Docs, File};
use crate::proto::schema::{Location, SourceCodeInfo};

/// The path of `syntax = ".."`, which stands at the top of a file.
const SYNTAX: &[i32] = &[12];

/// The comments of a file.
#[derive(Debug)]
pub(super) struct Comments(Vec<Location>);

impl Comments {
    /// Those at the top: where the file comes from, and the file's own.
    pub(super) fn of_file(file: &File) -> Self {
        let origin = format!(" Generated from {} by anywire. Do not edit.\n", file.path);
        Self(vec![Location {
            path: SYNTAX.to_vec(),
            span: NOWHERE.to_vec(),
            leading_comments: text(&file.docs),
            leading_detached_comments: vec![origin],
        }])
    }

    /// Every part has a place, even without a comment: generators look for it.
    pub(super) fn add(&mut self, path: &[i32], docs: &Docs) {
        self.0.push(Location {
            path: path.to_vec(),
            span: NOWHERE.to_vec(),
            leading_comments: text(docs),
            ..Location::default()
        });
    }

    pub(super) fn finish(self) -> SourceCodeInfo {
        SourceCodeInfo { location: self.0 }
    }
}

/// There is no text yet that a span could point into, and readers want one.
const NOWHERE: &[i32] = &[0, 0, 0];

/// The lines as protobuf keeps them: each with its end.
fn text(docs: &Docs) -> Option<String> {
    let lines: Vec<&str> = docs.iter().map(|line| line.trim_end()).collect();
    (!lines.is_empty()).then(|| lines.join("\n") + "\n")
}

/// A place in a list, as paths count it.
pub(super) fn index(at: usize) -> i32 {
    i32::try_from(at).unwrap_or(i32::MAX)
}
