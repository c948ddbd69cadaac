// A Nest microservice that answers the contract `interop.v1`; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { interopClass, interopModule } from './lib/controller.mjs';
import { grpcJsServer } from './lib/grpc-js.mjs';
import { grpcModule, grpcStrategy, streamCallModule } from './lib/grpc-nest.mjs';
import { createTopics } from './lib/kafka.mjs';
import { loadNest } from './lib/nest.mjs';
import { Details } from './lib/status.mjs';
import { untilStopped } from './lib/stop.mjs';
import { optionsOf, partsOf } from './lib/transports.mjs';

const given = options({
  version: 'v12',
  transport: 'tcp',
  port: '0',
  url: '',
  name: 'interop',
  certificates: '',
  proto: '',
});
const { version, url, proto } = given;
const wire = partsOf(given.transport);
const { transport } = wire;
const nest = await loadNest(version);
const heard = (event, data) => print({ event, data });

// Starts, and says on which port it listens if it has one of its own.
async function start() {
  if (nest.isPlain) {
    const handlers = new (interopClass(nest, transport, heard))();
    return grpcJsServer(nest, handlers, new Details(nest, proto), proto);
  }
  if (transport === 'grpc') {
    const details = new Details(nest, proto);
    const [strategy, ofCalls] = [grpcStrategy(nest, proto), grpcStrategy(nest, proto)];
    const apps = [
      await microservice(grpcModule(nest, heard, details), { strategy }),
      await microservice(streamCallModule(nest, details), { strategy: ofCalls }),
    ];
    const close = () => Promise.all(apps.map((app) => app.close()));
    return { port: strategy.port, streamCallPort: ofCalls.port, close };
  }
  const module = interopModule(nest, wire, heard);
  const { server } = optionsOf(nest, given);
  if (transport === 'tcp') {
    const strategy = new nest.ServerTCP(server.options);
    const app = await microservice(module, { strategy });
    return { port: strategy.server.address().port, close: () => app.close() };
  }
  if (transport === 'kafka') await createTopics(nest, url);
  const app = await microservice(module, server);
  return { close: () => app.close() };
}

async function microservice(module, served) {
  const app = await nest.NestFactory.createMicroservice(module, { ...served, logger: false });
  await app.listen();
  return app;
}

const running = await start();

untilStopped(() => running.close());
const { port: listening, streamCallPort } = running;
print({ ready: true, port: listening, streamCallPort, nest: nest.version });
