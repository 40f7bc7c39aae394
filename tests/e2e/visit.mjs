// One visit to the page: opens it, and fails the test that made it if anything went wrong behind the scenes.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { interactive, launch } from './browser.mjs';
import { Playground } from './playground.mjs';
import { site } from './site.mjs';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Longer than any journey, in milliseconds: a page that stands still must not stop the tests. */
const LONGEST = 240_000;

/** How a journey is made unless it says otherwise; without motion, so that nothing has to be waited for. */
const DEFAULTS = { viewport: DESKTOP, locale: 'en-GB', colorScheme: 'light', reducedMotion: 'reduce' };

let browser;
let served;

/** Call once at the top of a test file: starts the browser and finds the page for all tests in it. */
export function withBrowser() {
  before(async () => {
    served = await site();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    served?.stop();
  });
}

/**
 * Opens the page and hands its page object to `journey`. Afterwards: no console error, no uncaught error, no failed
 * request, and not one request to another host.
 * `prepare` sees the empty page first, to route requests say.
 * @param {{ path?: string, prepare?: (page: import('playwright-core').Page) => Promise<void> } & import('playwright-core').BrowserContextOptions} options
 * @param {(playground: Playground) => Promise<void>} journey
 */
export async function visit(options, journey) {
  const { path = '', prepare = async () => {}, ...context } = options;
  const trouble = [];
  const room = await browser.newContext({ ...DEFAULTS, ...context });
  const page = await room.newPage();
  const host = new URL(served.url).host;
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => trouble.push(`uncaught: ${error.stack ?? error}`));
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  room.on('request', (request) => {
    const { protocol, host: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== host) trouble.push(`another host: ${request.url()}`);
  });
  const late = setTimeout(() => {
    trouble.push('the journey did not end');
    room.close();
  }, LONGEST);
  try {
    await prepare(page);
    const response = await page.goto(new URL(path, served.url).href);
    assert.match(response.headers()['content-security-policy'] ?? '', /default-src 'none'/);
    await interactive(page);
    await journey(new Playground(page));
    assert.deepEqual(trouble, []);
  } catch (error) {
    // The journey's own failure often has its cause in the console.
    if (trouble.length > 0 && error instanceof Error) error.message += `\nbehind the scenes: ${trouble.join('\n')}`;
    throw error;
  } finally {
    clearTimeout(late);
    await room.close();
  }
}
