// Takes the linker's notes (`--emit-relocs`) out of a module, and keeps what they say about its data.
//
//     node symbols.mjs LINKED.wasm OUT.wasm DATA.json
//
// DATA.json has two lists. `statics`: [address, size, [addresses that it points to]], one a static, in the order of the
// addresses. `meant`: [number, [addresses]], one a number in the code that is an address, with the statics it stands for (a
// number need not lie in its static: compilers fold the first index of a loop into it).

import { readFileSync, writeFileSync } from 'node:fs';
import { Reader, SECTION, assemble, parse } from './bytecode.mjs';

const SYMBOLS = 8;
const DATA_SYMBOL = 1;
const FLAG = { undefined: 0x10, explicitName: 0x40 };
const MEMORY_ADDRESS = 5;
/** The same in code, as LEB128. */
const ADDRESS_IN_CODE = new Set([3, 4]);
/** Kinds of relocations that carry an addend. */
const WITH_ADDEND = new Set([3, 4, 5, 8, 9, 11, 14, 15, 16, 17, 21, 22, 23, 25]);

/** The segments of a module's data: address, where they begin in the section, and their bytes. */
export const segmentsOf = (body) => {
  if (body === undefined) return [];
  const r = new Reader(body);
  return Array.from({ length: r.u32() }, () => {
    if (r.u32() !== 0 || r.byte() !== 0x41) throw new Error('a data segment at no constant address');
    const address = r.u32();
    r.byte();
    const size = r.u32();
    const at = r.at;
    return { address, at, bytes: r.take(size) };
  });
};

const readSymbols = (section, segments) => {
  const r = new Reader(section.body, section.at);
  r.u32();
  while (r.at < r.end) {
    const kind = r.byte();
    const end = r.u32() + r.at;
    if (kind !== SYMBOLS) {
      r.at = end;
      continue;
    }
    return Array.from({ length: r.u32() }, () => {
      const type = r.byte();
      const flags = r.u32();
      if (type === DATA_SYMBOL) {
        r.name();
        if (flags & FLAG.undefined) return undefined;
        const [segment, offset, size] = [r.u32(), r.u32(), r.u32()];
        const base = segments[segment]?.address;
        return base === undefined ? undefined : { address: base + offset, size, to: [] };
      }
      if (type === 3) r.u32();
      else {
        r.u32();
        if (!(flags & FLAG.undefined) || flags & FLAG.explicitName) r.name();
      }
      return undefined;
    });
  }
  throw new Error('the linker left no symbols: it needs --emit-relocs');
};

/** The last static that begins at or before an address. */
const lastBefore = (sorted, at) => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].address <= at) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
};

/** What the linker notes about a section: what stands where, and what is added to it. */
const relocationsOf = (named, section, symbols) => {
  const { body, at } = named.find(({ name }) => name === section);
  const r = new Reader(body, at);
  r.u32();
  return Array.from({ length: r.u32() }, () => {
    const [kind, offset, symbol] = [r.byte(), r.u32(), r.u32()];
    const addend = WITH_ADDEND.has(kind) ? r.s33() : 0;
    return { kind, offset, target: symbols[symbol], addend };
  });
};

const main = ([input, output, dataFile]) => {
  const module = parse(readFileSync(input));
  const named = module.sections.map(({ id, body }) => {
    if (id !== SECTION.custom) return { id, body, at: 0, name: '' };
    const r = new Reader(body);
    return { id, body, name: r.name(), at: r.at };
  });
  const data = module.sections.find(({ id }) => id === SECTION.data);
  const segments = segmentsOf(data.body);
  const symbols = readSymbols(named.find(({ name }) => name === 'linking'), segments);
  const sorted = symbols.filter((symbol) => symbol !== undefined && symbol.size > 0);
  sorted.sort((a, b) => a.address - b.address);
  for (const { kind, offset, target } of relocationsOf(named, 'reloc.DATA', symbols)) {
    if (kind !== MEMORY_ADDRESS || target === undefined) continue;
    const segment = segments.findLast(({ at }) => at <= offset);
    const from = segment.address + offset - segment.at;
    lastBefore(sorted, from).to.push(target.address);
  }
  const meant = new Map();
  for (const { kind, target, addend } of relocationsOf(named, 'reloc.CODE', symbols)) {
    if (!ADDRESS_IN_CODE.has(kind) || target === undefined) continue;
    const number = target.address + addend;
    meant.set(number, (meant.get(number) ?? new Set()).add(target.address));
  }
  const statics = sorted.map(({ address, size, to }) => [address, size, to]);
  writeFileSync(dataFile, JSON.stringify({ statics, meant: [...meant].map(([number, to]) => [number, [...to]]) }));
  writeFileSync(output, assemble(named.filter(({ name }) => name !== 'linking' && !name.startsWith('reloc.'))));
  console.log(`${sorted.length} statics of ${sorted.reduce((sum, { size }) => sum + size, 0)} bytes`);
};

if (process.argv[1] === new URL(import.meta.url).pathname) main(process.argv.slice(2));
