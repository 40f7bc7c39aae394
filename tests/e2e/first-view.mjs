// Finds out which code of the wasm the first view runs, in every form that a first view has.
//
//     node first-view.mjs SITE INSTRUMENTED.wasm FROM COUNT OUT
//
// SITE is the folder of a built page; its wasm is replaced by the instrumented one, which leaves COUNT marks in its memory
// from FROM on. OUT gets the marks of all views together. `cargo xtask profile` calls this.
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { interactive, launch } from './browser.mjs';
import { unsettle } from './unsettle.mjs';

const [folder, instrumented, from, count, out] = process.argv.slice(2);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };

/** How long a file takes; on a busy machine any may be the last. */
const patience = (seed) => new Promise((done) => { setTimeout(done, seed > 0 ? Math.random() * 300 : 0); });

const serve = (seed) => async (route) => {
  await patience(seed);
  const path = normalize(decodeURIComponent(new URL(route.request().url()).pathname)).replace(/\/$/, '/index.html');
  const file = path.endsWith('mq_playground_bg.wasm') ? instrumented : join(folder, path);
  if (!existsSync(file)) return route.fulfill({ status: 404, body: '' });
  return route.fulfill({ body: readFileSync(file), contentType: TYPES[extname(file)] ?? 'application/octet-stream' });
};

/** Runs before the page's own scripts: keeps hold of the memory of the module. */
const keepMemory = () => {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      globalThis.mqMemory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
};
const readMarks = ([start, length]) =>
  Array.from(new Uint8Array(globalThis.mqMemory.buffer, start, length), (mark) => (mark === 0 ? '0' : '1')).join('');

const VIEWS = [];
// Visit 0 is calm; in the others the page is kept from its work at random, so that things come in another order.
const SEEDS = 6;
// What a window shows and how it is arranged depends on its size.
const SIZES = [[1440, 900], [390, 844], [1280, 720], [1920, 1080], [820, 1180], [844, 390]];
for (const [width, height] of SIZES) {
  for (const locale of ['en-GB', 'zh-CN']) {
    for (const reducedMotion of ['no-preference', 'reduce']) {
      const view = { viewport: { width, height }, locale, reducedMotion, colorScheme: 'light' };
      for (let seed = 0; seed < SEEDS; seed += 1) VIEWS.push([seed, view]);
    }
  }
}

const browser = await launch();
const marks = Buffer.alloc(Number(count));

async function look([seed, view]) {
  const room = await browser.newContext(view);
  await room.route('**/*', serve(seed));
  const page = await room.newPage();
  page.on('pageerror', (error) => { throw error; });
  await page.addInitScript(keepMemory);
  if (seed > 0) await page.addInitScript(unsettle, seed + SEEDS * view.viewport.width);
  await page.goto('http://localhost/');
  await interactive(page, { timeout: 60_000 });
  // What the page does by itself once it stands (measuring, first layout) is of the first view too.
  await page.waitForTimeout(500);
  // Where sizes and fonts come late, the drawing is drawn a second time before anything else happens.
  await page.setViewportSize({ width: view.viewport.width - 8, height: view.viewport.height - 8 });
  await page.waitForTimeout(200);
  const ran = await page.evaluate(readMarks, [Number(from), Number(count)]);
  for (let i = 0; i < marks.length; i += 1) if (ran[i] === '1') marks[i] = 1;
  await room.close();
}

let done = 0;
const waiting = VIEWS.entries();
// Several at a time: the machine may be as busy as it likes.
await Promise.all(Array.from({ length: 4 }, async () => {
  for (const [, view] of waiting) {
    await look(view);
    done += 1;
    if (done % 24 === 0) console.log(`${done} of ${VIEWS.length} visits`);
  }
}));
await browser.close();
writeFileSync(out, marks);
console.log(`${marks.reduce((sum, mark) => sum + mark, 0)} of ${marks.length} regions ran in the first view`);
