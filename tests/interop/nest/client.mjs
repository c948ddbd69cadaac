// A Nest client, and peers without Nest, that check the server at a port; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { loadNest } from './lib/nest.mjs';
import { run } from './lib/run.mjs';
import { calls } from './checks/calls.mjs';
import { events } from './checks/events.mjs';
import { framing } from './checks/framing.mjs';
import { malformed } from './checks/malformed.mjs';
import { packets } from './checks/packets.mjs';

const { version, port, against } = options({ version: 'v12', port: '3000', against: 'anywire' });
const nest = await loadNest(version);
const newClient = () =>
  nest.ClientProxyFactory.create({
    transport: nest.Transport.TCP,
    options: { host: '127.0.0.1', port: Number(port) },
  });

// A failed check says why; what Nest itself would log beside it can be a megabyte long.
nest.Logger.overrideLogger(false);
const cx = { nest, against, port: Number(port), newClient };
const counts = await run({ ...calls, ...events, ...framing, ...packets, ...malformed }, cx);
print({ done: true, ...counts, nest: nest.version });
// Leaves without waiting for whatever a failed check left open.
process.exit(counts.failed === 0 ? 0 : 1);
