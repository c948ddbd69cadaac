// The contract `interop.uploads.v1`: how streams of numbers are taken.

/** Its handlers: of an Observable of requests and the call of grpc-js, and of one request. */
export function uploadsOf({ RpcException, rxjs }) {
  const { ReplaySubject, filter, finalize, firstValueFrom, map, takeWhile, tap, toArray } = rxjs;
  const notes = new ReplaySubject();

  const taken = (requests, call) => {
    let first;
    const left = () => notes.next(`left ${first}`);
    call.once('cancelled', () => (notes.next(`given up ${first}`), left()));
    return requests.pipe(
      map(({ numbers }) => numbers),
      takeWhile((number) => number !== 0),
      tap((number) => {
        if (number === 13) throw brokenOff(number);
        if (first === undefined) notes.next(`began ${(first = number)}`);
      }),
      finalize(left),
    );
  };

  const brokenOff = (number) =>
    new RpcException({
      status: 409,
      message: `${number} breaks it off`,
      code: 'ABORTED',
      type: 'interop.uploads.v1.UploadError',
      details: { number },
    });

  const asReply = map((value) => ({ value }));
  return {
    collect: (requests, call) => taken(requests, call).pipe(toArray(), asReply),
    echo: (requests, call) => taken(requests, call).pipe(asReply),
    async noted({ line }) {
      await firstValueFrom(notes.pipe(filter((noted) => noted === line)));
      return {};
    },
  };
}
