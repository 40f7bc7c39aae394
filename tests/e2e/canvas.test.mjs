// What the canvas holds and says besides wiring: very many things, what nodes tell readers, deletions said before, a page
// for watching, bytes in base64, and messages that are there again after the tab was closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';

withBrowser();

const file = (name, scenario) => ({ name, mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(scenario)) });

/** A topic exchange with two bindings, and a queue behind it. */
const ORDERS = {
  version: 1,
  topology: {
    exchanges: [{ name: 'orders', type: 'topic' }],
    queues: [{ name: 'work', durable: true }, { name: 'audit' }],
    bindings: [
      { source: 'orders', queue: 'work', routingKey: 'order.*' },
      { source: 'orders', queue: 'audit', routingKey: '#' },
    ],
  },
};

async function open(playground, name, scenario) {
  await playground.whole();
  await playground.page.locator('input[type=file]').setInputFiles(file(name, scenario));
}

test('five thousand things in a file are said to be many, drawn, listed and found', async () => {
  await visit({}, async (playground) => {
    const { page, notices } = playground;
    const queues = Array.from({ length: 4_900 }, (_, n) => ({ name: `q${n}` }));
    const exchanges = Array.from({ length: 100 }, (_, n) => ({ name: `x${n}`, type: 'fanout' }));
    const bindings = queues.map(({ name }, n) => ({ source: `x${n % 100}`, queue: name }));
    page.setDefaultTimeout(90_000);
    await open(playground, 'many.json', { version: 1, topology: { queues, exchanges, bindings } });
    await notices.getByText('5000 things stand on this canvas.').waitFor();
    await playground.canvas.locator('.node').first().waitFor();
    await playground.button('Table').click();
    const filter = page.getByRole('searchbox').or(page.getByRole('textbox', { name: /Filter/ })).first();
    await filter.fill('q4711');
    await page.locator('[data-open]').filter({ hasText: 'q4711' }).first().waitFor();
  });
});

test('from far away only what one points at or selects has a handle, and arrows nobody could see are not drawn', async () => {
  await visit({}, async (playground) => {
    const queues = Array.from({ length: 600 }, (_, n) => ({ name: `q${n}` }));
    const bindings = queues.map(({ name }) => ({ source: 'all', queue: name }));
    const layout = Object.fromEntries(queues.map(({ name }, n) => [`queue:${name}`, [400 + (n % 30) * 200, (n - n % 30) * 5]]));
    const topology = { queues, exchanges: [{ name: 'all', type: 'fanout' }], bindings };
    await open(playground, 'wide.json', { version: 1, topology, layout });
    const { page, canvas } = playground;
    const drawn = (what) => canvas.locator(what).count();
    await canvas.locator('.node').nth(600).waitFor();
    await page.waitForFunction((root) => root.querySelectorAll('.handle, .edge-arrow').length === 0, await canvas.elementHandle());
    assert.equal(await drawn('.edge-line'), 600);
    const at = await playground.middleOf(canvas.locator('.node-tube .node-shape').nth(300));
    await page.mouse.move(at.x, at.y);
    await canvas.locator('.node.is-hovered .handle').waitFor();
    await page.mouse.click(at.x, at.y);
    await page.mouse.move(2, 2);
    await canvas.locator('.node.is-selected .handle').waitFor();
    assert.equal(await drawn('.handle'), 1);
    await playground.button('Zoom in').click({ clickCount: 12 });
    await page.waitForFunction((root) => root.querySelectorAll('.edge-arrow').length > 0, await canvas.elementHandle());
  });
});

test('exchanges and queues tell readers what they are bound to', async () => {
  await visit({}, async (playground) => {
    await open(playground, 'orders.json', ORDERS);
    const name = (node) => node.getAttribute('aria-label');
    assert.match(await name(playground.exchange('orders')), /; leads to .*work \(order\.\*\)/);
    assert.match(await name(playground.queue('work')), /0 ready, 0 unacked.*; bound from orders \(order\.\*\)/);
  });
});

test('the table says what goes with a queue before it goes', async () => {
  await visit({}, async (playground) => {
    const { page, side } = playground;
    await open(playground, 'orders.json', ORDERS);
    await playground.queue('work').waitFor();
    await playground.button('Table').click();
    await page.getByRole('button', { name: /^Actions.*work$/ }).click();
    await page.getByRole('menuitem', { name: 'Delete queue' }).click();
    await side.getByText(/orders → work, order\.\*/).waitFor();
    await page.locator('[data-open]').filter({ hasText: 'work' }).first().waitFor();
    await side.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.locator('[data-open]').filter({ hasText: 'work' }).first().waitFor({ state: 'detached' });
  });
});

test('virtual hosts and users have tables too', async () => {
  await visit({}, async (playground) => {
    await playground.whole();
    await playground.button('Table').click();
    await playground.page.getByRole('tab', { name: /^Users/ }).click();
    await playground.page.locator('[data-open]').filter({ hasText: 'guest' }).click();
    await playground.page.getByRole('region', { name: 'Admin', exact: true }).waitFor();
  });
});

test('a payload is typed in base64, and what is none is said to be none', async () => {
  await visit({}, async (playground) => {
    await open(playground, 'orders.json', ORDERS);
    await playground.openPublish(playground.queue('work'));
    const form = playground.form('Publish message');
    await form.getByLabel('Encoding', { exact: true }).selectOption('base64');
    await form.getByLabel('Payload').fill('AAH/');
    await form.getByRole('button', { name: 'Publish message' }).click();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await form.getByLabel('Payload').fill('Hello World!');
    await form.getByRole('button', { name: 'Publish message' }).click();
    await form.getByText('This is not base64.').waitFor();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
  });
});

test('messages that waited are there again after the tab was closed', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.choose(EMPTY);
    await playground.whole();
    await playground.declareQueue({ name: 'work' });
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'not lost' });
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await page.waitForFunction(() => Object.keys(localStorage).some((key) => /^mq-playground\/\d+\/[^/]+$/.test(key)
      && localStorage.getItem(key).includes(' 1 with\n')), null, { timeout: 20_000 });
    await page.reload();
    const offer = page.getByRole('region', { name: 'Work from before' });
    await offer.getByText('and the messages that waited: 1').waitFor();
    await offer.getByRole('button', { name: 'Restore' }).click();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
  });
});
