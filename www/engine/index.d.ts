/** The broker alone, without the page: `import { Broker } from 'mq-playground/engine'`. */
import type { AmqpTable, Command, MqEvent, Properties, Snapshot } from '../element.js';

export interface BrokerOptions {
  /** Whose behaviour, where versions of RabbitMQ differ. */
  compatibility?: '4' | '3.10';
  /** Where server-made names come from. */
  seed?: number;
}

export interface Delivery {
  readonly deliveryTag: number;
  readonly redelivered: boolean;
  /** Its own bytes, in a buffer that it may share with other bodies. */
  readonly body: Uint8Array;
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: Properties;
  text(): string;
  json(): unknown;
  ack(options?: { multiple?: boolean }): void;
  nack(options?: { multiple?: boolean; requeue?: boolean }): void;
  reject(options?: { requeue?: boolean }): void;
}

export interface Batch {
  tags: Float64Array;
  /** 1 where it was out before. */
  redelivered: Uint8Array;
  /** All bodies, one after the other. */
  bodies: Uint8Array;
  /** Where each body ends in `bodies`. */
  ends: Uint32Array;
}

/** What the broker refuses is thrown as an `MqError` with the code `broker`; its channel is open again afterwards. */
export class Broker {
  constructor(options?: BrokerOptions);
  readonly now: number;
  readonly pending: number;
  free(): void;
  openChannel(): number;
  submit(command: Command, options?: { channel?: number }): (MqEvent | Reply)[];
  declareExchange(
    exchange: string,
    type?: 'direct' | 'fanout' | 'topic' | 'headers' | 'x-consistent-hash' | 'x-delayed-message',
    options?: { durable?: boolean; autoDelete?: boolean; internal?: boolean; arguments?: AmqpTable },
  ): void;
  declareQueue(
    queue?: string,
    options?: { durable?: boolean; exclusive?: boolean; autoDelete?: boolean; arguments?: AmqpTable },
  ): { queue: string; messageCount: number; consumerCount: number };
  bind(queue: string, exchange: string, routingKey?: string, args?: AmqpTable): void;
  bindExchange(destination: string, source: string, routingKey?: string, args?: AmqpTable): void;
  publish(exchange: string, routingKey: string, body?: string | Uint8Array, properties?: Properties): number;
  publishBatch(exchange: string, routingKey: string, bodies: Uint8Array, ends: Uint32Array): number;
  get(queue: string, options?: { noAck?: boolean }): Delivery | null;
  consume(
    queue: string,
    callback: ((delivery: Delivery) => void) | null,
    options?: { prefetch?: number; noAck?: boolean; consumerTag?: string; exclusive?: boolean; arguments?: AmqpTable },
  ): string;
  cancel(consumerTag: string): void;
  ack(deliveryTag: number, options?: { multiple?: boolean; channel?: number }): void;
  nack(deliveryTag: number, options?: { multiple?: boolean; requeue?: boolean; channel?: number }): void;
  takeBatch(most?: number, options?: { channel?: number }): Batch;
  purge(queue: string): number;
  deleteQueue(queue: string, options?: { ifUnused?: boolean; ifEmpty?: boolean }): number;
  deleteExchange(exchange: string, options?: { ifUnused?: boolean }): void;
  advance(ms: number): void;
  snapshot(): Snapshot;
}

export interface Reply {
  kind: 'reply';
  method: string;
  queue?: string;
  messageCount?: number;
  consumerCount?: number;
  consumerTag?: string;
}
