// What people use instead, doing the same with the same patterns, keys and numbers.
import { createRequire } from 'node:module';

const BODY = Buffer.alloc(100, 'x');
const FANOUT = 100;
const SIDE = 10;

const packages = (folder) => createRequire(`${folder}/`);
const heap = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** SplitMix64, as the broker draws. */
function random(seed) {
  let state = BigInt(seed);
  const mask = (1n << 64n) - 1n;
  return (bound) => {
    state = (state + 0x9e3779b97f4a7c15n) & mask;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    z ^= z >> 31n;
    return Number((z * BigInt(bound)) >> 64n);
  };
}

const headers = (number) => ({ region: `r${Math.floor(number / SIDE)}`, kind: `k${number % SIDE}` });

/** The headers of so many messages, drawn before the clock runs. */
function drawn(size) {
  const below = random(7);
  return Array.from({ length: size }, () => ({ ...headers(below(SIDE * SIDE)), more: 'of no interest' }));
}

/** smqp: a queue goes with its last consumer unless told otherwise, so it is told. */
const STAYS = { autoDelete: false };

export function smqp({ workload, size, folder, topics }) {
  const { Broker } = packages(folder)('smqp');
  const rounds = { direct, backlog, topic, 'topic-crowded': topic, fanout, 'dead-letter': deadLetter, waiting };
  return { bytes: heap, prepare: () => rounds[workload](new Broker()) };

  function jobs(broker, options) {
    broker.assertExchange('jobs', 'direct');
    broker.assertQueue('work', { ...STAYS, ...options });
    broker.bindQueue('work', 'jobs', 'work');
  }

  function direct(broker) {
    let count = 0;
    jobs(broker);
    broker.consume('work', (_, message) => { message.ack(); count += 1; }, { prefetch: 100 });
    return () => {
      for (let i = 0; i < size; i += 1) broker.publish('jobs', 'work', BODY);
      return count;
    };
  }

  function backlog(broker) {
    let count = 0;
    jobs(broker);
    return () => {
      for (let i = 0; i < size; i += 1) broker.publish('jobs', 'work', BODY);
      broker.consume('work', (_, message) => { message.ack(); count += 1; }, { prefetch: 100 });
      return count;
    };
  }

  function topic(broker) {
    const { patterns, keys } = topics(workload === 'topic' ? 1000 : 10000);
    let count = 0;
    broker.assertExchange('news', 'topic');
    patterns.forEach((pattern, number) => {
      const queue = `q${number % 1000}`;
      if (number < 1000) {
        broker.assertQueue(queue, STAYS);
        broker.consume(queue, () => { count += 1; }, { noAck: true });
      }
      broker.bindQueue(queue, 'news', pattern);
    });
    return () => {
      for (let i = 0; i < size; i += 1) broker.publish('news', keys[i % keys.length], BODY);
      return count;
    };
  }

  function fanout(broker) {
    let count = 0;
    broker.assertExchange('all', 'fanout');
    for (let i = 0; i < FANOUT; i += 1) {
      broker.assertQueue(`q${i}`, STAYS);
      broker.bindQueue(`q${i}`, 'all', '');
      broker.consume(`q${i}`, (_, message) => { message.ack(); count += 1; });
    }
    return () => {
      for (let i = 0; i < size / FANOUT; i += 1) broker.publish('all', '', BODY);
      return count;
    };
  }

  function deadLetter(broker) {
    let count = 0;
    jobs(broker, { deadLetterExchange: 'graveyard' });
    broker.assertExchange('graveyard', 'direct');
    broker.assertQueue('dead', STAYS);
    broker.bindQueue('dead', 'graveyard', 'work');
    broker.consume('work', (_, message) => message.reject(false));
    broker.consume('dead', (_, message) => { message.ack(); count += 1; });
    return () => {
      for (let i = 0; i < size; i += 1) broker.publish('jobs', 'work', BODY);
      return count;
    };
  }

  function waiting(broker) {
    jobs(broker);
    return () => {
      for (let i = 0; i < size; i += 1) broker.publish('jobs', 'work', Buffer.from(`${i}`.padStart(100, '0')));
      return broker.getQueue('work').messageCount;
    };
  }
}

/** qlobber: the trie of many MQTT brokers, matching alone. */
export function matching({ size, folder, topics }) {
  const { Qlobber } = packages(folder)('qlobber');
  const { patterns, keys } = topics(1000);
  return {
    bytes: heap,
    prepare: () => {
      const matcher = new Qlobber();
      patterns.forEach((pattern, number) => matcher.add(pattern, number));
      return () => {
        let count = 0;
        for (let i = 0; i < size; i += 1) count += matcher.match(keys[i % keys.length]).length;
        return count;
      };
    },
  };
}

/** mock-amqplib: its headers exchange knows x-match all, which it does not ask for; its ack does nothing. */
export async function mock({ size, folder }) {
  const connection = await packages(folder)('mock-amqplib').connect('amqp://localhost');
  const channel = await connection.createChannel();
  let count = 0;
  await channel.assertExchange('all', 'headers');
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    await channel.assertQueue(`q${i}`);
    await channel.bindQueue(`q${i}`, 'all', '', headers(i));
    await channel.consume(`q${i}`, (message) => { channel.ack(message); count += 1; });
  }
  return {
    bytes: heap,
    prepare: () => {
      const all = drawn(size);
      count = 0;
      return async () => {
        for (let i = 0; i < size; i += 1) channel.publish('all', '', BODY, { headers: all[i] });
        await new Promise((resolve) => { setImmediate(resolve); });
        return count;
      };
    },
  };
}
