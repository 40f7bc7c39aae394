// What `instrument.mjs` and `split.mjs` share: reading a module and telling its functions apart.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** The API of npm's binaryen, from the folder in which it was installed. */
export const binaryenFrom = async (folder) =>
  (await import(pathToFileURL(join(folder, 'node_modules/binaryen/index.js')).href)).default;

/** A module with its own functions (not the imported ones) in order. */
export const readModule = (binaryen, path) => {
  const module = binaryen.readBinary(readFileSync(path));
  const functions = [];
  const imported = [];
  for (let i = 0; i < module.getNumFunctions(); i += 1) {
    const info = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    (info.module === '' ? functions : imported).push(info);
  }
  return { module, functions, imported };
};

/** The module's globals and tables, with what `binaryen` says of each. */
export const globalsOf = (binaryen, module) =>
  Array.from({ length: module.getNumGlobals() }, (_, i) => binaryen.getGlobalInfo(module.getGlobalByIndex(i)));
export const tablesOf = (binaryen, module) =>
  Array.from({ length: module.getNumTables() }, (_, i) => binaryen.getTableInfo(module.getTableByIndex(i)));
