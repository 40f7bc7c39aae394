// Splits the page's module in two: what the first view runs, and the rest, which is fetched behind it.
//
//     node split.mjs BINARYEN IN.wasm FIRST.json OUT-FIRST.wasm OUT-REST.wasm
//
// FIRST.json names the functions of the first view, with their sizes (`outline.mjs` writes it). Whatever it says, the page works: a function
// of the first part that calls one of the rest goes through a thunk, which fetches the rest at once if it is not there.
//
// Both parts share memory, tables and globals, which the first part owns; it also holds all data.
//
//     first: gate(x, slot) { if (!ready) { load(); ready = 1 }; return rest_table[slot](x) }
//     rest:  f(x) { the body }, put into its slot when the rest is instantiated
//
// Where the program's own table has a function of the rest, the first part puts one function for all of that type; a call
// through the table left the index in a global (`outline.mjs`), so it finds the right one when the rest has put its own.
//
//     first: later(x) { index = called; if (!ready) …; return table[index](x) }

import { readFileSync, writeFileSync } from 'node:fs';
import { binaryenFrom, globalsOf, readModule, tablesOf } from './modules.mjs';

const [folder, input, list, outFirst, outRest] = process.argv.slice(2);
const binaryen = await binaryenFrom(folder);

/** The tables' and functions' names inside the modules; no Rust name looks like these. */
const TABLE = 'mq_rest_table';
const READY = 'mq_rest_ready';
const LOAD = 'mq_rest_load';
const ENSURE = 'mq_rest_ensure';
const MEMORY = '0';
/** Bytes of a function that is copied rather than lent. */
const SMALL = 96;
const CLEAN = ['remove-unused-module-elements'];
const STRIP = ['strip-debug', 'strip-producers', 'strip-target-features'];

const plan = JSON.parse(readFileSync(list, 'utf8'));
const sizes = new Map(plan.first);
const gates = new Set(plan.gates);
const isGate = ({ name }) => gates.has(name);
const isFirst = ({ name }) => sizes.has(name);
const isRest = (info) => !isFirst(info) && !isGate(info);
/** A small function of the first part stands in the rest too: that costs the first view less than lending it. */
const isLent = ({ name }) => sizes.get(name) > SMALL;

/** Short names for exports: 0, 1 … z, 00 … */
const shortName = (number) => number.toString(36);

/** Takes away what both parts only share: the rest does not own it. */
const shareAll = (module) => {
  for (const { name, type, mutable } of globalsOf(binaryen, module)) {
    module.removeGlobal(name);
    module.addGlobalImport(name, 'first', `G${name}`, type, mutable);
  }
};

/** The functions of the rest that the first part may call, with their slots. */
const findBorder = () => {
  const { module, functions } = readModule(binaryen, input);
  const all = new Map(plan.slots.map((name, slot) => [name, slot]));
  for (const { name } of functions.filter(isRest)) if (!all.has(name)) all.set(name, all.size);
  makeThunks(module, functions, all);
  postpone(module, functions);
  module.runPasses(CLEAN);
  const left = new Set();
  for (let i = 0; i < module.getNumFunctions(); i += 1) {
    left.add(binaryen.getFunctionInfo(module.getFunctionByIndex(i)).name);
  }
  module.dispose();
  const called = new Set(plan.slots);
  return new Map([...all.keys()].filter((name) => called.has(name) || left.has(name)).map((name, slot) => [name, slot]));
};

/** Gives the gates their bodies: what comes `before`, and the call of what is in the slot, the last parameter. */
const makeGates = (module, functions, before) => {
  for (const { name, params, results } of functions.filter(isGate)) {
    const types = binaryen.expandType(params);
    const own = types.slice(0, -1);
    const handed = own.map((type, index) => module.local.get(index, type));
    const slot = module.local.get(own.length, binaryen.i32);
    const call = module.call_indirect(TABLE, slot, handed, binaryen.createType(own), results);
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.block(null, [...before(), call], results));
  }
};

/** The program's own table: what stands where from when on. */
const segmentsOf = (module) => Array.from({ length: module.getNumElementSegments() }, (_, i) =>
  binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(i)));

/** Replaces the functions of the rest in the program's table; needs what `makeThunks` made. */
const postpone = (module, functions) => {
  const called = globalsOf(binaryen, module).filter(({ name }) => name !== READY).at(-1).name;
  const later = new Map();
  const standIn = ({ params, results }, table) => {
    const name = `mq_later_${params}_${results}`;
    if (later.has(name)) return name;
    later.set(name, true);
    const types = binaryen.expandType(params);
    const index = types.length;
    const handed = types.map((type, number) => module.local.get(number, type));
    const body = module.block(null, [
      module.local.set(index, module.global.get(called, binaryen.i32)),
      module.call(ENSURE, [], binaryen.none),
      module.call_indirect(table, module.local.get(index, binaryen.i32), handed, params, results),
    ], results);
    module.addFunction(name, params, results, [binaryen.i32], body);
    return name;
  };
  const resting = new Map(functions.filter(isRest).map((info) => [info.name, info]));
  for (const { name, table, offset, data } of segmentsOf(module)) {
    const now = data.map((each) => (resting.has(each) ? standIn(resting.get(each), table) : each));
    module.removeElementSegment(name);
    module.addActiveElementSegment(table, name, now, offset);
  }
};

/** Puts the functions of the rest where they belong in the program's table. */
const deliver = (module, functions) => {
  const resting = new Set(functions.filter(isRest).map(({ name }) => name));
  let count = 0;
  for (const { name, table, offset, data } of segmentsOf(module)) {
    const { value: begin } = binaryen.getExpressionInfo(offset);
    module.removeElementSegment(name);
    for (let i = 0; i < data.length; i += 1) {
      if (!resting.has(data[i])) continue;
      let end = i;
      while (end < data.length && resting.has(data[end])) end += 1;
      module.addActiveElementSegment(table, `mq_own_${count += 1}`, data.slice(i, end), module.i32.const(begin + i));
      i = end;
    }
  }
};

/** Puts a thunk in the place of every function that has a slot; a function of the rest without one goes away. */
const makeThunks = (module, functions, slots) => {
  module.addTable(TABLE, slots.size, slots.size);
  module.addGlobal(READY, binaryen.i32, true, module.i32.const(0));
  module.addFunctionImport(LOAD, 'mq_rest', 'load', binaryen.none, binaryen.none);
  module.addFunction(ENSURE, binaryen.none, binaryen.none, [], module.if(
    module.i32.eqz(module.global.get(READY, binaryen.i32)),
    module.block(null, [
      module.call(LOAD, [], binaryen.none),
      module.global.set(READY, module.i32.const(1)),
    ]),
  ));
  makeGates(module, functions, () => [module.call(ENSURE, [], binaryen.none)]);
  for (const info of functions.filter(isRest)) {
    const { name, params, results } = info;
    const handed = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
    module.removeFunction(name);
    const slot = slots.get(name);
    const body = slot === undefined
      ? module.unreachable()
      : module.block(null, [
        module.call(ENSURE, [], binaryen.none),
        module.call_indirect(TABLE, module.i32.const(slot), handed, params, results),
      ], results);
    module.addFunction(name, params, results, [], body);
  }
};

const makeFirst = (slots, lent) => {
  const { module, functions } = readModule(binaryen, input);
  makeThunks(module, functions, slots);
  postpone(module, functions);
  for (const { name } of tablesOf(binaryen, module)) module.addTableExport(name, `T${name}`);
  for (const { name } of globalsOf(binaryen, module)) module.addGlobalExport(name, `G${name}`);
  for (const [name, short] of lent) module.addFunctionExport(name, short);
  module.runPasses(CLEAN);
  return module;
};

const makeRest = (slots) => {
  const { module, functions } = readModule(binaryen, input);
  deliver(module, functions);
  const exports = Array.from({ length: module.getNumExports() }, (_, i) =>
    binaryen.getExportInfo(module.getExportByIndex(i)).name);
  exports.forEach((name) => module.removeExport(name));
  shareAll(module);
  module.setMemory(0, -1, null, [], false, false, MEMORY);
  module.addMemoryImport(MEMORY, 'first', 'memory');
  for (const { name } of tablesOf(binaryen, module)) module.addTableImport(name, 'first', `T${name}`);
  module.addTable(TABLE, slots.size, slots.size);
  module.addTableImport(TABLE, 'first', `T${TABLE}`);
  makeGates(module, functions, () => []);
  module.addActiveElementSegment(TABLE, 'mq_rest_slots', [...slots.keys()], module.i32.const(0));
  for (const { name, params, results } of functions.filter(isLent)) {
    module.removeFunction(name);
    module.addFunctionImport(name, 'first', name, params, results);
  }
  module.runPasses(CLEAN);
  return module;
};

/** What the rest still takes from the first part, under short names. */
const shorten = (rest) => {
  const lent = new Map();
  for (let i = 0; i < rest.getNumFunctions(); i += 1) {
    const { name, module, params, results } = binaryen.getFunctionInfo(rest.getFunctionByIndex(i));
    if (module !== 'first') continue;
    const short = shortName(lent.size);
    lent.set(name, short);
    rest.addFunctionImport(name, 'first', short, params, results);
  }
  return lent;
};

const write = (module, path, what) => {
  if (!module.validate()) throw new Error(`${what} is not valid`);
  module.runPasses(STRIP);
  writeFileSync(path, module.emitBinary());
};

const slots = findBorder();
const rest = makeRest(slots);
const lent = shorten(rest);
write(rest, outRest, 'the rest');
rest.dispose();
write(makeFirst(slots, lent), outFirst, 'the first part');
console.log(`${slots.size} functions of the rest can be called from the first part; it lends ${lent.size}`);
