// `google.rpc.Status` in `grpc-status-details-bin`, by the exported .proto and protobufjs alone.
import { join } from 'node:path';

const KEY = 'grpc-status-details-bin';
const PREFIX = 'type.googleapis.com/';
// As Google publishes them, without the map that nobody here uses.
const GOOGLE = `syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; }`;

/** Reads and writes the details of errors that the contract in a folder declares. */
export class Details {
  #root;

  constructor({ protobuf }, folder) {
    this.#root = protobuf.loadSync(['interop.proto', 'uploads.proto'].map((file) => join(folder, file)));
    protobuf.parse(GOOGLE, this.#root, { keepCase: true });
  }

  /** The details that an error came with, by the names of their messages. */
  of(error) {
    const [bytes] = error.metadata.get(KEY);
    const { code, message, details } = this.#type('google.rpc.Status').decode(bytes);
    const known = details.filter(({ type_url }) => this.#root.lookup(nameOf(type_url)));
    const plain = ({ type_url, value }) => {
      const type = this.#type(nameOf(type_url));
      return [nameOf(type_url), type.toObject(type.decode(value))];
    };
    return { code, message, ...Object.fromEntries(known.map(plain)) };
  }

  /** A declared error as a status with details; what else is thrown stays as it is. */
  around({ RpcException, grpcJs }, error) {
    const { code: reason, type: domain, message, details } = error instanceof RpcException ? error.getError() : {};
    if (!domain) return error;
    const code = grpcJs.status[reason];
    const metadata = new grpcJs.Metadata();
    const written = { 'google.rpc.ErrorInfo': { reason, domain }, [`${domain}.${variantOf(reason)}`]: details };
    metadata.set(KEY, this.#write(code, message, written));
    return new RpcException({ code, message, metadata });
  }

  #write(code, message, details) {
    const any = ([name, fields]) => {
      const type = this.#type(name);
      return { type_url: PREFIX + name, value: type.encode(type.fromObject(fields)).finish() };
    };
    const status = this.#type('google.rpc.Status');
    const bytes = status.encode(status.fromObject({ code, message, details: Object.entries(details).map(any) }));
    return Buffer.from(bytes.finish());
  }

  #type(name) {
    return this.#root.lookupType(name);
  }
}

/** The variant of a code: `NotFound` of `NOT_FOUND`. */
function variantOf(reason) {
  return reason.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase());
}

function nameOf(url) {
  return url.slice(PREFIX.length);
}
