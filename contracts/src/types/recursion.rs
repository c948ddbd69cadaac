//! Types that contain themselves.

use std::collections::{HashMap, HashSet, VecDeque};

use proc_macro2::Span;

use super::{each_inside, each_type_of, name_of};
use crate::diag::Diagnostics;
use crate::model::{Contract, Type, TypeDef, TypeId, TypeKind, TypeRef};
use crate::rules;

/// One type holding another, and where it says so.
type Edge = (TypeId, Span);

/// Reports each circle once. Gives the aliases that stand for themselves.
pub(super) fn check(cx: &mut Diagnostics, contract: &Contract) -> Vec<TypeId> {
    let mut aliases = Vec::new();
    let mut reported = HashSet::new();
    for (reach, rule) in [
        (Reach::Alias, &rules::RECURSIVE_TYPE),
        (Reach::Size, &rules::RECURSIVE_TYPE),
        (Reach::Required, &rules::ENDLESS_TYPE),
    ] {
        let graph = graph(contract, reach);
        for id in all_types(contract) {
            let Some(circle) = shortest_circle(&graph, id) else {
                continue;
            };
            if circle.iter().any(|(id, _)| reported.contains(id)) {
                continue;
            }
            reported.extend(circle.iter().map(|(id, _)| *id));
            if reach == Reach::Alias {
                aliases.extend(circle.iter().map(|(id, _)| *id));
            }
            let name = &name_of(contract, id).rust;
            let (first, span) = circle[0];
            let first = &name_of(contract, first).rust;
            cx.enter(id.file);
            let finding = match reach {
                Reach::Alias => cx
                    .error(rule, span, format!("alias `{name}` stands for itself"))
                    .help("declare a struct that holds the rest"),
                Reach::Size => cx
                    .error(
                        rule,
                        span,
                        format!("recursive type `{name}` has infinite size"),
                    )
                    .help(format!("box it: `Box<{first}>`")),
                Reach::Required => cx
                    .error(
                        rule,
                        span,
                        format!("no value of `{name}` ever ends: it requires another one"),
                    )
                    .help(format!("make it optional: `Option<Box<{first}>>`")),
            };
            if circle.len() > 1 {
                let names: Vec<String> = std::iter::once(name)
                    .chain(circle.iter().map(|(id, _)| &name_of(contract, *id).rust))
                    .map(|name| format!("`{name}`"))
                    .collect();
                finding.note(format!("the circle is {}", names.join(" -> ")));
            }
        }
    }
    aliases
}

fn all_types(contract: &Contract) -> impl Iterator<Item = TypeId> {
    contract
        .files
        .iter()
        .enumerate()
        .flat_map(|(file, of_file)| {
            (0..of_file.types.len()).map(move |index| TypeId { file, index })
        })
}

/// Which ways of holding a type count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// An alias mentions another, wherever.
    Alias,
    /// Held in place: not behind a list, a map or a box.
    Size,
    /// There is no value without one: boxes count, options and enums do not.
    Required,
}

fn graph(contract: &Contract, reach: Reach) -> HashMap<TypeId, Vec<Edge>> {
    all_types(contract)
        .map(|id| {
            (
                id,
                edges(contract, &contract.files[id.file].types[id.index], reach),
            )
        })
        .filter(|(_, edges)| !edges.is_empty())
        .collect()
}

fn edges(contract: &Contract, def: &TypeDef, reach: Reach) -> Vec<Edge> {
    let is_alias = |id| {
        matches!(
            contract.type_def(id).map(|def| &def.kind),
            Some(TypeKind::Alias(_))
        )
    };
    let mut edges = Vec::new();
    let relevant = match reach {
        Reach::Alias => matches!(def.kind, TypeKind::Alias(_)),
        Reach::Size => true,
        Reach::Required => {
            matches!(
                def.kind,
                TypeKind::Struct(_) | TypeKind::Newtype(_) | TypeKind::Alias(_)
            )
        }
    };
    if !relevant {
        return edges;
    }
    each_type_of(def, &mut |ty| {
        if reach == Reach::Alias {
            each_inside(ty, &mut |inner| {
                edges.extend(
                    target(inner)
                        .filter(|id| is_alias(*id))
                        .map(|id| (id, inner.span)),
                );
            });
        } else {
            edges.extend(held(ty, reach).map(|(id, span)| (id, span)));
        }
    });
    edges
}

fn target(ty: &Type) -> Option<TypeId> {
    match &ty.kind {
        TypeRef::Named { target, .. } => *target,
        _ => None,
    }
}

/// The declared type that a value of this type always holds.
fn held(ty: &Type, reach: Reach) -> Option<Edge> {
    match &ty.kind {
        TypeRef::Named { target, .. } => target.map(|id| (id, ty.span)),
        TypeRef::Option(inner) if reach == Reach::Size => held(inner, reach),
        TypeRef::Box(inner) if reach == Reach::Required => held(inner, reach),
        _ => None,
    }
}

/// The shortest way from a type back to itself: the types that follow it, the
/// last of which is itself, each with the place that mentions it.
fn shortest_circle(graph: &HashMap<TypeId, Vec<Edge>>, start: TypeId) -> Option<Vec<Edge>> {
    let mut came_from: HashMap<TypeId, (TypeId, Span)> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(id) = queue.pop_front() {
        for &(to, span) in graph.get(&id).into_iter().flatten() {
            if came_from.contains_key(&to) {
                continue;
            }
            came_from.insert(to, (id, span));
            if to == start {
                let mut circle = Vec::new();
                let mut at = start;
                loop {
                    let (before, span) = came_from[&at];
                    circle.push((at, span));
                    at = before;
                    if at == start {
                        circle.reverse();
                        return Some(circle);
                    }
                }
            }
            queue.push_back(to);
        }
    }
    None
}
