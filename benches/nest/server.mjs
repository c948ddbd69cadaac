// A Nest TCP microservice that answers the benchmark's request.
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, ServerTCP } from '@nestjs/microservices';

class Users {
  getUser({ id }) {
    return { id, email: 'ada@example.com', name: 'Ada Lovelace', age: 36, active: true };
  }
}

// What the decorators of a TypeScript source compile to.
Payload()(Users.prototype, 'getUser', 0);
MessagePattern({ cmd: 'get_user' })(
  Users.prototype,
  'getUser',
  Object.getOwnPropertyDescriptor(Users.prototype, 'getUser'),
);
Controller()(Users);

class UsersModule {}
Module({ controllers: [Users] })(UsersModule);

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const strategy = new ServerTCP({ host: '127.0.0.1', port: Number(values.port) });
const app = await NestFactory.createMicroservice(UsersModule, { strategy, logger: false });
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
print({ ready: true, port: strategy.unwrap().address().port, nest });
