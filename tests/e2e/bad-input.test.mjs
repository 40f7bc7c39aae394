// What is wrong is said where it is, with what to do; what was on the canvas stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';

withBrowser();

const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) });

test('a name of more than 255 bytes is counted in bytes and not sent', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: '队'.repeat(86) });
    const form = playground.form('Add a new queue');
    await form.getByText('258 bytes of UTF-8 are too many').waitFor();
    await form.getByText('Not sent: mend the marked field first.').waitFor();
    assert.equal(await playground.line(/Queue .* declared/).count(), 0);
  });
});

test('a reserved name is warned of, and RabbitMQ gives its own answer', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'amq.mine' });
    await playground.form('Add a new queue').getByText('belong to the broker').waitFor();
    await playground.notices.getByText(/^403 ACCESS_REFUSED - /).waitFor();
  });
});

test('a broken header table names its row', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareExchange({ name: 'orders', type: 'headers' });
    await playground.openPublish(playground.exchange('orders'));
    const form = playground.form('Publish message');
    await form.getByRole('button', { name: 'Add header' }).click();
    await form.getByRole('textbox', { name: 'Key', exact: true }).fill('size');
    await form.getByRole('combobox', { name: 'Type of the value' }).selectOption('number');
    await form.getByRole('textbox', { name: 'Value', exact: true }).fill('large');
    await form.getByRole('button', { name: 'Publish message' }).click();
    await form.getByText('Row 1: “large” is not a number.').waitFor();
    assert.equal(await playground.line('published').count(), 0);
  });
});

test('a file that is no scenario changes nothing and says why', async () => {
  await visit({}, async (playground) => {
    const { page, notices } = playground;
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    const chooser = page.locator('input[type=file]');
    await chooser.setInputFiles(file('broken.json', '{ "version": 1,'));
    await notices.getByText('broken.json is not JSON: line 1').waitFor();
    await chooser.setInputFiles(file('newer.json', '{ "version": 99 }'));
    await notices.getByText('newer.json was made by a newer playground (version 99').waitFor();
    const missing = { version: 1, topology: { exchanges: [{ name: 'a', type: 'fanout' }], bindings: [{ source: 'a', queue: 'nowhere' }] } };
    await chooser.setInputFiles(file('missing.json', JSON.stringify(missing)));
    await notices.getByText(/missing\.json/).waitFor();
    assert.equal(await notices.getByText('What was on the canvas stays.').count(), 3);
    await playground.queue('work').waitFor();
  });
});

test('code that stopped leaves a card with the run, never a dead page', async () => {
  await visit({}, async ({ page }) => {
    await page.locator('.dock-head').waitFor();
    await page.evaluate(() => {
      const error = new WebAssembly.RuntimeError('memory access out of bounds');
      window.dispatchEvent(new ErrorEvent('error', { error, message: error.message }));
    });
    const card = page.getByRole('alert');
    await card.getByRole('heading', { name: 'The playground stopped' }).waitFor();
    const report = await card.getByRole('textbox').inputValue();
    assert.match(report, /memory access out of bounds/);
    assert.match(report, /Program|sender/);
    await card.getByRole('button', { name: 'Copy' }).waitFor();
  });
});
