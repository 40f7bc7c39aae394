// Writes the profile: which regions of which functions ran.
//
//     node profile.mjs IN.wasm MARKS OUT.txt
//
// MARKS is the memory that the instrumented IN.wasm left behind, one byte a region. A line of OUT.txt is a function that
// ran: its name and its code, both as hashes (`keyOf`), and a bit a region, in base64url.

import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from './bytecode.mjs';
import { analyse, keyOf } from './regions.mjs';

const [input, marksFile, output] = process.argv.slice(2);
const module = parse(readFileSync(input));
const marks = readFileSync(marksFile);
const ran = new Map();
let mark = 0;
module.bodies.forEach((_, index) => {
  const { instructions, regions } = analyse(module, index);
  const mine = marks.subarray(mark, mark + regions.length);
  mark += regions.length;
  if (mine[0] === 0) return;
  const { name, code } = keyOf(module.names.get(module.imported + index) ?? '', instructions);
  const key = `${name} ${code}`;
  // Functions that are equal in both share a line: what any of them ran counts.
  const bits = ran.get(key) ?? new Uint8Array(Math.ceil(regions.length / 8));
  mine.forEach((did, region) => {
    if (did !== 0) bits[region >> 3] |= 1 << (region & 7);
  });
  ran.set(key, bits);
});
const lines = [...ran].map(([key, bits]) => `${key} ${Buffer.from(bits).toString('base64url')}`).sort();
writeFileSync(output, `# What the first view runs; written by: cargo xtask profile\n${lines.join('\n')}\n`);
console.log(`${lines.length} functions ran`);
