// Loads the server at a port through a Nest client, with a constant number of requests in flight on one connection.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
    requests: { type: 'string', default: '100000' },
    warmup: { type: 'string', default: '20000' },
  },
});
const inFlight = Number(values['in-flight']);
const client = ClientProxyFactory.create({
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: Number(values.port) },
});
await client.connect();

const ask = () => firstValueFrom(client.send({ cmd: 'get_user' }, { id: 7 }));

/** Makes this many requests and gives the time that each took, in milliseconds, sorted. */
async function load(requests) {
  const times = new Float64Array(requests);
  let next = 0;
  const loop = async () => {
    while (next < requests) {
      const index = next;
      next += 1;
      const start = performance.now();
      await ask();
      times[index] = performance.now() - start;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return times.sort();
}

assert.deepEqual(await ask(), {
  id: 7,
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  age: 36,
  active: true,
});
await load(Number(values.warmup));

const cpuBefore = process.cpuUsage();
const start = performance.now();
const times = await load(Number(values.requests));
const seconds = (performance.now() - start) / 1e3;
const { user, system } = process.cpuUsage(cpuBefore);

const microsecondsAt = (share) => Math.round(times[Math.floor((times.length - 1) * share)] * 1e3);
const report = {
  requests: times.length,
  seconds,
  p50_us: microsecondsAt(0.5),
  p99_us: microsecondsAt(0.99),
  cpu_seconds_client: (user + system) / 1e6,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
client.close();
