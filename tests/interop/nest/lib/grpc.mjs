// The contract on gRPC, where a method stands for each pattern and a message around each bare value.
import { join } from 'node:path';
import { isSame } from './transports.mjs';

const METHODS = [
  { pattern: { cmd: 'get_user' }, rpc: 'GetUser', handler: 'getUser' },
  { pattern: 'math.sum', rpc: 'Sum', handler: 'sum', payload: 'numbers', reply: 'value' },
  { pattern: 'echo', rpc: 'Echo', handler: 'echo', payload: 'text', reply: 'value' },
  { pattern: 'nothing', rpc: 'Nothing', handler: 'nothing' },
  { pattern: 'slow', rpc: 'Slow', handler: 'slow', reply: 'value' },
  { pattern: { cmd: 'nested', opts: { b: 1, a: true } }, rpc: 'Nested', handler: 'nested', reply: 'value' },
  { pattern: 'events.seen', rpc: 'EventsSeen', handler: 'eventsSeen', reply: 'value' },
  { pattern: 'metadata.echo', rpc: 'MetadataEcho', handler: 'metadataEcho', reply: 'value' },
  { pattern: 'values.of.three', rpc: 'ValuesOfThree', handler: 'streamOfThree', reply: 'value' },
  { pattern: 'values.of.none', rpc: 'ValuesOfNone', handler: 'streamOfNone', reply: 'value' },
  { pattern: 'values.that.fail', rpc: 'ValuesThatFail', handler: 'streamThatFails', reply: 'value' },
  { pattern: 'values.up.to', rpc: 'ValuesUpTo', handler: 'valuesUpTo', reply: 'value' },
  { pattern: 'audit.log', rpc: 'Log', handler: 'log' },
  { pattern: 'user_created', rpc: 'UserCreated', handler: 'userCreated' },
  { pattern: { topic: 'user', kind: 'renamed' }, rpc: 'UserRenamed', handler: 'userRenamed' },
];

const LOADER = { longs: Number, defaults: true };

/** How the exported files in a folder are loaded, as Nest takes it. */
export function packagesIn(folder) {
  return {
    package: ['interop.v1', 'interop.nest.v1', 'interop.uploads.v1'],
    protoPath: ['interop.proto', 'nest_only.proto', 'uploads.proto'].map((file) => join(folder, file)),
    loader: LOADER,
  };
}

/** The exported files in a folder, as grpc-js takes them. */
export function loaded({ grpcJs, protoLoader }, folder) {
  return grpcJs.loadPackageDefinition(protoLoader.loadSync(packagesIn(folder).protoPath, LOADER)).interop;
}

/** A client that is asked by patterns; `services` have methods that return Observables. */
export class PatternClient {
  #rxjs;
  #services;
  #close;

  constructor(rxjs, services, close) {
    this.#rxjs = rxjs;
    this.#services = services;
    this.#close = close;
  }

  /** gRPC connects with the first call. */
  connect() {}

  close() {
    this.#close();
  }

  /** Beside the data it takes what methods of grpc-js take: metadata, and options. */
  send(pattern, data, ...more) {
    const { rpc, payload, reply } = METHODS.find((method) => isSame(method.pattern, pattern));
    const request = payload ? { [payload]: data } : data;
    const replies = this.call('Interop', rpc, request, ...more);
    return reply ? replies.pipe(this.#rxjs.map((message) => message[reply])) : replies;
  }

  /** An event is sent when its call is answered. */
  emit(pattern, data) {
    return this.send(pattern, data);
  }

  call(service, rpc, ...given) {
    return this.#services[service][rpc](...given);
  }
}

/**
 * The handlers of the contract as methods of gRPC: pairs of a method's name and a function of a request
 * and its metadata. What a handler throws is given to `toError`.
 */
export function methodsOf(rxjs, handlers, toError) {
  return METHODS.map(({ rpc, handler, payload, reply }) => {
    const around = (value) => (reply ? { [reply]: value } : (value ?? {}));
    const method = async (request, metadata) => {
      try {
        const answer = await handlers[handler](payload ? request[payload] : request, metadata);
        return rxjs.isObservable(answer) ? answer.pipe(rxjs.map(around)) : around(answer);
      } catch (error) {
        throw toError(error);
      }
    };
    return [rpc, method];
  });
}

/** Metadata as an object of texts. What gRPC itself puts there is no header. */
export function textsOf(metadata) {
  const own = Object.entries(metadata.getMap()).filter(([name]) => !/^(grpc-|anywire-|user-agent$|content-type$|te$)/.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name.replace(/-bin$/, ''), value.toString()]));
}

/** Binds a server to a free port. */
export function bind({ ServerCredentials }, server) {
  return new Promise((resolve, reject) => {
    const bound = (error, port) => (error ? reject(error) : resolve(port));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
}
