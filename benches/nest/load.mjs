// Loads the server at an address, or behind the broker there, through a Nest client, with a constant number of requests in flight on one connection.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { ClientProxyFactory } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { optionsOf, patternOn } from './transports.mjs';

const { values, positionals } = parseArgs({
  options: {
    at: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
    requests: { type: 'string', default: '100000' },
    warmup: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '3' },
  },
  allowPositionals: true,
});
const [transport] = positionals;
// Stdout is for the result.
Logger.overrideLogger(false);
const inFlight = Number(values['in-flight']);
const pattern = patternOn(transport);
const client = ClientProxyFactory.create(optionsOf(transport, values.at));
if (transport === 'kafka') client.subscribeToResponseOf(pattern);
await client.connect();

const ask = (id) => firstValueFrom(client.send(pattern, { id }));
const user = { id: 7, email: 'ada@example.com', name: 'Ada Lovelace', age: 36, active: true };

/** Makes this many requests, or as many as there is time for, and gives the time that each took, in milliseconds, sorted. */
async function load(requests) {
  const times = new Float64Array(requests);
  const end = performance.now() + Number(values.seconds) * 1e3;
  let next = 0;
  const loop = async () => {
    while (next < requests) {
      const start = performance.now();
      if (start > end) return;
      const index = next;
      next += 1;
      const { id, email, name, age, active } = await ask(index);
      times[index] = performance.now() - start;
      const isRight = id === index && email === user.email && name === user.name && age === user.age && active;
      if (!isRight) throw new Error('the reply is not what was asked for');
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  return times.subarray(0, next).sort();
}

// However long it takes until there is somebody to answer.
assert.deepEqual(await ask(7), user);
const warmedUp = await load(Number(values.warmup));

const cpuBefore = process.cpuUsage();
const start = performance.now();
const times = await load(Number(values.requests));
const seconds = (performance.now() - start) / 1e3;
const { user: userTime, system } = process.cpuUsage(cpuBefore);

const microsecondsAt = (share) => Math.round(times[Math.floor((times.length - 1) * share)] * 1e3);
const report = {
  requests: times.length,
  warmed_up: warmedUp.length,
  seconds,
  p50_us: microsecondsAt(0.5),
  p99_us: microsecondsAt(0.99),
  cpu_seconds_client: (userTime + system) / 1e6,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
await client.close();
