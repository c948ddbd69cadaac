//! Reading streams: alone, or as a member of a group.

use std::time::Duration;

use redis::{Cmd, RedisError, Value, aio::MultiplexedConnection};

use super::entry::{self, Entry};
use crate::Meta;

/// How long Redis waits for something to be read.
pub(super) const BLOCK: Duration = Duration::from_secs(2);

/// The streams that are read, and as whom.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) streams: &'static [&'static Meta],
    pub(super) group: Option<Group>,
    /// The last entry of each stream that was read here, or that was there before.
    pub(super) last: Vec<String>,
}

/// A member of a group.
#[derive(Clone)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) consumer: String,
    /// Whether Redis keeps what a member has until that is settled.
    pub(super) settles: bool,
}

/// What is read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum From {
    /// What this member has not settled, behind these entries.
    Own(Vec<String>),
    /// What nobody has read.
    New,
}

impl Reader {
    /// Remembers where the streams end, and makes the group if there is none.
    pub(super) async fn prepare(
        &mut self,
        connection: &mut MultiplexedConnection,
        reads_all: bool,
    ) -> Result<(), RedisError> {
        for (last, meta) in self.last.iter_mut().zip(self.streams) {
            if !reads_all {
                let mut command = redis::cmd("XREVRANGE");
                command.arg(meta.route).arg("+").arg("-");
                command.arg("COUNT").arg(1);
                let answer = command.query_async(connection).await?;
                *last = entry::newest(answer).unwrap_or_else(|| last.clone());
            }
        }
        self.make_groups(connection).await
    }

    /// Makes the groups that there are not, which begin behind what was read.
    pub(super) async fn make_groups(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> Result<(), RedisError> {
        let Some(group) = &self.group else {
            return Ok(());
        };
        for (last, meta) in self.last.iter().zip(self.streams) {
            let mut command = redis::cmd("XGROUP");
            command.arg("CREATE").arg(meta.route).arg(&group.name);
            command.arg(last).arg("MKSTREAM");
            match command.query_async::<Value>(connection).await {
                Ok(_) => {}
                Err(error) if error.code() == Some("BUSYGROUP") => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads up to that many entries of each stream.
    pub(super) fn read(&self, from: &From, waits: bool, count: usize) -> Cmd {
        let mut command = match &self.group {
            Some(group) => {
                let mut command = redis::cmd("XREADGROUP");
                command.arg("GROUP").arg(&group.name).arg(&group.consumer);
                command
            }
            None => redis::cmd("XREAD"),
        };
        command.arg("COUNT").arg(count);
        if waits && *from == From::New {
            command.arg("BLOCK").arg(BLOCK.as_millis() as u64);
        }
        if self.group.as_ref().is_some_and(|group| !group.settles) {
            command.arg("NOACK");
        }
        command.arg("STREAMS");
        for meta in self.streams {
            command.arg(meta.route);
        }
        for (stream, last) in self.last.iter().enumerate() {
            match (from, &self.group) {
                (From::Own(behind), _) => command.arg(&behind[stream]),
                (From::New, Some(_)) => command.arg(">"),
                (From::New, None) => command.arg(last),
            };
        }
        command
    }

    /// The entries that were read, which are not read again.
    pub(super) fn take(&mut self, answer: Value, from: &mut From) -> Vec<Entry> {
        let entries = entry::read(answer, self.streams);
        for entry in &entries {
            let place = match from {
                From::Own(behind) => &mut behind[entry.stream],
                From::New => &mut self.last[entry.stream],
            };
            place.clone_from(&entry.id);
        }
        entries
    }
}

impl Group {
    /// Settles entries of one stream.
    pub(super) fn settle(&self, stream: &str, ids: &[&str]) -> Cmd {
        let mut command = redis::cmd("XACK");
        command.arg(stream).arg(&self.name).arg(ids);
        command
    }

    /// Says that this member still has entries of one stream in hand.
    pub(super) fn keep(&self, stream: &str, ids: &[&str]) -> Cmd {
        let mut command = redis::cmd("XCLAIM");
        command.arg(stream).arg(&self.name).arg(&self.consumer);
        command.arg(0).arg(ids).arg("JUSTID");
        command
    }

    /// Takes over what members have that have given no sign of life for so long.
    pub(super) fn claim(&self, stream: &str, silence: Duration, count: usize) -> Cmd {
        let mut command = redis::cmd("XAUTOCLAIM");
        command.arg(stream).arg(&self.name).arg(&self.consumer);
        command.arg(u64::try_from(silence.as_millis()).unwrap_or(u64::MAX));
        command.arg("0-0").arg("COUNT").arg(count);
        command
    }
}
