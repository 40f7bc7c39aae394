// What is long, large or many: links, messages between windows, messages of a scenario; and how far its looks reach.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOADER, OPEN, document_, on, ready, token, withChromium } from './hosted.mjs';

withChromium();

test('a link that many chats would cut is warned of, and has no QR code that nobody could read', () =>
  on(document_(`${LOADER}<mq-playground loading="eager" scenario="empty"></mq-playground>`), async (page) => {
    await ready(page);
    await page.evaluate(async () => {
      // Words that do not repeat cannot be packed.
      const word = () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);
      const api = await document.querySelector('mq-playground').api(1);
      api.load(Array.from({ length: 120 }, () => `queue ${word()}\n`).join(''));
    });
    await page.locator('mq-playground').getByRole('button', { name: 'Share' }).click();
    const dialog = page.locator('mq-playground').getByRole('dialog', { name: 'Share' });
    const { length } = await dialog.getByRole('textbox', { name: 'Link to this playground' }).inputValue();
    assert.ok(length > 2_000, `${length}`);
    await dialog.getByText(`${length} characters: more than 2,000. Many chats cut such a link`).waitFor();
    await dialog.getByText('too long for a QR code').waitFor();
  }));

test('a message that is too large is refused, a flood of them is answered, and the frame goes on', () =>
  on(document_('<iframe src="/www/embed.html?scenario=empty" sandbox="allow-scripts" title="t" width="800" height="300"></iframe>'), async (page) => {
    const told = await page.evaluate(async () => {
      const { connect } = await import('/www/frame.js');
      const frame = await connect(document.querySelector('iframe'));
      const refused = await frame.send('load', { scenario: `queue work\nnotes "${'x'.repeat(300_000)}"\n` }).catch(({ code }) => code);
      const target = document.querySelector('iframe').contentWindow;
      for (let n = 0; n < 10_000; n += 1) target.postMessage({ mq: 1, type: 'nonsense', n, text: 'x'.repeat(100) }, '*');
      const many = [];
      for (let n = 0; n < 2_000; n += 1) many.push(frame.send('get', { what: 'state' }));
      const answers = await Promise.all(many);
      await frame.send('load', { scenario: 'queue work\n' });
      return [refused, answers.length, (await frame.send('get', { what: 'snapshot' })).queues[0].name];
    });
    assert.deepEqual(told, ['too-large', 2_000, 'work']);
  }));

test('ten thousand messages in one burst are carried out while the page goes on answering', () => {
  const burst = 'queue work\nproducer p\n  sends "" key=work "x"\n  burst 10000 every=60s gap=0ms\nconsumer c\n  takes work\n  qos 0\n  work 1ms\n';
  return on(document_(`${LOADER}<mq-playground loading="eager" height="420" state="${token(burst)}"></mq-playground>`), async (page) => {
    await ready(page);
    await page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).run());
    await page.waitForFunction(async () => (await document.querySelector('mq-playground').api(1)).state.steps > 10_000, null, { timeout: 60_000 });
    await page.locator('mq-playground').getByRole('button', { name: 'Table' }).click();
    await page.locator('mq-playground').getByRole('table').first().waitFor();
  });
});

test('colours and parts reach what the documentation says', () => {
  const parts = ['toolbar', 'stage', 'inspector', 'log'];
  const colours = ['bg', 'fg', 'panel', 'subtle', 'line', 'link'];
  const style = `${parts.map((part) => `mq-playground::part(${part}) { outline: 1px solid rgb(1, 2, 3) }`).join('\n')}
    mq-playground { ${colours.map((name, n) => `--mq-${name}: rgb(9, 9, ${n});`).join('')} --mq-font-family: serif; --mq-mono-family: fantasy; --mq-corner: 11px }`;
  return on(document_(`${LOADER}<mq-playground loading="eager" height="500" scenario="work-queue"></mq-playground>`, `<style>${style}</style>`), async (page) => {
    await ready(page);
    const seen = await page.evaluate((names) => {
      const root = document.querySelector('mq-playground').shadowRoot;
      const look = getComputedStyle(root.querySelector('.page'));
      const inside = ['paper', 'ink', 'surface', 'muted', 'lines', 'accent', 'font', 'mono', 'radius'];
      return {
        parts: names.filter((name) => getComputedStyle(root.querySelector(`[part=${name}]`)).outlineColor === 'rgb(1, 2, 3)'),
        values: inside.map((name) => look.getPropertyValue(`--mq-${name}`).replaceAll(' ', '')),
      };
    }, parts);
    assert.deepEqual(seen.parts, parts);
    assert.deepEqual(seen.values, [...colours.map((_, n) => `rgb(9,9,${n})`), 'serif', 'fantasy', '11px']);
  });
});

test('a policy that allows no styles at all is enough, and a file may be dropped on the drawing', () => {
  const headers = { ...OPEN, 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data: blob:" };
  return on(document_(`${LOADER}<mq-playground loading="eager" height="500" scenario="empty"></mq-playground>`), async (page) => {
    const refused = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    await ready(page);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['queue dropped\n'], 'dropped.mq', { type: 'text/plain' }));
      const canvas = document.querySelector('mq-playground').shadowRoot.querySelector('[role=application]');
      for (const name of ['dragover', 'drop']) canvas.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, composed: true, cancelable: true }));
    });
    await page.waitForFunction(async () => (await document.querySelector('mq-playground').api(1)).snapshot().queues[0]?.name === 'dropped');
    assert.deepEqual(refused, []);
  }, { headers });
});
