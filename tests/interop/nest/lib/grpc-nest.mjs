// gRPC with Nest: its client, its server, and its controller.
import { decorate, interopClass, moduleOf } from './controller.mjs';
import { PatternClient, bind, methodsOf, packagesIn } from './grpc.mjs';

/** Nest's client. */
export function grpcNestClient(nest, port, folder) {
  const options = { ...packagesIn(folder), url: `127.0.0.1:${port}` };
  const client = nest.ClientProxyFactory.create({ transport: nest.Transport.GRPC, options });
  const services = Object.fromEntries(['Interop', 'NestOnly'].map((name) => [name, client.getService(name)]));
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
  return moduleOf(nest, Interop);
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
