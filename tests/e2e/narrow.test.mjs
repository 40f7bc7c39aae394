// Phones, low windows and the usual laptop: nothing covers what is needed, nothing is cut.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

const phone = { viewport: PHONE, isMobile: true, hasTouch: true };
const smallest = { ...phone, viewport: { width: 320, height: 640 } };
const empty = (page) => page.locator('.bar-scenario select').selectOption('empty');

/** Whether a press in the middle of the element meets it. */
const canBePressed = (locator) => locator.evaluate((element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const met = element.getRootNode().elementFromPoint(x + width / 2, y + height / 2);
  return met !== null && element.contains(met);
});

test('on a phone each of the five beginnings of an empty canvas can be pressed', async () => {
  for (const options of [phone, smallest, { ...phone, viewport: { width: 844, height: 390 } }]) {
    await visit(options, async (playground) => {
      const { page } = playground;
      await playground.whole();
      await playground.button('Graph').click();
      await empty(page);
      const beginnings = page.locator('.begins button');
      await beginnings.nth(4).waitFor();
      for (let which = 0; which < 5; which += 1) {
        await beginnings.nth(which).scrollIntoViewIfNeeded();
        assert.ok(await canBePressed(beginnings.nth(which)), `beginning ${which} at ${options.viewport.width}`);
      }
    });
  }
});

test('on a phone a notice leaves the head of the open sheet alone, and shows all of itself when asked', async () => {
  for (const options of [phone, smallest]) {
    await visit(options, async (playground) => {
      const { page, notices } = playground;
      await playground.whole();
      await empty(page);
      await page.getByRole('navigation').getByRole('button', { name: 'Add a new exchange' }).tap();
      const form = playground.form('Add a new exchange');
      await form.getByLabel('Name').fill('amq.mine');
      await form.getByRole('button', { name: 'Add exchange' }).tap();
      await notices.getByText('RabbitMQ closed channel 1').waitFor();
      const notice = await page.locator('.notice').last().boundingBox();
      const head = await page.locator('.sheet-head').boundingBox();
      assert.ok(notice.y + notice.height <= head.y, JSON.stringify({ notice, head }));
      assert.ok(await canBePressed(page.locator('.sheet-head button')));
      const reply = notices.getByText('403 ACCESS_REFUSED');
      assert.ok(!(await reply.isVisible()));
      await notices.getByRole('button', { name: 'Show all of it' }).tap();
      await reply.waitFor();
    });
  }
});

test('the smallest phone is never pushed aside by a press on something at its border', async () => {
  await visit(smallest, async (playground) => {
    const { page } = playground;
    await playground.whole();
    await playground.button('Graph').click();
    await page.locator('.bar-scenario select').selectOption('work-queue');
    for (let taken = 0; taken < 12; taken += 1) await playground.step();
    for (const node of await page.locator('.node').all()) await node.scrollIntoViewIfNeeded();
    const left = await page.evaluate(() => {
      const root = document.querySelector('mq-playground').shadowRoot;
      return [document.documentElement, ...root.querySelectorAll('.page, .stage, .canvas')].map((it) => it.scrollLeft);
    });
    assert.deepEqual(left, left.map(() => 0));
  });
});

test('a scenario flows from above on a phone, whatever places it was drawn with', async () => {
  await visit(phone, async (playground) => {
    const { page } = playground;
    await playground.whole();
    await playground.button('Graph').click();
    await page.locator('.bar-scenario select').selectOption('work-queue');
    for (let taken = 0; taken < 12; taken += 1) await playground.step();
    const middle = async (node) => playground.middleOf(node.locator('.node-shape'));
    const [sender, queue, worker] = await Promise.all([
      middle(playground.program('sender')), middle(playground.queue('hello')), middle(playground.program('worker 2'))]);
    assert.ok(sender.y < queue.y && queue.y < worker.y, JSON.stringify({ sender, queue, worker }));
  });
});

test('on a laptop the bar stays one row, and no table of the charts is cut', async () => {
  await visit({ viewport: { width: 1280, height: 800 } }, async (playground) => {
    const { page } = playground;
    await playground.whole();
    await page.locator('.bar-scenario select').selectOption('work-queue');
    for (let taken = 0; taken < 54; taken += 1) await page.locator('.bar-play button').last().click();
    await playground.drawn();
    assert.ok((await page.locator('.bar').boundingBox()).height < 50);
    await page.getByRole('tab', { name: 'Charts', exact: true }).click();
    await page.locator('.charts').waitFor();
    const cut = await page.locator('.charts .table-scroll').evaluateAll((tables) => tables
      .filter((table) => table.scrollWidth > table.clientWidth + 1).map((table) => table.getAttribute('aria-label')));
    assert.deepEqual(cut, []);
  });
});
