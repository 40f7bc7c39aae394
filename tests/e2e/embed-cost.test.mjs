// What a playground costs the page it stands in: downloads, nodes, jumps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOADER, OPEN, document_, on, ready, token, withChromium } from './hosted.mjs';

withChromium();

const rests = (served) => served.asked.filter((path) => path.endsWith('_rest.wasm')).length;
const slowRest = (path) => (path.endsWith('_rest.wasm') ? 700 : 0);

for (const [what, attributes] of Object.entries({
  'no scenario at all': '',
  'another built-in scenario': 'scenario="work-queue"',
  'a link': `state="${token('queue work\nproducer p\n  publish "" key=work "x"\n')}"`,
  'start="visible"': 'start="visible"',
})) {
  test(`a script that uses the API as soon as it is there costs no second download: ${what}`, () =>
    on(document_(`${LOADER}<mq-playground loading="eager" ${attributes}></mq-playground>`), async (page, served) => {
      const done = await page.evaluate(async () => {
        const api = await document.querySelector('mq-playground').api(1);
        api.submit({ method: 'queue.declare', queue: 'mine' });
        api.load('queue work durable\nproducer shop\n  publish "" key=work "one"\n');
        api.step(4);
        return [api.snapshot().queues.length, api.toSVG().length > 1000, api.text().includes('producer')];
      });
      assert.deepEqual(done, [1, true, true]);
      const ways = await page.evaluate(() => performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('_rest.wasm')).map(({ initiatorType }) => initiatorType));
      assert.deepEqual(ways, ['fetch'], 'it was fetched in the way of the page');
      assert.equal(rests(served), 1);
    }, { slow: slowRest }));
}

test('who presses a button before the rest of the code is there shares its download, where the host lets it be kept', () =>
  on(document_(`${LOADER}<mq-playground loading="eager"></mq-playground>`), async (page, served) => {
    await page.waitForFunction(() => performance.getEntriesByName('mq-interactive').length > 0);
    await page.getByRole('button', { name: 'Table' }).click();
    await page.getByRole('table').first().waitFor();
    await ready(page);
    assert.equal(rests(served), 1);
  }, { slow: slowRest, headers: { ...OPEN, 'cache-control': 'max-age=600' } }));

const FAR = `${LOADER}<p id="top">top</p><div style="height:3000px"></div>
  <mq-playground loading="eager" height="300" scenario="work-queue"></mq-playground><p>below</p><div style="height:3000px"></div>`;
const drawn = (page) => page.evaluate(() => document.querySelector('mq-playground').shadowRoot.querySelectorAll('*').length);

test('far from the window it is not drawn, but it works; near, it stands there as if it always had', () =>
  on(document_(FAR), async (page) => {
    await ready(page);
    await page.waitForTimeout(300);
    assert.ok(await drawn(page) < 10, `${await drawn(page)} elements`);
    const seen = await page.evaluate(async () => {
      const api = await document.querySelector('mq-playground').api(1);
      api.step(3);
      return { steps: api.state.steps > 2, svg: api.toSVG().includes('hello') };
    });
    assert.deepEqual(seen, { steps: true, svg: true });
    const places = () => page.evaluate(() => [document.documentElement.scrollHeight, document.querySelector('mq-playground').getBoundingClientRect().height]);
    const before = await places();
    await page.locator('mq-playground').scrollIntoViewIfNeeded();
    await page.locator('mq-playground .dock-head').waitFor();
    assert.deepEqual(await places(), before);
    assert.equal(await page.evaluate(() => document.querySelector('mq-playground').shadowRoot.querySelector('.page').dataset.simTime !== undefined), true);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(() => document.querySelector('mq-playground').shadowRoot.querySelectorAll('*').length < 10);
    assert.deepEqual(await places(), before);
  }));

test('a playground that somebody has worked with stays as it is left', () =>
  on(document_(FAR), async (page) => {
    await ready(page);
    await page.locator('mq-playground').scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Table' }).click();
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(500);
    await page.locator('mq-playground').scrollIntoViewIfNeeded();
    assert.equal(await page.locator('mq-playground').getByRole('table').first().isVisible(), true);
  }));

test('nothing on the page jumps while playgrounds come and go', () =>
  on(document_(Array.from({ length: 6 }, (_, n) => `<p>Paragraph ${n}</p><mq-playground height="320" scenario="work-queue"><p>fallback</p></mq-playground><p>${'text '.repeat(80)}</p>`).join(''), `${LOADER}<style>mq-playground { display: block; min-height: 320px }</style><script>
    globalThis.jumps = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) jumps += entry.value; }).observe({ type: 'layout-shift', buffered: true });
  </script>`), async (page) => {
    await ready(page);
    for (let y = 0; y < 2600; y += 200) {
      await page.evaluate((to) => scrollTo(0, to), y);
      await page.waitForTimeout(60);
    }
    await ready(page, 'mq-playground:last-of-type');
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(400);
    assert.equal(await page.evaluate(() => globalThis.jumps), 0);
  }));
