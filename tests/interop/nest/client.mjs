// A Nest client, and on TCP and gRPC peers without Nest, that check a server; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { grpcJsClient } from './lib/grpc-js.mjs';
import { grpcNestClient } from './lib/grpc-nest.mjs';
import { loadNest } from './lib/nest.mjs';
import { run } from './lib/run.mjs';
import { Details } from './lib/status.mjs';
import { optionsOf, partsOf } from './lib/transports.mjs';
import { calls } from './checks/calls.mjs';
import { events } from './checks/events.mjs';
import { framing } from './checks/framing.mjs';
import { grpc } from './checks/grpc.mjs';
import { metadata, records } from './checks/headers.mjs';
import { malformed } from './checks/malformed.mjs';
import { packets } from './checks/packets.mjs';
import { tls } from './checks/tls.mjs';
import { uploads } from './checks/uploads.mjs';
import { wildcards } from './checks/wildcards.mjs';

const given = options({
  version: 'v12',
  transport: 'tcp',
  port: '3000',
  url: '',
  name: 'interop',
  certificates: '',
  proto: '',
  against: 'anywire',
});
const { version, port, proto, against } = given;
const wire = partsOf(given.transport);
const { transport } = wire;
const nest = await loadNest(version);

/** A client; the options that are given go before its usual ones. */
function newClient(more) {
  if (transport === 'grpc') return (nest.isPlain ? grpcJsClient : grpcNestClient)(nest, port, proto);
  const { transport: of, options } = optionsOf(nest, given).client;
  return nest.ClientProxyFactory.create({ transport: of, options: { ...options, ...more } });
}

// What one wire has to itself, beside what every one does.
const ofWire = {
  tcp: { ...framing, ...packets, ...malformed, ...metadata },
  'tcp-tls': { ...metadata, ...tls },
  redis: metadata,
  nats: { ...records, ...wildcards },
  rabbitmq: records,
  'rabbitmq-exchange': { ...records, ...wildcards },
  'rabbitmq-fanout': records,
  'rabbitmq-acks': records,
  kafka: records,
  grpc: { ...grpc, ...uploads },
};

// A failed check says why; what Nest itself would log beside it can be a megabyte long.
nest.Logger.overrideLogger(false);
const details = transport === 'grpc' ? new Details(nest, proto) : undefined;
const cx = { nest, ...wire, against, details, port: Number(port), certificates: given.certificates, newClient };
const counts = await run({ ...calls, ...events, ...ofWire[wire.wire] }, cx);
print({ done: true, ...counts, nest: nest.version });
// Leaves without waiting for whatever a failed check left open.
process.exit(counts.failed === 0 ? 0 : 1);
