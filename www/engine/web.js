// The engine in a browser or in a bundler: the wasm is fetched from beside this file.
import { make } from './core.js';
import init, { RawBroker } from './pkg/mq_engine.js';

await init({ module_or_path: new URL('./pkg/mq_engine_bg.wasm', import.meta.url) });

export const { Broker } = make(RawBroker);
