//! The closed loop that measures: so many calls at a time, each followed by the next.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{BoxError, for_each_line, say};

/// Calls before the first turn: NestJS gets faster for as many.
const WARM_UP_CALLS: u32 = 20_000;

/// After so long the warm-up ends, even if it has made fewer calls.
const WARM_UP: Duration = Duration::from_secs(3);

/// What is asked of a contestant.
#[derive(Debug, Clone, Copy, clap::Args)]
// The command that has these is called so already.
#[group(skip)]
pub(crate) struct Load {
    /// Calls under way at a time.
    #[arg(long, default_value_t = 64)]
    pub(crate) in_flight: usize,
    /// Seconds of a turn.
    #[arg(long, default_value_t = 0.5)]
    pub(crate) seconds: f64,
}

/// What came of a turn, as NestJS's load generator prints it too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) cpu_seconds: f64,
}

impl Load {
    /// Takes turns with `call`. It returns the id that it was given, so that
    /// no contestant can be fast by being wrong.
    pub(crate) async fn run<F, Fut>(self, call: F) -> Result<Infallible, BoxError>
    where
        F: Fn(u32) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<u32, BoxError>> + Send + 'static,
    {
        let call = Arc::new(call);
        // However long it takes until there is somebody to answer.
        call(0).await?;
        self.turns(async |calls, end| self.calls(&call, calls, end).await)
            .await
    }

    /// Warms `exchange` up, and then prints what comes of it for each line on
    /// stdin, until that is closed. It gets how many calls to make at the
    /// most, and when to end, and returns how long each took that has ended by
    /// then, in nanoseconds.
    pub(crate) async fn turns(
        self,
        mut exchange: impl AsyncFnMut(u32, Instant) -> Result<Vec<u64>, BoxError>,
    ) -> Result<Infallible, BoxError> {
        exchange(WARM_UP_CALLS, Instant::now() + WARM_UP).await?;
        let (asked, mut turns) = mpsc::unbounded_channel();
        for_each_line(move |_| {
            // An error means that this has failed, and the process is about to end.
            let _ = asked.send(());
        });
        say(r#"{"ready":true}"#);
        while turns.recv().await.is_some() {
            let cpu_before = cpu_seconds();
            let end = Instant::now() + Duration::from_secs_f64(self.seconds);
            let latencies = exchange(u32::MAX, end).await?;
            let cpu = cpu_seconds() - cpu_before;
            let measured = Measured::new(latencies, self.seconds, cpu);
            say(&serde_json::to_string(&measured)?);
        }
        Err("nobody asks any more".into())
    }

    async fn calls<F, Fut>(
        self,
        call: &Arc<F>,
        calls: u32,
        end: Instant,
    ) -> Result<Vec<u64>, BoxError>
    where
        F: Fn(u32) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<u32, BoxError>> + Send + 'static,
    {
        let mut loops = JoinSet::new();
        let share = calls.div_ceil(self.in_flight as u32);
        for _ in 0..self.in_flight {
            let call = Arc::clone(call);
            loops.spawn(async move {
                let mut latencies = Vec::new();
                for id in 0..share {
                    let begun = Instant::now();
                    if begun > end {
                        break;
                    }
                    if call(id).await? != id {
                        return Err("the reply is not to the request".into());
                    }
                    let ended = Instant::now();
                    if ended <= end {
                        latencies.push((ended - begun).as_nanos() as u64);
                    }
                }
                Ok::<_, BoxError>(latencies)
            });
        }
        let mut all = Vec::new();
        while let Some(latencies) = loops.join_next().await {
            all.extend(latencies??);
        }
        Ok(all)
    }
}

impl Measured {
    fn new(mut latencies: Vec<u64>, seconds: f64, cpu_seconds: f64) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            latencies
                .get((latencies.len().saturating_sub(1) as f64 * share) as usize)
                .map_or(0.0, |ns| *ns as f64 / 1e3)
        };
        Self {
            requests: latencies.len(),
            seconds,
            p50_us: at(0.5),
            p99_us: at(0.99),
            cpu_seconds,
        }
    }
}

/// What this process has used so far, user and system.
pub(crate) fn cpu_seconds() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).map_or(0.0, |usage| {
        [usage.user_time(), usage.system_time()]
            .iter()
            .map(|time| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6)
            .sum()
    })
}
