// A page of somebody's, with a playground in it: what the tests of embeds share.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { launch } from './browser.mjs';
import { host } from '../packages/server.mjs';

export const TOP = fileURLToPath(new URL('../../', import.meta.url));
export const OPEN = { 'access-control-allow-origin': '*' };
export const STRICT = {
  ...OPEN,
  'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; frame-src *",
};
export const LOADER = '<script type="module" src="/www/element.js"></script>';

export const token = (text, prefix = '1.') => prefix + deflateRawSync(Buffer.from(text)).toString('base64url');
export const document_ = (body, head = '') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;

let browser;

/** Call once at the top of a test file. */
export function withChromium() {
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
}

/** A page of somebody's, and what went wrong on it. */
export async function on(html, visit, { headers = OPEN, pages = {}, context = {}, slow } = {}) {
  const served = await host(TOP, { headers, slow, pages: { '/page.html': html, ...pages } });
  const room = await browser.newContext({ viewport: { width: 1100, height: 800 }, reducedMotion: 'reduce', ...context });
  const page = await room.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(String(error.stack ?? error)));
  try {
    await page.goto(`${served.origin}/page.html`);
    await visit(page, served);
    assert.deepEqual(trouble, []);
  } finally {
    await room.close();
    served.stop();
  }
}

export const ready = (page, selector = 'mq-playground') => page.evaluate(async (it) => {
  await document.querySelector(it).api(1);
}, selector);

export const card = (page, selector = 'mq-playground') => page.locator(selector).getByRole('alert');
