//! What is served on one port, by pattern.

use crate::{
    BoxError, Meta, OperationKind, Routes, service::BoxService, wire::nest::pattern::Patterns,
};

/// The services and subscribers of one port.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    patterns: Patterns,
    entries: Vec<Entry>,
}

/// What one pattern leads to: one handler of messages, or any number of subscribers.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Message(Target),
    Events(Vec<Target>),
}

/// An operation of a service.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) service: BoxService,
    pub(super) operation: usize,
    pub(super) meta: &'static Meta,
    /// Of the members of a group on one port, one gets each event.
    pub(super) group: Option<String>,
}

impl Table {
    /// Adds the operations of a service.
    pub(super) fn add(&mut self, routes: &Routes, service: &BoxService) -> Result<(), BoxError> {
        for (operation, &meta) in routes.operations.iter().enumerate() {
            let target = Target {
                service: service.clone(),
                operation,
                meta,
                group: routes.group.clone(),
            };
            let known = self
                .patterns
                .insert(meta, self.entries.len())
                .map(|place| &mut self.entries[place]);
            match (known, meta.kind) {
                (None, OperationKind::Message) => self.entries.push(Entry::Message(target)),
                (None, _) => self.entries.push(Entry::Events(vec![target])),
                (Some(Entry::Events(targets)), OperationKind::Oneway | OperationKind::Event) => {
                    targets.push(target)
                }
                (Some(_), _) => {
                    return Err(format!("{} is already served on this port", meta.pattern).into());
                }
            }
        }
        Ok(())
    }

    /// What a pattern leads to, given as JSON.
    pub(super) fn find(&self, pattern: &[u8]) -> Option<&Entry> {
        self.patterns
            .find(pattern)
            .map(|place| &self.entries[place])
    }
}
