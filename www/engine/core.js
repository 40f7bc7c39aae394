// The broker alone: RabbitMQ's model of AMQP 0-9-1 as a class, for tests of your own JavaScript. Everything happens at
// once and in order; time passes only when you say so. Made from the wasm by web.js and node.js.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const EMPTY = new Uint8Array();

const bytes = (body) => {
  if (body === undefined || body === null) return EMPTY;
  return typeof body === 'string' ? encoder.encode(body) : body;
};

/** @param {typeof import('./pkg/mq_engine.js').RawBroker} RawBroker */
export function make(RawBroker) {
  /** A message that was delivered or got. */
  class Delivery {
    #broker;
    #channel;
    #fields;

    constructor(broker, raw, channel, fields) {
      this.#broker = broker;
      this.#channel = channel;
      this.deliveryTag = raw.currentTag();
      this.redelivered = raw.currentRedelivered();
      this.body = raw.currentBody();
      this.#fields = fields;
    }

    get exchange() {
      return this.#fields.exchange;
    }

    get routingKey() {
      return this.#fields.routingKey;
    }

    get properties() {
      return this.#fields.properties;
    }

    text() {
      return decoder.decode(this.body);
    }

    json() {
      return JSON.parse(this.text());
    }

    ack({ multiple = false } = {}) {
      this.#broker.ack(this.deliveryTag, { multiple, channel: this.#channel });
    }

    nack({ multiple = false, requeue = true } = {}) {
      this.#broker.nack(this.deliveryTag, { multiple, requeue, channel: this.#channel });
    }

    reject({ requeue = false } = {}) {
      this.nack({ requeue });
    }
  }

  class Broker {
    #raw;
    #channel;
    #consumers = new Map();
    #isServing = false;

    constructor({ compatibility = '4', seed = 1 } = {}) {
      this.#raw = new RawBroker(compatibility, seed);
      this.#channel = this.#raw.openChannel();
    }

    /** Frees its memory; afterwards it cannot be used. */
    free() {
      this.#consumers.clear();
      this.#raw.free();
    }

    [Symbol.dispose ?? Symbol.for('dispose')]() {
      this.free();
    }

    /** Another channel, by its number. */
    openChannel() {
      return this.#raw.openChannel();
    }

    /** Any command as an object; gives the events it caused. What the broker refuses is thrown. */
    submit(command, { channel = this.#channel } = {}) {
      const body = command.body instanceof Uint8Array ? [...command.body] : command.body;
      const events = this.#raw.submit(channel, body === undefined ? command : { ...command, body });
      this.#serve();
      return events;
    }

    declareExchange(exchange, type = 'direct', options = {}) {
      this.submit({ method: 'exchange.declare', exchange, type, ...options });
    }

    /** Gives `{ queue, messageCount, consumerCount }`; without a name the broker makes one. */
    declareQueue(queue = '', options = {}) {
      const { queue: name, messageCount, consumerCount } = this.submit({ method: 'queue.declare', queue, ...options })
        .find(({ method }) => method === 'queue.declare-ok');
      return { queue: name, messageCount, consumerCount };
    }

    bind(queue, exchange, routingKey = '', args = {}) {
      this.submit({ method: 'queue.bind', queue, exchange, routingKey, arguments: args });
    }

    bindExchange(destination, source, routingKey = '', args = {}) {
      this.submit({ method: 'exchange.bind', destination, source, routingKey, arguments: args });
    }

    /** Publishes a text or bytes; gives the number of queues that took it. */
    publish(exchange, routingKey, body, properties) {
      if (properties !== undefined) {
        const events = this.submit({ method: 'basic.publish', exchange, routingKey, body: bytes(body), properties });
        return events.filter(({ kind }) => kind === 'enqueued').length;
      }
      const taken = this.#raw.publish(this.#channel, exchange, routingKey, bytes(body));
      this.#serve();
      return taken;
    }

    /** Many messages to one place: message n is `bodies.subarray(ends[n - 1], ends[n])`. */
    publishBatch(exchange, routingKey, bodies, ends) {
      const taken = this.#raw.publishBatch(this.#channel, exchange, routingKey, bodies, ends);
      this.#serve();
      return taken;
    }

    /** The next message of a queue, or null. */
    get(queue, { noAck = false } = {}) {
      if (!this.#raw.get(this.#channel, queue, noAck)) return null;
      return new Delivery(this, this.#raw, this.#channel, this.#raw.currentFields());
    }

    /**
     * Calls back with each delivery; gives the consumer tag. Without a callback deliveries wait for `takeBatch`.
     */
    consume(queue, callback, { prefetch, noAck = false, consumerTag = '', exclusive = false, arguments: args = {} } = {}) {
      if (prefetch !== undefined) this.submit({ method: 'basic.qos', prefetchCount: prefetch });
      const before = this.#isServing;
      this.#isServing = true;
      this.#raw.batchNext(!callback);
      let reply;
      try {
        reply = this.submit({ method: 'basic.consume', queue, consumerTag, noAck, exclusive, arguments: args })
          .find(({ method }) => method === 'basic.consume-ok');
      } finally {
        this.#isServing = before;
      }
      if (callback) this.#consumers.set(reply.consumerTag, callback);
      this.#serve();
      return reply.consumerTag;
    }

    cancel(consumerTag) {
      this.submit({ method: 'basic.cancel', consumerTag });
      this.#consumers.delete(consumerTag);
    }

    ack(deliveryTag, { multiple = false, channel = this.#channel } = {}) {
      this.#raw.ack(channel, deliveryTag, multiple);
      this.#serve();
    }

    nack(deliveryTag, { multiple = false, requeue = true, channel = this.#channel } = {}) {
      this.#raw.nack(channel, deliveryTag, multiple, requeue);
      this.#serve();
    }

    /** Up to `most` deliveries that wait, as typed arrays: `{ tags, redelivered, bodies, ends }`. */
    takeBatch(most = 1000, { channel = this.#channel } = {}) {
      const batch = this.#raw.takeBatch(channel, most);
      const taken = {
        tags: batch.tags(),
        redelivered: batch.redelivered(),
        bodies: batch.bodies(),
        ends: batch.ends(),
      };
      batch.free();
      return taken;
    }

    purge(queue) {
      return this.submit({ method: 'queue.purge', queue }).find(({ method }) => method === 'queue.purge-ok').messageCount;
    }

    deleteQueue(queue, options = {}) {
      return this.submit({ method: 'queue.delete', queue, ...options })
        .find(({ method }) => method === 'queue.delete-ok').messageCount;
    }

    deleteExchange(exchange, options = {}) {
      this.submit({ method: 'exchange.delete', exchange, ...options });
    }

    /** Lets so many milliseconds pass: what falls due (expiry, delays) happens. */
    advance(ms) {
      this.#raw.advance(ms);
      this.#serve();
    }

    /** The virtual clock in milliseconds. */
    get now() {
      return this.#raw.now();
    }

    /** How many deliveries wait for `takeBatch`. */
    get pending() {
      return this.#raw.pending();
    }

    snapshot() {
      return this.#raw.snapshot();
    }

    /** Hands deliveries to their callbacks, each whole before the next, also those that a callback brings about. */
    #serve() {
      if (this.#isServing || this.#raw.waiting() === 0) return;
      this.#isServing = true;
      try {
        while (this.#raw.next()) {
          const callback = this.#consumers.get(this.#raw.currentConsumer());
          const channel = this.#raw.currentChannel();
          callback?.(new Delivery(this, this.#raw, channel, this.#raw.currentFields()));
        }
      } finally {
        this.#isServing = false;
      }
    }
  }

  return { Broker };
}
