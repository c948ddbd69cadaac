// gRPC with Nest: its client, its server, and its controller.
import { decorate, interopClass, moduleOf } from './controller.mjs';
import { PatternClient, bind, methodsOf, packagesIn } from './grpc.mjs';
import { callOf, statusOf } from './grpc-js.mjs';
import { uploadsOf } from './uploads.mjs';

/** Nest's client. */
export function grpcNestClient(nest, port, folder) {
  const options = { ...packagesIn(folder), url: `127.0.0.1:${port}` };
  const client = nest.ClientProxyFactory.create({ transport: nest.Transport.GRPC, options });
  const services = Object.fromEntries(['Interop', 'NestOnly', 'Uploads'].map((name) => [name, client.getService(name)]));
  return new PatternClient(nest.rxjs, services, () => client.close());
}

/** A Nest module whose controller answers the contract by its methods. */
export function grpcModule(nest, heard, details) {
  const handlers = new (interopClass(nest, 'grpc', heard))();
  class Interop {}
  for (const [rpc, method] of methodsOf(nest.rxjs, handlers, (error) => details.around(nest, error))) {
    Interop.prototype[rpc] = method;
    decorate(nest, Interop, rpc, nest.GrpcMethod('Interop', rpc));
  }
  return moduleOf(nest, Interop, streamMethods(nest, details));
}

/** A Nest module whose controller takes streams as calls of grpc-js, by `@GrpcStreamCall`. */
export function streamCallModule(nest, details) {
  const { collect, echo, noted } = uploadsOf(nest);
  const toError = (error) => statusOf(nest, details, error);
  class Uploads {}
  Uploads.prototype.Collect = callOf(nest, collect, false, toError);
  Uploads.prototype.Echo = callOf(nest, echo, true, toError);
  Uploads.prototype.Noted = noted;
  return moduleOf(nest, decorated(nest, Uploads, nest.GrpcStreamCall));
}

/** A controller that takes streams as Observables, by `@GrpcStreamMethod`. */
function streamMethods(nest, details) {
  const { catchError, throwError } = nest.rxjs;
  const { collect, echo, noted } = uploadsOf(nest);
  const declared = catchError((error) => throwError(() => details.around(nest, error)));
  class Uploads {
    Collect(requests, _metadata, call) {
      return collect(requests, call).pipe(declared);
    }

    Echo(requests, _metadata, call) {
      return echo(requests, call).pipe(declared);
    }

    Noted(request) {
      return noted(request);
    }
  }
  return decorated(nest, Uploads, nest.GrpcStreamMethod);
}

/** Without decorators of its parameters a method is given all that Nest has, the call among it. */
function decorated({ GrpcMethod }, controller, GrpcStream) {
  for (const [rpc, Decorator] of [['Collect', GrpcStream], ['Echo', GrpcStream], ['Noted', GrpcMethod]]) {
    const { prototype } = controller;
    const descriptor = Object.getOwnPropertyDescriptor(prototype, rpc);
    Decorator('Uploads', rpc)(prototype, rpc, descriptor);
    // Nest puts a method of its own around one that takes an Observable.
    Object.defineProperty(prototype, rpc, descriptor);
  }
  return controller;
}

/** Nest's server on a free port, which it tells nobody by itself. */
export function grpcStrategy({ ServerGrpc, grpcJs }, folder) {
  class Strategy extends ServerGrpc {
    async createClient() {
      const server = new grpcJs.Server();
      this.port = await bind(grpcJs, server);
      return server;
    }
  }
  return new Strategy(packagesIn(folder));
}
