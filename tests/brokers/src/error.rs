/// Why there is no broker.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What it is run by is not on this machine.
    #[error(
        "{program} is not installed: tests/brokers/install installs it, or {variable} gives a broker that runs already"
    )]
    Missing {
        /// The program that was looked for.
        program: &'static str,
        /// The environment variable that makes it unnecessary.
        variable: &'static str,
    },
    /// It was started, and ended or does not answer.
    #[error("{broker} did not start: {reason}")]
    NotStarted {
        /// Which one.
        broker: &'static str,
        /// What happened, and the end of its log.
        reason: String,
    },
}

/// What was started, or `None` where it is not installed, which is said on standard error.
///
/// # Panics
///
/// If it did not start for any other reason, and with `CI=true` for this one too.
#[expect(
    clippy::print_stderr,
    reason = "a test that is left out has to say so, and has no other way"
)]
pub fn unless_missing<T>(started: Result<T, Error>) -> Option<T> {
    match started {
        Ok(started) => Some(started),
        Err(error @ Error::Missing { .. }) if std::env::var("CI").as_deref() != Ok("true") => {
            eprintln!("left out: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}
