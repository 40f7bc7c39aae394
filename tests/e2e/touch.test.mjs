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
    await playground.whole();
    await playground.button('Graph').click();
    await page.locator('.bar-scenario select').selectOption('work-queue');
    for (let taken = 0; taken < 12; taken += 1) await playground.step();
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
    await playground.whole();
    await playground.button('Graph').click();
    await page.locator('.bar-scenario select').selectOption('work-queue');
    for (let taken = 0; taken < 12; taken += 1) await playground.step();
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
