//! Descriptors as the text of `.proto` files.

mod lookup;
mod messages;

use std::collections::HashMap;

use self::lookup::Symbols;
use super::schema::{
    FileDescriptorProto, Location, MethodDescriptorProto, ServiceDescriptorProto, SourceCodeInfo,
};

/// The path of `syntax = ".."`, to which the comments at the top belong.
const SYNTAX: &[i32] = &[12];

/// The texts of files, which may import each other.
pub(super) fn files(files: &[FileDescriptorProto]) -> Vec<String> {
    let symbols = Symbols::of(files);
    files.iter().map(|file| text(file, &symbols)).collect()
}

fn text(file: &FileDescriptorProto, symbols: &Symbols) -> String {
    let mut page = Page::new(file, symbols);
    page.detached(SYNTAX);
    page.comment(SYNTAX);
    page.line("syntax = \"proto3\";");
    page.blank();
    page.line(&format!("package {};", file.package));
    page.blank();
    for import in &file.dependency {
        page.line(&format!("import \"{import}\";"));
    }
    for (at, one) in (0..).zip(&file.service) {
        service(&mut page, one, &[6, at]);
    }
    for (at, one) in (0..).zip(&file.message_type) {
        let scope = format!("{}.{}", file.package, one.name);
        messages::message(&mut page, one, &scope, &[4, at]);
    }
    for (at, one) in (0..).zip(&file.enum_type) {
        messages::enumeration(&mut page, one, &[5, at]);
    }
    page.finish()
}

fn service(page: &mut Page<'_>, service: &ServiceDescriptorProto, path: &[i32]) {
    page.blank();
    page.comment(path);
    page.open(&format!("service {}", service.name));
    if service
        .options
        .as_ref()
        .is_some_and(|options| options.deprecated)
    {
        page.line("option deprecated = true;");
    }
    let scope = format!("{}.{}", page.package, service.name);
    for (at, one) in (0..).zip(&service.method) {
        method(page, one, &scope, &[path, &[2, at]].concat());
    }
    page.close();
}

fn method(page: &mut Page<'_>, method: &MethodDescriptorProto, scope: &str, path: &[i32]) {
    page.apart(path);
    let sent = |streams, name| {
        let name = page.symbols.shown(name, scope, page.package);
        format!("({}{name})", if streams { "stream " } else { "" })
    };
    let head = format!(
        "rpc {}{} returns {}",
        method.name,
        sent(method.client_streaming, &method.input_type),
        sent(method.server_streaming, &method.output_type)
    );
    let Some(options) = &method.options else {
        page.line(&format!("{head};"));
        return;
    };
    page.open(&head);
    if options.deprecated {
        page.line("option deprecated = true;");
    }
    if options.idempotency_level.is_some() {
        page.line("option idempotency_level = IDEMPOTENT;");
    }
    page.close();
}

/// A page that is written line by line.
struct Page<'a> {
    out: String,
    depth: usize,
    /// Whether the next line stands below a blank one.
    blank: bool,
    /// Whether nothing stands in the block yet.
    fresh: bool,
    /// Whether the member above has a comment.
    commented: bool,
    package: &'a str,
    symbols: &'a Symbols,
    comments: HashMap<&'a [i32], &'a Location>,
}

impl<'a> Page<'a> {
    fn new(file: &'a FileDescriptorProto, symbols: &'a Symbols) -> Self {
        let comments = file.source_code_info.as_ref();
        let locations = comments.map_or(&[][..], |SourceCodeInfo { location }| location);
        Self {
            out: String::new(),
            depth: 0,
            blank: false,
            fresh: true,
            commented: false,
            package: &file.package,
            symbols,
            comments: locations
                .iter()
                .map(|location| (&*location.path, location))
                .collect(),
        }
    }

    fn line(&mut self, text: &str) {
        if std::mem::take(&mut self.blank) && !self.fresh {
            self.out.push('\n');
        }
        self.fresh = false;
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// A blank line before the next one, unless a block begins there.
    fn blank(&mut self) {
        self.blank = true;
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        self.fresh = true;
        self.commented = false;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.blank = false;
        if std::mem::take(&mut self.fresh) {
            // Nothing came in between: the brace closes where it opened.
            self.out.pop();
            self.out.push_str("}\n");
        } else {
            self.line("}");
        }
    }

    /// The comment of a member; one that has any stands apart from the others.
    fn apart(&mut self, path: &[i32]) {
        let comment = self.comments.get(path);
        let commented = comment.is_some_and(|location| location.leading_comments.is_some());
        if std::mem::replace(&mut self.commented, commented) || commented {
            self.blank();
        }
        self.comment(path);
    }

    fn comment(&mut self, path: &[i32]) {
        let comment = self.comments.get(path);
        if let Some(text) = comment.and_then(|location| location.leading_comments.as_deref()) {
            self.words(text);
        }
    }

    /// Comments that stand by themselves.
    fn detached(&mut self, path: &[i32]) {
        let Some(location) = self.comments.get(path).copied() else {
            return;
        };
        for text in &location.leading_detached_comments {
            self.words(text);
            self.blank();
        }
    }

    fn words(&mut self, text: &str) {
        for line in text.lines() {
            self.line(&format!("//{line}"));
        }
    }

    fn finish(self) -> String {
        self.out
    }
}
