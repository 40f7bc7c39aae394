// No serious violation of WCAG that axe-core can see, by day and by night, in both languages.
import { test } from 'node:test';
import { assertAccessible } from './accessible.mjs';
import { visit, withBrowser } from './visit.mjs';

withBrowser();

for (const colorScheme of ['light', 'dark']) {
  for (const locale of ['en-GB', 'zh-CN']) {
    test(`the start page is accessible, ${colorScheme}, ${locale}`, async () => {
      await visit({ colorScheme, locale }, assertAccessible);
    });
  }
}

for (const colorScheme of ['light', 'dark']) {
  test(`a canvas at work with a form open is accessible, ${colorScheme}`, async () => {
    await visit({ colorScheme }, async (playground) => {
      await playground.choose('Work queue: a crash before the ack');
      await playground.stepTo(/Message #1 delivered/);
      await playground.page.getByRole('navigation').getByRole('button', { name: 'Add a new queue' }).click();
      await playground.form('Add a new queue').waitFor();
      await assertAccessible(playground);
    });
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const locale of ['en-GB', 'zh-CN']) {
    test(`a run with a form, a notice and a journey is accessible, ${colorScheme}, ${locale}`, async () => {
      await visit({ colorScheme, locale }, async (playground) => {
        const { page } = playground;
        await page.locator('.bar select').first().selectOption('work-queue');
        const step = page.locator('.bar-play button').last();
        for (let taken = 0; taken < 40; taken += 1) await step.click();
        await page.locator('.palette-button').nth(2).click();
        await assertAccessible(playground);
        await page.locator('.log-messages').first().click();
        await assertAccessible(playground);
        await page.locator('.segment').nth(1).click();
        await assertAccessible(playground);
      });
    });
  }
}
