//! The kinds of error: one table to HTTP and gRPC.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $code:literal $http:literal $grpc:literal;)*) => {
        /// The kind of an error, which decides its HTTP and gRPC status.
        ///
        /// | kind | code | HTTP | gRPC |
        /// |---|---|---|---|
        $(#[doc = concat!("| `", stringify!($kind), "` | `", $code, "` | ", $http, " | ", $grpc, " |")])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The code of errors that the runtime itself raises.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$kind => $code),* }
            }

            /// The HTTP status, which is also the `status` on Nest's wire.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$kind => $http),* }
            }

            /// The gRPC status code.
            #[must_use]
            pub const fn grpc(self) -> u8 {
                match self { $(Self::$kind => $grpc),* }
            }
        }
    };
}

kinds! {
    /// The request is wrong, whatever the state of the service.
    Invalid "INVALID_ARGUMENT" 400 3;
    /// The caller did not say who it is.
    Unauthenticated "UNAUTHENTICATED" 401 16;
    /// The caller may not do this.
    Forbidden "PERMISSION_DENIED" 403 7;
    /// There is no such thing.
    NotFound "NOT_FOUND" 404 5;
    /// There is such a thing already.
    Conflict "ALREADY_EXISTS" 409 6;
    /// Somebody else was faster; trying the whole again can help.
    Aborted "ABORTED" 409 10;
    /// The state of the service does not allow it.
    FailedPrecondition "FAILED_PRECONDITION" 412 9;
    /// A quota or limit is used up.
    Exhausted "RESOURCE_EXHAUSTED" 429 8;
    /// The service failed.
    Internal "INTERNAL" 500 13;
    /// Nobody handles this operation.
    Unimplemented "UNIMPLEMENTED" 501 12;
    /// Not now; trying again can help.
    Unavailable "UNAVAILABLE" 503 14;
    /// It took too long.
    Deadline "DEADLINE_EXCEEDED" 504 4;
}

impl Kind {
    /// The kind of an HTTP status: the one with that status, else the nearest of its class.
    ///
    /// 409 is [`Conflict`](Self::Conflict).
    #[must_use]
    pub fn of_status(status: u16) -> Self {
        let exact = Self::ALL.iter().find(|kind| kind.status() == status);
        match (exact, status) {
            (Some(kind), _) => *kind,
            (None, 400..=499) => Self::Invalid,
            (None, _) => Self::Internal,
        }
    }

    /// Whether trying again, unchanged and a little later, can help.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::Aborted | Self::Exhausted | Self::Unavailable | Self::Deadline
        )
    }
}
