// The page loads, from wherever it is served. Also run against the static site below a deep path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

test('the page loads without an error and without a request to another host', async (t) => {
  await visit({}, async (playground) => {
    assert.equal(await playground.main.isVisible(), true);
    t.diagnostic(`to interactive: ${await playground.timeToInteractive()} ms`);
  });
});

test('nothing on a phone is wider than the phone', async () => {
  await visit({ viewport: PHONE, isMobile: true, hasTouch: true }, async ({ page }) => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= PHONE.width, `${width} > ${PHONE.width}`);
  });
});
