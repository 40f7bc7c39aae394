// How a page is measured: frames, CPU, and the time from an event to the paint that shows it.

const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

const spread = (values) => ({ median: percentile(values, 0.5), p95: percentile(values, 0.95) });

/** A place on the surface where nothing lies: dragging from there moves the view. */
async function bareSpot(surface) {
  const box = await surface.boundingBox();
  return { x: box.x + box.width - 24, y: box.y + box.height * 0.55 };
}

const startFrames = (page) => page.evaluate(() => {
  globalThis.benchFrames = [];
  let last;
  const frame = (now) => {
    if (last !== undefined) globalThis.benchFrames.push(now - last);
    last = now;
    globalThis.benchFrame = requestAnimationFrame(frame);
  };
  globalThis.benchFrame = requestAnimationFrame(frame);
});

const stopFrames = (page) => page.evaluate(() => {
  cancelAnimationFrame(globalThis.benchFrame);
  return globalThis.benchFrames;
});

/** Milliseconds between frames while the view is dragged about. */
export async function panning({ page, surface }) {
  const { x, y } = await bareSpot(surface);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await startFrames(page);
  for (let step = 1; step <= 90; step += 1) {
    await page.mouse.move(x - 200 * Math.abs(Math.sin(step / 15)), y + 60 * Math.sin(step / 10));
  }
  const frames = await stopFrames(page);
  await page.mouse.up();
  return spread(frames);
}

async function metrics(tools) {
  const { metrics: list } = await tools.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** CPU of the page's main thread for one frame, and how much of it is script, while it plays by itself. */
export async function busy({ page, tools }) {
  await tools.send('Performance.enable');
  await startFrames(page);
  const before = await metrics(tools);
  await page.waitForTimeout(4_000);
  const after = await metrics(tools);
  const frames = (await stopFrames(page)).length;
  const spent = (name) => ((after[name] - before[name]) * 1_000) / frames;
  return { cpu: spent('TaskDuration'), script: spent('ScriptDuration') };
}

/** Writes down, for each event of a kind, how long it took until what it caused was painted. */
const watch = (page, kind) => page.evaluate((name) => {
  globalThis.benchWaits = [];
  globalThis.benchListener = (event) => {
    const at = event.timeStamp;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => globalThis.benchWaits.push(performance.now() - at);
      port2.postMessage(0);
    });
  };
  globalThis.addEventListener(name, globalThis.benchListener, true);
}, kind);

async function waits(page, kind) {
  await page.waitForTimeout(500);
  return page.evaluate((name) => {
    globalThis.removeEventListener(name, globalThis.benchListener, true);
    return globalThis.benchWaits;
  }, kind);
}

/** Event to paint while a node is dragged. */
export async function dragging({ page, node }) {
  const box = await node.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await watch(page, 'pointermove');
  for (let step = 1; step <= 40; step += 1) await page.mouse.move(x + step * 3, y + step);
  const all = await waits(page, 'pointermove');
  await page.mouse.up();
  return spread(all);
}

/** Between two keys of somebody quick, in milliseconds. */
const KEY_MS = 60;

/** Key to paint in a field of a form. */
export async function typing({ page, surface }) {
  await surface.focus();
  await page.keyboard.press('Control+k');
  await page.waitForTimeout(300);
  await watch(page, 'keydown');
  for (const key of 'orders and queues, and what is bound to them') {
    await page.keyboard.press(key === ' ' ? 'Space' : key);
    await page.waitForTimeout(KEY_MS);
  }
  return spread(await waits(page, 'keydown'));
}
