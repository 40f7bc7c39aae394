// The packages as people get them: the npm tarball in VitePress and in Node.js, the static site in MkDocs Material and in
// a page of mdBook, and the one HTML file from a disk.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { interactive, launch } from '../e2e/browser.mjs';
import { DIST, mdbook, mkdocs, tarball, typescript, vitepress } from './prepare.mjs';
import { host } from './server.mjs';

let browser;
let book;
before(async () => {
  browser = await launch();
  book = await vitepress();
});
after(() => browser?.close());

async function opened(url, visit) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, reducedMotion: 'reduce' });
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(String(error.stack ?? error)));
  page.on('requestfailed', (request) => trouble.push(`${request.url()} ${request.failure()?.errorText}`));
  try {
    await page.goto(url);
    await interactive(page, { timeout: 60_000 });
    await visit(page);
    assert.deepEqual(trouble, []);
  } finally {
    await page.close();
  }
}

const queueNames = (page, n) => page.evaluate(async (index) => {
  const api = await document.querySelectorAll('mq-playground')[index].api(1);
  return api.snapshot().queues.map(({ name }) => name);
}, n);

const programs = (page, n) => page.evaluate(async (index) => {
  const api = await document.querySelectorAll('mq-playground')[index].api(1);
  return api.snapshot().programs.length;
}, n);

test('the npm package holds the loader, the types, the wasm, the engine, and nothing that nobody needs', () => {
  const { names } = tarball();
  for (const wanted of ['package.json', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'element.js', 'element.d.ts',
    'element.classic.js', 'playground.js', 'embed.html', 'pkg/mq_playground.js', 'pkg/mq_playground_bg.wasm',
    'engine/node.js', 'engine/web.js', 'engine/index.d.ts', 'engine/pkg/mq_engine_bg.wasm', 'tokens.css.txt']) {
    assert.ok(names.includes(wanted), `${wanted} is missing`);
  }
  const surplus = names.filter((name) => /(^|\/)\.|\.(png|rs|md)$/.test(name) && !/(README|scenarios\/README)\.md$/.test(name));
  assert.deepEqual(surplus, []);
});

test('the loader that is fetched first has at most 6,000 bytes', async () => {
  const { readFile } = await import('node:fs/promises');
  const { length } = await readFile(join(DIST, 'www/element.js'));
  assert.ok(length <= 6_000, `${length} bytes`);
});

test('the engine runs in Node.js from the package', () => {
  const script = `
    import { Broker } from 'mq-playground/engine';
    const broker = new Broker();
    broker.declareExchange('orders', 'topic');
    broker.declareQueue('work', { arguments: { 'x-message-ttl': 1000 } });
    broker.bind('work', 'orders', 'order.*');
    const seen = [];
    if (broker.publish('orders', 'order.new', 'one') !== 1) throw new Error('not routed');
    if (broker.publish('orders', 'invoice.new', 'two') !== 0) throw new Error('routed');
    const got = broker.get('work');
    seen.push(got.text(), got.redelivered);
    got.nack();
    broker.consume('work', (delivery) => { seen.push(delivery.text(), delivery.redelivered); delivery.ack(); });
    broker.publish('orders', 'order.new', new Uint8Array([52, 50]), { headers: { a: 1 } });
    let code;
    try { broker.declareQueue('work', { durable: true }); } catch (error) { code = error.code + ' ' + error.message.slice(0, 25); }
    seen.push(code);
    const bodies = new TextEncoder().encode('abcdef');
    broker.declareQueue('batch');
    broker.publishBatch('', 'batch', bodies, new Uint32Array([2, 4, 6]));
    broker.consume('batch', null);
    const batch = broker.takeBatch(10);
    seen.push([...batch.ends].join(), new TextDecoder().decode(batch.bodies));
    broker.ack(batch.tags[2], { multiple: true });
    seen.push(broker.snapshot().queues.find(({ name }) => name === 'batch').unacked);
    console.log(JSON.stringify(seen));
    broker.free();
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: book.folder, encoding: 'utf8' });
  assert.deepEqual(JSON.parse(printed), ['one', false, 'one', true, '42', false, 'broker 406 PRECONDITION_FAILED -', '2,4,6', 'abcdef', 0]);
});

test('the examples of the documentation agree with the types', async () => {
  assert.equal(await typescript(book.folder), '');
});

test('VitePress with the package from npm: rendered on a server, upgraded in the browser, and it follows the toggle', async () => {
  const served = await host(book.built, { base: '/docs/' });
  try {
    await opened(served.url, async (page) => {
      // The fenced block becomes the second one a moment after the first stands.
      await page.locator('mq-playground').nth(1).waitFor({ state: 'attached' });
      assert.equal(await page.locator('mq-playground').count(), 2);
      assert.equal(await programs(page, 0), 4);
      await page.locator('mq-playground').nth(1).scrollIntoViewIfNeeded();
      assert.deepEqual(await queueNames(page, 1), ['work']);
      await page.evaluate(() => document.documentElement.classList.add('dark'));
      await page.waitForFunction(() => document.querySelector('mq-playground').shadowRoot.querySelector('.page')?.dataset.theme === 'dark');
    });
  } finally {
    served.stop();
  }
});

test('MkDocs Material with the static site beside its pages, and it follows the palette', async () => {
  const served = await host(await mkdocs());
  try {
    await opened(served.url, async (page) => {
      // The fenced block becomes the second one a moment after the first stands.
      await page.locator('mq-playground').nth(1).waitFor({ state: 'attached' });
      assert.equal(await page.locator('mq-playground').count(), 2);
      await page.locator('mq-playground').nth(1).scrollIntoViewIfNeeded();
      assert.deepEqual(await queueNames(page, 1), ['work']);
      await page.evaluate(() => document.body.setAttribute('data-md-color-scheme', 'slate'));
      await page.waitForFunction(() => document.querySelector('mq-playground').shadowRoot.querySelector('.page')?.dataset.theme === 'dark');
    });
  } finally {
    served.stop();
  }
});

test('a page as mdBook writes it: raw HTML and a fenced block, and what is far below is not fetched', async () => {
  const served = await host(await mdbook());
  try {
    await opened(served.url, async (page) => {
      assert.equal(await page.locator('pre').isVisible(), false);
      assert.deepEqual(await queueNames(page, 1), ['work']);
      const height = await page.locator('mq-playground').nth(1).evaluate((element) => element.getBoundingClientRect().height);
      assert.equal(height, 360);
      assert.equal(await page.evaluate(() => document.getElementById('far').shadowRoot.querySelector('.mq-host')), null);
      await page.evaluate(() => { document.documentElement.className = 'navy'; });
      await page.waitForFunction(() => document.getElementById('raw').shadowRoot.querySelector('.page')?.dataset.theme === 'dark');
    });
  } finally {
    served.stop();
  }
});

test('the one HTML file opens from a disk, without a server, and keeps its state in the address', async () => {
  const file = join(DIST, 'playground.html');
  assert.ok(existsSync(file));
  await opened(pathToFileURL(file).href, async (page) => {
    const url = await page.evaluate(async () => {
      const api = await document.querySelector('mq-playground').api(1);
      api.submit({ method: 'queue.declare', queue: 'from-a-disk' });
      return api.shareURL();
    });
    assert.match(url, /^file:.*#s=1\./);
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('dialog', { name: 'Share' }).getByText('Link to this playground').waitFor();
    await opened(url, async (again) => {
      assert.ok((await queueNames(again, 0)).includes('from-a-disk'));
    });
  });
});
