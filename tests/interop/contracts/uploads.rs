//! Streams that callers send. Of the transports that others speak, gRPC alone carries them.
#![contract(package = "interop.uploads.v1", rename_all = "camelCase", encodings(json, proto))]

/// Why a stream is broken off.
pub enum UploadError {
    #[error(aborted, "{number} breaks it off")]
    Aborted {
        #[n(1)]
        number: u32,
    } = 1,
}

/// Takes numbers. 0 is the last that is taken, whatever else comes; 13 breaks it off.
#[service]
pub trait Uploads {
    /// All numbers before the end, in order.
    #[message("uploads.collect")]
    fn collect(numbers: Stream<u32>) -> Result<Vec<u32>, UploadError>;

    /// Each number before the end, as it comes.
    #[message("uploads.echo")]
    fn echo(numbers: Stream<u32>) -> Result<Stream<u32>, UploadError>;

    /// Answered when this was noted: `began 7` of a stream whose first number is 7,
    /// `given up 7` when it broke off, `left 7` when it was over in any way.
    #[message("uploads.noted")]
    fn noted(line: String);
}
