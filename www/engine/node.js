// The engine in Node.js: the wasm is read from beside this file.
import { readFile } from 'node:fs/promises';
import { make } from './core.js';
import init, { RawBroker } from './pkg/mq_engine.js';

await init({ module_or_path: await readFile(new URL('./pkg/mq_engine_bg.wasm', import.meta.url)) });

export const { Broker } = make(RawBroker);
