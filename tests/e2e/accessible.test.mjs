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
