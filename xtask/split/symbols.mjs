// Takes the linker's notes (`--emit-relocs`) out of a module, and keeps what they say about its data.
//
//     node symbols.mjs LINKED.wasm OUT.wasm DATA.json
//
// DATA.json is a list of [address, size, [addresses that it points to]], one a static, in the order of the addresses.

import { readFileSync, writeFileSync } from 'node:fs';
import { Reader, SECTION, assemble, parse } from './bytecode.mjs';

const SYMBOLS = 8;
const DATA_SYMBOL = 1;
const FLAG = { undefined: 0x10, explicitName: 0x40 };
const MEMORY_ADDRESS = 5;
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
  const relocations = named.find(({ name }) => name === 'reloc.DATA');
  const r = new Reader(relocations.body, relocations.at);
  r.u32();
  for (let left = r.u32(); left > 0; left -= 1) {
    const kind = r.byte();
    const offset = r.u32();
    const target = symbols[r.u32()];
    if (WITH_ADDEND.has(kind)) r.skipLeb();
    if (kind !== MEMORY_ADDRESS || target === undefined) continue;
    const segment = segments.findLast(({ at }) => at <= offset);
    const from = segment.address + offset - segment.at;
    sorted.findLast(({ address }) => address <= from).to.push(target.address);
  }
  writeFileSync(dataFile, JSON.stringify(sorted.map(({ address, size, to }) => [address, size, to])));
  writeFileSync(output, assemble(named.filter(({ name }) => name !== 'linking' && !name.startsWith('reloc.'))));
  console.log(`${sorted.length} statics of ${sorted.reduce((sum, { size }) => sum + size, 0)} bytes`);
};

if (process.argv[1] === new URL(import.meta.url).pathname) main(process.argv.slice(2));
