import { textsOf } from './grpc.mjs';
import { acknowledging } from './rabbitmq.mjs';
import { hasWildcards, patternOn } from './transports.mjs';

// The Nest side of the contract `interop.v1`: every message it answers and every event it hears.

const USERS = {
  1: { id: '1', email: 'ada@example.com', name: 'Ada' },
  // An optional field can be absent, and a JavaScript peer may as well send null for it.
  2: { id: '2', email: 'grace@example.com' },
  3: { id: '3', email: 'edsger@example.com', name: null },
};

/** A class that answers the contract and gives every event it hears to `heard(name, data)`. */
export function interopClass(nest, transport, heard) {
  const { RpcException } = nest;
  const { EMPTY, NEVER, concat, from, ignoreElements, of, range, throwError, timer } = nest.rxjs;

  // The lines that `events.seen` answers: the event's name and its values in the contract's order.
  const seen = [];
  const hear = (name, data) => {
    seen.push([name, ...Object.values(data)].join(' '));
    heard(name, data);
  };

  return class Interop {
    getUser({ id }) {
      if (id === 'boom') throw new Error('a secret that must not travel');
      if (id === 'rpc') throw new RpcException({ status: 418, message: 'teapot', extra: [1] });
      if (Object.hasOwn(USERS, id)) return USERS[id];
      throw new RpcException({
        status: 404,
        message: `User ${id} not found`,
        code: 'NOT_FOUND',
        type: 'interop.v1.UserError',
        details: { id },
      });
    }

    sum(numbers) {
      return numbers.reduce((total, number) => total + number, 0);
    }

    echo(text) {
      return text;
    }

    nothing() {}

    async slow({ ms }) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    }

    nested() {
      return 'nested';
    }

    eventsSeen() {
      return seen;
    }

    metadataEcho(_data, context) {
      return headersOf(transport, context);
    }

    // Replies that only a Nest server gives; none of them is in the contract.
    replyNull() {
      return null;
    }

    replyUndefined() {
      return undefined;
    }

    // One value, and the end in a packet of its own.
    replyLateEnd() {
      return concat(of('late'), timer(20).pipe(ignoreElements()));
    }

    // Handed back to RabbitMQ at first, which then delivers it again.
    replyAgain(_data, context) {
      const message = context.getMessage();
      if (message.fields.redelivered) return 'again';
      context.getChannelRef().nack(message, false, true);
      return NEVER;
    }

    level(_data, context) {
      return Number((context.getSubject?.() ?? context.getPattern()).split('.').at(-1));
    }

    streamOfThree() {
      return from([1, 2, 3]);
    }

    valuesUpTo({ last }) {
      return range(1, last);
    }

    streamOfNone() {
      return EMPTY;
    }

    streamThatFails() {
      return concat(of(1), throwError(() => new RpcException({ status: 409, message: 'broken off' })));
    }

    log({ line }) {
      hear('log', { line });
    }

    userCreated({ userId, email }) {
      hear('user_created', { userId, email });
    }

    userRenamed({ userId }) {
      hear('user_renamed', { userId });
    }

    scored({ level, userId }) {
      hear('scored', { level, userId });
    }
  };
}

/** A Nest module whose controller answers the contract by its patterns. */
export function interopModule(nest, { wire, transport, mode }, heard) {
  const { EventPattern, MessagePattern } = nest;
  const Interop = interopClass(nest, transport, heard);
  if (mode === 'acks') acknowledging(nest, Interop);
  const handler = (method, decorator) => decorate(nest, Interop, method, decorator);
  const on = (pattern) => patternOn(transport, pattern);
  handler('getUser', MessagePattern(on({ cmd: 'get_user' })));
  handler('sum', MessagePattern('math.sum'));
  handler('echo', MessagePattern('echo'));
  handler('nothing', MessagePattern('nothing'));
  handler('slow', MessagePattern('slow'));
  handler('nested', MessagePattern(on({ cmd: 'nested', opts: { b: 1, a: true } })));
  handler('eventsSeen', MessagePattern('events.seen'));
  handler('metadataEcho', MessagePattern('metadata.echo'));

  handler('replyNull', MessagePattern('reply.null'));
  handler('replyUndefined', MessagePattern('reply.undefined'));
  handler('replyLateEnd', MessagePattern('reply.late.end'));
  // Under the first name our contract says one value, under the second a stream.
  handler('streamOfThree', MessagePattern(['stream.of.three', 'values.of.three']));
  handler('streamOfNone', MessagePattern(['stream.of.none', 'values.of.none']));
  handler('streamThatFails', MessagePattern(['stream.that.fails', 'values.that.fail']));
  handler('valuesUpTo', MessagePattern('values.up.to'));

  handler('log', EventPattern('audit.log'));
  handler('userCreated', EventPattern('user_created'));
  handler('userRenamed', EventPattern(on({ topic: 'user', kind: 'renamed' })));

  if (mode === 'acks') handler('replyAgain', MessagePattern('reply.again'));
  if (hasWildcards(wire)) {
    handler('level', MessagePattern('levels.*'));
    handler('scored', EventPattern('scored.*'));
  }

  return moduleOf(nest, Interop);
}

/** What `@Decorator()` in front of a method and of its parameters compiles to; plain Node has no decorators. */
export function decorate({ Ctx, Payload }, { prototype }, method, decorator) {
  Payload()(prototype, method, 0);
  Ctx()(prototype, method, 1);
  decorator(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
}

/** A module of these controllers. */
export function moduleOf({ Controller, Module }, ...controllers) {
  controllers.forEach(Controller());
  class InteropModule {}
  Module({ controllers })(InteropModule);
  return InteropModule;
}

/** The headers of a message as an object of texts, from wherever the transport has them. */
function headersOf(transport, context) {
  const texts = (entries) => Object.fromEntries([...entries].map(([name, value]) => [name, String(value)]));
  switch (transport) {
    case 'nats': {
      const headers = context.getHeaders();
      return headers ? texts([...headers.keys()].map((name) => [name, headers.get(name)])) : {};
    }
    case 'rabbitmq':
      return texts(Object.entries(context.getMessage().properties.headers ?? {}));
    case 'grpc':
      return textsOf(context);
    case 'kafka':
      // What begins like this is the envelope.
      return texts(Object.entries(context.getMessage().headers ?? {}).filter(([name]) => !name.startsWith('kafka_')));
    default:
      // Nest 10 and 11 have no metadata in their packets.
      return context.getMetadata?.() ?? {};
  }
}
