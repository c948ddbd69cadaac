// A Nest microservice that answers the benchmark's request.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, ServerTCP } from '@nestjs/microservices';
import { createTopics, optionsOf, patternOn } from './transports.mjs';

const { values, positionals } = parseArgs({
  options: { at: { type: 'string', default: '127.0.0.1:0' } },
  allowPositionals: true,
});
const [transport] = positionals;

class Users {
  getUser({ id }) {
    return { id, email: 'ada@example.com', name: 'Ada Lovelace', age: 36, active: true };
  }
}

// What the decorators of a TypeScript source compile to.
Payload()(Users.prototype, 'getUser', 0);
MessagePattern(patternOn(transport))(
  Users.prototype,
  'getUser',
  Object.getOwnPropertyDescriptor(Users.prototype, 'getUser'),
);
Controller()(Users);

class UsersModule {}
Module({ controllers: [Users] })(UsersModule);

const served = optionsOf(transport, values.at);
if (transport === 'kafka') await createTopics(served.options.client);
// Only a strategy of one's own says which port it was given.
const strategy = transport === 'tcp' ? new ServerTCP(served.options) : undefined;
const app = await NestFactory.createMicroservice(UsersModule, {
  ...(strategy ? { strategy } : served),
  logger: false,
});
await app.listen();

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const stop = async () => {
  await app.close();
  process.exit(0);
};
process.once('SIGTERM', stop);
// The server ends with whoever started it: then its stdin is closed.
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    print({ cpu_seconds: (user + system) / 1e6 });
  })
  .on('close', stop);

const manifest = new URL('node_modules/@nestjs/microservices/package.json', import.meta.url);
const { version: nest } = JSON.parse(readFileSync(manifest, 'utf8'));
const at = strategy ? `127.0.0.1:${strategy.unwrap().address().port}` : values.at;
print({ ready: true, at, nest });
