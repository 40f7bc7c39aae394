// No serious violation of WCAG that axe-core can see: every view, in both languages, by day and by night, wide and narrow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './accessible.mjs';
import { PHONE, visit, withBrowser } from './visit.mjs';

withBrowser();

const choose = (page, slug) => page.locator('.bar-scenario select').selectOption(slug);
const node = (page, id) => page.locator(`[data-node="${id}"]`).first();

/** Opens every section of the inspector, one after the other. */
async function unfoldAll(page) {
  const folded = page.locator('.side details.section:not([open]) > summary');
  for (let left = await folded.count(); left > 0; left -= 1) await folded.first().click();
}

/** Each view, found without words, so that it is the same in both languages. */
const VIEWS = [
  ['the start page', async () => {}],
  ['an empty canvas', async (page) => choose(page, 'empty')],
  ...[0, 1, 2, 3, 4].map((index) => [`form ${index}`, async (page) => page.locator('.palette-button').nth(index).click()]),
  ['a form with a problem', async (page) => {
    await page.locator('.palette-button').nth(1).click();
    await page.locator('.side form button[type=submit]').first().click();
  }],
  ['a run', async (page, playground) => {
    await choose(page, 'work-queue');
    await page.evaluate(() => document.activeElement?.blur());
    for (let taken = 0; taken < 30; taken += 1) await page.locator('.bar-play button').last().click();
    await playground.drawn();
  }],
  ['inside a command', async (page, playground) => {
    for (let taken = 0; taken < 4; taken += 1) await page.keyboard.press('Shift+Period');
    await playground.drawn();
  }],
  ['programs side by side', async (page) => page.locator('.dock-head .tab').nth(2).click()],
  ['charts', async (page) => page.locator('.dock-head .tab').nth(3).click()],
  ['history', async (page) => page.locator('.dock-head .tab').nth(4).click()],
  ['the log again', async (page, playground) => {
    await page.locator('.dock-head .tab').first().click();
    await page.locator('.bar-play button').last().click();
    await playground.drawn();
  }],
  ['a journey', async (page) => page.locator('.log-messages').first().click()],
  ['the tables', async (page) => page.locator('.segments .segment').nth(1).click()],
  ['a queue', async (page) => {
    await page.locator('[data-open]').filter({ hasText: 'hello' }).first().click();
    await unfoldAll(page);
    await page.locator('.got').locator('xpath=..').locator('button[type=submit]').click();
  }],
  ['an exchange', async (page) => {
    await page.locator('[data-open]').filter({ hasText: 'amq.topic' }).first().click();
    await unfoldAll(page);
  }],
  ['a program', async (page) => page.locator('[data-open]').filter({ hasText: 'worker 2' }).first().click()],
  ['a connection', async (page) => {
    await page.locator('.tables .tab').nth(5).click();
    await page.locator('[data-open]').filter({ hasText: 'worker 2' }).first().click();
    await unfoldAll(page);
  }],
  ['a channel', async (page) => {
    await page.locator('.tables .tab').nth(6).click();
    await page.locator('[data-open]').filter({ hasText: 'worker 2' }).first().click();
    await unfoldAll(page);
  }],
  ['the command palette', async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('.commands input').fill('a');
  }],
  ['the list of keys', async (page) => {
    await page.keyboard.press('Escape');
    await page.locator('[aria-keyshortcuts="?"]').click();
  }],
];

for (const colorScheme of ['light', 'dark']) {
  for (const locale of ['en-GB', 'zh-CN']) {
    test(`every view is accessible, ${colorScheme}, ${locale}`, async (t) => {
      await visit({ colorScheme, locale }, async (playground) => {
        playground.page.setDefaultTimeout(10_000);
        for (const [name, open] of VIEWS) {
          await t.test(name, async () => {
            await open(playground.page, playground);
            await playground.drawn();
            await assertAccessible(playground);
          });
        }
      });
    });
  }
}

test('every view is accessible on a phone', async (t) => {
  await visit({ viewport: PHONE, isMobile: true, hasTouch: true }, async (playground) => {
    const { page } = playground;
    await t.test('the tables come first', () => assertAccessible(playground));
    await t.test('the inspector is a sheet at the bottom', async () => {
      await page.locator('[data-open]').first().click();
      await assertAccessible(playground);
      const side = await page.locator('.side').boundingBox();
      assert.ok(side.y > 100 && Math.abs(side.width - PHONE.width) < 2, JSON.stringify(side));
    });
    await t.test('what is touched is large enough', async () => {
      const small = await page.locator('.mq-root').evaluate((root) => [...root.querySelectorAll('button, select, input, summary')]
        .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, svg') && !element.matches('.visually-hidden, [type=checkbox], .link'))
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(([element, box]) => `${element.className || element.tagName} "${element.textContent.slice(0, 20)}" ${Math.round(box.width)}x${Math.round(box.height)}`));
      assert.deepEqual(small, []);
    });
  });
});

for (const [name, options, zoom] of [
  ['320 px', { viewport: { width: 320, height: 640 } }, 1],
  ['200 % text', { viewport: { width: 1280, height: 900 } }, 2],
  ['a phone lying down', { viewport: { width: 844, height: 390 }, isMobile: true, hasTouch: true }, 1],
  ['200 px', { viewport: { width: 200, height: 400 } }, 1],
]) {
  test(`nothing is cut off at ${name}`, async () => {
    await visit({ locale: 'zh-CN', ...options }, async (playground) => {
      const { page } = playground;
      if (zoom !== 1) {
        await page.locator('mq-playground').evaluate((host, factor) => {
          for (const size of ['1', '2', '3', '4']) {
            const now = parseFloat(getComputedStyle(host).getPropertyValue(`--mq-text-${size}`));
            host.shadowRoot.querySelector('.mq-root').style.setProperty(`--mq-text-${size}`, `${now * factor}px`);
          }
        }, zoom);
      }
      await choose(page, 'work-queue');
      for (const face of [0, 1]) {
        await page.locator('.segments .segment').nth(face).click();
        await playground.drawn();
        const wide = await page.locator('.mq-root').evaluate((root) => {
          const own = root.getBoundingClientRect().width;
          const scrolls = (element) => {
            for (let at = element; at && at !== root; at = at.parentElement) {
              if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(at).overflowX)) return true;
            }
            return false;
          };
          return [...root.querySelectorAll('*')]
            .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > own + 1 && !scrolls(element.parentElement))
            .map((element) => `${element.tagName}.${element.className} ${Math.round(element.getBoundingClientRect().right)} > ${own}`);
        });
        assert.deepEqual(wide.slice(0, 5), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      }
    });
  });
}

test('the focus is seen and never hidden on the way through the page', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await choose(page, 'work-queue');
    await page.locator('.bar select').first().focus();
    const seen = new Set();
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const root = document.querySelector('mq-playground').shadowRoot;
        const element = root.activeElement;
        if (!element) return null;
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 60), 1), innerWidth - 2);
        const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 20), 1), innerHeight - 2);
        const top = root.elementFromPoint(x, y);
        const isSvg = element instanceof SVGElement;
        return {
          name: `${element.tagName}.${element.className?.baseVal ?? element.className}`,
          obscured: !isSvg && !(element.contains(top) || top?.contains(element)),
          marked: isSvg || style.outlineStyle !== 'none' || style.boxShadow !== 'none',
        };
      });
      if (!at) break;
      seen.add(at.name);
      assert.equal(at.obscured, false, `${at.name} is hidden by something`);
      assert.equal(at.marked, true, `${at.name} does not show that it has the focus`);
    }
    assert.ok(seen.size > 8, [...seen].join(' '));
  });
});

test('a run that plays says one sentence at a time, and a summary', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    assert.equal(await page.locator('.mq-root [role=log]').count(), 0);
    await choose(page, 'work-queue');
    const voice = page.locator('.visually-hidden[role=status]');
    const said = [];
    await voice.evaluate((region) => {
      globalThis.said = [];
      new MutationObserver(() => globalThis.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
    });
    await page.locator('.bar-play .play').click();
    await page.waitForTimeout(7000);
    said.push(...(await page.evaluate(() => globalThis.said)));
    assert.ok(said.length >= 1 && said.length <= 6, said.join(' | '));
    assert.ok(said.some((sentence) => /published/.test(sentence)), said.join(' | '));
  });
});

test('in forced colours what is selected and pressed is still told apart', async () => {
  await visit({ forcedColors: 'active' }, async (playground) => {
    const { page } = playground;
    await page.locator('.segments .segment').nth(1).click();
    await page.locator('[data-open]').first().click();
    const outline = await page.locator('tr.selected > th').first().evaluate((cell) => getComputedStyle(cell).outlineStyle);
    assert.equal(outline, 'solid');
    await assertAccessible(playground);
  });
});
