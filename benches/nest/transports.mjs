// How NestJS is told to listen and to connect, for each transport.
import { Transport } from '@nestjs/microservices';
import { Kafka } from 'kafkajs';

/** Nobody else's name at the broker, which all contestants share. */
const NAME = 'bench.v1.Nest';

/** On TCP the message is called as everybody's; at a broker it is Nest's alone, of the same length. */
export const cmdOn = (transport) => (transport === 'tcp' ? 'get_user' : 'any_user');

/** Kafka has no object patterns. */
export const patternOn = (transport) => (transport === 'kafka' ? cmdOn(transport) : { cmd: cmdOn(transport) });

/** `{ transport, options }` of a server and of a client at this address, as Nest takes them. */
export function optionsOf(transport, at) {
  switch (transport) {
    case 'tcp': {
      const [host, port] = at.split(':');
      return { transport: Transport.TCP, options: { host, port: Number(port) } };
    }
    case 'redis': {
      const { hostname: host, port } = new URL(at);
      return { transport: Transport.REDIS, options: { host, port: Number(port) } };
    }
    case 'nats':
      return { transport: Transport.NATS, options: { servers: [at], queue: NAME } };
    case 'rabbitmq':
      return { transport: Transport.RMQ, options: { urls: [at], queue: NAME } };
    case 'kafka': {
      const client = { clientId: NAME, brokers: [at], logLevel: 1 };
      return { transport: Transport.KAFKA, options: { client, consumer: { groupId: NAME } } };
    }
    default:
      throw new Error(`no such transport: ${transport}`);
  }
}

/** Nest does not start where its topics are missing. */
export async function createTopics(client) {
  const admin = new Kafka(client).admin();
  await admin.connect();
  const topic = patternOn('kafka');
  await admin.createTopics({ topics: [{ topic }, { topic: `${topic}.reply` }] });
  await admin.disconnect();
}
