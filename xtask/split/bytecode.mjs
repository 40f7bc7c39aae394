// WebAssembly as bytes: sections, LEB128 numbers, and the instructions of a function with their effect on the stack.
//
// Only what Rust compiles to is known; an unknown instruction is an error, so nothing is ever split by a guess.

/** Reads numbers and names from bytes, one after the other. */
export class Reader {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number of up to 32 bits. */
  u32() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
  }

  /** Passes a LEB128 number of any size. */
  skipLeb() {
    while (this.byte() >= 0x80);
  }

  /** A block type: a value type (negative), or the number of a function type. */
  s33() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return shift < 25 && next & 0x40 ? value | (~0 << (shift + 7)) : value;
    }
  }

  take(length) {
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  name() {
    return Buffer.from(this.take(this.u32())).toString();
  }
}

/** An unsigned number as bytes. */
export const u32 = (value) => {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value !== 0);
  return bytes;
};

/** A signed 32-bit number as bytes. */
export const s32 = (value) => {
  const bytes = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(low & 0x40)) || (value === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
};

const SECTION = { custom: 0, type: 1, import: 2, function: 3, memory: 5, global: 6, code: 10, data: 11, dataCount: 12 };

/** A module: its sections in order, and what of them is needed to read code. */
export const parse = (bytes) => {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const size = reader.u32();
    sections.push({ id, body: reader.take(size) });
  }
  const find = (id) => sections.find((section) => section.id === id)?.body;
  const types = list(find(SECTION.type), (r) => {
    if (r.byte() !== 0x60) throw new Error('a type that is no function type');
    return { params: [...r.take(r.u32())], results: [...r.take(r.u32())] };
  });
  const imported = list(find(SECTION.import), readImport).filter((type) => type !== undefined);
  const own = list(find(SECTION.function), (r) => r.u32());
  const bodies = list(find(SECTION.code), (r) => r.take(r.u32()));
  const functions = [...imported, ...own].map((type) => types[type]);
  // There are no imported globals: Rust makes none.
  const globals = new Reader(find(SECTION.global) ?? Buffer.from([0])).u32();
  return { sections, types, functions, imported: imported.length, globals, own, bodies, names: readNames(sections) };
};

const list = (body, read) => {
  if (body === undefined) return [];
  const reader = new Reader(body);
  return Array.from({ length: reader.u32() }, () => read(reader));
};

/** The type of an imported function; nothing for other imports. */
const readImport = (r) => {
  r.name();
  r.name();
  return skipImport(r);
};

/** Passes what stands behind the two names of an import; gives the type of a function. */
export const skipImport = (r) => {
  const kind = r.byte();
  if (kind === 0) return r.u32();
  if (kind === 1) r.byte();
  if (kind === 3) r.take(2);
  if (kind === 4) {
    r.byte();
    r.u32();
  }
  if (kind === 1 || kind === 2) {
    const flags = r.byte();
    r.u32();
    if (flags & 1) r.u32();
  }
  return undefined;
};

const readNames = (sections) => {
  const names = new Map();
  for (const { id, body } of sections) {
    if (id !== SECTION.custom) continue;
    const r = new Reader(body);
    if (r.name() !== 'name') continue;
    while (r.at < body.length) {
      const kind = r.byte();
      const end = r.u32() + r.at;
      if (kind === 1) for (let left = r.u32(); left > 0; left -= 1) names.set(r.u32(), r.name());
      r.at = end;
    }
  }
  return names;
};

/** The locals of a body (parameters first) and where its instructions begin. */
export const readLocals = (type, body) => {
  const reader = new Reader(body);
  const locals = [...type.params];
  for (let groups = reader.u32(); groups > 0; groups -= 1) {
    const count = reader.u32();
    const kind = reader.byte();
    for (let i = 0; i < count; i += 1) locals.push(kind);
  }
  return { locals, at: reader.at };
};

/** What an instruction takes from the stack and puts there, where that is always the same. */
const EFFECT = new Map();
const effect = (from, to, pops, pushes, immediates = 0) => {
  for (let op = from; op <= to; op += 1) EFFECT.set(op, { pops, pushes, immediates });
};
effect(0x01, 0x01, 0, 0);
effect(0x1a, 0x1a, 1, 0);
effect(0x1b, 0x1b, 3, 1);
effect(0x20, 0x20, 0, 1, 1);
effect(0x21, 0x21, 1, 0, 1);
effect(0x22, 0x22, 1, 1, 1);
effect(0x23, 0x23, 0, 1, 1);
effect(0x24, 0x24, 1, 0, 1);
effect(0x25, 0x25, 1, 1, 1);
effect(0x26, 0x26, 2, 0, 1);
effect(0x28, 0x35, 1, 1, 2);
effect(0x36, 0x3e, 2, 0, 2);
effect(0x3f, 0x3f, 0, 1, 1);
effect(0x40, 0x40, 1, 1, 1);
effect(0x41, 0x42, 0, 1, 1);
effect(0x45, 0x45, 1, 1);
effect(0x46, 0x4f, 2, 1);
effect(0x50, 0x50, 1, 1);
effect(0x51, 0x66, 2, 1);
effect(0x67, 0x69, 1, 1);
effect(0x6a, 0x78, 2, 1);
effect(0x79, 0x7b, 1, 1);
effect(0x7c, 0x8a, 2, 1);
effect(0x8b, 0x91, 1, 1);
effect(0x92, 0x98, 2, 1);
effect(0x99, 0x9f, 1, 1);
effect(0xa0, 0xa6, 2, 1);
effect(0xa7, 0xc4, 1, 1);
effect(0xd0, 0xd0, 0, 1, 1);
effect(0xd1, 0xd1, 1, 1);
effect(0xd2, 0xd2, 0, 1, 1);
for (let op = 0; op <= 7; op += 1) EFFECT.set(0xfc00 + op, { pops: 1, pushes: 1, immediates: 0 });
EFFECT.set(0xfc0a, { pops: 3, pushes: 0, immediates: 2 });
EFFECT.set(0xfc0b, { pops: 3, pushes: 0, immediates: 1 });
EFFECT.set(0xfc0f, { pops: 2, pushes: 1, immediates: 1 });
EFFECT.set(0xfc10, { pops: 0, pushes: 1, immediates: 1 });
EFFECT.set(0xfc11, { pops: 3, pushes: 0, immediates: 1 });

export const OP = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e,
  return: 0x0f, call: 0x10, callIndirect: 0x11, selectTyped: 0x1c, localGet: 0x20, localSet: 0x21, localTee: 0x22, globalGet: 0x23, globalSet: 0x24,
  i32Const: 0x41, i64Const: 0x42, f32Const: 0x43, f64Const: 0x44, i32Eq: 0x46, i32Store8: 0x3a,
};
export const VOID = 0x40;

/**
 * One instruction: where its bytes are, its operator, its first immediate (`value`), the labels it may branch to, and
 * what it takes from the stack and puts there.
 */
export const readInstruction = (r, module) => {
  const at = r.at;
  const op = r.byte();
  const plain = { at, op, value: undefined, labels: undefined, pops: 0, pushes: 0 };
  switch (op) {
    case OP.unreachable: case OP.else: case OP.end: case OP.return: break;
    case OP.block: case OP.loop: case OP.if: plain.value = r.s33(); break;
    case OP.br: plain.labels = [r.u32()]; break;
    case OP.brIf: Object.assign(plain, { labels: [r.u32()], pops: 1 }); break;
    case OP.brTable:
      plain.labels = Array.from({ length: r.u32() + 1 }, () => r.u32());
      plain.pops = 1;
      break;
    case OP.call: {
      plain.value = r.u32();
      const { params, results } = module.functions[plain.value];
      Object.assign(plain, { pops: params.length, pushes: results.length });
      break;
    }
    case OP.callIndirect: {
      plain.value = r.u32();
      r.u32();
      const { params, results } = module.types[plain.value];
      Object.assign(plain, { pops: params.length + 1, pushes: results.length });
      break;
    }
    case OP.selectTyped: r.take(r.u32()); Object.assign(plain, { pops: 3, pushes: 1 }); break;
    case OP.f32Const: r.take(4); plain.pushes = 1; break;
    case OP.f64Const: r.take(8); plain.pushes = 1; break;
    default: {
      const full = op === 0xfc ? 0xfc00 + r.u32() : op;
      const known = EFFECT.get(full);
      if (known === undefined) throw new Error(`instruction 0x${full.toString(16)} is not known`);
      const { pops, pushes, immediates } = known;
      if (immediates > 0 && op >= 0x20 && op <= 0x22) plain.value = r.u32();
      else for (let i = 0; i < immediates; i += 1) r.skipLeb();
      Object.assign(plain, { pops, pushes });
    }
  }
  plain.next = r.at;
  return plain;
};

/** A module again, of sections whose bodies may have been replaced. */
export const assemble = (sections) => {
  const parts = [Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])];
  for (const { id, body } of sections) parts.push(Buffer.from([id, ...u32(body.length)]), Buffer.from(body));
  return Buffer.concat(parts);
};

/** A section's body of items that are bytes already. */
export const vector = (items) => Buffer.concat([Buffer.from(u32(items.length)), ...items.map((item) => Buffer.from(item))]);

export { SECTION };
