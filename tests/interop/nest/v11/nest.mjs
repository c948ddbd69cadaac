// The names that the application uses, from the packages of this folder.
// The same few lines stand in every version's folder, because an import is resolved from where it is written.
import 'reflect-metadata';

export { Controller, Get, HttpException, Inject, Logger, Module, Param, Post } from '@nestjs/common';
export { NestFactory } from '@nestjs/core';
export {
  ClientProxyFactory,
  ClientsModule,
  Ctx,
  EventPattern,
  GrpcMethod,
  GrpcStreamCall,
  GrpcStreamMethod,
  MessagePattern,
  NatsRecordBuilder,
  Payload,
  RmqRecordBuilder,
  RpcException,
  ServerGrpc,
  ServerTCP,
  Transport,
} from '@nestjs/microservices';
export * as rxjs from 'rxjs';
export { headers as natsHeaders } from 'nats';
export * as grpcJs from '@grpc/grpc-js';
export * as protoLoader from '@grpc/proto-loader';
export { default as protobuf } from 'protobufjs';
export { default as kafkajs } from 'kafkajs';
