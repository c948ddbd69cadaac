// A hybrid Nest application: HTTP and three transports in one process; README.md says how it is driven.
import { options, print } from './lib/cli.mjs';
import { hybridModule, onlyAllowed } from './lib/hybrid.mjs';
import { loadNest } from './lib/nest.mjs';
import { untilStopped } from './lib/stop.mjs';
import { optionsOf } from './lib/transports.mjs';

const { version, port, nats, redis } = options({ version: 'v12', port: '3000', nats: '', redis: '' });
const nest = await loadNest(version);
const of = (transport, url, port) => optionsOf(nest, { transport, url, port });

const clients = { tcp: of('tcp', '', port), nats: of('nats', nats), redis: of('redis', redis) };
const heard = (event, by, data) => print({ event, by, data });
const app = await nest.NestFactory.create(hybridModule(nest, clients, heard), { logger: false });
app.useGlobalGuards(onlyAllowed);
// A strategy says afterwards which port it has taken.
const tcp = new nest.ServerTCP(of('tcp', '', '0').server.options);
app.connectMicroservice({ strategy: tcp }, { inheritAppConfig: true });
app.connectMicroservice(clients.nats.server, { inheritAppConfig: true });
// Without it the guard of the application is not asked.
app.connectMicroservice(clients.redis.server);
await app.startAllMicroservices();
await app.listen(0, '127.0.0.1');

untilStopped(() => app.close());
print({ ready: true, port: tcp.server.address().port, http: app.getHttpServer().address().port, nest: nest.version });
