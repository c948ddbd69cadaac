//! Compiling and running the crates.

use std::{
    error::Error,
    fmt, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::shape::Shape;

/// What one shape costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    check: Duration,
    build: Duration,
    bytes: u64,
    encode: f64,
    decode: f64,
}

impl Times {
    /// Before anything was measured.
    pub(crate) const WORST: Self = Self {
        check: Duration::MAX,
        build: Duration::MAX,
        bytes: u64::MAX,
        encode: f64::MAX,
        decode: f64::MAX,
    };

    pub(crate) fn keep_least(&mut self, other: &Self) {
        self.check = self.check.min(other.check);
        self.build = self.build.min(other.build);
        self.bytes = self.bytes.min(other.bytes);
        self.encode = self.encode.min(other.encode);
        self.decode = self.decode.min(other.decode);
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let check = self.check.as_secs_f64();
        if self.bytes == u64::MAX {
            return write!(f, "{check:.2} s | – | – | – | –");
        }
        let build = self.build.as_secs_f64();
        let (kib, encode, decode) = (self.bytes / 1024, self.encode, self.decode);
        write!(
            f,
            "{check:.2} s | {build:.1} s | {kib} KiB | {encode:.0} ns | {decode:.0} ns"
        )
    }
}

/// Builds what the crate depends on, so that it is not measured.
pub(crate) fn warm_up(root: &Path, shape: Shape, only_check: bool) -> Result<(), Box<dyn Error>> {
    cargo(root, shape, &["check", "--lib"])?;
    if only_check {
        return Ok(());
    }
    cargo(root, shape, &["build", "--release"])
}

/// Compiles the crate anew, and runs it.
pub(crate) fn round(root: &Path, shape: Shape, only_check: bool) -> Result<Times, Box<dyn Error>> {
    let check = timed(root, shape, &["check", "--lib"])?;
    if only_check {
        return Ok(Times {
            check,
            ..Times::WORST
        });
    }
    let build = timed(root, shape, &["build", "--release"])?;
    let program = root.join("target/release").join(shape.name());
    let bytes = fs::metadata(&program)?.len();
    let output = Command::new(&program).output()?;
    let output = String::from_utf8(output.stdout)?;
    let mut speeds = output.split_whitespace().map(str::parse);
    let mut speed = || speeds.next().ok_or("the program prints two numbers");
    Ok(Times {
        check,
        build,
        bytes,
        encode: speed()??,
        decode: speed()??,
    })
}

fn timed(root: &Path, shape: Shape, arguments: &[&str]) -> Result<Duration, Box<dyn Error>> {
    // A newer source is compiled again, whatever it holds.
    let source = root.join(shape.name()).join("src/lib.rs");
    fs::write(&source, fs::read(&source)?)?;
    let start = Instant::now();
    cargo(root, shape, arguments)?;
    Ok(start.elapsed())
}

fn cargo(root: &Path, shape: Shape, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--quiet")
        .current_dir(root.join(shape.name()))
        .env("CARGO_TARGET_DIR", root.join("target"))
        // The numbers are those of a build after a change of the contract.
        .env("CARGO_INCREMENTAL", "0")
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo {arguments:?} of {shape:?}: {status}").into())
    }
}
