// The broker as wasm: one call runs a whole workload.
import { readFile } from 'node:fs/promises';

const NUMBERS = [
  'direct', 'backlog', 'topic', 'topic-crowded', 'fanout', 'headers', 'dead-letter', 'matching', 'two-hashes',
  'six-hashes', 'waiting',
];

export async function ours({ who, workload, size, events }) {
  const { instance } = await WebAssembly.instantiate(await readFile(who));
  const { prepare, run, memory } = instance.exports;
  const number = NUMBERS.indexOf(workload);
  return {
    bytes: () => memory.buffer.byteLength,
    prepare: () => {
      prepare(number, size, events === 'kept' ? 1 : 0);
      return () => run();
    },
  };
}
