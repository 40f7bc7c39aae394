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
