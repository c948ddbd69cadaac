//! Types that contain themselves.

use std::collections::{BTreeMap, HashSet};

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
        for circle in circles(&graph(contract, reach)) {
            if circle.iter().any(|(id, _)| reported.contains(id)) {
                continue;
            }
            reported.extend(circle.iter().map(|(id, _)| *id));
            if reach == Reach::Alias {
                aliases.extend(circle.iter().map(|(id, _)| *id));
            }
            // The last step of the circle leads back to its first type.
            let Some((id, _)) = circle.last().copied() else {
                continue;
            };
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

/// Sorted, so that findings do not depend on chance.
type Graph = BTreeMap<TypeId, Vec<Edge>>;

fn graph(contract: &Contract, reach: Reach) -> Graph {
    let all = contract
        .files
        .iter()
        .enumerate()
        .flat_map(|(file, of_file)| {
            of_file
                .types
                .iter()
                .enumerate()
                .map(move |(index, def)| (TypeId { file, index }, def))
        });
    all.map(|(id, def)| (id, edges(contract, def, reach)))
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
            edges.extend(held(ty, reach));
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

/// Circles, at least one for every group of types that hold each other. Each
/// is the steps from its first type, in the order of the files, back to it.
fn circles(graph: &Graph) -> Vec<Vec<Edge>> {
    let mut circles = Vec::new();
    let mut seen: HashSet<TypeId> = HashSet::new();
    for &start in graph.keys() {
        // A walk with its own stack: chains are as long as users make them.
        let mut path: Vec<(TypeId, usize)> = Vec::new();
        if seen.insert(start) {
            path.push((start, 0));
        }
        let mut on_path: HashSet<TypeId> = HashSet::from([start]);
        while let Some((id, next)) = path.last_mut() {
            let Some(&(to, _)) = graph.get(id).and_then(|edges| edges.get(*next)) else {
                on_path.remove(id);
                path.pop();
                continue;
            };
            *next += 1;
            if on_path.contains(&to) {
                let steps = path.iter().skip_while(|(id, _)| *id != to);
                let mut circle: Vec<Edge> = steps.map(|(id, next)| graph[id][next - 1]).collect();
                let last = (0..circle.len())
                    .min_by_key(|at| circle[*at].0)
                    .unwrap_or(0);
                let length = circle.len().max(1);
                circle.rotate_left((last + 1) % length);
                circles.push(circle);
            } else if seen.insert(to) {
                on_path.insert(to);
                path.push((to, 0));
            }
        }
    }
    circles
}
