//! Which messages have been dealt with, so that no commit passes one that has not.

use std::collections::{HashMap, VecDeque};

/// The partitions that are assigned to us.
#[derive(Debug, Default)]
pub(super) struct Offsets {
    /// Counts assignments: what was taken under an earlier one is no longer ours.
    assignment: u64,
    places: HashMap<String, HashMap<i32, usize>>,
    partitions: Vec<Partition>,
    /// The place of the partition whose message was taken last: most often the
    /// next is of the same.
    last_place: usize,
    /// How far partitions were dealt with that were given up last.
    left: HashMap<(String, i32), i64>,
}

/// An offset that is not known yet: it lies before all others.
pub(super) const UNKNOWN: i64 = -1;

#[derive(Debug)]
struct Partition {
    topic: String,
    number: i32,
    /// What was taken and not settled, in the order of offsets.
    unfinished: VecDeque<i64>,
    /// The one after the last that was taken.
    next: i64,
    committed: i64,
    /// Whether its messages are handled again by whoever has it next.
    is_stored: bool,
}

impl Partition {
    fn settled(&self) -> i64 {
        self.unfinished.front().copied().unwrap_or(self.next)
    }
}

/// A message that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    assignment: u64,
    place: usize,
    offset: i64,
}

/// A partition and an offset in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) offset: i64,
}

impl Offsets {
    /// Forgets all, and begins anew with these partitions.
    pub(super) fn assign(&mut self, partitions: Vec<Position>) {
        self.assignment += 1;
        self.places.clear();
        self.partitions.clear();
        for Position {
            topic,
            partition: number,
            offset,
        } in partitions
        {
            let of_topic = self.places.entry(topic.clone()).or_default();
            of_topic.insert(number, self.partitions.len());
            let place = (topic, number);
            // The last commit before partitions change hands may have been refused.
            let left = self.left.get(&place).copied().unwrap_or(UNKNOWN);
            self.partitions.push(Partition {
                topic: place.0,
                number,
                unfinished: VecDeque::new(),
                next: left.max(offset),
                committed: UNKNOWN,
                is_stored: false,
            });
        }
    }

    /// Notes where partitions begin of which nothing has come.
    pub(super) fn begin_at(&mut self, positions: Vec<Position>) {
        for position in positions {
            if let Some(partition) = self.partition_mut(&position.topic, position.partition)
                && partition.next == UNKNOWN
            {
                partition.next = position.offset;
            }
        }
    }

    /// Forgets all but how far it was dealt with.
    pub(super) fn give_up(&mut self) {
        if !self.partitions.is_empty() {
            let settled = self.settled().into_iter();
            self.left = settled
                .map(|at| ((at.topic, at.partition), at.offset))
                .collect();
        }
        self.assign(Vec::new());
    }

    /// Where a partition is in the list, if it is ours.
    fn place(&self, topic: &str, partition: i32) -> Option<usize> {
        match self.partitions.get(self.last_place) {
            Some(last) if last.number == partition && last.topic == topic => Some(self.last_place),
            _ => self.places.get(topic)?.get(&partition).copied(),
        }
    }

    fn partition_mut(&mut self, topic: &str, partition: i32) -> Option<&mut Partition> {
        let place = self.place(topic, partition)?;
        Some(&mut self.partitions[place])
    }

    /// Notes a message; `None` if its partition is not ours or it was taken before.
    /// `is_stored` says whether another owner shall handle it again if it is not settled.
    pub(super) fn take(
        &mut self,
        topic: &str,
        partition: i32,
        offset: i64,
        is_stored: bool,
    ) -> Option<Taken> {
        let place = self.place(topic, partition)?;
        self.last_place = place;
        let partition = &mut self.partitions[place];
        if offset < partition.next {
            return None;
        }
        partition.unfinished.push_back(offset);
        partition.next = offset + 1;
        partition.is_stored = is_stored;
        Some(Taken {
            assignment: self.assignment,
            place,
            offset,
        })
    }

    /// Notes that a message has been dealt with.
    pub(super) fn settle(&mut self, taken: Taken) {
        if taken.assignment != self.assignment {
            return;
        }
        let unfinished = &mut self.partitions[taken.place].unfinished;
        if let Ok(at) = unfinished.binary_search(&taken.offset) {
            unfinished.remove(at);
        }
    }

    /// Settles what is unfinished, but for what another owner shall handle again.
    pub(super) fn settle_all_but_stored(&mut self) {
        for partition in &mut self.partitions {
            if !partition.is_stored {
                partition.unfinished.clear();
            }
        }
    }

    /// What can be committed now and is not.
    pub(super) fn to_commit(&self) -> Vec<Position> {
        let ahead = self
            .partitions
            .iter()
            .filter(|partition| partition.settled() > partition.committed);
        ahead
            .map(|partition| Position {
                topic: partition.topic.clone(),
                partition: partition.number,
                offset: partition.settled(),
            })
            .collect()
    }

    /// Where all could be committed, whether it is already or not.
    pub(super) fn settled(&self) -> Vec<Position> {
        let all = self.partitions.iter();
        let known = all.filter(|partition| partition.next != UNKNOWN);
        known
            .map(|partition| Position {
                topic: partition.topic.clone(),
                partition: partition.number,
                offset: partition.settled(),
            })
            .collect()
    }

    /// Notes that what was being committed may not be.
    pub(super) fn commit_failed(&mut self) {
        for partition in &mut self.partitions {
            partition.committed = UNKNOWN;
        }
    }

    /// Whether there is something to commit.
    pub(super) fn is_ahead(&self) -> bool {
        self.partitions
            .iter()
            .any(|partition| partition.settled() > partition.committed)
    }

    /// Notes what is being committed.
    pub(super) fn committing(&mut self, positions: &[Position]) {
        for position in positions {
            if let Some(partition) = self.partition_mut(&position.topic, position.partition) {
                partition.committed = position.offset;
            }
        }
    }

    /// The partitions that are ours.
    pub(super) fn partitions(&self) -> Vec<(String, i32)> {
        let all = self.partitions.iter();
        all.map(|partition| (partition.topic.clone(), partition.number))
            .collect()
    }

    /// How many messages are to be taken until these positions are reached.
    pub(super) fn left_until(&self, ends: &[Position]) -> i64 {
        let left = ends.iter().filter_map(|end| {
            let place = *self.places.get(&end.topic)?.get(&end.partition)?;
            Some((end.offset - self.partitions[place].next.max(0)).max(0))
        });
        left.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(topic: &str, partition: i32, offset: i64) -> Position {
        Position {
            topic: topic.to_owned(),
            partition,
            offset,
        }
    }

    fn ours() -> Vec<Position> {
        vec![at("a", 0, UNKNOWN), at("b", 0, UNKNOWN)]
    }

    fn assigned() -> Offsets {
        let mut offsets = Offsets::default();
        offsets.assign(ours());
        offsets
    }

    #[test]
    fn a_commit_never_passes_what_is_unfinished() {
        let mut offsets = assigned();
        let taken: Vec<_> = (10..13)
            .map(|offset| offsets.take("a", 0, offset, true).expect("it is ours"))
            .collect();
        offsets.settle(taken[2]);
        offsets.settle(taken[1]);
        assert_eq!(offsets.to_commit(), [at("a", 0, 10)]);
        offsets.settle(taken[0]);
        assert_eq!(offsets.to_commit(), [at("a", 0, 13)]);
    }

    #[test]
    fn partitions_do_not_wait_for_each_other() {
        let mut offsets = assigned();
        offsets.take("a", 0, 10, true).expect("it is ours");
        let other = offsets.take("b", 0, 5, true).expect("it is ours");
        offsets.settle(other);
        let ahead = offsets.to_commit();
        assert_eq!(ahead, [at("a", 0, 10), at("b", 0, 6)]);
        offsets.committing(&ahead);
        assert!(!offsets.is_ahead());
    }

    #[test]
    fn offsets_may_have_gaps() {
        let mut offsets = assigned();
        let taken = offsets.take("a", 0, 15, true).expect("it is ours");
        assert_eq!(offsets.to_commit(), [at("a", 0, 15)]);
        offsets.settle(taken);
        assert_eq!(offsets.to_commit(), [at("a", 0, 16)]);
    }

    #[test]
    fn what_belongs_to_an_earlier_assignment_counts_no_more() {
        let mut offsets = assigned();
        let taken = offsets.take("a", 0, 10, true).expect("it is ours");
        offsets.assign(vec![at("a", 0, UNKNOWN)]);
        let again = offsets.take("a", 0, 10, true).expect("it is ours");
        offsets.settle(taken);
        assert_eq!(offsets.to_commit(), [at("a", 0, 10)]);
        offsets.settle(again);
        assert_eq!(offsets.to_commit(), [at("a", 0, 11)]);
        assert_eq!(offsets.take("b", 0, 5, true), None);
        assert_eq!(offsets.take("a", 0, 10, true), None);
    }

    #[test]
    fn nothing_is_committed_of_what_is_not_known() {
        let mut offsets = assigned();
        assert!(!offsets.is_ahead());
        assert_eq!(offsets.settled(), []);
        offsets.begin_at(vec![at("a", 0, 7), at("c", 0, 7)]);
        assert_eq!(offsets.settled(), [at("a", 0, 7)]);
        assert_eq!(offsets.left_until(&[at("a", 0, 9), at("b", 0, 1)]), 3);
    }

    #[test]
    fn what_was_dealt_with_is_not_taken_when_a_partition_comes_back() {
        let mut offsets = assigned();
        let taken = offsets.take("a", 0, 10, true).expect("it is ours");
        offsets.settle(taken);
        offsets.take("b", 0, 5, true).expect("it is ours");
        offsets.give_up();
        // The group changes again before anything was assigned.
        offsets.give_up();
        offsets.assign(ours());
        assert_eq!(offsets.to_commit(), [at("a", 0, 11), at("b", 0, 5)]);
        assert_eq!(offsets.take("a", 0, 10, true), None);
        assert!(offsets.take("b", 0, 5, true).is_some());
    }
}
