// The broker alone: RabbitMQ's model of AMQP 0-9-1 as a class, for tests of your own JavaScript. Everything happens at
// once and in order; time passes only when you say so. Made from the wasm by web.js and node.js.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const EMPTY = new Uint8Array();

const bytes = (body) => {
  if (body === undefined || body === null) return EMPTY;
  return typeof body === 'string' ? encoder.encode(body) : body;
};

/** What `next` of the wasm says of a delivery. */
const OTHER_CONSUMER = 2;
const OTHER_NAMES = 4;
const REDELIVERED = 8;
const HAS_PROPERTIES = 16;
const BITS = 5;

/** Small bodies share memory: an array buffer for each is what would take the most time. */
const POOL = 16_384;
const SMALL = 2_048;

/** @param {typeof import('./pkg/mq_engine.js').RawBroker} RawBroker */
export function make(RawBroker) {
  /** A message that was delivered or got. */
  class Delivery {
    #broker;
    #channel;
    #fields;

    constructor(broker, channel, tag, redelivered, body, fields) {
      this.#broker = broker;
      this.#channel = channel;
      this.deliveryTag = tag;
      this.redelivered = redelivered;
      this.body = body;
      this.#fields = fields;
    }

    get exchange() {
      return this.#fields.exchange;
    }

    get routingKey() {
      return this.#fields.routingKey;
    }

    get properties() {
      return { ...this.#fields.properties };
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
    // Where the last publish went, and what the last delivery was: mostly the next one is the same, and crossing into
    // the wasm with names costs more than all that happens there.
    #exchange;
    #key;
    #callback;
    #plain;
    #pool = EMPTY;
    #used = 0;

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
      let taken;
      if (exchange === this.#exchange && routingKey === this.#key) {
        taken = this.#raw.publishAgain(this.#channel, bytes(body));
      } else {
        this.#exchange = undefined;
        taken = this.#raw.publish(this.#channel, exchange, routingKey, bytes(body));
        this.#exchange = exchange;
        this.#key = routingKey;
      }
      this.#serve();
      return taken;
    }

    /** Many messages to one place: message n is `bodies.subarray(ends[n - 1], ends[n])`. */
    publishBatch(exchange, routingKey, bodies, ends) {
      this.#exchange = undefined;
      const taken = this.#raw.publishBatch(this.#channel, exchange, routingKey, bodies, ends);
      this.#serve();
      return taken;
    }

    /** The next message of a queue, or null. */
    get(queue, { noAck = false } = {}) {
      const mark = this.#raw.get(this.#channel, queue, noAck);
      return mark === 0 ? null : this.#current(mark, this.#channel);
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
      this.#callback = undefined;
      this.#serve();
      return reply.consumerTag;
    }

    cancel(consumerTag) {
      this.submit({ method: 'basic.cancel', consumerTag });
      this.#consumers.delete(consumerTag);
      this.#callback = undefined;
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

    /** The current delivery of the wasm, which was described by `mark`. */
    #current(mark, channel) {
      const raw = this.#raw;
      if (mark & OTHER_CONSUMER) this.#callback = undefined;
      if (mark & OTHER_NAMES) this.#plain = undefined;
      const fields = mark & HAS_PROPERTIES ? raw.currentFields() : (this.#plain ??= raw.currentFields());
      const body = this.#body(mark >>> BITS);
      return new Delivery(this, channel, raw.currentTag(), (mark & REDELIVERED) !== 0, body, fields);
    }

    #body(length) {
      if (length > SMALL) return this.#raw.currentBody(new Uint8Array(length), 0);
      if (this.#used + length > this.#pool.length) {
        this.#pool = new Uint8Array(POOL);
        this.#used = 0;
      }
      const body = this.#raw.currentBody(this.#pool, this.#used);
      this.#used += length;
      return body;
    }

    /** Hands deliveries to their callbacks, each whole before the next, also those that a callback brings about. */
    #serve() {
      if (this.#isServing) return;
      const raw = this.#raw;
      let mark = raw.next();
      if (mark === 0) return;
      this.#isServing = true;
      try {
        for (; mark !== 0; mark = raw.next()) {
          const delivery = this.#current(mark, raw.currentChannel());
          if (!this.#callback) this.#callback = this.#consumers.get(raw.currentConsumer());
          this.#callback?.(delivery);
        }
      } finally {
        this.#isServing = false;
      }
    }
  }

  return { Broker };
}
