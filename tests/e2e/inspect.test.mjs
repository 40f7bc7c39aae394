// What one sees and does in panels, tables and the command palette, and work that is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interactive } from './browser.mjs';
import { Playground } from './playground.mjs';
import { visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';
const WORK = 'Work queue: a crash before the ack';

withBrowser();

/** An exchange `orders` bound to the queue `work`, a queue `other`, and `count` messages in `work`. */
async function shop(playground, count = 2) {
  await playground.choose(EMPTY);
  await playground.declareExchange({ name: 'orders', type: 'topic' });
  await playground.declareQueue({ name: 'work' });
  await playground.declareQueue({ name: 'other' });
  await playground.queue('other').waitFor();
  await playground.add(
    'Add binding',
    async (form) => {
      await form.getByLabel('From exchange').selectOption('orders');
      await form.getByLabel('To', { exact: true }).selectOption('qwork');
      await form.getByLabel('Routing key').fill('order.*');
    },
    'Bind',
  );
  await playground.expectLine('Bound orders to work with routing key order.*.');
  await playground.openPublish(playground.exchange('orders'));
  for (let number = 1; number <= count; number += 1) {
    await playground.publish({ exchange: 'orders', routingKey: 'order.new', payload: `order ${number}`, persistent: true });
  }
  await playground.expectQueue('work', { ready: count, unacked: 0 });
  await playground.queue('work').click();
}

async function get(playground, mode, count = '1') {
  const section = await playground.unfold('Get messages');
  await section.getByLabel('Ack mode').selectOption({ label: mode });
  await section.getByLabel('Messages', { exact: true }).fill(count);
  await section.getByRole('button', { name: 'Get Message(s)' }).click();
  await playground.drawn();
  return section;
}

test('the log goes along with a busy run from its first lines, and stays where one reads back', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const script = ['repeat forever', ...Array.from({ length: 40 }, () => 'publish all "news"'), 'sleep 300ms', 'end'];
    const scenario = {
      version: 1,
      topology: { exchanges: [{ name: 'all', type: 'fanout' }], queues: [{ name: 'work', arguments: { 'x-max-length': 5 } }], bindings: [{ source: 'all', queue: 'work' }] },
      programs: [{ name: 'news', kind: 'producer', paceMs: 1, script }],
    };
    await page.locator('input[type=file]').setInputFiles({ name: 'news.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(scenario)) });
    await playground.exchange('all').waitFor();
    await playground.button('Play').first().click();
    const lines = page.locator('.log-lines');
    await lines.locator('.log-line').nth(30).waitFor();
    const away = () => lines.evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop);
    const stands = async (share) => {
      const first = await lines.locator('time').first().textContent();
      await page.waitForFunction(([list, before]) => list.querySelector('time').textContent !== before, [await lines.elementHandle(), first]);
      assert.ok(share(await away()), `${await away()} from the end`);
    };
    const isAtEnd = (pixels) => pixels < 80;
    await stands(isAtEnd);
    await stands(isAtEnd);
    await lines.hover();
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(100);
    await stands((pixels) => pixels >= 300);
    await page.mouse.wheel(0, 5_000);
    await page.waitForTimeout(100);
    await stands(isAtEnd);
  });
});

test('messages are got in the four ways of the management UI, and by holding', async () => {
  await visit({}, async (playground) => {
    await shop(playground);
    let section = await get(playground, 'Nack message requeue true', '5');
    await section.getByText('The server reported 1 messages remaining.').waitFor();
    await section.getByText('The server reported 0 messages remaining.').waitFor();
    await section.getByText('order 1', { exact: true }).first().waitFor();
    await section.getByText('2 - Persistent').first().waitFor();
    await playground.expectQueue('work', { ready: 2, unacked: 0 });

    // One press is one thing that was done, so one undo takes all of it back.
    await playground.button('Undo').click();
    assert.equal(await playground.line(/went back to queue work/).count(), 0);
    await playground.expectQueue('work', { ready: 2, unacked: 0 });

    section = await get(playground, 'Reject requeue true');
    await playground.expectQueue('work', { ready: 2, unacked: 0 });
    section = await get(playground, 'Nack message requeue true');
    assert.match(await section.locator('.got-message').first().innerText(), /Redelivered\s+Yes/);
    await get(playground, 'Reject requeue false');
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await get(playground, 'Hold it unacked until you settle it');
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    section = await get(playground, 'Automatic ack');
    await section.getByText('Queue is empty').waitFor();
    // The held message goes back when the person's channel is closed by a mistake of theirs.
    await section.getByLabel('Messages', { exact: true }).fill('0');
    await section.getByText('“0” is not a whole number from 1 to 1000.').waitFor();
  });
});

test('a payload can be seen in base64, and a dead letter shows its history', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 1);
    const section = await playground.unfold('Get messages');
    await section.getByLabel('Encoding').selectOption('base64');
    await get(playground, 'Nack message requeue true');
    await section.getByText('b3JkZXIgMQ==').waitFor();

    await playground.choose('Empty canvas');
    await playground.button('Nothing gets lost: an alternate exchange').waitFor();
    await playground.button('Retry: failed messages come back after a while').click();
    await playground.button('Pause').click();
    await playground.stepTo(/Message #\d+ waits in queue wait 5 s/);
    await playground.queue('wait 5 s').click();
    const retry = await get(playground, 'Nack message requeue true');
    await retry.getByText('x-death').waitFor();
    await retry.getByText('rejected').first().waitFor();
  });
});

test('messages are moved, purged, and their queue is deleted only as asked', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 3);
    const move = await playground.unfold('Move messages');
    await move.getByLabel('Destination queue').selectOption('other');
    await move.getByRole('button', { name: 'Move messages' }).click();
    await move.getByText('3 messages moved to other.').waitFor();
    await playground.expectQueue('work', { ready: 0, unacked: 0 });
    await playground.expectQueue('other', { ready: 3, unacked: 0 });

    await playground.queue('other').click();
    const remove = await playground.unfold('Delete');
    await remove.getByText('With it go 0 bindings, 3 messages and 0 consumers.').waitFor();
    await remove.getByLabel('If empty').check();
    await remove.getByRole('button', { name: 'Delete queue' }).click();
    await playground.notices.getByText(/^406 PRECONDITION_FAILED - queue 'other'.*not empty/).waitFor();

    const purge = await playground.unfold('Purge');
    await purge.getByRole('button', { name: 'Purge messages' }).click();
    await purge.getByText('3 messages purged.').waitFor();
    await remove.getByRole('button', { name: 'Delete queue' }).click();
    await playground.queue('other').waitFor({ state: 'detached' });
  });
});

test('a binding is added and taken away in its place, and sections stay as they were left', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 1);
    await playground.queue('other').click();
    const bindings = await playground.unfold('Bindings');
    await bindings.getByText('Add binding to this queue').click();
    await bindings.getByLabel('Routing key').fill('#');
    await bindings.getByRole('button', { name: 'Bind', exact: true }).click();
    await playground.expectLine('Bound orders to other with routing key #.');
    await bindings.getByRole('button', { name: 'Unbind' }).click();
    await playground.expectLine(/Binding from orders to other .*went away/);

    await playground.unfold('Move messages');
    await playground.queue('work').click();
    assert.equal(await (await playground.section('Move messages')).evaluate((section) => section.open), true);
  });
});

test('the main job from the tables alone', async () => {
  await visit({}, async (playground) => {
    const { page, side } = playground;
    await playground.choose(EMPTY);
    await playground.button('Table').click();
    const table = (name) => page.getByRole('table', { name });
    const row = (kind, name) => table(kind).getByRole('row').filter({ has: page.getByRole('button', { name, exact: true }) });
    const act = async (name, what) => {
      await page.getByRole('button', { name: `Actions for ${name}` }).first().click();
      await page.getByRole('menuitem', { name: what }).click();
    };
    await playground.declareExchange({ name: 'orders', type: 'topic' });
    await playground.declareQueue({ name: 'work' });
    await act('orders', 'Add binding');
    const form = playground.form('Add binding');
    await form.getByLabel('Routing key').fill('order.*');
    await form.getByRole('button', { name: 'Bind' }).click();
    await row('Bindings', 'orders').getByText('order.*').waitFor();

    await table('Exchanges').getByRole('button', { name: 'orders', exact: true }).click();
    await playground.unfold('Publish message');
    await playground.publish({ exchange: 'orders', routingKey: 'order.new', payload: 'one' });
    await side.getByText('Message published.').waitFor();
    await row('Queues', 'work').getByRole('cell', { name: '1', exact: true }).first().waitFor();

    await act('work', 'Add a consumer');
    const consumer = playground.form('Add a consumer');
    await consumer.getByLabel('Connection name').fill('clerk');
    await consumer.getByRole('button', { name: 'Add consumer' }).click();
    await table('Programs').getByRole('button', { name: 'clerk', exact: true }).click();
    await side.getByRole('button', { name: 'Ack', exact: true }).click();
    await playground.expectLine(/Message #1 acknowledged by clerk/);

    await table('Connections').getByRole('button', { name: 'clerk', exact: true }).click();
    await side.getByText('AMQP 0-9-1').waitFor();
    await side.getByRole('button', { name: 'clerk (1)' }).click();
    await side.getByText('Prefetch per consumer').waitFor();
    await act('work', 'Delete queue');
    // What goes with it is said first.
    await side.getByText(/orders → work, order\.\*/).waitFor();
    await side.getByRole('button', { name: 'Delete', exact: true }).click();
    await row('Queues', 'work').waitFor({ state: 'detached' });
    await playground.button('Graph').click();
    await playground.exchange('orders').waitFor();
  });
});

test('tables are sorted, filtered, and walked through by keyboard', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 3);
    await playground.button('Table').click();
    const queues = page.getByRole('table', { name: 'Queues' });
    const names = async () => (await queues.getByRole('rowheader').allInnerTexts()).join(' ');
    const head = (name) => queues.getByRole('columnheader', { name });
    assert.equal(await names(), 'other work');
    await head('Ready').getByRole('button').click();
    await head('Ready').getByRole('button').click();
    assert.equal(await head('Ready').getAttribute('aria-sort'), 'descending');
    assert.equal(await names(), 'work other');
    await page.getByRole('searchbox', { name: 'Filter Queues' }).fill('oth');
    await page.getByText('1 of 2').waitFor();
    assert.equal(await names(), 'other');
    await page.getByRole('searchbox', { name: 'Filter Queues' }).fill('');
    await queues.getByRole('button', { name: 'work', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await playground.side.getByRole('heading', { name: /other/ }).waitFor();
    // The same thing is selected on the canvas.
    await playground.button('Graph').click();
    await page.locator('.node.is-selected').filter({ hasText: 'other' }).waitFor();
  });
});

test('the command palette does what has a name, in both languages', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 2);
    const command = async (typed) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Commands/ }).waitFor();
      await playground.drawn();
      // By keys alone: the field has the focus as soon as the palette is there.
      await page.keyboard.type(typed);
      await playground.drawn();
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: /Commands/ }).waitFor({ state: 'detached' });
    };
    await command('add new queue');
    await playground.form('Add a new queue').waitFor();
    await command('purge work');
    await playground.expectQueue('work', { ready: 0, unacked: 0 });
    await command('undo');
    await playground.expectQueue('work', { ready: 2, unacked: 0 });
    await command('redo');
    await playground.expectQueue('work', { ready: 0, unacked: 0 });
    await command('go to other');
    await playground.side.getByRole('heading', { name: /other/ }).waitFor();
    await command('dark');
    await page.locator('.mq-root[data-theme=dark]').waitFor();
    await command('get other');
    await playground.section('Get messages').getByLabel('Ack mode').waitFor();
    // Found by its Chinese name while the page is English, and the other way round.
    await command('语言 中文');
    await page.locator('.mq-root[lang=zh-Hans]').waitFor();
    await command('open scenario work');
    await page.getByRole('heading', { name: '工作队列，以及崩溃的消费者' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Commands/ }).fill('zzzz');
    await page.getByText('没有这样的名称。').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: /Commands/ }).waitFor({ state: 'detached' });
  });
});

test('work is kept as one goes, offered after the tab closed, and two tabs keep theirs apart', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    const context = page.context();
    const open = async () => {
      const other = await context.newPage();
      await other.goto(page.url());
      await interactive(other);
      return new Playground(other);
    };
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'first' });
    await page.getByText(/^Saved /).waitFor();
    const second = await open();
    // The first tab is still there, so its work is not offered in the second.
    assert.equal(await second.page.getByRole('region', { name: 'Work from before' }).count(), 0);
    await second.choose(EMPTY);
    await second.declareQueue({ name: 'second' });
    await second.declareQueue({ name: 'third' });
    await second.page.getByText(/^Saved /).waitFor();
    await second.page.close({ runBeforeUnload: false });

    const third = await open();
    const offer = third.page.getByRole('region', { name: 'Work from before' });
    await offer.getByText('0 exchanges, 2 queues, 0 bindings, 0 programs').waitFor();
    assert.equal(await offer.getByRole('listitem').count(), 1);
    await offer.getByRole('button', { name: 'Restore' }).click();
    await third.queue('second').waitFor();
    await third.queue('third').waitFor();
    await third.declareQueue({ name: 'fourth' });
    await third.page.getByText(/^Saved /).waitFor();
    await third.page.close();
    await playground.queue('first').waitFor();

    // A reload is a tab that closed too; both pieces of work are there.
    await page.reload();
    await interactive(page);
    const both = page.getByRole('region', { name: 'Work from before' });
    await both.getByText('0 exchanges, 3 queues, 0 bindings, 0 programs').waitFor();
    await both.getByText('0 exchanges, 1 queues, 0 bindings, 0 programs').waitFor();
    await both.getByRole('button', { name: 'Discard' }).first().click();
    await both.getByRole('button', { name: 'Discard' }).first().click();
    await both.waitFor({ state: 'detached' });
    await page.reload();
    await interactive(page);
    assert.equal(await both.count(), 0);
  });
});

test('where the browser forbids storage the page works, and says once that nothing is kept', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await page.addInitScript(() => {
      Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
    });
    // What is still on its way would be given up, and count as a failed request.
    await playground.whole();
    await page.reload();
    await interactive(page);
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.notices.getByText('This browser does not keep your work').waitFor();
    await playground.declareQueue({ name: 'more' });
    await playground.queue('more').waitFor();
    assert.equal(await page.getByText(/^Saved /).count(), 0);
  });
});

test('Chinese is composed in fields and in the command palette without being broken', async () => {
  await visit({ locale: 'zh-CN' }, async (playground) => {
    const { page } = playground;
    const input = await page.context().newCDPSession(page);
    /** Types as an input method does: the word grows and is chosen at the end. */
    const compose = async (steps, chosen) => {
      for (const text of steps) {
        await input.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
        await playground.drawn();
      }
      await input.send('Input.insertText', { text: chosen });
      await playground.drawn();
    };
    await page.getByRole('combobox', { name: '场景' }).selectOption('empty');
    await page.getByRole('navigation').getByRole('button', { name: /新增队列/ }).click();
    const form = page.getByRole('form', { name: /新增队列/ });
    const name = form.getByLabel(/名称/).first();
    await name.focus();
    await compose(['d', 'di', 'ding', 'ding dan'], '订单');
    assert.equal(await name.inputValue(), '订单');
    await compose(['d', 'dui', 'dui lie'], '队列');
    assert.equal(await name.inputValue(), '订单队列');
    await page.keyboard.press('Enter');
    await playground.canvas.getByRole('button', { name: /订单队列/ }).first().waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /命令/ }).focus();
    await compose(['z', 'zhuan', 'zhuan dao'], '转到 订单');
    assert.equal(await page.getByRole('combobox', { name: /命令/ }).inputValue(), '转到 订单');
    await page.getByRole('option', { name: /订单队列/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /订单队列/ }).waitFor();
  });
});

test('an empty canvas offers five beginnings, and each of them runs', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.choose(EMPTY);
    const begins = page.locator('.begins button');
    assert.equal(await begins.count(), 5);
    for (let index = 0; index < 5; index += 1) {
      await playground.choose(EMPTY);
      await begins.nth(index).click();
      await playground.button('Pause').click();
      await playground.stepTo(/Message #1 published/);
      // The chooser only tells of changes: away from the empty canvas, so that it can be chosen again.
      await playground.choose(WORK);
    }
  });
});
