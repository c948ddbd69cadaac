//! The options of a TCP connection, on either side.

use std::{io, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// How many signs of life a quiet peer may owe.
const PROBES: u32 = 4;

/// Systems count in seconds, and Linux takes no more than these.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(32_767);

/// Sends what is written at once, and has the system look after the connection.
///
/// A peer that is gone without a word is one that has said nothing for
/// `keep_alive` and not answered for as long again. What is sent to it waits no
/// longer than that either, or than `patience` if that is longer.
///
/// An option that a system does not have is missing, and nothing else.
pub(super) fn prepare(stream: &TcpStream, keep_alive: Duration, patience: Duration) {
    if let Err(error) = try_prepare(stream, keep_alive, patience) {
        tracing::debug!(%error, "an option of a connection cannot be set");
    }
}

fn try_prepare(stream: &TcpStream, keep_alive: Duration, patience: Duration) -> io::Result<()> {
    // Batches are written whole, so that there is nothing to wait for.
    stream.set_nodelay(true)?;
    let keep_alive = keep_alive.clamp(SHORTEST, LONGEST);
    let probes = TcpKeepalive::new().with_time(keep_alive);
    #[cfg(any(
        target_os = "android",
        target_os = "freebsd",
        target_os = "linux",
        target_os = "macos",
        target_os = "netbsd",
        target_os = "windows"
    ))]
    let probes = {
        let interval = keep_alive.as_secs().div_ceil(u64::from(PROBES));
        probes
            .with_interval(Duration::from_secs(interval))
            .with_retries(PROBES)
    };
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&probes)?;
    // Nothing is probed while something sent waits for its acknowledgement, which
    // the system by itself does for a quarter of an hour.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    socket.set_tcp_user_timeout(Some(patience.clamp(keep_alive * 2, LONGEST * 2)))?;
    #[cfg(not(any(target_os = "android", target_os = "linux")))]
    let _ = patience;
    Ok(())
}

// Elsewhere they are set as well, but cannot be asked for.
#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;
    use tokio::net::{TcpListener, TcpStream};

    use super::try_prepare;

    async fn prepared(keep_alive: Duration, patience: Duration) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let stream = TcpStream::connect(address).await.expect("a connection");
        try_prepare(&stream, keep_alive, patience).expect("the system has these options");
        stream
    }

    /// After how many seconds a quiet peer is probed, how often, and after how
    /// many what is sent has waited too long.
    fn options(stream: &TcpStream) -> [u64; 3] {
        let socket = SockRef::from(stream);
        assert!(stream.nodelay().expect("an option"));
        assert!(socket.keepalive().expect("an option"));
        assert_eq!(socket.tcp_keepalive_retries().expect("an option"), 4);
        let time = socket.tcp_keepalive_time().expect("an option");
        let interval = socket.tcp_keepalive_interval().expect("an option");
        let patience = socket.tcp_user_timeout().expect("an option");
        [time, interval, patience.expect("a timeout")].map(|time| time.as_secs())
    }

    #[tokio::test]
    async fn a_peer_that_is_gone_without_a_word_is_noticed() {
        let seconds = Duration::from_secs;
        let stream = prepared(seconds(20), seconds(30)).await;
        assert_eq!(options(&stream), [20, 5, 40]);
        let stream = prepared(seconds(7), seconds(60)).await;
        assert_eq!(options(&stream), [7, 2, 60]);
    }

    #[tokio::test]
    async fn times_are_what_a_system_takes() {
        let stream = prepared(Duration::ZERO, Duration::ZERO).await;
        assert_eq!(options(&stream), [1, 1, 2]);
        let stream = prepared(Duration::MAX, Duration::MAX).await;
        assert_eq!(options(&stream), [32_767, 8_192, 65_534]);
    }
}
