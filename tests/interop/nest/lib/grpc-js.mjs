// gRPC without Nest: a client and a server of grpc-js.
import { PatternClient, bind, loaded, methodsOf } from './grpc.mjs';
import { uploadsOf } from './uploads.mjs';

/** A client of plain grpc-js. */
export function grpcJsClient(nest, port, folder) {
  const { grpcJs, rxjs } = nest;
  const { v1, nest: only, uploads } = loaded(nest, folder);
  const connect = (Client) => new Client(`127.0.0.1:${port}`, grpcJs.credentials.createInsecure());
  const clients = {
    Interop: connect(v1.Interop),
    NestOnly: connect(only.v1.NestOnly),
    Uploads: connect(uploads.v1.Uploads),
  };
  const methods = (client) => new Proxy(client, { get: (_client, rpc) => methodOf(rxjs, client, rpc) });
  const services = Object.fromEntries(Object.entries(clients).map(([name, client]) => [name, methods(client)]));
  return new PatternClient(rxjs, services, () => Object.values(clients).forEach((client) => client.close()));
}

/** A call for each subscription. A stream of requests is given as an Observable. */
const methodOf = ({ Observable }, client, rpc) => (given, ...more) =>
  new Observable((replies) => {
    const { requestStream, responseStream } = client[rpc];
    const answered = (error, reply) => {
      if (error) return replies.error(error);
      replies.next(reply);
      replies.complete();
    };
    const call = client[rpc](...(requestStream ? [] : [given]), ...more, ...(responseStream ? [] : [answered]));
    if (responseStream) {
      call.on('data', (reply) => replies.next(reply));
      call.on('error', (error) => replies.error(error));
      call.on('end', () => replies.complete());
    }
    const sent = requestStream
      ? given.subscribe({ next: (request) => call.write(request), complete: () => call.end() })
      : undefined;
    return () => {
      sent?.unsubscribe();
      call.cancel();
    };
  });

/** A server of plain grpc-js, and the port it listens on. */
export async function grpcJsServer(nest, handlers, details, folder) {
  const { grpcJs, rxjs } = nest;
  const toError = (error) => statusOf(nest, details, error);
  const { v1, uploads } = loaded(nest, folder);
  const answered = ([rpc, method]) => {
    const answer = v1.Interop.service[rpc].responseStream
      ? (call) => write(rxjs.from(method(call.request, call.metadata)).pipe(rxjs.mergeAll()), call, toError)
      : (call, callback) => {
          method(call.request, call.metadata).then((reply) => callback(null, reply), callback);
        };
    return [rpc, answer];
  };
  const server = new grpcJs.Server();
  server.addService(v1.Interop.service, Object.fromEntries(methodsOf(rxjs, handlers, toError).map(answered)));
  const { collect, echo, noted } = uploadsOf(nest);
  server.addService(uploads.v1.Uploads.service, {
    Collect: callOf(nest, collect, false, toError),
    Echo: callOf(nest, echo, true, toError),
    Noted: ({ request }, callback) => noted(request).then((reply) => callback(null, reply), callback),
  });
  const port = await bind(grpcJs, server);
  return { port, close: () => new Promise((resolve) => server.tryShutdown(resolve)) };
}

/**
 * What takes a stream of requests, as grpc-js calls it.
 * `method` is given an Observable and the call, and answers with an Observable.
 */
export function callOf({ rxjs }, method, isStreamed, toError) {
  const { fromEvent, takeUntil } = rxjs;
  return (call, callback) => {
    const replies = method(fromEvent(call, 'data').pipe(takeUntil(fromEvent(call, 'end'))), call);
    if (isStreamed) return write(replies, call, toError);
    replies.subscribe({ next: (reply) => callback(null, reply), error: (error) => callback(toError(error)) });
  };
}

function write(replies, call, toError) {
  const error = (error) => call.emit('error', toError(error));
  const stream = replies.subscribe({ next: (reply) => call.write(reply), error, complete: () => call.end() });
  call.on('cancelled', () => stream.unsubscribe());
}

/** What Nest makes of an exception: without a code of gRPC it is of code 2, and an Error tells nothing of itself. */
export function statusOf(nest, details, thrown) {
  const { RpcException, grpcJs } = nest;
  const error = details.around(nest, thrown);
  if (!(error instanceof RpcException)) return { code: grpcJs.status.UNKNOWN, details: 'Internal server error' };
  const { code, message, metadata } = error.getError();
  return { code: code ?? grpcJs.status.UNKNOWN, details: message, metadata };
}
