// gRPC without Nest: a client and a server of grpc-js.
import { PatternClient, bind, loaded, methodsOf } from './grpc.mjs';

/** A client of plain grpc-js. */
export function grpcJsClient(nest, port, folder) {
  const { grpcJs, rxjs } = nest;
  const { v1, nest: only } = loaded(nest, folder);
  const connect = (Client) => new Client(`127.0.0.1:${port}`, grpcJs.credentials.createInsecure());
  const clients = { Interop: connect(v1.Interop), NestOnly: connect(only.v1.NestOnly) };
  const methods = (client) =>
    new Proxy(client, {
      get: (_client, rpc) => (client[rpc].responseStream ? streaming : unary)(rxjs, client, rpc),
    });
  const services = Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, methods(client)]));
  return new PatternClient(rxjs, services, () => Object.values(clients).forEach((client) => client.close()));
}

const unary = ({ Observable }, client, rpc) => (...given) =>
  new Observable((replies) => {
    const call = client[rpc](...given, (error, reply) => {
      if (error) return replies.error(error);
      replies.next(reply);
      replies.complete();
    });
    return () => call.cancel();
  });

const streaming = ({ Observable }, client, rpc) => (...given) =>
  new Observable((replies) => {
    const call = client[rpc](...given);
    call.on('data', (reply) => replies.next(reply));
    call.on('error', (error) => replies.error(error));
    call.on('end', () => replies.complete());
    return () => call.cancel();
  });

/** A server of plain grpc-js, and the port it listens on. */
export async function grpcJsServer(nest, handlers, details, folder) {
  const { grpcJs, rxjs } = nest;
  const toError = (error) => statusOf(nest, details.around(nest, error));
  const { service } = loaded(nest, folder).v1.Interop;
  const answered = ([rpc, method]) => {
    const answer = service[rpc].responseStream
      ? (call) => {
          const replies = rxjs.from(method(call.request, call.metadata)).pipe(rxjs.mergeAll());
          const error = (error) => call.emit('error', toError(error));
          const stream = replies.subscribe({ next: (reply) => call.write(reply), error, complete: () => call.end() });
          call.on('cancelled', () => stream.unsubscribe());
        }
      : (call, callback) => {
          method(call.request, call.metadata).then((reply) => callback(null, reply), callback);
        };
    return [rpc, answer];
  };
  const server = new grpcJs.Server();
  server.addService(service, Object.fromEntries(methodsOf(rxjs, handlers, toError).map(answered)));
  const port = await bind(grpcJs, server);
  return { port, close: () => new Promise((resolve) => server.tryShutdown(resolve)) };
}

/** What Nest makes of an exception: without a code of gRPC it is of code 2, and an Error tells nothing of itself. */
function statusOf({ RpcException, grpcJs }, error) {
  if (!(error instanceof RpcException)) return { code: grpcJs.status.UNKNOWN, details: 'Internal server error' };
  const { code, message, metadata } = error.getError();
  return { code: code ?? grpcJs.status.UNKNOWN, details: message, metadata };
}
