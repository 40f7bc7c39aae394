// Wiring and editing on the canvas: each way to draw an edge makes the same binding, and everything a hand can do has
// a way by keys and one by single presses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';
const BOUND = 'Bound orders to work with routing key order.*.';

withBrowser();

/** An empty canvas with a topic exchange "orders" and the queues named. */
async function shop(playground, ...queues) {
  await playground.choose(EMPTY);
  await playground.declareExchange({ name: 'orders', type: 'topic' });
  for (const name of queues) await playground.declareQueue({ name });
  await playground.exchange('orders').waitFor();
  await playground.drawn();
}

/** Opens the menu of a node or edge and chooses an entry. */
async function choose(playground, target, entry) {
  await target.click({ button: 'right' });
  await playground.page.getByRole('menuitem', { name: entry, exact: true }).click();
}

test('four ways of wiring make the same binding', async () => {
  const ways = {
    drag: async (playground) => {
      await playground.drag(playground.exchange('orders'), playground.queue('work'));
      await playground.bind('order.*');
    },
    presses: async (playground) => {
      await playground.exchange('orders').hover();
      await playground.exchange('orders').locator('..').locator('[data-handle]').click();
      await playground.queue('work').click();
      await playground.bind('order.*');
    },
    keys: async (playground) => {
      const { page } = playground;
      await playground.canvas.focus();
      for (const key of ['Home', 'c', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
      await page.getByRole('dialog').getByLabel('Routing key').waitFor();
      await page.keyboard.type('order.*');
      await page.keyboard.press('Enter');
    },
    form: async (playground) => {
      await playground.add(
        'Add binding',
        async (form) => {
          await form.getByLabel('From exchange').selectOption('orders');
          await form.getByLabel('To', { exact: true }).selectOption('qwork');
          await form.getByLabel('Routing key').fill('order.*');
        },
        'Bind',
      );
    },
  };
  for (const [name, way] of Object.entries(ways)) {
    await visit({}, async (playground) => {
      await shop(playground, 'work');
      await way(playground);
      await playground.expectLine(BOUND);
      assert.equal(await playground.edges('orders', 'work').count(), 1, name);
    });
  }
});

test('keys and presses that come all at once are obeyed one after the other', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 'work');
    await playground.queue('work').waitFor();
    // A busy page gets them like this: it draws nothing between them.
    await playground.canvas.evaluate((canvas) => {
      canvas.focus();
      for (const key of ['Home', 'c', 'ArrowRight', 'Enter']) {
        canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
      }
    });
    await playground.bind('order.*');
    await playground.expectLine(BOUND);
    const handle = playground.exchange('orders').locator('..').locator('[data-handle]');
    await playground.exchange('orders').hover();
    const places = [await playground.middleOf(handle), await playground.middleOf(playground.queue('work'))];
    await playground.canvas.evaluate((canvas, places) => {
      for (const { x, y } of places) {
        const at = { clientX: x, clientY: y, button: 0, pointerId: 1, isPrimary: true, pointerType: 'mouse' };
        const target = canvas.getRootNode().elementFromPoint(x, y);
        for (const type of ['pointerdown', 'pointerup']) {
          target.dispatchEvent(new PointerEvent(type, { ...at, bubbles: true, composed: true, cancelable: true }));
        }
      }
    }, places);
    await playground.bind('order.eu');
    await playground.expectLine(BOUND.replace('*', 'eu'));
  });
});

test('where an edge may not end is said before it is dropped there', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 'work', 'archive');
    await playground.queue('work').hover();
    await playground.queue('work').locator('..').locator('[data-handle]').click();
    await playground.queue('archive').hover();
    await playground.page.locator('.canvas-refusal').getByText('work cannot be connected to archive: bindings lead').waitFor();
    await playground.page.keyboard.press('Escape');
    assert.equal(await playground.page.locator('.is-connecting').count(), 0);
  });
});

test('an end of a binding is dragged to another queue, and one undo brings it back', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 'work', 'archive');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.pressEdge('orders', 'work');
    const grip = await playground.middleOf(playground.edges('orders', 'work').locator('[data-end="to"]'));
    const goal = await playground.middleOf(playground.queue('archive'));
    await playground.dragBetween(grip, goal);
    await playground.expectLine('Bound orders to archive with routing key order.*.');
    await playground.notices.getByText(/RabbitMQ cannot move a binding/).waitFor();
    assert.equal(await playground.edges('orders', 'work').count(), 0);
    await playground.button('Undo').click();
    await playground.edges('orders', 'work').waitFor();
    assert.equal(await playground.edges('orders', 'archive').count(), 0);
    await playground.button('Redo').click();
    await playground.edges('orders', 'archive').waitFor();
  });
});

test('an end is moved by presses alone, and a key is edited where it stands', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work', 'archive');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.pressEdge('orders', 'work', { button: 'right' });
    await page.getByRole('menuitem', { name: 'Move its end…' }).click();
    await playground.queue('archive').click();
    await playground.edges('orders', 'archive').waitFor();
    await playground.pressEdge('orders', 'archive');
    await playground.canvas.focus();
    await page.keyboard.press('F2');
    const pen = page.getByRole('textbox', { name: 'Edit the key here' });
    assert.equal(await pen.inputValue(), 'order.*');
    await pen.fill('invoice.#');
    await page.keyboard.press('Enter');
    await playground.expectLine('Bound orders to archive with routing key invoice.#.');
    await playground.expectLine(/Binding from orders to archive \(order\.\*\) went away/);
  });
});

test('an edge let go over empty space creates what it leads to', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground);
    const start = await playground.handleOf(playground.exchange('orders'));
    await playground.dragBetween(start, { x: start.x + 260, y: start.y + 120 });
    await page.getByRole('menuitem', { name: 'New queue…' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('work');
    await form.getByLabel('Routing key').fill('order.*');
    await form.getByRole('button', { name: 'Create and bind' }).click();
    await playground.expectLine(BOUND);
    // The queue stands where the edge was let go.
    const place = await playground.middleOf(playground.queue('work'));
    assert.ok(Math.abs(place.x - (start.x + 260)) < 30 && Math.abs(place.y - (start.y + 120)) < 30, JSON.stringify(place));
    await playground.button('Undo').click();
    await playground.queue('work').waitFor({ state: 'detached' });
  });
});

test('a part of the palette is dragged to its place', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground);
    await page.getByRole('navigation').getByRole('button', { name: 'Add a new queue' }).dragTo(playground.canvas, {
      targetPosition: { x: 500, y: 300 },
    });
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('work');
    await form.getByRole('button', { name: 'Create' }).click();
    await playground.queue('work').waitFor();
  });
});

test('an area is marked, deleted after it was said what goes with it, and undone in one step', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work', 'archive');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.openPublish(playground.exchange('orders'));
    await playground.publish({ exchange: 'orders', routingKey: 'order.new', payload: 'one' });
    const box = await playground.canvas.boundingBox();
    await page.keyboard.down('Shift');
    await playground.dragBetween({ x: box.x + 8, y: box.y + 8 }, { x: box.x + box.width - 60, y: box.y + box.height - 60 });
    await page.keyboard.up('Shift');
    await page.getByText(/\d selected/).waitFor();
    await playground.canvas.focus();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('binding orders → work, order.*').waitFor();
    await dialog.getByText('1 ready messages in work').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await playground.queue('archive').waitFor({ state: 'detached' });
    await playground.button('Undo').click();
    await playground.queue('archive').waitFor();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    assert.equal(await playground.edges('orders', 'work').count(), 1);
  });
});

test('a piece is copied to another page as scenario text', async () => {
  const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
  await visit(clipboard, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.canvas.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(JSON.parse(text).topology.bindings[0].routingKey, 'order.*');
    // The same page: the names are taken, so the copies get numbers.
    await page.keyboard.press('Control+v');
    await playground.queue('work-1').waitFor();
    await playground.expectLine('Bound orders-1 to work-1 with routing key order.*.');
    await playground.button('Undo').click();
    await playground.queue('work-1').waitFor({ state: 'detached' });
    // A fresh one: they keep their names.
    await playground.choose(EMPTY);
    await playground.canvas.focus();
    await page.keyboard.press('Control+v');
    await playground.queue('work').waitFor();
    await playground.expectLine(BOUND);
    // What is no scenario is refused, and nothing changes.
    await page.evaluate(() => navigator.clipboard.writeText('no scenario'));
    await playground.canvas.focus();
    await page.keyboard.press('Control+v');
    await playground.notices.getByText(/The pasted text is not JSON/).waitFor();
    await playground.queue('work').waitFor();
  });
});

test('where the clipboard is not allowed the text is there to be copied by hand', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await choose(playground, playground.queue('work'), 'Copy');
    const text = await page.getByRole('textbox', { name: 'Copy' }).inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    const box = await playground.canvas.boundingBox();
    await page.mouse.click(box.x + 40, box.y + 40, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Paste here…' }).click();
    await page.getByLabel('Paste scenario text into this field.').fill(text);
    await page.getByRole('dialog').getByRole('button', { name: 'Paste' }).click();
    await playground.queue('work-1').waitFor();
  });
});

test('a duplicate is wired as its original is', async () => {
  await visit({}, async (playground) => {
    await shop(playground, 'work');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.queue('work').click();
    await playground.canvas.focus();
    await playground.page.keyboard.press('Control+d');
    await playground.queue('work-1').waitFor();
    await playground.expectLine('Bound orders to work-1 with routing key order.*.');
  });
});

test('renaming says what it takes, keeps wires and messages, and is one step', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.openPublish(playground.exchange('orders'));
    await playground.publish({ exchange: 'orders', routingKey: 'order.new', payload: 'one' });
    await playground.queue('work').click();
    await playground.canvas.focus();
    await page.keyboard.press('F2');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('RabbitMQ cannot rename.').waitFor();
    await dialog.getByText('Bound again: orders → work, order.*.').waitFor();
    await dialog.getByText(/1 ready messages are published again/).waitFor();
    await dialog.getByLabel('New name').fill('tasks');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await playground.expectQueue('tasks', { ready: 1, unacked: 0 });
    assert.equal(await playground.queue('work').count(), 0);
    assert.equal(await playground.edges('orders', 'tasks').count(), 1);
    await playground.button('Undo').click();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
  });
});

test('a move, a note and a queue are undone in the order they were made', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    const before = await playground.middleOf(playground.queue('work'));
    await playground.dragBetween(before, { x: before.x + 90, y: before.y + 60 });
    await playground.declareQueue({ name: 'late' });
    await playground.queue('late').waitFor();
    await playground.addNote('remember the milk');
    const undo = async () => {
      await playground.canvas.focus();
      await page.keyboard.press('Control+z');
      await playground.drawn();
    };
    await undo();
    assert.equal(await page.getByText('remember the milk').count(), 0);
    await undo();
    await undo();
    await playground.queue('late').waitFor({ state: 'detached' });
    await undo();
    const after = await playground.middleOf(playground.queue('work'));
    assert.ok(Math.abs(after.x - before.x) < 3 && Math.abs(after.y - before.y) < 3, JSON.stringify({ before, after }));
    await playground.queue('work').waitFor();
  });
});

test('what one writes on the canvas stays when the drawing moves below', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    const box = await playground.canvas.boundingBox();
    await page.mouse.click(box.x + 30, box.y + 60, { button: 'right' });
    await page.getByRole('menuitem', { name: 'Add a note here' }).click();
    const pen = page.getByRole('textbox', { name: 'Write' });
    await pen.fill('remember the milk');
    await page.setViewportSize({ width: 1200, height: 800 });
    await page.waitForTimeout(1500);
    assert.equal(await pen.inputValue(), 'remember the milk');
    await page.keyboard.press('Control+Enter');
    await page.locator('.patch-note').getByText('remember the milk').waitFor();
  });
});

test('a note counts to the drawing: it is shown with all, and travels with pictures and links', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const api = (what) => page.evaluate(`document.querySelector('mq-playground').api(1).then((api) => api.${what})`);
    await playground.addNote('remember the milk');
    await playground.button('Fit everything').click();
    await playground.drawn();
    // Moved far away, and all is shown again.
    const note = page.locator('.patch-note');
    const start = await playground.middleOf(note);
    const box = await playground.canvas.boundingBox();
    await playground.dragBetween(start, { x: box.x + box.width + 200, y: box.y + 90 });
    await playground.button('Fit everything').click();
    await playground.drawn();
    const seen = await note.boundingBox();
    assert.ok(seen.x > box.x && seen.x + seen.width < box.x + box.width, JSON.stringify({ seen, box }));
    assert.match(await api('toSVG()'), />remember the milk</);
    await page.goto(new URL(await api('shareURL()'), page.url()).href);
    await page.reload();
    await page.locator('.patch-note').getByText('remember the milk').waitFor();
  });
});

test('nodes are moved by presses alone and by keys, and lined up', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work', 'archive');
    const start = await playground.middleOf(playground.queue('work'));
    await choose(playground, playground.queue('work'), 'Move: then press the place…');
    await page.mouse.click(start.x + 60, start.y - 140);
    await playground.drawn();
    const moved = await playground.middleOf(playground.queue('work'));
    assert.ok(Math.abs(moved.x - start.x - 60) < 40 && moved.y < start.y - 60, JSON.stringify({ start, moved }));
    await playground.queue('work').click();
    await playground.canvas.focus();
    await page.keyboard.press('Alt+ArrowRight');
    await playground.drawn();
    await page.keyboard.press('Control+a');
    await playground.queue('work').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Align in a column' }).click();
    await playground.drawn();
    const columns = await Promise.all(
      [playground.queue('work'), playground.queue('archive')].map((queue) => playground.centerX(queue)),
    );
    assert.ok(Math.abs(columns[0] - columns[1]) < 2, columns.join(' '));
  });
});

test('why: a key is tried without publishing, and canvas and panel say the same', async () => {
  await visit({}, async (playground) => {
    const { page, side } = playground;
    await shop(playground, 'work', 'archive');
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*.eu');
    await playground.drag(playground.exchange('orders'), playground.queue('archive'));
    await playground.bind('order.new');
    await playground.exchange('orders').click();
    await playground.canvas.focus();
    await page.keyboard.press('w');
    await side.getByText('Nothing is published.').waitFor();
    await side.getByLabel('Routing key').fill('order.new.eu');
    await side.getByText('It would go to: work.').waitFor();
    await side.getByText(/\* took new/).waitFor();
    assert.equal(await page.locator('[data-edge].is-matched .edge-line').count(), 1);
    assert.equal(await page.locator('[data-edge].is-not-matched .edge-line').count(), 1);
    await side.getByLabel('Routing key').fill('invoice');
    await side.getByText('It would go nowhere').waitFor();
    assert.equal(await playground.line(/published to/).count(), 0);
    await side.getByRole('button', { name: 'Close panel' }).click();
    assert.equal(await page.locator('[data-edge].is-matched').count(), 0);
  });
});

test('the small map shows where one is and leads elsewhere', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await shop(playground, 'work');
    const map = page.getByRole('img', { name: /Small map/ });
    // What is seen whole needs no map.
    assert.equal(await map.count(), 0);
    for (let times = 0; times < 4; times += 1) await playground.button('Zoom in').click();
    const before = await playground.middleOf(playground.queue('work'));
    const box = await map.boundingBox();
    await page.mouse.click(box.x + 6, box.y + 6);
    await playground.drawn();
    const after = await playground.middleOf(playground.queue('work'));
    assert.ok(after.x > before.x || after.y > before.y, 'looking to the upper left moves the drawing to the lower right');
    await playground.button('Small map').click();
    await map.waitFor({ state: 'detached' });
  });
});

test('by touch: a press connects, a long press opens the menu, two fingers zoom', async () => {
  const touch = { viewport: PHONE, hasTouch: true, isMobile: true };
  await visit(touch, async (playground) => {
    const { page } = playground;
    await playground.choose(EMPTY);
    await playground.declareExchange({ name: 'orders', type: 'topic' });
    await playground.declareQueue({ name: 'work' });
    await page.getByRole('button', { name: 'Graph', exact: true }).tap();
    await playground.exchange('orders').waitFor();
    await playground.exchange('orders').locator('..').locator('[data-handle]').tap();
    await playground.queue('work').tap();
    await playground.bind('order.*');
    // On a phone the log is folded until somebody wants it.
    await playground.openDock('Log');
    await playground.expectLine(BOUND);
    const at = await playground.middleOf(playground.queue('work'));
    const finger = await page.context().newCDPSession(page);
    const touchAt = (type, ...points) => finger.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
    await touchAt('touchStart', [at.x, at.y]);
    await page.getByRole('menuitem', { name: 'Rename…' }).waitFor();
    await touchAt('touchEnd');
    // The menu stays when the finger is lifted: the first Escape closes it, the second lets go of the queue.
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Rename…' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.locator('.side > .sheet').waitFor({ state: 'hidden' });
    const wide = (await playground.queue('work').boundingBox()).width;
    const box = await playground.canvas.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await touchAt('touchStart', [x - 30, y], [x + 30, y]);
    for (const apart of [40, 55, 70, 90]) await touchAt('touchMove', [x - apart, y], [x + apart, y]);
    await touchAt('touchEnd');
    await playground.drawn();
    const wider = (await playground.queue('work').boundingBox()).width;
    assert.ok(wider > wide * 1.5, `${wide} → ${wider}`);
    const handle = await page.locator('.handle-hit').first().evaluate((hit) => getComputedStyle(hit).r);
    assert.equal(handle, '22px', 'a handle is 44 pixels wide where it is touched');
  });
});

test('names that turn the direction of writing are shown for what they are', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work\u202egnp' });
    await playground.page.locator('.node-name', { hasText: 'work⟨202E⟩gnp' }).waitFor();
  });
});

test('a window of 200 pixels still shows the canvas and takes a question', async () => {
  await visit({ viewport: { width: 200, height: 400 } }, async (playground) => {
    const { page } = playground;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 200, `the page is ${wide} wide`);
  });
});
