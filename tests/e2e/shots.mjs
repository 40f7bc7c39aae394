// node shots.mjs OUTDIR [URL]: the main views, wide and narrow, by day and by night, in both languages, for people to
// look at; those that the README shows carry the names of its pictures.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { interactive, launch } from './browser.mjs';
import { Playground } from './playground.mjs';

const DESKTOP = { viewport: { width: 1440, height: 900 } };
const TABLET = { viewport: { width: 820, height: 1180 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const scenario = (page, slug) => page.locator('.bar-scenario select').selectOption(slug);
const steps = async (page, playground, count) => {
  for (let taken = 0; taken < count; taken += 1) await page.locator('.bar-play button').last().click();
  await playground.drawn();
};
const table = (page) => page.locator('.segments .segment').nth(1).click();

/** A crash gave a message back: it is redelivered, and in the hands of the other worker. */
async function work(page, playground) {
  await scenario(page, 'work-queue');
  for (let taken = 0; taken < 60; taken += 1) {
    await steps(page, playground, 1);
    if ((await page.locator('.log-line').filter({ hasText: /Redelivered|重新投递/ }).count()) > 0) return;
  }
}

async function queue(page, playground) {
  await work(page, playground);
  await page.getByRole('button', { name: /hello[,，]/ }).first().click();
  await playground.drawn();
}

async function tables(page, playground) {
  await work(page, playground);
  await table(page);
  await page.locator('[data-open]').filter({ hasText: 'hello' }).first().click();
  await playground.drawn();
}

async function beginning(page, playground) {
  await scenario(page, 'empty');
  await page.locator('.begins button').nth(2).click();
  await page.waitForTimeout(6000);
  await page.locator('.bar-play .play').click();
  await playground.drawn();
}

async function commands(page, playground) {
  await work(page, playground);
  await page.keyboard.press('Control+k');
  await page.locator('.commands input').fill('hello');
  await playground.drawn();
}

const start = async () => {};
const empty = (page) => scenario(page, 'empty');
const en = { locale: 'en-GB', colorScheme: 'light' };
const night = { locale: 'en-GB', colorScheme: 'dark' };
const zh = { locale: 'zh-CN', colorScheme: 'light' };
const zhNight = { locale: 'zh-CN', colorScheme: 'dark' };

const SHOTS = {
  start: [{ ...DESKTOP, ...en }, start],
  'work-queue': [{ ...DESKTOP, ...en }, work],
  'topics-night': [{ ...DESKTOP, ...night, reducedMotion: 'no-preference' }, beginning],
  tables: [{ ...DESKTOP, ...en }, tables],
  queue: [{ ...DESKTOP, ...night }, queue],
  chinese: [{ ...DESKTOP, ...zh }, queue],
  'tables-chinese': [{ ...DESKTOP, ...zhNight }, tables],
  commands: [{ ...DESKTOP, ...en }, commands],
  empty: [{ ...DESKTOP, ...en }, empty],
  tablet: [{ ...TABLET, ...en }, queue],
  'tablet-chinese': [{ ...TABLET, ...zhNight }, tables],
  phone: [{ ...PHONE, ...en }, start],
  'phone-tables': [{ ...PHONE, ...night }, work],
  'phone-queue': [{ ...PHONE, ...zh }, tables],
};

const [folder, url = 'http://127.0.0.1:8080/', only] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node shots.mjs OUTDIR [URL [NAME]]');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const browser = await launch();
let troubled = false;
for (const [name, [options, journey]] of Object.entries(SHOTS)) {
  if (only && !name.startsWith(only)) continue;
  const page = await browser.newPage({ reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(15_000);
  const trouble = (text) => {
    troubled = true;
    console.error(`${name}: ${text}`);
  };
  page.on('console', (message) => message.type() === 'error' && trouble(message.text()));
  page.on('pageerror', (error) => trouble(error.stack ?? String(error)));
  await page.goto(url);
  await interactive(page, { timeout: 20_000 }).catch(() => trouble('the page never set the mark mq-interactive'));
  await journey(page, new Playground(page)).catch((error) => trouble(error.message));
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  await page.close();
}
await browser.close();
process.exitCode = troubled ? 1 : 0;
