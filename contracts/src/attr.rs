//! The grammar of attributes.
//!
//! [`raw`] reads the brackets, [`read`] says which attributes may stand where,
//! each once, and reads the small ones. The large ones have rooms of their own.

mod address;
pub(crate) mod check;
pub(crate) mod error;
pub(crate) mod header;
pub(crate) mod operation;
pub(crate) mod pattern;
pub(crate) mod value;

use proc_macro2::{Delimiter, Group, Span, TokenTree};

use crate::diag::Diagnostics;
use crate::model::{Check, DefaultValue, Deprecated, Docs, Reserved, Spanned};
use crate::parse::cursor::{Cursor, join};
use crate::rules;
use crate::similar::similar;

/// One attribute, its inside not read yet.
#[derive(Debug, Clone)]
pub(crate) struct Attr {
    pub(crate) name: String,
    /// The span of the name.
    pub(crate) span: Span,
    pub(crate) form: Form,
}

#[derive(Debug, Clone)]
pub(crate) enum Form {
    /// `#[default]`
    Word,
    /// `#[default(20)]`
    List(Group),
    /// `#[doc = ".."]`
    Value(Cursor),
}

/// What attributes can stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Struct,
    Newtype,
    Alias,
    Enum,
    Field,
    Variant,
    Argument,
    Service,
    Operation,
}

impl On {
    fn plural(self) -> &'static str {
        match self {
            Self::Struct => "structs",
            Self::Newtype => "newtypes",
            Self::Alias => "type aliases",
            Self::Enum => "enums",
            Self::Field => "fields",
            Self::Variant => "variants",
            Self::Argument => "arguments",
            Self::Service => "services",
            Self::Operation => "operations",
        }
    }
}

/// Which attribute may stand on what.
const ATTRIBUTES: &[(&str, &[On])] = &[
    ("check", &[On::Field, On::Argument, On::Newtype]),
    ("default", &[On::Field, On::Argument]),
    (
        "deprecated",
        &[
            On::Struct,
            On::Newtype,
            On::Alias,
            On::Enum,
            On::Field,
            On::Variant,
            On::Service,
            On::Operation,
        ],
    ),
    ("error", &[On::Variant]),
    ("event", &[On::Operation]),
    ("json", &[On::Field, On::Argument]),
    ("message", &[On::Operation]),
    ("n", &[On::Field, On::Argument]),
    (
        "name",
        &[On::Field, On::Argument, On::Variant, On::Operation],
    ),
    ("non_exhaustive", &[On::Enum]),
    ("payload", &[On::Argument]),
    ("reserved", &[On::Struct, On::Enum]),
    ("service", &[On::Service]),
    ("tag", &[On::Enum]),
];

/// Attributes of the language that come later.
const NOT_YET: &[&str] = &["allow_break", "extern_type", "since"];

/// What the attributes of one thing say.
#[derive(Debug, Default)]
pub(crate) struct Attrs {
    pub(crate) docs: Docs,
    pub(crate) checks: Vec<Check>,
    pub(crate) default: Option<Spanned<DefaultValue>>,
    pub(crate) deprecated: Option<Deprecated>,
    pub(crate) error: Option<Attr>,
    pub(crate) event: Option<Attr>,
    pub(crate) json_string: Option<Span>,
    pub(crate) message: Option<Attr>,
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) non_exhaustive: Option<Span>,
    pub(crate) number: Option<Spanned<u32>>,
    pub(crate) payload: Option<Span>,
    pub(crate) reserved: Vec<Spanned<Reserved>>,
    pub(crate) service: Option<Attr>,
    pub(crate) tag: Option<Spanned<String>>,
}

/// Reads `#[..]` as long as there are any.
pub(crate) fn raw(cx: &mut Diagnostics, tokens: &mut Cursor) -> Vec<Attr> {
    let mut attrs = Vec::new();
    while tokens.peek_punct('#') {
        let inner = matches!(tokens.peek_at(1), Some(TokenTree::Punct(p)) if p.as_char() == '!');
        if inner {
            cx.error(
                &rules::SYNTAX,
                tokens.span(),
                "an attribute with `!` stands only at the top of a file",
            )
            .help("write it without `!`");
        }
        tokens.bump();
        tokens.eat_punct('!');
        let Some(group) = tokens.eat_group(Delimiter::Bracket) else {
            tokens.expected(cx, "`[`");
            continue;
        };
        attrs.extend(inside(cx, &group));
    }
    attrs
}

/// Reads what stands between the brackets of an attribute.
pub(crate) fn inside(cx: &mut Diagnostics, group: &Group) -> Option<Attr> {
    let mut tokens = Cursor::inside(group);
    let Some(ident) = tokens.eat_ident() else {
        tokens.expected(cx, "the name of an attribute");
        return None;
    };
    let (mut name, mut span) = (ident.to_string(), ident.span());
    while tokens.eat_puncts("::") {
        let Some(ident) = tokens.eat_ident() else {
            tokens.expected(cx, "a name");
            return None;
        };
        name.push_str("::");
        name.push_str(&ident.to_string());
        span = join(span, ident.span());
    }
    let form = if let Some(list) = tokens.eat_group(Delimiter::Parenthesis) {
        tokens.expect_end(cx, "`]`")?;
        Form::List(list)
    } else if tokens.eat_punct('=') {
        Form::Value(tokens)
    } else {
        tokens.expect_end(cx, "`(`, `=` or `]`")?;
        Form::Word
    };
    Some(Attr { name, span, form })
}

/// Reads the attributes of one thing; reports those it cannot have.
pub(crate) fn read(cx: &mut Diagnostics, raw: Vec<Attr>, on: On) -> Attrs {
    let mut attrs = Attrs::default();
    let mut seen: Vec<(String, Span)> = Vec::new();
    for attr in raw {
        if attr.name == "doc" {
            attrs.docs.extend(doc_line(cx, attr));
            continue;
        }
        if !may_stand(cx, &attr, on) {
            continue;
        }
        if let Some((_, first)) = seen.iter().find(|(name, _)| *name == attr.name) {
            cx.error(
                &rules::DUPLICATE_ATTRIBUTE,
                attr.span,
                format!("`#[{}]` is written twice", attr.name),
            )
            .also(*first, "first written here")
            .help("remove one of the two");
            continue;
        }
        seen.push((attr.name.clone(), attr.span));
        read_one(cx, attr, &mut attrs);
    }
    attrs
}

fn may_stand(cx: &mut Diagnostics, attr: &Attr, on: On) -> bool {
    let name = &*attr.name;
    if name == "cfg" || name == "cfg_attr" {
        cx.error(
            &rules::CFG,
            attr.span,
            format!("`#[{name}]` is not part of a contract: it is the same for every build"),
        )
        .help("remove it; put what belongs to one build into a contract file of its own");
        return false;
    }
    if NOT_YET.contains(&name) {
        not_yet(cx, attr.span, &format!("`#[{name}]`"));
        return false;
    }
    let Some((_, places)) = ATTRIBUTES.iter().find(|(known, _)| *known == name) else {
        let known = ATTRIBUTES
            .iter()
            .map(|(known, _)| *known)
            .chain(["contract", "len", "length", "range", "pattern", "unique"]);
        let help = match similar(name, known) {
            Some("len" | "length") => "a similar name exists: `#[check(len = ..)]`".to_owned(),
            Some(check @ ("range" | "pattern")) => {
                format!("a similar name exists: `#[check({check} = ..)]`")
            }
            Some("unique") => "a similar name exists: `#[check(unique)]`".to_owned(),
            _ if name == "derive" => {
                "remove it; generated types derive all that they can".to_owned()
            }
            Some(known) => format!("a similar name exists: `#[{known}]`"),
            None => {
                let all: Vec<String> = ATTRIBUTES
                    .iter()
                    .filter(|(_, places)| places.contains(&on))
                    .map(|(known, _)| format!("`#[{known}]`"))
                    .collect();
                format!("{} take {}", on.plural(), all.join(", "))
            }
        };
        cx.error(
            &rules::UNKNOWN_ATTRIBUTE,
            attr.span,
            format!("unknown attribute `#[{name}]`"),
        )
        .help(help);
        return false;
    };
    if places.contains(&on) {
        return true;
    }
    let places: Vec<&str> = places.iter().map(|place| place.plural()).collect();
    cx.error(
        &rules::MISPLACED_ATTRIBUTE,
        attr.span,
        format!("`#[{name}]` does not apply to {}", on.plural()),
    )
    .help(format!("it belongs on {}", places.join(", ")));
    false
}

fn read_one(cx: &mut Diagnostics, attr: Attr, attrs: &mut Attrs) {
    match &*attr.name {
        "check" => attrs.checks = check::read(cx, &attr),
        "default" => attrs.default = value::default(cx, &attr),
        "deprecated" => attrs.deprecated = deprecated(cx, attr),
        "error" => attrs.error = Some(attr),
        "event" => attrs.event = Some(attr),
        "json" => attrs.json_string = json_string(cx, &attr),
        "message" => attrs.message = Some(attr),
        "n" => attrs.number = value::number(cx, &attr),
        "name" => attrs.name = value::name(cx, &attr),
        "non_exhaustive" => attrs.non_exhaustive = word(cx, &attr),
        "payload" => attrs.payload = word(cx, &attr),
        "reserved" => attrs.reserved = value::reserved(cx, &attr),
        "service" => attrs.service = Some(attr),
        "tag" => attrs.tag = tag(cx, &attr),
        _ => {}
    }
}

/// Says how the attribute should have been written.
pub(crate) fn wrong_form(cx: &mut Diagnostics, span: Span, name: &str, example: &str) {
    cx.error(
        &rules::ATTRIBUTE_FORM,
        span,
        format!("`#[{name}]` is not written like this"),
    )
    .help(format!("write `{example}`"));
}

/// Says that the language has this, and this version does not.
pub(crate) fn not_yet(cx: &mut Diagnostics, span: Span, what: &str) {
    cx.error(
        &rules::NOT_YET_SUPPORTED,
        span,
        format!("{what} is not yet supported"),
    )
    .help(
        "it is part of the contract language and comes with a later version; leave it out for now",
    );
}

fn word(cx: &mut Diagnostics, attr: &Attr) -> Option<Span> {
    if matches!(attr.form, Form::Word) {
        return Some(attr.span);
    }
    wrong_form(cx, attr.span, &attr.name, &format!("#[{}]", attr.name));
    None
}

/// One line of documentation, as it stands after `///`.
pub(crate) fn doc_line(cx: &mut Diagnostics, attr: Attr) -> Vec<String> {
    let text = match attr.form {
        Form::Value(tokens) => value::text(&tokens),
        _ => None,
    };
    match text {
        Some(text) if text.value.is_empty() => vec![String::new()],
        // A block comment has many lines in one attribute.
        Some(text) => text.value.lines().map(str::to_owned).collect::<Vec<_>>(),
        None => {
            wrong_form(cx, attr.span, "doc", "/// words");
            Vec::new()
        }
    }
}

fn json_string(cx: &mut Diagnostics, attr: &Attr) -> Option<Span> {
    if let Form::List(list) = &attr.form {
        let mut tokens = Cursor::inside(list);
        if tokens.eat_word("string") && tokens.is_empty() {
            return Some(attr.span);
        }
    }
    wrong_form(cx, attr.span, "json", "#[json(string)]");
    None
}

fn tag(cx: &mut Diagnostics, attr: &Attr) -> Option<Spanned<String>> {
    if let Form::List(list) = &attr.form {
        let tokens = Cursor::inside(list);
        if tokens.peek_word("external") {
            not_yet(cx, tokens.span(), "`#[tag(external)]`");
            return None;
        }
        if let Some(text) = value::text(&tokens).filter(|text| !text.value.is_empty()) {
            return Some(Spanned {
                span: text.span(),
                value: text.value,
            });
        }
    }
    wrong_form(cx, attr.span, "tag", "#[tag(\"type\")]");
    None
}

fn deprecated(cx: &mut Diagnostics, attr: Attr) -> Option<Deprecated> {
    let mut deprecated = Deprecated::default();
    let mut sound = true;
    match attr.form {
        Form::Word => {}
        Form::Value(tokens) => match value::text(&tokens) {
            Some(text) => deprecated.note = Some(text.value),
            None => sound = false,
        },
        Form::List(list) => {
            for mut piece in Cursor::inside(&list).split_commas(cx) {
                let key = piece.eat_ident().map(|ident| ident.to_string());
                let text = piece.eat_punct('=').then(|| value::text(&piece)).flatten();
                match (key.as_deref(), text) {
                    (Some("since"), Some(text)) => deprecated.since = Some(text.value),
                    (Some("note"), Some(text)) => deprecated.note = Some(text.value),
                    _ => sound = false,
                }
            }
        }
    }
    if !sound {
        wrong_form(
            cx,
            attr.span,
            "deprecated",
            "#[deprecated(since = \"..\", note = \"..\")]",
        );
    }
    Some(deprecated)
}
