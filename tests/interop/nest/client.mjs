// A Nest client, and on TCP and gRPC peers without Nest, that check a server; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { grpcJsClient } from './lib/grpc-js.mjs';
import { grpcNestClient } from './lib/grpc-nest.mjs';
import { loadNest } from './lib/nest.mjs';
import { run } from './lib/run.mjs';
import { Details } from './lib/status.mjs';
import { optionsOf } from './lib/transports.mjs';
import { calls } from './checks/calls.mjs';
import { events } from './checks/events.mjs';
import { framing } from './checks/framing.mjs';
import { grpc } from './checks/grpc.mjs';
import { metadata, records } from './checks/headers.mjs';
import { malformed } from './checks/malformed.mjs';
import { packets } from './checks/packets.mjs';
import { uploads } from './checks/uploads.mjs';

const given = options({
  version: 'v12',
  transport: 'tcp',
  port: '3000',
  url: '',
  name: 'interop',
  proto: '',
  against: 'anywire',
});
const { version, transport, port, proto, against } = given;
const nest = await loadNest(version);

function newClient() {
  if (transport === 'grpc') return (nest.isPlain ? grpcJsClient : grpcNestClient)(nest, port, proto);
  return nest.ClientProxyFactory.create(optionsOf(nest, given).client);
}

// What one transport has to itself, beside what every transport does.
const ofTransport = {
  tcp: { ...framing, ...packets, ...malformed, ...metadata },
  redis: metadata,
  nats: records,
  rabbitmq: records,
  kafka: records,
  grpc: { ...grpc, ...uploads },
};

// A failed check says why; what Nest itself would log beside it can be a megabyte long.
nest.Logger.overrideLogger(false);
const details = transport === 'grpc' ? new Details(nest, proto) : undefined;
const cx = { nest, transport, against, details, port: Number(port), newClient };
const counts = await run({ ...calls, ...events, ...ofTransport[transport] }, cx);
print({ done: true, ...counts, nest: nest.version });
// Leaves without waiting for whatever a failed check left open.
process.exit(counts.failed === 0 ? 0 : 1);
