//! The closed loop that measures: so many calls at a time, each followed by the next.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::BoxError;

/// What is asked of a contestant.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct Load {
    /// Calls under way at a time.
    #[arg(long, default_value_t = 64)]
    pub(crate) in_flight: usize,
    /// Calls that are measured.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) requests: usize,
    /// Calls before that.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) warmup: usize,
    /// Seconds after which either ends, even if it has made fewer calls.
    #[arg(long, default_value_t = 3.0)]
    pub(crate) seconds: f64,
}

/// What came of it, as NestJS's load generator prints it too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) requests: usize,
    /// Calls before those.
    pub(crate) warmed_up: usize,
    pub(crate) seconds: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) cpu_seconds_client: f64,
    #[serde(skip)]
    begun: Option<(Instant, f64)>,
}

impl Load {
    /// Runs `call` for the warm-up and the measurement. It returns the id that
    /// it was given, so that no contestant can be fast by being wrong.
    pub(crate) async fn run<F, Fut>(self, call: F) -> Result<Measured, BoxError>
    where
        F: Fn(u32) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<u32, BoxError>> + Send + 'static,
    {
        let call = Arc::new(call);
        // However long it takes until there is somebody to answer.
        call(0).await?;
        let warmed_up = self.rounds(&call, self.warmup).await?.len();
        let mut measured = Measured::begin(warmed_up);
        let latencies = self.rounds(&call, self.requests).await?;
        measured.end(latencies);
        Ok(measured)
    }

    async fn rounds<F, Fut>(self, call: &Arc<F>, requests: usize) -> Result<Vec<u64>, BoxError>
    where
        F: Fn(u32) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<u32, BoxError>> + Send + 'static,
    {
        let end = Instant::now() + Duration::from_secs_f64(self.seconds);
        let mut loops = tokio::task::JoinSet::new();
        for at in 0..self.in_flight {
            let call = Arc::clone(call);
            let share = requests / self.in_flight + usize::from(at < requests % self.in_flight);
            loops.spawn(async move {
                let mut latencies = Vec::with_capacity(share);
                for id in 0..share as u32 {
                    let begun = Instant::now();
                    if begun > end {
                        break;
                    }
                    if call(id).await? != id {
                        return Err("the reply is not to the request".into());
                    }
                    latencies.push(begun.elapsed().as_nanos() as u64);
                }
                Ok::<_, BoxError>(latencies)
            });
        }
        let mut all = Vec::with_capacity(requests);
        while let Some(latencies) = loops.join_next().await {
            all.extend(latencies??);
        }
        Ok(all)
    }
}

impl Measured {
    pub(crate) fn begin(warmed_up: usize) -> Self {
        let begun = Some((Instant::now(), cpu_seconds()));
        Self {
            requests: 0,
            warmed_up,
            seconds: 0.0,
            p50_us: 0.0,
            p99_us: 0.0,
            cpu_seconds_client: 0.0,
            begun,
        }
    }

    /// Ends the measurement. The latencies are in nanoseconds.
    pub(crate) fn end(&mut self, mut latencies: Vec<u64>) {
        if let Some((begun, cpu)) = self.begun.take() {
            self.seconds = begun.elapsed().as_secs_f64();
            self.cpu_seconds_client = cpu_seconds() - cpu;
        }
        latencies.sort_unstable();
        let at = |share: f64| {
            latencies
                .get((latencies.len() as f64 * share) as usize)
                .map_or(0.0, |ns| *ns as f64 / 1e3)
        };
        (self.p50_us, self.p99_us) = (at(0.5), at(0.99));
        self.requests = latencies.len();
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
