// Makes every region of every function leave a mark in memory when it runs.
//
//     node instrument.mjs IN.wasm OUT.wasm
//
// It prints the address of the first mark and how many there are.
// The marks are bytes, from the first page after those that the module asks for, in the order of functions and regions.

import { readFileSync, writeFileSync } from 'node:fs';
import { OP, Reader, SECTION, assemble, parse, s32, u32, vector } from './bytecode.mjs';
import { analyse } from './regions.mjs';

const PAGE = 65_536;
const [input, output] = process.argv.slice(2);
const module = parse(readFileSync(input));

const memory = new Reader(module.sections.find(({ id }) => id === SECTION.memory).body);
memory.u32();
const flags = memory.byte();
const pages = memory.u32();
let mark = pages * PAGE;

const bodies = module.bodies.map((body, index) => {
  const { instructions, regions } = analyse(module, index);
  const parts = [];
  let from = 0;
  for (const { start } of regions) {
    const at = instructions[start].at;
    parts.push(body.subarray(from, at), Buffer.from([OP.i32Const, ...s32(mark), OP.i32Const, 1, OP.i32Store8, 0, 0]));
    mark += 1;
    from = at;
  }
  const whole = Buffer.concat([...parts, body.subarray(from)]);
  return Buffer.concat([Buffer.from(u32(whole.length)), whole]);
});

if (flags !== 0) throw new Error('a memory with a maximum');
const sections = module.sections.map(({ id, body }) => {
  if (id === SECTION.code) return { id, body: vector(bodies) };
  if (id === SECTION.memory) return { id, body: Buffer.from([1, 0, ...u32(Math.ceil(mark / PAGE))]) };
  return { id, body };
});
writeFileSync(output, assemble(sections));
console.log(`${pages * PAGE} ${mark - pages * PAGE}`);
