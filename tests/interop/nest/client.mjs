// A Nest client, and on TCP peers without Nest, that check a server; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { loadNest } from './lib/nest.mjs';
import { run } from './lib/run.mjs';
import { optionsOf } from './lib/transports.mjs';
import { calls } from './checks/calls.mjs';
import { events } from './checks/events.mjs';
import { framing } from './checks/framing.mjs';
import { metadata, records } from './checks/headers.mjs';
import { malformed } from './checks/malformed.mjs';
import { packets } from './checks/packets.mjs';

const defaults = { version: 'v12', transport: 'tcp', port: '3000', url: '', name: 'interop', against: 'anywire' };
const given = options(defaults);
const { version, transport, port, against } = given;
const nest = await loadNest(version);
const connection =
  transport === 'tcp'
    ? { transport: nest.Transport.TCP, options: { host: '127.0.0.1', port: Number(port) } }
    : optionsOf(nest, given).client;
const newClient = () => nest.ClientProxyFactory.create(connection);
// What one transport has to itself, beside what every transport does.
const ofTransport = {
  tcp: { ...framing, ...packets, ...malformed, ...metadata },
  redis: metadata,
  nats: records,
  rabbitmq: records,
  kafka: records,
};

// A failed check says why; what Nest itself would log beside it can be a megabyte long.
nest.Logger.overrideLogger(false);
const cx = { nest, transport, against, port: Number(port), newClient };
const counts = await run({ ...calls, ...events, ...ofTransport[transport] }, cx);
print({ done: true, ...counts, nest: nest.version });
// Leaves without waiting for whatever a failed check left open.
process.exit(counts.failed === 0 ? 0 : 1);
