// node shots.mjs OUTDIR [URL]: the page by day, by night, on a phone and in Chinese, for people to look at.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { interactive, launch } from './browser.mjs';

const DESKTOP = { width: 1440, height: 900 };
const SHOTS = {
  'desktop-light': { viewport: DESKTOP, colorScheme: 'light', locale: 'en-GB' },
  'desktop-dark': { viewport: DESKTOP, colorScheme: 'dark', locale: 'en-GB' },
  phone: {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    colorScheme: 'light',
    locale: 'en-GB',
  },
  chinese: { viewport: DESKTOP, colorScheme: 'light', locale: 'zh-CN' },
};

const [folder, url = 'http://127.0.0.1:8080/'] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node shots.mjs OUTDIR [URL]');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const browser = await launch();
let troubled = false;
for (const [name, options] of Object.entries(SHOTS)) {
  const page = await browser.newPage(options);
  const trouble = (text) => {
    troubled = true;
    console.error(`${name}: ${text}`);
  };
  page.on('console', (message) => message.type() === 'error' && trouble(message.text()));
  page.on('pageerror', (error) => trouble(error.stack ?? String(error)));
  await page.goto(url, { waitUntil: 'networkidle' });
  await interactive(page, { timeout: 10_000 }).catch(() => trouble('the page never set the mark mq-interactive'));
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  await page.close();
}
await browser.close();
process.exitCode = troubled ? 1 : 0;
