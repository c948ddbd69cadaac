// A Nest microservice that answers the contract `interop.v1`; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { interopModule } from './lib/controller.mjs';
import { loadNest } from './lib/nest.mjs';
import { optionsOf } from './lib/transports.mjs';

const given = options({ version: 'v12', transport: 'tcp', port: '0', url: '', name: 'interop' });
const { version, transport, port } = given;
const nest = await loadNest(version);

// The port stays a string, because Nest 10 takes the number 0 for "none given" and listens on 3000.
const strategy = transport === 'tcp' ? new nest.ServerTCP({ host: '127.0.0.1', port }) : undefined;
const served = strategy ? { strategy } : optionsOf(nest, given).server;
const module = interopModule(nest, transport, (event, data) => print({ event, data }));
const app = await nest.NestFactory.createMicroservice(module, { ...served, logger: false });
await app.listen();

// Nest 10 keeps its open sockets when it is closed, so the end is not left to the event loop.
const stop = async () => {
  await app.close();
  process.exit(0);
};
process.once('SIGTERM', stop);
// A runner that dies closes our stdin, and so leaves no server behind.
process.stdin.once('end', stop).once('error', stop).resume();

print({ ready: true, port: strategy?.server.address().port, nest: nest.version });
