// When a server ends.

/** Closes it by `close` and exits, on SIGTERM or when stdin closes. */
export function untilStopped(close) {
  // Nest 10 keeps its open sockets when it is closed, so the end is not left to the event loop.
  const stop = async () => {
    await close();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  // A runner that dies closes our stdin, and so leaves no server behind.
  process.stdin.once('end', stop).once('error', stop).resume();
}
