// `cargo xtask bench ui`: the release page and the same graphs in React Flow, in one headless Chromium, taking turns.
//
// node ui.mjs SITE PEER ROUNDS BUSY_SECONDS
// SITE is the folder of the page, PEER the one of the React Flow page; playwright-core comes from tests/e2e.
// Each figure is a line `ID|NAME|VALUE|UNIT|PEER NAME|PEER VALUE|GOAL KIND|GOAL`; xtask prints them.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { busy, dragging, panning, typing } from './measure.mjs';
import { busyScenario, largeScenario } from './scenarios.mjs';
import { serve, weight } from './site.mjs';

const [siteFolder, peerFolder, roundsText, busyText] = process.argv.slice(2);
const rounds = Number(roundsText);
const top = fileURLToPath(new URL('../../', import.meta.url));
const { chromium } = createRequire(`${top}tests/e2e/`)('playwright-core');

const VIEWPORT = { width: 1440, height: 900 };
const say = (...fields) => console.log(`figure ${fields.join('|')}`);
const note = (text) => console.log(`note ${text}`);
const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
};

const site = await serve(siteFolder);
const peer = await serve(peerFolder);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--enable-precise-memory-info'],
});

/** A fresh page, and the DevTools connection to it. */
async function open(url, prepare = async () => {}) {
  const room = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB', reducedMotion: 'no-preference' });
  const page = await room.newPage();
  const tools = await room.newCDPSession(page);
  await prepare(tools, page);
  await page.goto(url);
  return { page, tools, close: () => room.close() };
}

const usable = (page) => page.waitForFunction(() => performance.getEntriesByName('mq-interactive').length > 0, null, { timeout: 120_000 });

/** Our page with a scenario, playing or not. */
async function ours(scenario, { playing }, prepare = async () => {}) {
  const room = await open(site.url, (tools, page) => prepare(page));
  await usable(room.page);
  await room.page.locator('input[type=file]').setInputFiles({
    name: 'bench.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(scenario)),
  });
  await room.page.waitForTimeout(1_500);
  if (playing) {
    await room.page.getByRole('button', { name: 'Play', exact: true }).first().click();
    await room.page.waitForTimeout(4_000);
  }
  return { ...room, surface: room.page.getByRole('application'), node: room.page.getByRole('application').locator('[data-node], .node').first() };
}

/** The same in React Flow; dots ride on the edges if they are asked for. */
async function theirs({ exchanges, queues, edges, dots }) {
  const query = new URLSearchParams({ exchanges, queues, edges, dots });
  const room = await open(`${peer.url}?${query}`);
  await usable(room.page);
  await room.page.waitForTimeout(dots > 0 ? 4_000 : 1_500);
  return { ...room, surface: room.page.locator('.react-flow__pane'), node: room.page.locator('.react-flow__node').first() };
}

async function each(makers, measure) {
  const results = makers.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, make] of makers.entries()) {
      const room = await make();
      try {
        results[index].push(await measure(room));
      } finally {
        await room.close();
      }
    }
  }
  const keys = Object.keys(results[0][0]);
  return results.map((list) => Object.fromEntries(keys.map((key) => [key, median(list.map((it) => it[key]))])));
}

/** What a first visit weighs, and when it can be used on a slow phone. */
async function firstView() {
  const kilobytes = await Promise.all([weight(browser, site, usable), weight(browser, peer, usable)]);
  say('P9', 'first view, brotli', kilobytes[0], 'kB', 'React Flow', kilobytes[1], 'limit', 150);
  const slow = async (tools) => {
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', {
      offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8,
    });
    await tools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  };
  const until = (url) => async () => open(url, slow);
  const [us, them] = await each([until(site.url), until(peer.url)], async ({ page }) => {
    await usable(page);
    const ms = await page.evaluate(() => performance.getEntriesByName('mq-interactive')[0].startTime);
    return { ms };
  });
  say('P10', 'usable, slow phone', us.ms, 'ms', 'React Flow', them.ms, 'times', 1);
}

async function graph(name, scenario, shape, goals) {
  const [us, them] = await each(
    [() => ours(scenario, { playing: true }), () => theirs(shape)],
    (room) => panning(room),
  );
  say('-', `${name}, panning: frame, median`, us.median, 'ms', 'React Flow', them.median);
  say('-', `${name}, panning: frame, p95`, us.p95, 'ms', 'React Flow', them.p95);
  const [still, peerStill] = await each(
    [() => ours(scenario, { playing: true }), () => theirs(shape)],
    (room) => busy(room),
  );
  const goal = (kind, value) => (goals ? [kind, value] : []);
  const id = goals ? 'P11' : '-';
  say(id, `${name}, CPU a frame`, still.cpu, 'ms', 'React Flow', peerStill.cpu, ...goal('times', 0.2));
  say(id, `${name}, own script a frame`, still.script, 'ms', '', '', ...goal('limit', 4));
}

async function drag() {
  const shape = { exchanges: 500, queues: 500, edges: 1_000, dots: 2_000 };
  const [us, animated, idle] = await each(
    [
      () => ours(largeScenario(), { playing: true }),
      () => theirs(shape),
      () => theirs({ ...shape, dots: 0 }),
    ],
    (room) => dragging(room),
  );
  for (const [key, goal] of [['median', 1 / 3], ['p95', 1 / 3]]) {
    say('P12', `1,000 nodes, dragging: event to paint, ${key}`, us[key], 'ms', 'React Flow animated', animated[key], 'times', goal);
    say('P12', `1,000 nodes, dragging: event to paint, ${key}`, us[key], 'ms', 'React Flow idle', idle[key], 'times', 1);
  }
}

async function keys() {
  const [us] = await each([() => ours(busyScenario(), { playing: true })], (room) => typing(room));
  say('-', 'a key in a field while a run plays, median', us.median, 'ms');
  say('-', 'a key in a field while a run plays, p95', us.p95, 'ms');
}

/** Runs before the page's own scripts: keeps hold of the memory of the module. */
const keepMemory = () => {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      globalThis.benchMemory ??= (made.instance ?? made).exports.memory;
      return made;
    };
  }
};

/** Whether memory stays where it is: from the first minute, when everything that is kept is there, to the end. */
async function endurance(seconds) {
  const room = await ours(busyScenario(), { playing: true }, (page) => page.addInitScript(keepMemory));
  const used = async () => {
    await room.tools.send('HeapProfiler.collectGarbage');
    const own = await room.page.evaluate(() => ({
      script: performance.memory.usedJSHeapSize / 1e6,
      wasm: globalThis.benchMemory.buffer.byteLength / 1e6,
    }));
    return { ...own, renderer: await rendererMegabytes() };
  };
  const minute = Math.min(60, seconds / 2);
  await room.page.waitForTimeout(minute * 1_000);
  const start = await used();
  await room.page.waitForTimeout((seconds - minute) * 1_000);
  const end = await used();
  const what = { script: "JavaScript's heap", wasm: "wasm's memory", renderer: "the renderer's memory" };
  for (const [key, name] of Object.entries(what)) {
    say('-', `${name} after ${seconds} s of a busy run`, end[key], 'MB', `after ${minute} s`, start[key]);
  }
  await room.close();
}

/** Resident memory of all renderers. */
async function rendererMegabytes() {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const sizes = processInfo.filter((it) => it.type === 'renderer').map(async ({ id }) => {
    const text = await readFile(`/proc/${id}/statm`, 'utf8').catch(() => '0 0');
    return (Number(text.split(' ')[1]) * 4096) / 1e6;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const parts = [
  ['the first view', firstView],
  ['100 exchanges + 100 queues', () => graph('100 + 100 + 400', busyScenario(), { exchanges: 100, queues: 100, edges: 400, dots: 1_000 }, false)],
  ['1,000 nodes', () => graph('1,000 nodes', largeScenario(), { exchanges: 500, queues: 500, edges: 1_000, dots: 2_000 }, true)],
  ['dragging', drag],
  ['typing', keys],
  ['endurance', () => endurance(Number(busyText))],
];
note(`Chromium ${browser.version()}, headless, no GPU; ${rounds} rounds; a window of ${VIEWPORT.width} x ${VIEWPORT.height}`);
try {
  for (const [name, part] of parts) {
    // One part that fails takes none of the others with it.
    await part().catch((error) => note(`${name}: not measured: ${String(error).split('\n')[0]}`));
  }
} finally {
  await browser.close();
  site.stop();
  peer.stop();
}
