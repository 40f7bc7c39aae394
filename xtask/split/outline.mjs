// Moves the regions of the first view's functions that the first view does not run into functions of their own, and sends
// every call from the first view's functions to others through a gate.
//
//     node outline.mjs IN.wasm PROFILE OUT.wasm FIRST.json
//
// FIRST.json says which functions the first view needs, with their sizes in bytes; the moved regions are not among them.
// A gate is a function that stands for all functions of a type: it is called with a slot, and `split.mjs` makes it call
// what is in that slot. FIRST.json lists the gates with their types, and the names of the functions by slot. Where a name
// is in the profile, but with none of the codes that the module has under that name, the function changed since the profile
// was taken: it stays whole.
//
//     before: … br_if; A; B; end             after: … br_if; cold(locals) -> locals; end
//
// A call through the table leaves the index in a global first, the last one of the module: `split.mjs` puts one function
// for all of a type where the table has functions of the rest, and that function learns from the global who was meant.
//
//     before: call_indirect                  after: global.set called; global.get called; call_indirect
//
// A region may leave by falling off its end, by branching to a label around it, or by returning. The moved code says which,
// by a number, and the call is followed by the branches.

import { readFileSync, writeFileSync } from 'node:fs';
import { OP, Reader, SECTION, VOID, assemble, parse, s32, u32, vector } from './bytecode.mjs';
import { analyse, keyOf } from './regions.mjs';

const I32 = 0x7f;
const ZERO = new Map([
  [I32, [OP.i32Const, 0]],
  [0x7e, [OP.i64Const, 0]],
  [0x7d, [OP.f32Const, 0, 0, 0, 0]],
  [0x7c, [OP.f64Const, 0, 0, 0, 0, 0, 0, 0, 0]],
]);
/** A region whose bytes are fewer than its call's by this much stays where it is. */
const WORTH = 0;

const [input, profileFile, output, firstFile] = process.argv.slice(2);
const module = parse(readFileSync(input));
const codes = new Map();
const known = new Set();
for (const line of readFileSync(profileFile, 'utf8').split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [name, code, bits] = line.split(' ');
  codes.set(`${name} ${code}`, Buffer.from(bits, 'base64url'));
  known.add(name);
}

/** The number of the global in which a call through the table leaves the index. */
const called = module.globals;

const typeNumbers = new Map(module.types.map((type, number) => [JSON.stringify(type), number]));
const typeNumber = (type) => {
  const key = JSON.stringify(type);
  if (!typeNumbers.has(key)) {
    typeNumbers.set(key, module.types.length);
    module.types.push(type);
  }
  return typeNumbers.get(key);
};

/** Functions that were made here: their names, types and bodies. */
const made = [];
const make = (name, type, code) => {
  made.push({ name, type, code });
  return module.functions.length + made.length - 1;
};

/** The slots of functions outside the first view that it calls, by their numbers. */
const slots = new Map();
const slotOf = (number) => {
  if (!slots.has(number)) slots.set(number, slots.size);
  return slots.get(number);
};

/** The gates, by the number of the type that they stand for. */
const gates = new Map();
const gateOf = (type) => {
  if (!gates.has(type)) {
    const { params, results } = module.types[type];
    const code = Buffer.from([0, OP.unreachable, OP.end]);
    const name = `mq_gate_${type}`;
    gates.set(type, { name, number: make(name, typeNumber({ params: [...params, I32], results }), code), params, results });
  }
  return gates.get(type).number;
};
const callThrough = (number, type) => [OP.i32Const, ...s32(slotOf(number)), OP.call, ...u32(gateOf(type))];

/** How control leaves a region, and which locals it touches; nothing if it cannot be moved. */
const survey = (fn, region, labels) => {
  const { instructions, type } = fn;
  const exits = new Map();
  const locals = new Map();
  let nested = 0;
  if (region.frame.results > 0 && !(region.frame.isFunction && type.results.length <= 1)) return undefined;
  const leaves = (label) => {
    const outer = label - nested;
    if (outer < 0) return true;
    const frame = labels.at(-1 - outer);
    if (frame === undefined || frame.isFunction) return exits.set('return', 'return') && true;
    const arity = frame.op === OP.loop ? frame.params : frame.results;
    if (arity > 0) return false;
    if (outer === 0 && frame.op !== OP.loop) exits.set('fall', 'fall');
    else exits.set(outer, outer);
    return true;
  };
  for (let i = region.start; i < region.end; i += 1) {
    const { op, value, labels: targets } = instructions[i];
    if (op === OP.block || op === OP.loop || op === OP.if) nested += 1;
    else if (op === OP.end) nested -= 1;
    else if (op === OP.return) exits.set('return', 'return');
    else if (op === OP.localGet || op === OP.localSet || op === OP.localTee) {
      locals.set(value, locals.get(value) || op !== OP.localGet);
    } else if (targets !== undefined && !targets.every(leaves)) return undefined;
  }
  if (region.falls) {
    // Falling off the end of the function returns.
    const how = region.frame.isFunction ? 'return' : 'fall';
    exits.set(how, how);
  }
  if (exits.has('return') && type.results.length > 1) return undefined;
  if (exits.has('return') && !type.results.every((each) => ZERO.has(each))) return undefined;
  const order = [...locals.keys()].sort((a, b) => a - b);
  return { exits: [...exits.keys()], read: order, written: order.filter((local) => locals.get(local)) };
};

/** Makes the function that a region becomes, and returns its number. */
const move = (fn, region, { exits, read, written }, labels) => {
  const { instructions, body, type, locals } = fn;
  const returns = exits.includes('return') ? type.results : [];
  const isChoice = exits.length > 1;
  const back = exits.some((exit) => exit !== 'return') ? written : [];
  const names = new Map(read.map((local, number) => [local, number]));
  const params = read.map((local) => locals[local]);
  // After the parameters: the choice, a scratch number, and the value that is returned.
  const choice = read.length;
  const scratch = choice + 1;
  const result = choice + 2;
  const out = [];
  const leave = (exit, depth) => {
    if (isChoice) out.push(OP.i32Const, ...s32(exits.indexOf(exit)), OP.localSet, ...u32(choice));
    out.push(OP.br, ...u32(depth));
  };
  let nested = 0;
  const exitOf = (label) => {
    const outer = label - nested;
    if (outer < 0) return undefined;
    const frame = labels.at(-1 - outer);
    if (frame === undefined || frame.isFunction) return 'return';
    return outer === 0 && frame.op !== OP.loop ? 'fall' : outer;
  };
  out.push(OP.block, VOID);
  for (let i = region.start; i < region.end; i += 1) {
    const { op, value, at, next, labels: targets } = instructions[i];
    if (op === OP.block || op === OP.loop || op === OP.if) nested += 1;
    if (op === OP.end) nested -= 1;
    const outer = targets?.map(exitOf) ?? [];
    if (op === OP.localGet || op === OP.localSet || op === OP.localTee) {
      out.push(op, ...u32(names.get(value)));
    } else if (op === OP.return) {
      if (returns.length > 0) out.push(OP.localSet, ...u32(result));
      leave('return', nested);
    } else if (outer.every((exit) => exit === undefined)) {
      out.push(...body.subarray(at, next));
    } else if (op === OP.br) {
      if (outer[0] === 'return' && returns.length > 0) out.push(OP.localSet, ...u32(result));
      leave(outer[0], nested);
    } else if (op === OP.brIf) {
      if (outer[0] === 'return' && returns.length > 0) return undefined;
      out.push(OP.if, VOID);
      leave(outer[0], nested + 1);
      out.push(OP.end);
    } else {
      if (outer.includes('return') && returns.length > 0) return undefined;
      const ways = [...new Set(outer.filter((exit) => exit !== undefined))];
      out.push(OP.localSet, ...u32(scratch));
      for (let k = 0; k < ways.length; k += 1) out.push(OP.block, VOID);
      out.push(OP.localGet, ...u32(scratch), OP.brTable, ...u32(targets.length - 1));
      targets.forEach((label, k) =>
        out.push(...u32(outer[k] === undefined ? label + ways.length : ways.indexOf(outer[k]))));
      ways.forEach((exit, k) => {
        out.push(OP.end);
        leave(exit, nested + ways.length - 1 - k);
      });
    }
  }
  if (region.falls) {
    const how = region.frame.isFunction ? 'return' : 'fall';
    if (how === 'return' && returns.length > 0) out.push(OP.localSet, ...u32(result));
    leave(how, 0);
  } else {
    out.push(OP.unreachable);
  }
  out.push(OP.end);
  for (const local of back) out.push(OP.localGet, ...u32(names.get(local)));
  if (returns.length > 0) out.push(OP.localGet, ...u32(result));
  if (isChoice) out.push(OP.localGet, ...u32(choice));
  out.push(OP.end);
  const extra = [I32, I32, ...returns];
  const groups = extra.flatMap((kind) => [1, kind]);
  const code = Buffer.from([...u32(extra.length), ...groups, ...out]);
  const results = [...back.map((local) => locals[local]), ...returns, ...(isChoice ? [I32] : [])];
  const own = typeNumber({ params, results });
  return { number: make(`mq_moved_${made.length}`, own, code), own, back, returns, isChoice };
};

/** The call that stands where a region was. */
const callOf = (found, moved, spare) => {
  const { exits, read } = found;
  const { number, own, back, returns, isChoice } = moved;
  const out = read.flatMap((local) => [OP.localGet, ...u32(local)]);
  out.push(...callThrough(number, own));
  if (exits.length === 0) return [...out, OP.unreachable];
  if (isChoice) out.push(OP.localSet, ...u32(spare.choice));
  const keepsResult = returns.length > 0 && back.length + (isChoice ? 1 : 0) > 0;
  if (keepsResult) out.push(OP.localSet, ...u32(spare.result));
  for (const local of [...back].reverse()) out.push(OP.localSet, ...u32(local));
  const go = (exit) => {
    if (exit === 'return') return [...(keepsResult ? [OP.localGet, ...u32(spare.result)] : []), OP.return];
    return [OP.br, ...u32(exit)];
  };
  const ways = exits.filter((exit) => exit !== 'fall');
  const last = exits.includes('fall') ? undefined : ways.pop();
  for (const exit of ways) {
    out.push(OP.localGet, ...u32(spare.choice), OP.i32Const, ...s32(exits.indexOf(exit)), OP.i32Eq);
    if (exit === 'return') out.push(OP.if, VOID, ...go(exit), OP.end);
    else out.push(OP.brIf, ...u32(exit));
  }
  if (last !== undefined) out.push(...go(last));
  return out;
};

/** A function's body with its cold regions moved away and its calls to the outside through gates. */
const trim = (fn, ran) => {
  const { instructions, regions, body, type, locals } = fn;
  const starts = new Map(regions.map((region, number) => [region.start, { ...region, isHot: ran(number) }]));
  const spare = { choice: locals.length, result: locals.length + 1 };
  const labels = [{ op: OP.block, isFunction: true, results: type.results.length, params: 0 }];
  const out = [];
  let copied = instructions[0].at;
  let isChanged = false;
  let isSpareUsed = false;
  for (let i = 0; i < instructions.length; i += 1) {
    const region = starts.get(i);
    if (region !== undefined && !region.isHot && region.end > i) {
      const found = survey(fn, region, labels);
      const from = instructions[i].at;
      const to = instructions[region.end].at;
      const price = found && 8 + 2 * (found.read.length + found.written.length) + 7 * found.exits.length;
      if (found !== undefined && to - from > price + WORTH) {
        const moved = move(fn, region, found, labels);
        if (moved !== undefined) {
          regionsMoved += 1;
          out.push(body.subarray(copied, from), Buffer.from(callOf(found, moved, spare)));
          copied = to;
          i = region.end;
          isChanged = true;
          isSpareUsed = true;
        }
      }
    }
    const { op, value, at, next } = instructions[i];
    if (op === OP.call && isOutside(value)) {
      out.push(body.subarray(copied, at), Buffer.from(callThrough(value, typeOf(value))));
      copied = next;
      isChanged = true;
    } else if (op === OP.callIndirect) {
      out.push(body.subarray(copied, at), Buffer.from([OP.globalSet, ...u32(called), OP.globalGet, ...u32(called)]));
      copied = at;
      isChanged = true;
    }
    if (op === OP.block || op === OP.loop || op === OP.if) labels.push(frameOf(op, value));
    else if (op === OP.end) labels.pop();
  }
  if (!isChanged) return body;
  out.push(body.subarray(copied));
  const more = isSpareUsed ? [I32, ...type.results.slice(0, 1)] : [];
  return Buffer.concat([declare(body, instructions[0].at, more), ...out]);
};

const frameOf = (op, blockType) => {
  const has = blockType >= 0 ? module.types[blockType] : undefined;
  const results = has ? has.results.length : Number(blockType !== VOID - 0x80);
  return { op, results, params: has ? has.params.length : 0, isFunction: false };
};

/** A body's declarations of locals with more at the end. */
const declare = (body, end, more) => {
  let at = 0;
  let count = 0;
  for (let shift = 0; ; shift += 7) {
    const next = body[at++];
    count |= (next & 0x7f) << shift;
    if (next < 0x80) break;
  }
  return Buffer.concat([
    Buffer.from(u32(count + more.length)),
    body.subarray(at, end),
    Buffer.from(more.flatMap((kind) => [1, kind])),
  ]);
};

/** All functions with what identifies them; those that the compiler gave no name get one here. */
const functions = module.bodies.map((_, index) => {
  const number = module.imported + index;
  const key = keyOf(module.names.get(number) ?? '', analyse(module, index).instructions);
  if (!module.names.has(number)) module.names.set(number, `mq_unnamed_${index}`);
  return { index, key, name: module.names.get(number) };
});
const isKnown = ({ key }) => codes.has(`${key.name} ${key.code}`);
const stillThere = new Set(functions.filter(isKnown).map(({ key }) => key.name));

/** Whether the first view needs a function: what ran, and what changed since the profile was taken. */
const isNeeded = (found) => isKnown(found) || (known.has(found.key.name) && !stillThere.has(found.key.name));
const needed = new Set(functions.filter(isNeeded).map(({ index }) => index));
const isOutside = (number) => number >= module.imported && !needed.has(number - module.imported);
const typeOf = (number) => typeNumber(module.functions[number]);

const first = [];
let changed = 0;
let regionsMoved = 0;
const bodies = functions.map((found) => {
  const { index, key, name } = found;
  const body = module.bodies[index];
  if (!needed.has(index)) return body;
  const bits = codes.get(`${key.name} ${key.code}`);
  if (bits === undefined) changed += 1;
  const ran = (region) => bits === undefined || ((bits[region >> 3] >> (region & 7)) & 1) === 1;
  const trimmed = trim(analyse(module, index), ran);
  first.push([name, trimmed.length]);
  return trimmed;
});

const sized = (body) => Buffer.concat([Buffer.from(u32(body.length)), body]);
const typeItem = ({ params, results }) => [0x60, ...u32(params.length), ...params, ...u32(results.length), ...results];
const withOneMore = (body, item) => {
  const r = new Reader(body);
  const count = r.u32();
  return Buffer.concat([Buffer.from(u32(count + 1)), body.subarray(r.at), Buffer.from(item)]);
};
const functionNames = () => {
  const all = [...module.names];
  made.forEach(({ name }, number) => all.push([module.functions.length + number, name]));
  all.sort(([a], [b]) => a - b);
  const text = (name) => [...u32(Buffer.byteLength(name)), ...Buffer.from(name)];
  const map = vector(all.map(([number, name]) => [...u32(number), ...text(name)]));
  return Buffer.concat([Buffer.from([...text('name'), 1, ...u32(map.length)]), map]);
};
const sections = module.sections
  .filter(({ id, body }) => id !== SECTION.custom || !Buffer.from(body.subarray(0, 5)).equals(Buffer.from('\x04name')))
  .map(({ id, body }) => {
    if (id === SECTION.type) return { id, body: vector(module.types.map(typeItem)) };
    if (id === SECTION.function) return { id, body: vector([...module.own, ...made.map(({ type }) => type)].map(u32)) };
    if (id === SECTION.global) return { id, body: withOneMore(body, [I32, 1, OP.i32Const, 0, OP.end]) };
    if (id === SECTION.code) return { id, body: vector([...bodies, ...made.map(({ code }) => code)].map(sized)) };
    return { id, body };
  });
sections.push({ id: SECTION.custom, body: functionNames() });
writeFileSync(output, assemble(sections));
const nameOf = (number) => module.names.get(number) ?? made[number - module.functions.length].name;
writeFileSync(firstFile, JSON.stringify({
  first,
  gates: [...gates.values()].map(({ name }) => name),
  slots: [...slots.keys()].map(nameOf),
}));
console.log(`${first.length} functions of the first view (${changed} changed since its profile), ${regionsMoved} regions moved, ${gates.size} gates`);
