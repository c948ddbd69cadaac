//! What is served in one place, by pattern.

use crate::{
    BoxError, Meta, OperationKind, Routes,
    service::BoxService,
    wire::nest::pattern::{self, Patterns},
};

/// The services and subscribers of one place: a port, a queue.
#[derive(Debug, Clone, Default)]
pub(in crate::transport) struct Table {
    patterns: Patterns,
    /// The entries whose routes have wildcards.
    wildcards: Vec<usize>,
    entries: Vec<Entry>,
}

/// What one pattern leads to: one handler of messages, or any number of subscribers.
#[derive(Debug, Clone)]
pub(in crate::transport) enum Entry {
    Message(Target),
    Events(Vec<Target>),
}

impl Entry {
    /// All that it leads to.
    pub(in crate::transport) fn targets(&self) -> &[Target] {
        match self {
            Self::Message(target) => std::slice::from_ref(target),
            Self::Events(targets) => targets,
        }
    }
}

/// An operation of a service.
#[derive(Debug, Clone)]
pub(in crate::transport) struct Target {
    pub(in crate::transport) service: BoxService,
    pub(in crate::transport) operation: usize,
    pub(in crate::transport) meta: &'static Meta,
    /// Of the members of a group in one place, one gets each event.
    pub(in crate::transport) group: Option<String>,
}

impl Table {
    /// Adds the operations of a service.
    pub(in crate::transport) fn add(
        &mut self,
        routes: &Routes,
        service: &BoxService,
    ) -> Result<(), BoxError> {
        for (operation, &meta) in routes.operations.iter().enumerate() {
            let target = Target {
                service: service.clone(),
                operation,
                meta,
                group: routes.group.clone(),
            };
            let place = self.entries.len();
            let known = self
                .patterns
                .insert(meta, place)
                .map(|place| &mut self.entries[place]);
            match (known, meta.kind) {
                (None, OperationKind::Message) => self.entries.push(Entry::Message(target)),
                (None, _) => {
                    if meta.has_wildcards() {
                        self.wildcards.push(place);
                    }
                    self.entries.push(Entry::Events(vec![target]));
                }
                (Some(Entry::Events(targets)), OperationKind::Oneway | OperationKind::Event) => {
                    targets.push(target)
                }
                (Some(_), _) => {
                    return Err(format!("{} is already served here", meta.pattern).into());
                }
            }
        }
        Ok(())
    }

    /// All operations, each pattern's once.
    #[cfg(feature = "rabbitmq")]
    pub(in crate::transport) fn operations(&self) -> Vec<&'static Meta> {
        let firsts = self.entries.iter().filter_map(|of| of.targets().first());
        firsts.map(|target| target.meta).collect()
    }

    /// What a pattern leads to, given as JSON.
    pub(in crate::transport) fn find(&self, pattern: &[u8]) -> Option<&Entry> {
        self.place(pattern).map(|place| self.entry(place))
    }

    /// The place of what a pattern leads to.
    pub(in crate::transport) fn place(&self, pattern: &[u8]) -> Option<usize> {
        match self.patterns.find(pattern) {
            Some(place) => Some(place),
            None if self.wildcards.is_empty() => None,
            None => self.fitting(&pattern::text(pattern)?),
        }
    }

    /// What is in a place of this table.
    pub(in crate::transport) fn entry(&self, place: usize) -> &Entry {
        &self.entries[place]
    }

    /// The entry whose wildcards a name fits. No name fits two: the contract
    /// compiler refuses patterns that overlap.
    fn fitting(&self, name: &str) -> Option<usize> {
        let mut places = self.wildcards.iter().copied();
        places.find(|place| match &self.entries[*place] {
            Entry::Events(targets) => targets
                .first()
                .is_some_and(|target| pattern::fits(target.meta.route, name)),
            Entry::Message(_) => false,
        })
    }
}
