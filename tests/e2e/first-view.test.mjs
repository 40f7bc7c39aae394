// What the first view loads: the first part of the wasm, and the other only behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

/** What the size report counts as the first view; everything else comes behind it. */
const COUNTED = ['/', 'canvas.css', 'components.css', 'element.js', 'embed.css', 'layout.css', 'mq_playground.js',
  'mq_playground_bg.wasm', 'page.css', 'page.js', 'playground.js', 'table.css', 'tokens.css'];

const REST = /mq_playground_rest\.wasm$/;

for (const [name, options] of Object.entries({
  'on a desktop': {},
  'on a phone': { viewport: PHONE },
  'in Chinese, with motion': { locale: 'zh-CN', reducedMotion: 'no-preference' },
})) {
  test(`the first view needs the first part of the code only, ${name}`, () =>
    visit(options, async ({ page }) => {
      await page.waitForFunction((rest) => performance.getEntriesByType('resource')
        .some(({ name: address }) => new RegExp(rest).test(address)), REST.source);
      const loads = await page.evaluate((rest) => performance.getEntriesByType('resource')
        .filter(({ name: address }) => new RegExp(rest).test(address))
        .map(({ initiatorType }) => initiatorType), REST.source);
      // An XMLHttpRequest would be somebody who could not wait.
      assert.deepEqual(loads, ['fetch'], 'the first view called what is not in its part: cargo xtask profile');
      await page.locator('.dock-head').waitFor();
    }));
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
