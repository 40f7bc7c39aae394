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
      const notice = await page.locator('.stage .notice').last().boundingBox();
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

/** Adds an exchange that RabbitMQ refuses, so that a notice says so. */
async function refused(playground, name) {
  await playground.declareExchange({ name });
  await playground.notices.getByText(`exchange name '${name}'`).waitFor();
}

test('on a desktop a notice stands below the details: the drawing and its tools stay, and so does all of the side', async () => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 1280, height: 720 }, { width: 960, height: 700 }]) {
    await visit({ viewport }, async (playground) => {
      const { page } = playground;
      await playground.whole();
      await page.locator('.bar-scenario select').selectOption('work-queue');
      for (let taken = 0; taken < 12; taken += 1) await playground.step();
      await page.getByRole('navigation').getByRole('button', { name: 'Add a new exchange' }).click();
      const box = (locator) => locator.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, right: x + width, bottom: y + height };
      });
      const before = await box(playground.canvas);
      for (const name of ['amq.one', 'amq.two']) await refused(playground, name);
      assert.deepEqual(await box(playground.canvas), before);
      assert.equal(await page.locator('.notice').filter({ visible: true }).count(), 1);
      const [side, notice] = [await box(page.locator('.side')), await box(playground.notices)];
      assert.ok(notice.y >= side.bottom - 1 && notice.x >= before.right - 1, JSON.stringify({ side, notice, before }));
      assert.ok(side.bottom - side.y > 200, 'the side is squeezed');
      for (const button of await page.locator('.canvas-tools button, .side button').all()) {
        await button.scrollIntoViewIfNeeded();
        assert.ok(await canBePressed(button), await button.getAttribute('aria-label') ?? await button.textContent());
      }
      await playground.notices.getByRole('button', { name: 'Close' }).click();
      await playground.notices.getByText("exchange name 'amq.one'").waitFor();
      await playground.notices.getByRole('button', { name: 'Close' }).click();
      assert.equal(await page.locator('.notice').count(), 0);
      assert.deepEqual((await box(page.locator('.side'))).bottom, before.bottom);
    });
  }
});

test('a notice over the drawing takes no press but on its own buttons', () =>
  visit(phone, async (playground) => {
    const { page, notices } = playground;
    await playground.whole();
    await playground.button('Graph').click();
    await empty(page);
    await refused(playground, 'amq.mine').catch(() => {});
    await page.locator('.sheet-head button').tap();
    const words = page.locator('.stage .notice .notice-words');
    await words.waitFor();
    assert.ok(!(await canBePressed(words)), 'the words are in the way');
    const close = notices.getByRole('button', { name: 'Close' });
    assert.ok(await canBePressed(close));
    await close.tap();
    await words.waitFor({ state: 'hidden' });
  }));

/** The page's clock can be put ahead: `mqAhead` milliseconds. */
const prepare = (page) => page.addInitScript(() => {
  const now = performance.now.bind(performance);
  globalThis.mqAhead = 0;
  performance.now = () => now() + globalThis.mqAhead;
});

test('a notice that only informs goes with what one does next, once it could be read; one of a failure stays', () =>
  visit({ prepare }, async (playground) => {
    const { page, notices } = playground;
    await playground.whole();
    await empty(page);
    await playground.declareExchange({ name: 'orders', type: 'topic' });
    for (const name of ['work', 'archive']) await playground.declareQueue({ name });
    await refused(playground, 'amq.mine');
    await page.locator('.sheet-head button').click();
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.pressEdge('orders', 'work');
    const grip = await playground.middleOf(playground.edges('orders', 'work').locator('[data-end="to"]'));
    await playground.dragBetween(grip, await playground.middleOf(playground.queue('archive')));
    const informs = notices.getByText(/RabbitMQ cannot move a binding/);
    await informs.waitFor();
    // Readers hear it by the one voice.
    await page.getByRole('status').filter({ hasText: 'RabbitMQ cannot move a binding' }).waitFor({ state: 'attached' });
    const ahead = (by) => page.evaluate((by) => { globalThis.mqAhead += by; }, by);
    await page.keyboard.press('Shift');
    await playground.drawn();
    assert.ok(await informs.isVisible(), 'it went before it could be read');
    // No clock takes it, nor who reads it.
    await ahead(600_000);
    await page.waitForTimeout(300);
    await informs.click();
    assert.ok(await informs.isVisible());
    await page.keyboard.press('Shift');
    await informs.waitFor({ state: 'hidden' });
    await ahead(600_000);
    await page.keyboard.press('Shift');
    await playground.drawn();
    assert.ok(await notices.getByText("exchange name 'amq.mine'").isVisible());
  }));

for (const width of [320, 390, 820]) {
  for (const [locale, colorScheme] of [['en-GB', 'light'], ['zh-CN', 'dark']]) {
    test(`wide tables keep their names in sight, and show that there is more, at ${width} in ${locale}`, () =>
      visit({ viewport: { width, height: 844 }, locale, colorScheme }, async (playground) => {
        const { page } = playground;
        await page.locator('.dock-head').waitFor();
        await page.locator('.bar-scenario select').selectOption('work-queue');
        for (let taken = 0; taken < 14; taken += 1) await page.locator('.bar-play button').last().click();
        await page.locator('.segments .segment').nth(1).click();
        const tables = page.locator('.tables .table-scroll');
        await tables.first().waitFor();
        let scrolled = 0;
        for (const table of await tables.all()) {
          const look = () => table.evaluate(async (it) => {
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            const name = it.querySelector('tbody th');
            return {
              left: Math.round(name.getBoundingClientRect().left - it.getBoundingClientRect().left),
              room: it.clientWidth - name.getBoundingClientRect().width,
              shadow: Number(getComputedStyle(name, '::after').opacity),
              fades: getComputedStyle(it).maskImage !== 'none',
            };
          });
          const most = await table.evaluate((it) => it.scrollWidth - it.clientWidth);
          if (most < 8) continue;
          scrolled += 1;
          await table.scrollIntoViewIfNeeded();
          const start = await look();
          assert.ok(start.fades && start.shadow === 0, JSON.stringify(start));
          assert.ok(start.room > 80, `${start.room} beside the name`);
          await table.evaluate((it) => { it.scrollLeft = it.scrollWidth; });
          const end = await look();
          assert.ok(!end.fades && end.shadow === 1, JSON.stringify(end));
          assert.equal(end.left, start.left);
          assert.ok(await canBePressed(table.locator('tbody th .link').first()));
        }
        assert.ok(scrolled >= 2, `${scrolled} tables are wider than their place`);
      }));
  }
}
