//! A check of one peer, and what came of it.

use std::time::Duration;

use anywire::BoxFuture;

/// What is not done by then never will be, but for a long stream.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// The same for a long stream: Nest sends its values to Kafka one by one, which
/// takes 12 s where nothing else is done, and more than 40 on a busy machine.
pub(crate) const PATIENCE_WITH_NEST: Duration = Duration::from_secs(180);

/// A check passes unless it panics, in time.
pub(crate) type Check<Cx> = fn(Cx) -> BoxFuture<()>;

/// Checks and their names.
macro_rules! checks {
    ($($name:literal => $check:path,)*) => {
        &[$(($name, |cx| Box::pin($check(cx)))),*]
    };
}
pub(crate) use checks;

/// What comes of a check.
pub(crate) async fn outcome(
    check: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    outcome_within(PATIENCE, check).await
}

/// What comes of a check that may take so long.
pub(crate) async fn outcome_within(
    patience: Duration,
    check: impl Future<Output = ()> + Send + 'static,
) -> Result<(), String> {
    match tokio::time::timeout(patience, tokio::spawn(check)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failed)) => Err(failed.to_string()),
        Err(_) => Err(format!("not done after {patience:?}")),
    }
}
