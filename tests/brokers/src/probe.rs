use std::{
    io::{self, ErrorKind, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

/// A question in a broker's own protocol, and what its answer contains if it is the one that was meant.
///
/// The answer has to hold what only this broker knows. So the probe is not
/// content with another one that was faster to take the port.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) port: u16,
    pub(crate) question: Vec<u8>,
    pub(crate) answer: Vec<u8>,
}

impl Probe {
    const PATIENCE: Duration = Duration::from_secs(2);

    /// Asks once.
    pub(crate) fn ask(&self) -> io::Result<()> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, Self::PATIENCE)?;
        stream.set_read_timeout(Some(Self::PATIENCE))?;
        stream.set_write_timeout(Some(Self::PATIENCE))?;
        stream.write_all(&self.question)?;
        let (mut heard, mut buffer) = (Vec::new(), [0; 4096]);
        while !contains(&heard, &self.answer) {
            match stream.read(&mut buffer)? {
                0 => {
                    let heard = String::from_utf8_lossy(&heard);
                    return Err(io::Error::new(ErrorKind::InvalidData, heard.into_owned()));
                }
                read => heard.extend_from_slice(&buffer[..read]),
            }
        }
        Ok(())
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// A port that nobody listens on.
///
/// It is none that the system gives to outgoing connections: those would take
/// it while a broker is down, and a client that tries to reach it could even
/// be connected to itself.
pub(crate) fn free_port() -> u16 {
    loop {
        let port = fastrand::u16(10_000..32_000);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
