// What the first view loads: the first part of the wasm, and the other only behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsettle } from './unsettle.mjs';
import { DESKTOP, PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

/** What the size report counts as the first view; everything else comes behind it. */
const COUNTED = ['/', 'canvas.css', 'components.css', 'element.js', 'embed.css', 'layout.css', 'mq_playground.js',
  'mq_playground_bg.wasm', 'page.css', 'page.js', 'playground.js', 'table.css', 'tokens.css'];

const REST = /mq_playground_rest\.wasm$/;

/** Whoever could not wait would have sent an XMLHttpRequest. */
async function waitsForTheRest({ page }) {
  await page.waitForFunction((rest) => performance.getEntriesByType('resource')
    .some(({ name: address }) => new RegExp(rest).test(address)), REST.source);
  const loads = await page.evaluate((rest) => performance.getEntriesByType('resource')
    .filter(({ name: address }) => new RegExp(rest).test(address))
    .map(({ initiatorType }) => initiatorType), REST.source);
  assert.deepEqual(loads, ['fetch'], 'the first view called what is not in its part: cargo xtask profile');
  await page.locator('.dock-head').waitFor();
}

for (const [name, options] of Object.entries({
  'on a desktop': {},
  'on a phone': { viewport: PHONE },
  'on a laptop': { viewport: { width: 1280, height: 720 } },
  'on a large screen': { viewport: { width: 1920, height: 1080 } },
  'on a tablet': { viewport: { width: 820, height: 1180 } },
  'on a phone lying down': { viewport: { width: 844, height: 390 } },
  'in Chinese, with motion': { locale: 'zh-CN', reducedMotion: 'no-preference' },
})) {
  test(`the first view needs the first part of the code only, ${name}`, () => visit(options, waitsForTheRest));
}

// Things come in another order there: the profile has to know all of them.
for (const [name, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`the first view needs the first part of the code only, on a busy ${name}`, async () => {
    for (const seed of [11, 12, 13, 14, 15, 16]) {
      const prepare = (page) => page.addInitScript(unsettle, seed);
      await visit({ viewport, prepare, reducedMotion: seed % 2 ? 'reduce' : 'no-preference' }, waitsForTheRest);
    }
  });
}

test('until one can work with it, the page fetches what the size report counts, and nothing else', () =>
  visit({}, async ({ page }) => {
    const fetched = await page.evaluate(() => {
      const [{ startTime }] = performance.getEntriesByName('mq-interactive');
      const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
      return all.filter((entry) => entry.startTime < startTime).map(({ name }) => new URL(name).pathname);
    });
    const names = fetched.map((path) => (path.endsWith('/') ? '/' : path.replace(/.*[/]/, '')));
    assert.deepEqual(names.filter((name) => name !== 'favicon.ico').sort(), [...COUNTED].sort());
  }));

/** Keeps hold of every element that is drawn, with what it looks like. */
function remember() {
  const LOOKS = ['backgroundColor', 'color', 'borderTopWidth', 'borderTopColor', 'fontFamily', 'fontSize', 'paddingTop',
    'paddingInlineStart', 'textAlign', 'textDecorationLine', 'cursor', 'listStyleType'];
  const DRAWN = ['fill', 'stroke', 'strokeWidth', 'strokeDasharray', 'opacity', 'cursor'];
  const root = document.querySelector('mq-playground').shadowRoot.querySelector('.mq-root');
  globalThis.mqLooks = (element) => (element instanceof SVGElement ? DRAWN : LOOKS)
    .map((name) => `${name} ${getComputedStyle(element)[name]}`);
  const own = (element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`;
  globalThis.mqOwn = own;
  globalThis.mqSeen = [...root.querySelectorAll('*')]
    .filter((element) => element.checkVisibility())
    .map((element) => ({ element, was: own(element), looked: globalThis.mqLooks(element) }));
  return globalThis.mqSeen.length;
}

/** What looks otherwise now, though it is the same element with the same names. */
const changed = () => globalThis.mqSeen
  .filter(({ element, was }) => element.isConnected && globalThis.mqOwn(element) === was)
  .flatMap(({ element, was, looked }) => globalThis.mqLooks(element)
    .map((now, place) => (now === looked[place] ? '' : `${was}: ${looked[place]} -> ${now}`)))
  .filter(Boolean);

for (const [name, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, phone: PHONE })) {
  test(`the looks that come later change nothing that one sees already, on a ${name}`, () => {
    let release;
    const held = new Promise((done) => { release = done; });
    const prepare = (page) => page.route(/\.css$|_rest\.wasm$/, async (route) => {
      const { pathname } = new URL(route.request().url());
      // A page that cannot wait stands still meanwhile, and could not be asked anything.
      const waits = route.request().resourceType() !== 'xhr' && !COUNTED.includes(pathname.replace(/.*[/]/, ''));
      if (waits) await held;
      await route.continue();
    });
    return visit({ viewport, prepare }, async ({ page }) => {
      await page.waitForTimeout(300);
      assert.ok(await page.evaluate(remember) > 50);
      assert.equal(await page.locator('.dock-head').count(), 0, 'the rest was not held back');
      release();
      await page.locator('.dock-head').waitFor();
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
      assert.deepEqual([...new Set(await page.evaluate(changed))], []);
    });
  });
}
