/** The public, frozen API of `<mq-playground>`, version 1. Everything else may change. */

export type AmqpValue =
  | string | number | boolean | null | AmqpValue[] | { [key: string]: AmqpValue };
export type AmqpTable = { [key: string]: AmqpValue };

/** AMQP's properties of class basic. */
export interface Properties {
  contentType?: string;
  contentEncoding?: string;
  headers?: AmqpTable;
  /** 1 transient, 2 persistent. */
  deliveryMode?: number;
  priority?: number;
  correlationId?: string;
  replyTo?: string;
  /** Milliseconds, as text. */
  expiration?: string;
  messageId?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  type?: string;
  userId?: string;
  appId?: string;
  clusterId?: string;
}

/** On whose channel: a program's, by its name or number; without, the person's own. */
export interface By { by?: string | number }

export interface Program {
  name: string;
  kind?: 'producer' | 'consumer' | 'program';
  /** 0 to 7. */
  colour?: number;
  /** As whom it connects, and where: without, guest and `/`; of a program that is edited, as before. */
  user?: string;
  vhost?: string;
  paceMs?: number;
  /** null: when somebody starts it. */
  startAfterMs?: number | null;
  script?: string[];
  publish?: { [key: string]: unknown };
  consume?: { [key: string]: unknown };
}

export type Command =
  | (By & { method: 'exchange.declare'; exchange: string; type?: string; passive?: boolean; durable?: boolean;
      autoDelete?: boolean; internal?: boolean; arguments?: AmqpTable })
  | (By & { method: 'exchange.delete'; exchange: string; ifUnused?: boolean })
  | (By & { method: 'exchange.bind' | 'exchange.unbind'; destination: string; source: string; routingKey?: string;
      arguments?: AmqpTable })
  | (By & { method: 'queue.declare'; queue?: string; passive?: boolean; durable?: boolean; exclusive?: boolean;
      autoDelete?: boolean; arguments?: AmqpTable })
  | (By & { method: 'queue.bind' | 'queue.unbind'; queue: string; exchange: string; routingKey?: string;
      arguments?: AmqpTable })
  | (By & { method: 'queue.purge'; queue: string })
  | (By & { method: 'queue.delete'; queue: string; ifUnused?: boolean; ifEmpty?: boolean })
  | (By & { method: 'basic.publish'; exchange?: string; routingKey?: string; body?: string | Uint8Array | number[];
      mandatory?: boolean; properties?: Properties })
  | (By & { method: 'basic.get'; queue: string; noAck?: boolean })
  | (By & { method: 'basic.consume'; queue: string; consumerTag?: string; noAck?: boolean; exclusive?: boolean;
      arguments?: AmqpTable })
  | (By & { method: 'basic.cancel'; consumerTag: string })
  | (By & { method: 'basic.ack'; deliveryTag: number; multiple?: boolean })
  | (By & { method: 'basic.nack'; deliveryTag: number; multiple?: boolean; requeue?: boolean })
  | (By & { method: 'basic.reject'; deliveryTag: number; requeue?: boolean })
  | (By & { method: 'basic.qos'; prefetchCount?: number; prefetchSize?: number; global?: boolean })
  | (By & { method: 'basic.recover'; requeue?: boolean })
  | (By & { method: 'confirm.select' | 'tx.select' | 'tx.commit' | 'tx.rollback' | 'channel.open' | 'channel.close' })
  | (By & { method: 'channel.flow'; active?: boolean })
  | ({ method: 'program.add' } & Program)
  | ({ method: 'program.edit'; by: string | number } & Program)
  | { method: 'program.remove' | 'program.crash' | 'program.restart' | 'program.close'; by: string | number }
  | { method: 'program.fault'; by: string | number; factor?: number;
      fault: 'kill' | 'drop' | 'close-channel' | 'hang' | 'resume' | 'slow' | 'before-ack' }
  /** Several as one step; what comes after one that the broker refuses is not carried out. */
  | { method: 'together'; commands: Command[] }
  | { method: 'session.login'; user?: string; vhost?: string }
  | { method: 'operator.restart' }
  | { method: 'operator.close_connection'; connection: number; reason?: string }
  | { method: 'operator.set_policy' | 'operator.set_operator_policy'; vhost?: string; name: string; pattern: string;
      applyTo?: string; priority?: number; definition: AmqpTable }
  | { method: 'operator.clear_policy' | 'operator.clear_operator_policy'; name: string; vhost?: string }
  | { method: 'operator.add_vhost' | 'operator.delete_vhost'; vhost: string }
  | { method: 'operator.set_default_queue_type'; vhost?: string; type?: 'classic' | 'quorum' | 'stream' | null }
  | { method: 'operator.add_user'; user: string; password?: string; tags?: string[] }
  | { method: 'operator.delete_user'; user: string }
  | { method: 'operator.set_permissions'; user: string; vhost?: string; configure?: string; write?: string;
      read?: string }
  | { method: 'operator.clear_permissions'; user: string; vhost?: string }
  | { method: 'operator.set_topic_permissions'; user: string; vhost?: string; exchange: string; write?: string;
      read?: string }
  | { method: 'operator.clear_topic_permissions'; user: string; vhost?: string; exchange: string }
  | { method: 'operator.set_memory_alarm' | 'operator.set_disk_alarm'; on: boolean };

export interface Content {
  id: number;
  /** The message that was dead-lettered into this one. */
  parent: number | null;
  exchange: string;
  routingKey: string;
  properties: Properties;
  /** Text where it is one, else its bytes. */
  body: string | number[];
  publishedAt: number;
}

interface Told {
  /** The virtual clock, in milliseconds. */
  at: number;
  /** The step of the run it happened in. */
  step: number;
}

/** A message's way. */
export type MessageEvent = Told & { message: number } & (
  | { kind: 'published'; content: Content; mandatory: boolean }
  | { kind: 'routed'; exchange: string; to: string; via: string | null }
  | { kind: 'unroutable'; exchange: string }
  | { kind: 'returned'; channel: string }
  | { kind: 'enqueued'; queue: string; position: number }
  | { kind: 'refused'; queue: string }
  | { kind: 'delivered'; content: Content; queue: string; channel: string; deliveryTag: number;
      consumerTag: string | null; redelivered: boolean }
  | { kind: 'acked' | 'discarded' | 'requeued'; queue: string; channel: string; deliveryTag: number }
  | { kind: 'expired' | 'dropped'; queue: string; why?: string }
  | { kind: 'dead-lettered'; queue: string; why: string; exchange: string; routingKey: string }
  | { kind: 'dead-letter-lost'; queue: string; why: string; exchange: string }
  | { kind: 'confirmed' | 'not-confirmed'; channel: string; deliveryTag: number }
);

/** What is declared, connected, running. New kinds may come. */
export type ChangeEvent = Told & { kind: string; [key: string]: unknown };

export type MqEvent = MessageEvent | ChangeEvent;

export type ErrorCode =
  | 'broker' | 'command' | 'csp' | 'internal' | 'link' | 'network' | 'newer' | 'not-ready' | 'option' | 'run'
  | 'scenario' | 'script' | 'static' | 'syntax' | 'too-large' | 'unknown-scenario' | 'unsupported' | 'version';

/** Every error of the API: its code never changes its meaning, its message may. */
export interface MqError extends Error {
  code: ErrorCode;
  /** Where in JSON, as `$.topology.queues[2].name`. */
  path?: string;
  line?: number;
  column?: number;
}

export interface State {
  /** The virtual clock, in milliseconds. */
  now: number;
  steps: number;
  /** Steps that are recorded: more than `steps` in the past. */
  recorded: number;
  /** How far the clock has come in what is recorded. */
  end: number;
  playing: boolean;
  speed: number;
  /** Nothing is due: without somebody, nothing more will happen. */
  atEnd: boolean;
  /** Inside a command: how many of its events have happened, and how many it has. */
  within: { done: number; of: number } | null;
}

export interface Snapshot {
  version: 1;
  now: number;
  steps: number;
  exchanges: { name: string; type: string; durable: boolean; autoDelete: boolean; internal: boolean;
    arguments: AmqpTable; alternate: string | null }[];
  queues: { name: string; type: 'classic' | 'quorum' | 'stream'; durable: boolean; autoDelete: boolean;
    exclusive: boolean; arguments: AmqpTable; ready: number; unacked: number;
    head: { message: Content; redelivered: boolean; expiresAt: number | null }[]; consumers: unknown[] }[];
  bindings: { exchange: string; toKind: 'queue' | 'exchange'; to: string; routingKey: string;
    arguments: AmqpTable }[];
  programs: { number: number; name: string; kind: string; state: string; line: number | null; printed: string[] }[];
  connections: { id: number; name: string; user: string; blocked: boolean; channels: unknown[] }[];
  alarms: { memory: boolean; disk: boolean };
}

export interface PictureOptions {
  theme?: 'light' | 'dark';
  title?: string;
  /** What it shows, for those who cannot see it. */
  description?: string;
}

export interface StepOptions {
  /** How far a step goes; a command if it is not said. */
  by?: 'command' | 'event';
}

export interface MqApi {
  readonly version: 1;
  /** What stands now; setting it begins another run. */
  scenario: { [key: string]: unknown };
  readonly state: State;
  /** Begins a scenario: an object, JSON, the short text form, or RabbitMQ's definitions. */
  load(scenario: string | object): void;
  /** Opens the token of a link, or a built-in scenario by its name. */
  open(token: string): void;
  /** What stands now in the short text form, or as JSON where it cannot be said so. */
  text(): string;
  run(): void;
  pause(): void;
  /** So many steps: commands with everything they cause, or single events; gives what happened. */
  step(times?: number, options?: StepOptions): MqEvent[];
  /** One step back; false at the beginning. */
  back(options?: StepOptions): boolean;
  /** To a recorded time, paused. */
  seek(ms: number): void;
  /** The scenario from its beginning. */
  reset(): void;
  setSpeed(speed: number): void;
  /** Does something; gives the events it caused. */
  submit(command: Command): MqEvent[];
  snapshot(): Snapshot;
  transcript(): string;
  toSVG(options?: PictureOptions): string;
  toPNG(options?: PictureOptions & { scale?: number }): Promise<Blob>;
  /** A link to what stands now, or with `run` to this very moment of this very run. */
  shareURL(options?: { run?: boolean; home?: string }): string;
  /** The language it speaks now. */
  lang(): string;
  /** The words of sharing, by their names. */
  words(): { [name: string]: string };
}

export interface MqPlaygroundEventMap {
  'mq-ready': CustomEvent<{ version: 1 }>;
  /** At most one per animation frame. */
  'mq-message': CustomEvent<{ messages: MessageEvent[]; missed: number }>;
  'mq-change': CustomEvent<{ changes: ChangeEvent[]; rewritten: boolean; state: State }>;
  'mq-error': CustomEvent<{ code: ErrorCode; message: string; line?: number; column?: number; errors?: ChangeEvent[] }>;
}

export class MqPlayground extends HTMLElement {
  /** Resolves when a script can work with it: all of the code is there. */
  readonly ready: Promise<MqApi>;
  /** The API of that version: only 1. */
  api(version: 1): Promise<MqApi>;
  /** Fetches and starts it now, whatever `start` and `loading` say. */
  start(): Promise<MqApi>;
  /** A scenario as text, instead of a script inside. */
  text?: string;
  addEventListener<K extends keyof MqPlaygroundEventMap>(
    type: K, listener: (event: MqPlaygroundEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(
    type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'mq-playground': MqPlayground;
  }
}
