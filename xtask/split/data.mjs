// Divides the data between the two parts: the first gets what its code can reach, the rest brings the rest.
//
//     node data.mjs DATA.json FIRST.wasm REST.wasm
//
// Reachable is every static that a number in the first part's code stands for, and what those statics point to. The linker
// says which numbers of the code stand for which statics; wasm-opt may have added something to one meanwhile, so a number
// that the linker does not know stands for the static in which it lies, and for those of the linker's numbers shortly before
// it (`NEAR`). Numbers that only look like addresses keep a little more than needed; none is missed. The first part calls no
// code of the rest before the rest has brought its data.

import { readFileSync, writeFileSync } from 'node:fs';
import { OP, Reader, SECTION, assemble, parse, readInstruction, readLocals, s32, u32, vector } from './bytecode.mjs';
import { segmentsOf } from './symbols.mjs';

/** How much wasm-opt may have added to one of the linker's numbers, where the sum lies in another static. */
const NEAR = 64;
/** Fewer bytes than this between two pieces do not make two segments of them. */
const GAP = 12;

const [dataFile, firstFile, restFile] = process.argv.slice(2);
const { statics, meant: pairs } = JSON.parse(readFileSync(dataFile, 'utf8'));
const meant = new Map(pairs);
const first = parse(readFileSync(firstFile));
const rest = parse(readFileSync(restFile));
const segments = segmentsOf(first.sections.find(({ id }) => id === SECTION.data)?.body);

/** The number of the last static that begins at or before an address. */
const lastBefore = (address) => {
  let [low, high] = [0, statics.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (statics[middle][0] <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

const kept = new Set();
const waiting = [];
const keep = (number) => {
  if (number < 0 || kept.has(number)) return;
  kept.add(number);
  waiting.push(number);
};
/** Keeps every static that an address lies in; `atEnd` counts their ends in. Few statics share bytes. */
const keepAt = (address, atEnd = false) => {
  const last = lastBefore(address);
  for (let number = last; number >= 0 && number > last - 8; number -= 1) {
    const end = statics[number][0] + statics[number][1];
    if (end > address || (atEnd && end === address)) keep(number);
  }
};

const low = statics[0][0] - NEAR;
const high = statics.at(-1)[0] + statics.at(-1)[1];
const look = (value) => {
  if (value < low || value > high) return;
  const known = meant.get(value);
  if (known !== undefined) {
    for (const address of known) keepAt(address);
    return;
  }
  keepAt(value, true);
  for (let near = value - NEAR; near < value; near += 1) for (const address of meant.get(near) ?? []) keepAt(address);
};
first.bodies.forEach((body, index) => {
  const { at } = readLocals(first.functions[first.imported + index], body);
  const reader = new Reader(body, at);
  while (reader.at < body.length) {
    const { op, at: begin } = readInstruction(reader, first);
    const inside = new Reader(body, begin + 1);
    if (op === OP.i32Const || op === OP.i64Const) look(inside.s33());
    if (op >= 0x28 && op <= 0x3e) {
      inside.u32();
      look(inside.u32());
    }
  }
});
const globals = first.sections.find(({ id }) => id === SECTION.global)?.body;
if (globals !== undefined) {
  const r = new Reader(globals);
  for (let left = r.u32(); left > 0; left -= 1) {
    r.take(2);
    if (r.byte() === OP.i32Const) look(r.s33());
    else throw new Error('a global of an unknown kind');
    r.byte();
  }
}
while (waiting.length > 0) for (const address of statics[waiting.pop()][2]) keepAt(address);

/** The pieces of the segments that lie inside (or outside) what is kept. */
const pieces = (wanted) => {
  const found = [];
  for (const { address, bytes } of segments) {
    const marks = new Uint8Array(bytes.length);
    for (let number = lastBefore(address + bytes.length); number >= 0; number -= 1) {
      const [begin, size] = statics[number];
      if (begin + size <= address) {
        if (begin + 4096 < address) break;
        continue;
      }
      if (kept.has(number)) marks.fill(1, Math.max(0, begin - address), Math.max(0, begin + size - address));
    }
    let open = -1;
    let end = -1;
    const close = () => {
      if (open >= 0) found.push({ address: address + open, bytes: bytes.subarray(open, end) });
      open = -1;
    };
    for (let i = 0; i < bytes.length; i += 1) {
      // A piece of the rest never reaches over bytes that the first part owns: it may have changed them meanwhile.
      if (!wanted && marks[i] === 1) close();
      if ((marks[i] === 1) !== wanted || bytes[i] === 0) continue;
      if (open >= 0 && i - end > GAP) close();
      if (open < 0) open = i;
      end = i + 1;
    }
    close();
  }
  return found;
};

const section = (list) => vector(list.map(({ address, bytes }) =>
  Buffer.concat([Buffer.from([0, OP.i32Const, ...s32(address), OP.end, ...u32(bytes.length)]), bytes])));

const exact = pieces(false);
const mine = pieces(true);
const replace = (module, list) => {
  const sections = module.sections.filter(({ id }) => id !== SECTION.data && id !== SECTION.dataCount);
  const place = sections.findIndex(({ id }) => id === SECTION.custom);
  sections.splice(place < 0 ? sections.length : place, 0, { id: SECTION.data, body: section(list) });
  return assemble(sections);
};
writeFileSync(firstFile, replace(first, mine));
writeFileSync(restFile, replace(rest, exact));
const sum = (list) => list.reduce((all, { bytes }) => all + bytes.length, 0);
console.log(`data: ${sum(mine)} bytes in ${mine.length} pieces first, ${sum(exact)} in ${exact.length} behind it`);
