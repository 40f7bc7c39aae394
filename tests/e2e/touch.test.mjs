// Fingers, as a touch screen sends them: in other people's pages one scrolls the page and two move the drawing; on the
// playground's own page one moves the drawing; one that rests opens the menu, which stays when it is lifted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

const phone = { viewport: PHONE, isMobile: true, hasTouch: true };

const standing = (page) => page.locator('.canvas-drawing > g').getAttribute('transform');
const scrolled = (page) => page.evaluate(() => Math.round(scrollY));

/** Fingers go from their first to their last place, as fast as a hand does. */
async function swipe(page, ...ways) {
  const screen = await page.context().newCDPSession(page);
  const send = (type, touchPoints) => screen.send('Input.dispatchTouchEvent', { type, touchPoints });
  const at = (part) => ways.map(([from, to], id) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, id }));
  await send('touchStart', at(0));
  for (let move = 1; move <= 12; move += 1) {
    await send('touchMove', at(move / 12));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await send('touchEnd', []);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
}

/** A playground inside a page with text before and after it. */
async function inPage(playground, mode) {
  const { page } = playground;
  await page.evaluate(async (kind) => {
    document.querySelector('mq-playground').remove();
    document.documentElement.style.cssText = 'height:auto;overflow:auto';
    document.body.style.cssText = 'height:auto;overflow:visible;display:block';
    const [before, after] = [document.createElement('p'), document.createElement('p')];
    before.style.height = '200px';
    after.style.height = '3000px';
    const element = document.createElement('mq-playground');
    const attributes = { height: '600', scenario: 'work-queue', loading: 'eager', panes: 'graph', mode: kind };
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    document.body.append(before, element, after);
    const api = await element.api(1);
    for (let step = 0; step < 16; step += 1) api.step();
  }, mode);
  await playground.queue('hello').waitFor();
  await playground.drawn();
}

test('in another page one finger scrolls the page, two move and zoom the drawing', async () => {
  for (const mode of ['edit', 'demo']) {
    await visit(phone, async (playground) => {
      const { page } = playground;
      await inPage(playground, mode);
      const box = await playground.canvas.boundingBox();
      const ground = { x: box.x + 20, y: box.y + box.height - 60 };
      let before = await standing(page);
      await swipe(page, [ground, { x: ground.x, y: ground.y - 150 }]);
      assert.ok((await scrolled(page)) > 80, 'the page was scrolled from the ground');
      assert.equal(await standing(page), before);
      await page.evaluate(() => scrollTo(0, 0));
      const node = await playground.middleOf(playground.queue('hello').locator('.node-shape'));
      await swipe(page, [node, { x: node.x, y: node.y - 150 }]);
      assert.ok((await scrolled(page)) > 80, 'the page was scrolled from a node');
      await page.evaluate(() => scrollTo(0, 0));
      before = await standing(page);
      const one = { x: box.x + 80, y: box.y + 100 };
      const other = { x: box.x + 200, y: box.y + 140 };
      await swipe(page, [one, { x: one.x - 20, y: one.y + 40 }], [other, { x: other.x + 60, y: other.y + 80 }]);
      assert.equal(await scrolled(page), 0);
      const scale = (transform) => Number(transform.match(/scale\(([\d.]+)\)/)[1]);
      assert.ok(scale(await standing(page)) > scale(before) * 1.2, `${before} -> ${await standing(page)}`);
      assert.equal(await page.evaluate(() => visualViewport.scale), 1);
    });
  }
});

test('on the playground’s own page one finger moves the drawing, and carries a node', async () => {
  await visit(phone, async (playground) => {
    const { page } = playground;
    await atWork(playground);
    const queue = playground.queue('hello').locator('.node-shape');
    const start = await playground.middleOf(queue);
    const box = await playground.canvas.boundingBox();
    const ground = { x: box.x + 12, y: box.y + box.height - 120 };
    await swipe(page, [ground, { x: ground.x + 40, y: ground.y - 60 }]);
    const moved = await playground.middleOf(queue);
    assert.ok(Math.abs(moved.x - start.x - 40) < 12 && Math.abs(moved.y - start.y + 60) < 12, JSON.stringify({ start, moved }));
    await swipe(page, [moved, { x: moved.x, y: moved.y + 60 }]);
    const carried = await playground.middleOf(queue);
    assert.ok(Math.abs(carried.y - moved.y - 60) < 12, JSON.stringify({ moved, carried }));
    assert.equal(await scrolled(page), 0);
  });
});

test('a finger that rests opens the menu, which stays when the finger is lifted, and goes with a press beside it', async () => {
  await visit(phone, async (playground) => {
    const { page } = playground;
    await atWork(playground);
    const screen = await page.context().newCDPSession(page);
    const rest = async () => {
      const at = await playground.middleOf(playground.queue('hello').locator('.node-shape'));
      await screen.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
      await page.getByRole('menuitem', { name: 'Purge' }).waitFor();
      await screen.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      await page.waitForTimeout(200);
      assert.ok(await page.getByRole('menuitem', { name: 'Purge' }).isVisible());
    };
    await rest();
    await page.locator('.bar').first().tap({ position: { x: 4, y: 4 } });
    await page.getByRole('menuitem', { name: 'Purge' }).waitFor({ state: 'hidden' });
    await page.locator('.sheet-head button').tap();
    await rest();
    await page.getByRole('menuitem', { name: 'Add a consumer' }).tap();
    await playground.form('Add a consumer').waitFor();
  });
});

/** Whether all of the shape of a node lies on the canvas where a press meets the canvas and nothing over it. */
const isSeen = (node) => node.locator('.node-shape').evaluate((shape) => {
  const { left, top, right, bottom } = shape.getBoundingClientRect();
  const places = [[left + 4, top + 4], [right - 4, top + 4], [left + 4, bottom - 4], [right - 4, bottom - 4]];
  return places.every(([x, y]) => shape.getRootNode().elementFromPoint(x, y)?.closest('.canvas') != null);
});

/** The drawing has stood for two frames where it stands. */
async function stands(page) {
  for (let before = ''; ; ) {
    const now = await standing(page);
    if (now === before) return now;
    before = now;
    await page.evaluate(() => new Promise((done) => setTimeout(done, 250)));
  }
}

/** The work queue drawn, with its workers at work. */
async function atWork(playground) {
  await playground.whole();
  await playground.button('Graph').click();
  await playground.page.locator('.bar-scenario select').selectOption('work-queue');
  for (let taken = 0; taken < 12; taken += 1) await playground.step();
}

for (const [name, viewport] of Object.entries({
  'on a phone': PHONE,
  'on the smallest phone': { width: 320, height: 640 },
  'on a phone lying down': { width: 844, height: 390 },
  'on a tablet': { width: 820, height: 1180 },
})) {
  test(`what is selected comes out from under the sheet that tells of it, and goes back after, ${name}`, () =>
    visit({ ...phone, viewport }, async (playground) => {
      const { page } = playground;
      await atWork(playground);
      const start = await stands(page);
      const nodes = [playground.program('sender'), playground.queue('hello'), playground.program('worker 1'), playground.program('worker 2')];
      for (const node of nodes) {
        const at = await playground.middleOf(node.locator('.node-shape'));
        await page.touchscreen.tap(at.x, at.y);
        await page.locator('.side-about .sheet-head').waitFor();
        await stands(page);
        assert.ok(await isSeen(node), `${await node.getAttribute('aria-label')} is covered`);
        await page.locator('.sheet-head button').tap();
        await page.locator('.sheet-head').waitFor({ state: 'hidden' });
        assert.equal(await stands(page), start);
      }
    }));
}

test('the sheet makes way while an edge is led, and is there again after', () =>
  visit(phone, async (playground) => {
    const { page } = playground;
    await atWork(playground);
    const at = await playground.middleOf(playground.queue('hello').locator('.node-shape'));
    await page.touchscreen.tap(at.x, at.y);
    const head = page.locator('.side-about .sheet-head');
    await head.waitFor();
    await playground.canvas.focus();
    await page.keyboard.press('c');
    await head.waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await head.waitFor();
  }));

test('with a sheet open nothing jumps for what is seen already, nor below a finger, and Fit leaves it in sight', () =>
  visit(phone, async (playground) => {
    const { page } = playground;
    await atWork(playground);
    const [sender, worker] = [playground.program('sender'), playground.program('worker 2')];
    const start = await stands(page);
    const tap = async (node) => {
      const at = await playground.middleOf(node.locator('.node-shape'));
      await page.touchscreen.tap(at.x, at.y);
    };
    await tap(sender);
    await page.locator('.side-about .sheet-head').waitFor();
    assert.equal(await stands(page), start, 'what was seen already moved');
    await page.locator('.sheet-head button').tap();
    await tap(worker);
    const made = await stands(page);
    assert.notEqual(made, start);
    const box = await playground.canvas.boundingBox();
    const ground = { x: box.x + 12, y: box.y + 30 };
    const screen = await page.context().newCDPSession(page);
    const send = (type, touchPoints) => screen.send('Input.dispatchTouchEvent', { type, touchPoints });
    await send('touchStart', [ground]);
    for (let move = 1; move <= 8; move += 1) await send('touchMove', [{ x: ground.x, y: ground.y + move * 10 }]);
    const carried = await stands(page);
    assert.notEqual(carried, made);
    await send('touchEnd', []);
    assert.equal(await stands(page), carried, 'it jumped after the finger');
    await page.locator('.canvas-tools').getByRole('button', { name: 'Fit everything' }).evaluate((button) => button.click());
    await stands(page);
    assert.ok(await isSeen(worker));
  }));
