// The broker as people's JavaScript gets it: the class of the package, names and bytes across the border.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { make } from '../../www/engine/core.js';

const BODY = Buffer.alloc(100, 'x');
const BATCH = 100;

export async function ofPackage({ who, workload, size }) {
  const { default: init, RawBroker } = await import(pathToFileURL(who));
  const wasm = await init({ module_or_path: await readFile(join(dirname(who), 'mq_engine_bg.wasm')) });
  const { Broker } = make(RawBroker);
  return { bytes: () => wasm.memory.buffer.byteLength, prepare: () => rounds[workload](jobs(new Broker()), size) };
}

function jobs(broker) {
  broker.declareExchange('jobs');
  broker.declareQueue('work');
  broker.bind('work', 'jobs', 'work');
  return broker;
}

const rounds = { direct: oneByOne, batched };

/** a: one message after the other, each with a callback and an ack. */
function oneByOne(broker, size) {
  let count = 0;
  broker.consume('work', (delivery) => { delivery.ack(); count += 1; }, { prefetch: 100 });
  return () => {
    for (let i = 0; i < size; i += 1) broker.publish('jobs', 'work', BODY);
    broker.free();
    return count;
  };
}

/** The same a hundred at a time, as typed arrays. */
function batched(broker, size) {
  const bodies = Buffer.alloc(BATCH * BODY.length, BODY);
  const ends = Uint32Array.from({ length: BATCH }, (_, i) => (i + 1) * BODY.length);
  let count = 0;
  broker.consume('work', null, { prefetch: BATCH });
  return () => {
    for (let i = 0; i < size; i += BATCH) {
      broker.publishBatch('jobs', 'work', bodies, ends);
      const { tags } = broker.takeBatch(BATCH);
      broker.ack(tags[tags.length - 1], { multiple: true });
      count += tags.length;
    }
    broker.free();
    return count;
  };
}
