// The regions of a function: stretches of code that run or do not run as a whole, and could stand in a function of their
// own. A region reaches from a point after which control may have gone elsewhere (an arm of an `if`, what follows a
// `br_if` or the end of a block) to the end of the block around it, with nothing on that block's stack at its start.

import { createHash } from 'node:crypto';
import { OP, Reader, VOID, readInstruction, readLocals } from './bytecode.mjs';
import { plainName } from './names.mjs';

/** All regions of a function, in the order of their starts; the first is the whole body. */
export const analyse = (module, index) => {
  const body = module.bodies[index];
  const type = module.functions[module.imported + index];
  const { locals, at } = readLocals(type, body);
  const instructions = [];
  const reader = new Reader(body, at);
  while (reader.at < body.length) instructions.push(readInstruction(reader, module));
  return { type, locals, body, instructions, regions: findRegions(module, type, instructions) };
};

const arity = (module, blockType, what) => {
  if (blockType >= 0) return module.types[blockType][what].length;
  return what === 'results' && blockType !== VOID - 0x80 ? 1 : 0;
};

const findRegions = (module, type, instructions) => {
  const outermost = { op: OP.block, results: type.results.length, params: 0, base: 0, isFunction: true, waiting: [] };
  const frames = [outermost];
  const regions = [];
  let height = 0;
  let isDead = false;
  const open = (start) => {
    const frame = frames.at(-1);
    if (isDead || height !== frame.base || frame.params > 0) return;
    const region = { start, end: -1, frame, depth: frames.length - 1, falls: true };
    frame.waiting.push(region);
    regions.push(region);
  };
  const close = (end) => {
    const frame = frames.at(-1);
    for (const region of frame.waiting) Object.assign(region, { end, falls: !isDead });
    frame.waiting = [];
  };
  open(0);
  instructions.forEach((instruction, i) => {
    const { op, value, pops, pushes } = instruction;
    const frame = frames.at(-1);
    if (op === OP.end || op === OP.else) {
      close(i);
      height = frame.base + (op === OP.end ? frame.results : frame.params);
      isDead = false;
      if (op === OP.else) return open(i + 1);
      frames.pop();
      if (frames.length > 0 && frame.results === 0) open(i + 1);
      return undefined;
    }
    height = Math.max(frame.base, height - pops - (op === OP.if ? 1 : 0)) + pushes;
    if (op === OP.block || op === OP.loop || op === OP.if) {
      const params = arity(module, value, 'params');
      frames.push({ op, results: arity(module, value, 'results'), params, base: height - params, waiting: [] });
      if (op === OP.if) open(i + 1);
    } else if (op === OP.brIf) {
      open(i + 1);
    } else if (op === OP.br || op === OP.brTable || op === OP.return || op === OP.unreachable) {
      isDead = true;
      height = frame.base;
    }
    return undefined;
  });
  for (const region of regions) region.labels = undefined;
  return regions;
};

/**
 * What identifies a function from one compilation to the next: its name, and its operators without their operands
 * (operands change whenever anything else in the program does).
 */
export const keyOf = (name, instructions) => {
  const short = (data) => createHash('sha256').update(data).digest('base64url').slice(0, 8);
  return { name: short(plainName(name)), code: short(Uint8Array.from(instructions, ({ op }) => op)) };
};
