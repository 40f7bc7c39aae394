// mode="demo": every way of editing is either not there or says that this page is for watching, and nothing changes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

withBrowser();

const LOCKED = 'This playground is for watching';

/** Puts a playground for watching in the place of the page's own. */
async function demo(playground, scenario = 'work-queue') {
  const { page } = playground;
  await page.evaluate(async (name) => {
    document.querySelector('mq-playground').remove();
    const element = document.createElement('mq-playground');
    for (const [key, value] of Object.entries({ mode: 'demo', scenario: name, loading: 'eager', height: '860' })) {
      element.setAttribute(key, value);
    }
    document.body.prepend(element);
    window.api = await element.api(1);
    for (let step = 0; step < 24; step += 1) window.api.step();
  }, scenario);
  await playground.whole();
  await playground.queue('hello').waitFor();
}

/** Everything that editing could change: what the broker holds, where things stand, what is drawn besides. */
const stands = (page) => page.evaluate(() => {
  const root = document.querySelector('mq-playground').shadowRoot;
  const places = [...root.querySelectorAll('.node')].map((node) => node.parentElement.outerHTML.match(/transform="[^"]*"/)?.[0]);
  return JSON.stringify([window.api.snapshot(), places, root.querySelectorAll('.patch').length]);
});

/** What is tried; `says` that it is locked, or is not there at all. */
const WAYS = {
  'a drag from one node to another': async ({ playground }) => {
    const { page } = playground;
    assert.equal(await page.locator('[data-handle]').count(), 0);
    const [from, to] = [playground.program('sender'), playground.queue('hello')];
    await playground.dragBetween(await playground.middleOf(from), await playground.middleOf(to));
  },
  'a drag of a node': async ({ playground }) => {
    const at = await playground.middleOf(playground.queue('hello').locator('.node-shape'));
    await playground.dragBetween(at, { x: at.x + 60, y: at.y + 80 });
  },
  'menus of the canvas': async ({ playground }) => {
    const { page } = playground;
    for (const node of [playground.queue('hello'), playground.program('worker 2')]) {
      await node.click({ button: 'right' });
      assert.equal(await page.getByRole('menuitem').count(), 0);
    }
    const box = await playground.canvas.boundingBox();
    await page.mouse.click(box.x + box.width * 0.6, box.y + 14, { button: 'right' });
    await page.getByRole('menuitem').first().waitFor();
    assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Fit everything']);
    await page.keyboard.press('Escape');
  },
  'the palette': async ({ playground }) => assert.equal(await playground.page.locator('.palette-button:visible').count(), 0),
  'buttons of the bar': async ({ playground }) => {
    for (const name of ['Restart broker', 'Admin', 'Memory alarm']) assert.equal(await playground.button(name).count(), 0);
    assert.deepEqual(await playground.page.locator('.bar-scenario option', { hasText: 'Empty canvas' }).count(), 0);
    await playground.button('More').click();
    await playground.page.getByRole('menuitem').first().waitFor();
    assert.deepEqual(await playground.page.getByRole('menuitem').allInnerTexts(), ['Save file']);
    await playground.page.keyboard.press('Escape');
  },
  'the command palette': async ({ playground }) => {
    const { page } = playground;
    await page.keyboard.press('Control+k');
    await page.locator('.commands [role=option]').first().waitFor();
    const offered = await page.locator('.commands [role=option]').allInnerTexts();
    await page.keyboard.press('Escape');
    assert.ok(offered.some((text) => text.startsWith('Play')) && offered.some((text) => text.startsWith('Go to hello')));
    assert.deepEqual(offered.filter((text) => /Add|Undo|Redo|Restart|alarm|Arrange|Empty|Delete|Purge|Rename|Publish/.test(text)), []);
  },
  'menus of table rows': async ({ playground }) => {
    await playground.button('Table').click();
    assert.equal(await playground.page.getByRole('button', { name: /^Actions/ }).count(), 0);
    await playground.page.locator('[data-open]').filter({ hasText: 'hello' }).first().click();
    await playground.side.getByText('hello').first().waitFor();
    await playground.button('Graph').click();
    await playground.queue('hello').waitFor();
  },
  'undo': async ({ playground }) => {
    await playground.canvas.focus();
    await playground.page.keyboard.press('Control+z');
    assert.equal(await playground.button('Undo').getAttribute('aria-disabled'), 'true');
  },
};

/** The same, for what is refused with a sentence. */
const SAYS = {
  c: 'c', Delete: 'Delete', 'Ctrl+D': 'Control+d', 'Ctrl+X': 'Control+x', F2: 'F2', 'Alt+Right': 'Alt+ArrowRight', e: 'e', q: 'q', b: 'b',
};

test('in a page for watching no way of editing is offered, or it says why not', async () => {
  await visit({}, async (playground) => {
    await demo(playground);
    for (const [name, way] of Object.entries(WAYS)) {
      const before = await stands(playground.page);
      await way({ playground });
      await playground.drawn();
      assert.equal(await stands(playground.page), before, name);
    }
  });
});

test('in a page for watching keys, pasted text, files and forms are refused with a sentence', async () => {
  await visit({ permissions: ['clipboard-read', 'clipboard-write'] }, async (playground) => {
    const { page, notices } = playground;
    await demo(playground);
    const before = await stands(page);
    const refused = async (name) => {
      await notices.getByText(LOCKED).waitFor().catch(() => assert.fail(`${name} says nothing`));
      assert.equal(await stands(page), before, name);
      await notices.getByRole('button', { name: 'Close' }).first().click();
    };
    for (const [name, key] of Object.entries(SAYS)) {
      await playground.queue('hello').click();
      await page.keyboard.press(key);
      await refused(name);
    }
    await page.evaluate(() => navigator.clipboard.writeText('{"version":1,"topology":{"queues":[{"name":"pasted"}]}}'));
    await playground.canvas.focus();
    await page.keyboard.press('Control+v');
    await refused('Ctrl+V');
    const dropped = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['queue dropped\n'], 'dropped.mq', { type: 'text/plain' }));
      return data;
    });
    await playground.canvas.dispatchEvent('drop', { dataTransfer: dropped });
    await refused('a dropped file');
    await playground.openPublish(playground.queue('hello'));
    await playground.publish({ payload: 'no' });
    await refused('publishing');
    await playground.program('worker 2').click();
    await playground.side.getByRole('button', { name: 'Kill the program' }).click();
    await refused('a fault');
    await playground.side.getByRole('button', { name: 'Edit' }).click();
    await refused('a script');
  });
});

test('a page for watching can be opened for editing and closed again while it runs', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await demo(playground);
    const add = page.getByRole('navigation').getByRole('button', { name: 'Add a new queue' });
    const mode = (name) => page.evaluate((it) => document.querySelector('mq-playground').setAttribute('mode', it), name);
    assert.equal(await add.count(), 0);
    await mode('edit');
    await add.waitFor();
    await playground.button('Admin').waitFor();
    assert.ok(await page.locator('[data-handle]').count() > 0);
    await playground.declareQueue({ name: 'mine' });
    await playground.queue('mine').waitFor();
    const before = await stands(page);
    await mode('demo');
    await add.waitFor({ state: 'hidden' });
    await playground.button('Admin').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('[data-handle]').count(), 0);
    await playground.queue('mine').click();
    await page.keyboard.press('Delete');
    await playground.notices.getByText(LOCKED).waitFor();
    assert.equal(await stands(page), before);
  });
});
