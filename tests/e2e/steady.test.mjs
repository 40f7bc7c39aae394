// The drawing holds still: a press means what lay under it when it came, and nothing moves by itself under a hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

withBrowser();

/** Where the drawing stands on the canvas, as the browser has it. */
const standing = (page) => page.locator('.canvas-drawing > g').getAttribute('transform');

test('the drawing is seen first where it stands when all of the page is there', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await page.evaluate(() => {
      window.places = new Set();
      const look = () => {
        for (const element of document.querySelectorAll('mq-playground')) {
          const drawing = element.shadowRoot?.querySelector('.canvas-drawing > g');
          if (drawing && getComputedStyle(drawing).visibility === 'visible') {
            window.places.add(drawing.getAttribute('transform'));
          }
        }
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      for (const old of document.querySelectorAll('mq-playground')) old.remove();
      document.body.innerHTML = '';
      const fresh = document.createElement('mq-playground');
      fresh.setAttribute('height', '600');
      fresh.setAttribute('loading', 'eager');
      document.body.append(fresh);
    });
    await page.locator('.dock-head').waitFor();
    await playground.drawn();
    assert.equal(await page.evaluate(() => window.places.size), 1);
  });
});

test('a press means what lay under it when it came, wherever the drawing has moved since', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const node = page.locator('.node').first();
    const box = await node.locator('.node-shape').boundingBox();
    await node.evaluate((element, { x, y }) => {
      const told = { bubbles: true, composed: true, clientX: x, clientY: y, pointerId: 1, button: 0, isPrimary: true };
      element.querySelector('.node-shape').dispatchEvent(new PointerEvent('pointerdown', told));
      // A busy page hears of the press late, and has been drawn elsewhere meanwhile.
      const drawing = element.closest('.canvas-drawing');
      drawing.style.transform = 'translate(600px, 300px)';
      setTimeout(() => {
        drawing.style.transform = '';
        element.querySelector('.node-shape').dispatchEvent(new PointerEvent('pointerup', told));
      }, 50);
    }, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
    await page.locator('.node.is-selected').waitFor();
  });
});

test('under a hand the drawing waits with showing all, and without one it does not', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const box = await playground.canvas.boundingBox();
    const before = await standing(page);
    await page.mouse.move(box.x + 40, box.y + 40);
    await page.mouse.down();
    await page.setViewportSize({ width: 1300, height: 700 });
    await playground.drawn();
    await page.waitForTimeout(900);
    assert.equal(await standing(page), before);
    await page.mouse.up();
    await page.mouse.move(5, 5);
    await page.waitForFunction((old) => document.querySelector('mq-playground').shadowRoot
      .querySelector('.canvas-drawing > g').getAttribute('transform') !== old, before);
  });
});

test('another scenario is seen whole, whatever was looked at before', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const box = await playground.canvas.boundingBox();
    await playground.dragBetween({ x: box.x + 20, y: box.y + 20 }, { x: box.x + 20, y: box.y + 900 });
    await page.locator('.bar-scenario select').selectOption('retry');
    await playground.drawn();
    const node = await page.locator('.node').first().boundingBox();
    assert.ok(node.y > box.y && node.y + node.height < box.y + box.height, JSON.stringify(node));
  });
});

test('there is one voice for readers, and it says what the next press on the canvas means', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.choose('Empty canvas');
    await playground.whole();
    await playground.declareQueue({ name: 'work' });
    await playground.declareExchange({ name: 'orders', type: 'topic' });
    await playground.exchange('orders').click();
    await page.keyboard.press('c');
    const voices = page.locator('[aria-live], [role=status], [role=alert], [role=log]');
    assert.equal(await voices.count(), 1);
    await voices.getByText('Now choose where it leads').waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
  });
});
