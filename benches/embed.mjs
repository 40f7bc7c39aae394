// What an embed costs: from being seen to being usable, cold and warm; wake-ups while nothing moves; the memory of ten.
// `cargo xtask bench embed` builds the page and runs this; one line a figure, and the same in target/bench-embed.json.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launch } from '../tests/e2e/browser.mjs';
import { host } from '../tests/packages/server.mjs';

const TOP = fileURLToPath(new URL('../', import.meta.url));
const ROUNDS = Number(process.env.MQ_ROUNDS ?? 5);
const LOADER = '<script type="module" src="/www/element.js"></script>';
const page_ = (inside) => `<!doctype html><html lang="en"><head><link rel="icon" href="data:,"></head><body>${LOADER}${inside}</body></html>`;

const figures = [];
const shown = ({ value, unit }) => (unit === 'B' && value > 100_000 ? `${(value / 1e6).toFixed(2)} MB` : `${Math.round(value)} ${unit}`);
function say(figure) {
  figures.push(figure);
  const { id, name, ratio, goal, says } = figure;
  const times = ratio ? `${ratio.toFixed(2)} x one` : '';
  const wanted = goal && shown({ ...figure, value: goal });
  const verdict = goal === undefined ? '' : `goal ${wanted || goal}${says ? `: ${says}` : ''}   ${figure.value <= goal ? 'met' : 'not met'}`;
  console.log(`${id.padEnd(5)}${name.padEnd(40)}${shown(figure).padStart(12)}   ${times}${verdict}`);
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const embeds = (count) => Array.from({ length: count }, () => '<mq-playground loading="eager" height="300" scenario="work-queue"></mq-playground>').join('');
const pages = {
  '/far.html': page_('<div style="height:4000px"></div><mq-playground height="400" scenario="work-queue"></mq-playground>'),
  '/one.html': page_(embeds(1)),
  '/ten.html': page_(embeds(10)),
};
const served = await host(TOP, { pages });
const browser = await launch();

const allReady = (page) => page.evaluate(() => Promise.all([...document.querySelectorAll('mq-playground')].map((it) => it.api(1).then(() => {}))));

/** Milliseconds from the moment it is scrolled into view until one can work with it. */
async function seen(room) {
  const page = await room.newPage();
  await page.goto(`${served.origin}/far.html`, { waitUntil: 'load' });
  const ms = await page.evaluate(async () => {
    const started = performance.now();
    const element = document.querySelector('mq-playground');
    element.scrollIntoView();
    await element.api(1);
    return performance.now() - started;
  });
  await page.close();
  return ms;
}

/**
 * What a page holds for its playgrounds when everything has come, in bytes: the wasm's memory, the JavaScript heap after a
 * collection, and what Chromium keeps for nodes, styles and layout. None of it depends on how busy the machine is.
 */
async function memory(path, height = 720) {
  const room = await browser.newContext({ viewport: { width: 1280, height } });
  const page = await room.newPage();
  await page.goto(`${served.origin}${path}`);
  await allReady(page);
  const read = () => page.evaluate(async () => {
    const { code } = await import('/www/playground.js');
    const module = await code();
    await module.rest?.();
    await new Promise((done) => setTimeout(() => requestIdleCallback(done), 500));
    return (await module.default()).memory.buffer.byteLength;
  });
  await read();
  const session = await room.newCDPSession(page);
  for (let i = 0; i < 3; i += 1) await session.send('HeapProfiler.collectGarbage');
  const wasm = await read();
  const { usedSize, embedderHeapUsedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await room.close();
  return { wasm, js: usedSize, dom: embedderHeapUsedSize, all: wasm + usedSize + embedderHeapUsedSize, nodes, listeners: jsEventListeners };
}

/** Bytes of one world of the engine alone, without a page: of 400 after a first one, since memory grows by pages. */
async function world() {
  const { instance } = await WebAssembly.instantiate(await readFile(process.env.MQ_WORLDS));
  const { worlds, memory: held } = instance.exports;
  worlds(1);
  const before = held.buffer.byteLength;
  worlds(400);
  return (held.buffer.byteLength - before) / 400;
}

/** Animation frames asked for in a second. */
async function wakeUps(prepare) {
  const room = await browser.newContext();
  const page = await room.newPage();
  await page.goto(`${served.origin}/one.html`);
  await page.evaluate(() => {
    const below = document.createElement('div');
    below.style.height = '5000px';
    document.body.append(below);
  });
  await allReady(page);
  await prepare(page);
  await page.waitForTimeout(800);
  const asked = await page.evaluate(async () => {
    let count = 0;
    const usual = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (callback) => { count += 1; return usual(callback); };
    await new Promise((done) => setTimeout(done, 1000));
    return count;
  });
  await room.close();
  return asked;
}

const colds = [];
const warms = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const room = await browser.newContext();
  colds.push(await seen(room));
  warms.push(await seen(room));
  await room.close();
}
const { size } = await stat(`${TOP}www/element.js`);
say({ id: 'E1', name: 'loader, with comments and indentation', value: size, unit: 'B' });
say({ id: 'E2', name: 'seen until usable, cold', value: median(colds), unit: 'ms' });
say({ id: 'E2', name: 'seen until usable, warm', value: median(warms), unit: 'ms' });
say({ id: 'E3', name: 'wake-ups a second, paused', value: await wakeUps(async () => {}), unit: '/s', goal: 0 });
const play = (page) => page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).run());
say({
  id: 'E3',
  name: 'wake-ups a second, playing off-screen',
  value: await wakeUps(async (page) => {
    await play(page);
    await page.evaluate(() => scrollTo(0, 4500));
  }),
  unit: '/s',
  goal: 0,
});
const [one, ten] = [await memory('/one.html'), await memory('/ten.html')];
const inView = await memory('/ten.html', 3100);
const engine = await world();
const most = 1.5 * (one.all + 10 * engine);
const E4 = (name, value, more) => say({ id: 'E4', name, value, unit: 'B', ...more });
E4('one world of the engine alone', engine);
E4('one embed: wasm', one.wasm);
E4('one embed: JavaScript', one.js);
E4('one embed: nodes, styles, layout', one.dom);
E4('ten embeds: wasm', ten.wasm, { ratio: ten.wasm / one.wasm });
E4('ten embeds: JavaScript', ten.js, { ratio: ten.js / one.js });
E4('ten embeds: nodes, styles, layout', ten.dom, { ratio: ten.dom / one.dom });
E4('ten embeds in all', ten.all, { goal: most, says: '1.5 x (ten worlds + one embed)' });
E4('the same, all ten in view', inView.all, { ratio: inView.all / one.all });
say({ id: 'E5', name: 'nodes of ten embeds', value: ten.nodes, unit: '', ratio: ten.nodes / one.nodes });
say({ id: 'E5', name: 'listeners of ten embeds', value: ten.listeners, unit: '', ratio: ten.listeners / one.listeners });
await browser.close();
served.stop();
await mkdir(`${TOP}target`, { recursive: true });
await writeFile(`${TOP}target/bench-embed.json`, `${JSON.stringify(figures, null, 2)}\n`);
