// What the hybrid application answers of the contract `interop.market.v1`, and what it asks over HTTP.
import { decorate } from './controller.mjs';

/** A guard of the whole application. */
export const onlyAllowed = {
  canActivate(context) {
    const isHttp = context.getType() === 'http';
    const { item } = isHttp ? context.switchToHttp().getRequest().params : context.switchToRpc().getData();
    return item !== 'forbidden';
  },
};

/**
 * A module of one controller: `clients` has the options of one for each transport by its name, and
 * `heard(event, by, data)` gets every event and the transport whose handler has heard it.
 */
export function hybridModule(nest, clients, heard) {
  const { ClientsModule, Controller, EventPattern, Get, HttpException, Inject, MessagePattern, Module } = nest;
  const { Param, Post, RpcException, Transport, rxjs } = nest;
  const names = Object.keys(clients);

  class Hybrid {
    constructor(...given) {
      this.clients = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    }

    price(by, item) {
      const asked = this.clients[by].send('price.of', { item });
      // As an application passes on what it was told; a status that is none of HTTP's is that of a bad peer.
      const passed = (error) => new HttpException(error, Number.isInteger(error.status) ? error.status : 502);
      return asked.pipe(rxjs.catchError((error) => rxjs.throwError(() => passed(error))));
    }

    async changed(by, item) {
      const sent = this.clients[by].emit('stock.changed', { item });
      await rxjs.lastValueFrom(sent, { defaultValue: undefined });
    }

    count({ item }) {
      if (item !== 'none') return 7;
      throw new RpcException({
        status: 404,
        message: `There is no ${item}`,
        code: 'NO_SUCH_ITEM',
        type: 'interop.market.v1.StockError',
        details: { item },
      });
    }
  }

  names.forEach((name, index) => Inject(name)(Hybrid, undefined, index));
  const route = (method, decorator) => {
    Param('by')(Hybrid.prototype, method, 0);
    Param('item')(Hybrid.prototype, method, 1);
    decorator(Hybrid.prototype, method, Object.getOwnPropertyDescriptor(Hybrid.prototype, method));
  };
  route('price', Get('prices/:by/:item'));
  route('changed', Post('stock/:by/:item'));
  decorate(nest, Hybrid, 'count', MessagePattern('stock.count'));
  for (const name of names) {
    const method = `heardOver_${name}`;
    Hybrid.prototype[method] = (data) => heard('price.changed', name, data);
    // For that transport alone, of all that the application has.
    decorate(nest, Hybrid, method, EventPattern('price.changed', Transport[name.toUpperCase()]));
  }

  Controller()(Hybrid);
  class HybridModule {}
  const registered = names.map((name) => ({ name, ...clients[name].client }));
  Module({ imports: [ClientsModule.register(registered)], controllers: [Hybrid] })(HybridModule);
  return HybridModule;
}
