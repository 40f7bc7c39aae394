// A contestant of `cargo xtask bench engine` in Node.js: what is measured, and the rounds.
//
// node --expose-gc contestant.mjs WHO WORKLOAD SIZE kept|dropped FOLDER
// WHO is a wasm file of ours or the module of our package, or smqp, qlobber, mock-amqplib; FOLDER holds topics-N.txt and node_modules.
// Each line on standard input is a round; the answer is `COUNT NANOSECONDS BYTES`: what was delivered, the CPU time of
// the process, and by how much its memory grew.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ours } from './ours.mjs';
import { ofPackage } from './package.mjs';
import { matching, mock, smqp } from './peers.mjs';

const [who, workload, size, events, folder] = process.argv.slice(2);

/** Patterns and keys, the same for every contestant. */
function topics(count) {
  const [patterns, keys] = readFileSync(`${folder}/topics-${count}.txt`, 'utf8').trim().split('\n\n');
  return { patterns: patterns.split('\n'), keys: keys.split('\n') };
}

const setting = { workload, size: Number(size), events, folder, topics };
const makers = { smqp, qlobber: matching, 'mock-amqplib': mock };
const file = who.endsWith('.wasm') ? ours : ofPackage;
const contestant = await (makers[who] ?? file)({ ...setting, who });

for await (const _ of createInterface({ input: process.stdin })) {
  const round = await contestant.prepare();
  globalThis.gc?.();
  const bytes = contestant.bytes();
  const before = process.cpuUsage();
  const count = await round();
  const { user, system } = process.cpuUsage(before);
  globalThis.gc?.();
  console.log(`${count} ${(user + system) * 1000} ${contestant.bytes() - bytes}`);
}
