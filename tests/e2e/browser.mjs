// Chromium for the tests and for the screenshots: one place that knows where it is and how it is started.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launch() {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  if (!executablePath) {
    throw new Error('There is no Chromium - get it with: sudo apt-get install chromium, or name it: export CHROMIUM=/path/to/it');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** The page has started: it sets the mark when one can work with it, or draws the card that says why one cannot. */
export async function interactive(page, options = {}) {
  await page.waitForFunction(() => performance.getEntriesByName('mq-interactive').length > 0, null, options);
}
