// How NestJS is told to listen and to connect, for each transport.

/** Kafka has no object patterns: a topic stands for each, as in the contract. */
const TOPICS = [
  [{ cmd: 'get_user' }, 'interop.get-user'],
  [{ cmd: 'nested', opts: { b: 1, a: true } }, 'interop.nested'],
  [{ topic: 'user', kind: 'renamed' }, 'interop.user-renamed'],
];

/** The pattern of an operation on this transport. */
export function patternOn(transport, pattern) {
  const [, topic] = (transport === 'kafka' && TOPICS.find(([one]) => isSame(one, pattern))) || [];
  return topic ?? pattern;
}

/** Whether two patterns say the same, in whatever order of their keys. */
export function isSame(one, other) {
  const text = (pattern) => JSON.stringify(typeof pattern === 'string' ? pattern : Object.entries(pattern).sort());
  return text(one) === text(other);
}

/**
 * `{ transport, options }` of a server and of a client, as Nest takes them.
 * `name` is a queue, or a group, that nobody else uses.
 */
export function optionsOf(nest, { transport, port, url, name }) {
  switch (transport) {
    case 'tcp':
      return { client: { transport: nest.Transport.TCP, options: { host: '127.0.0.1', port: Number(port) } } };
    case 'redis': {
      const { hostname: host, port } = new URL(url);
      const options = { host, port: Number(port), wildcards: false };
      return both(nest.Transport.REDIS, options);
    }
    case 'nats':
      return {
        server: { transport: nest.Transport.NATS, options: { servers: [url], queue: name } },
        client: { transport: nest.Transport.NATS, options: { servers: [url] } },
      };
    case 'rabbitmq':
      return both(nest.Transport.RMQ, { urls: [url], queue: name, queueOptions: { durable: false } });
    case 'kafka': {
      const client = { clientId: name, brokers: [url], logLevel: 0 };
      return both(nest.Transport.KAFKA, { client, consumer: { groupId: name }, subscribe: { fromBeginning: false } });
    }
    default:
      throw new Error(`no such transport: ${transport}`);
  }
}

function both(transport, options) {
  return { server: { transport, options }, client: { transport, options } };
}
