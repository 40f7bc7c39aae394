// What the first view loads: the first part of the wasm, and the other only behind it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

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
