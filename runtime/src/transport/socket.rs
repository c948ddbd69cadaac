//! The options of a TCP connection, on either side.

use std::{io, time::Duration};

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// How many signs of life a quiet peer may owe.
const PROBES: u32 = 4;

/// Sends what is written at once, and has the system look after the connection:
/// a peer that is gone without a word is one that has said nothing for
/// `keep_alive` and not answered for as long again.
///
/// The system counts in seconds, and no shorter than one.
///
/// # Errors
/// When the system refuses an option. The connection can be used all the same.
pub(super) fn prepare(stream: &TcpStream, keep_alive: Duration) -> io::Result<()> {
    // Batches are written whole, so that there is nothing to wait for.
    stream.set_nodelay(true)?;
    let seconds = |time: Duration| time.max(Duration::from_secs(1));
    let probes = TcpKeepalive::new()
        .with_time(seconds(keep_alive))
        .with_interval(seconds(keep_alive / PROBES))
        .with_retries(PROBES);
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&probes)?;
    // Nothing is probed while something sent waits for its acknowledgement, which
    // the system by itself does for a quarter of an hour.
    #[cfg(any(target_os = "android", target_os = "linux"))]
    socket.set_tcp_user_timeout(Some(seconds(keep_alive) * 2))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::SockRef;
    use tokio::net::{TcpListener, TcpStream};

    use super::prepare;

    async fn prepared(keep_alive: Duration) -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let stream = TcpStream::connect(address).await.expect("a connection");
        prepare(&stream, keep_alive).expect("the system has these options");
        stream
    }

    #[tokio::test]
    async fn a_peer_that_is_gone_without_a_word_is_noticed() {
        let stream = prepared(Duration::from_secs(20)).await;
        assert!(stream.nodelay().expect("an option"));
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().expect("an option"));
        let seconds = Duration::from_secs;
        assert_eq!(socket.tcp_keepalive_time().expect("an option"), seconds(20));
        let interval = socket.tcp_keepalive_interval().expect("an option");
        assert_eq!(interval, seconds(5));
        assert_eq!(socket.tcp_keepalive_retries().expect("an option"), 4);
        #[cfg(any(target_os = "android", target_os = "linux"))]
        assert_eq!(
            socket.tcp_user_timeout().expect("an option"),
            Some(seconds(40))
        );
    }

    #[tokio::test]
    async fn less_than_a_second_is_one() {
        let stream = prepared(Duration::from_millis(10)).await;
        let time = SockRef::from(&stream).tcp_keepalive_time();
        assert_eq!(time.expect("an option"), Duration::from_secs(1));
    }
}
