// How NestJS is told to listen and to connect, for each transport.
import { MODES } from './rabbitmq.mjs';
import { tlsOptions } from './tls.mjs';

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

/** The transport of a wire, and behind the dash how it is used there, if not as usual: `tcp-tls`. */
export function partsOf(wire) {
  const [transport, mode] = wire.split('-');
  return { wire, transport, mode };
}

/** Whether a handler there is reached by all names that its pattern with a `*` fits. */
export function hasWildcards(wire) {
  return ['nats', 'rabbitmq-exchange'].includes(wire);
}

/**
 * `{ transport, options }` of a server and of a client, as Nest takes them.
 * `name` is a queue, or a group, that nobody else uses; in the folder are the certificates for TLS.
 */
export function optionsOf(nest, { transport: wire, port, url, name, certificates }) {
  const { transport, mode } = partsOf(wire);
  switch (transport) {
    case 'tcp': {
      const tls = (who) => (mode === 'tls' ? { tlsOptions: tlsOptions(certificates, who) } : {});
      const options = { host: '127.0.0.1', port };
      return {
        // The port stays a string, because Nest 10 takes the number 0 for "none given" and listens on 3000.
        server: { transport: nest.Transport.TCP, options: { ...options, ...tls('server') } },
        client: { transport: nest.Transport.TCP, options: { ...options, port: Number(port), ...tls('client') } },
      };
    }
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
    case 'rabbitmq': {
      const options = { urls: [url], queue: name, queueOptions: { durable: false } };
      const { server, client } = MODES[mode]?.(name) ?? {};
      return {
        server: { transport: nest.Transport.RMQ, options: { ...options, ...server } },
        client: { transport: nest.Transport.RMQ, options: { ...options, ...client } },
      };
    }
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
