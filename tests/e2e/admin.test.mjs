// Journeys through what stands around a broker: its frames, its users and their permissions, policies, alarms, versions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';

withBrowser();

test('frames: what a client and the broker say to each other, decoded, of the step chosen in the log', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'hello there' });
    await playground.expectQueue('work', { ready: 1, unacked: 0 });

    const frames = await playground.openDock('Frames');
    for (const words of [
      /^connection\.start \(10, 10\)/,
      /^connection\.tune-ok \(10, 31\) channel-max=2047 frame-max=131072 heartbeat=60/,
      /^queue\.declare \(50, 10\) queue=.work. passive=false durable=true/,
      /^queue\.declare-ok \(50, 11\) queue=.work. message-count=0 consumer-count=0/,
      /^basic\.publish \(60, 40\) exchange=.* routing-key=.work. mandatory=false/,
      /body size=11/,
      /^.hello there.$/,
    ]) {
      await frames.locator('.frame-words').filter({ hasText: words }).first().waitFor();
    }

    // A line of the log chooses its step; the frames are then those of that step.
    const before = await frames.getByRole('listitem').count();
    await playground.openDock('Log');
    await playground.line(/Message #1 published/).getByRole('button').click();
    await playground.openDock('Frames');
    await frames.getByText(/chosen in the log/).waitFor();
    assert.equal(await frames.locator('.frame').count(), 3);
    assert.ok(before > 3);

    // Opened by keyboard: the arguments by name, and the octets.
    const publish = frames.locator('.frame > details > summary').first();
    await publish.focus();
    await playground.page.keyboard.press('Enter');
    await frames.locator('dt', { hasText: 'routing-key' }).waitFor();
    await frames.getByText('Octets in hex').first().click();
    await frames.getByText(/^0000 {2}01 00 01 00 00/).waitFor();

    await frames.getByRole('button', { name: 'Show the last steps' }).click();
    await frames.getByRole('combobox', { name: 'Channel' }).selectOption('0');
    await frames.locator('.frame-words').filter({ hasText: /^connection\.open / }).waitFor();
    assert.equal(await frames.locator('.frame-words').filter({ hasText: /^queue\.declare/ }).count(), 0);
  });
});

test('the dock folds away, is made higher by keys, and remembers its tab', async () => {
  await visit({}, async (playground) => {
    const border = playground.page.getByRole('separator', { name: 'Height of the panels' });
    await border.waitFor();
    const height = async () => (await playground.page.locator('.drawer').boundingBox()).height;
    const before = await height();
    await border.focus();
    await playground.page.keyboard.press('ArrowUp');
    await playground.page.keyboard.press('ArrowUp');
    assert.ok((await height()) > before + 40);
    await playground.openDock('Frames');
    await playground.button('Fold the panels away').click();
    assert.equal(await playground.page.getByRole('region', { name: 'Frames' }).count(), 0);
    await playground.button('Unfold the panels').click();
    await playground.page.getByRole('region', { name: 'Frames' }).waitFor();
  });
});

test('permissions: who may not configure is refused with 403, in the notice, the log and the frames', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    const admin = await playground.openAdmin('Users');
    const add = playground.form('Add a user');
    await add.getByLabel('Username').fill('alice');
    await add.getByLabel('Password').fill('secret');
    await add.getByRole('button', { name: 'Add user' }).click();
    await admin.locator('summary', { hasText: 'alice' }).click();
    await admin.getByText('No access: until permissions are set').waitFor();
    const set = playground.form('Set permission');
    await set.getByLabel('Configure regexp').fill('^alice-');
    await set.getByRole('button', { name: 'Set permission' }).click();
    await admin.getByRole('cell', { name: '^alice-' }).waitFor();

    await playground.openAdmin('Overview');
    const you = playground.form('Who you are');
    await you.getByLabel('User').selectOption('alice');
    await you.getByRole('button', { name: 'Act as this user' }).click();
    await playground.button('alice @ /').waitFor();

    await playground.declareQueue({ name: 'alice-work' });
    await playground.queue('alice-work').waitFor();
    await playground.declareQueue({ name: 'other' });
    const refusal = "ACCESS_REFUSED - configure access to queue 'other' in vhost '/' refused for user 'alice'";
    await playground.notices.getByText(refusal).waitFor();
    await playground.expectLine(refusal);
    assert.equal(await playground.queue('other').count(), 0);
    const frames = await playground.openDock('Frames');
    await frames.locator('.frame-words').filter({ hasText: /channel\.close \(20, 40\) reply-code=403/ }).waitFor();
  });
});

test('a virtual host has queues of its own, and its default type is given to queues', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    const admin = await playground.openAdmin('Virtual Hosts');
    const add = playground.form('Add a new virtual host');
    await add.getByLabel('Name').fill('orders');
    await add.getByRole('button', { name: 'Add virtual host' }).click();
    const item = admin.getByRole('listitem').filter({ has: playground.page.getByRole('heading', { name: 'orders' }) });
    await item.getByLabel('Default Queue Type').selectOption('quorum');

    await playground.openAdmin('Overview');
    const you = playground.form('Who you are');
    await you.getByLabel('Virtual host').selectOption('orders');
    await you.getByRole('button', { name: 'Act as this user' }).click();
    await playground.button('guest @ orders').waitFor();
    assert.equal(await playground.queue('work').count(), 0);
    await playground.declareQueue({ name: 'more' });
    await playground.queue('more').click();
    await playground.side.getByText('x-queue-type').first().waitFor();
    await playground.side.getByText('quorum').first().waitFor();
  });
});

test('policies: the one of the highest priority is in force, and an operator policy limits it', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    const admin = await playground.openAdmin('Policies');
    await playground.setPolicy('Add / update a policy', { name: 'short', pattern: '^wo', key: 'max-length', value: '5' });
    await admin.getByText('In force for work.').waitFor();
    await playground.setPolicy('Add / update an operator policy', { name: 'cap', pattern: '.*', key: 'max-length', value: '1' });
    await admin.getByRole('button', { name: 'Delete policy cap' }).waitFor();

    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'one' });
    await playground.publish({ payload: 'two' });
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await playground.side.getByText('short', { exact: true }).first().waitFor();

    await playground.openAdmin('Policies');
    await playground.button('Delete policy cap').click();
    await playground.button('Close panel').click();
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'three' });
    await playground.expectQueue('work', { ready: 2, unacked: 0 });
  });
});

test('a memory alarm blocks who publishes, and tells it so', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    const admin = await playground.openAdmin('Overview');
    await admin.getByLabel('Memory alarm: low on memory').check();
    await playground.button('Memory alarm').waitFor();
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'one' });
    await playground.expectLine(/low on memory/);
    const frames = await playground.openDock('Frames');
    await frames.locator('.frame-words').filter({ hasText: /connection\.blocked \(10, 60\) reason=.low on memory./ }).waitFor();

    await playground.button('Memory alarm').click();
    await admin.getByRole('listitem').filter({ hasText: 'you' }).getByText('blocked').waitFor();
    await admin.getByLabel('Memory alarm: low on memory').uncheck();
    await frames.locator('.frame-words').filter({ hasText: /connection\.unblocked/ }).waitFor();
  });
});

test('another version of RabbitMQ begins the run anew, and that is said before', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    const admin = await playground.openAdmin('Overview');
    await admin.getByRole('combobox', { name: 'RabbitMQ version' }).selectOption('3.10');
    await admin.getByText('A broker cannot change its version while it runs').waitFor();
    await playground.button('Keep this run').click();
    assert.equal(await admin.getByRole('combobox', { name: 'RabbitMQ version' }).inputValue(), '4');
    await admin.getByRole('combobox', { name: 'RabbitMQ version' }).selectOption('3.10');
    await playground.button('Begin anew').click();
    await playground.openAdmin('Overview');
    assert.equal(await admin.getByRole('combobox', { name: 'RabbitMQ version' }).inputValue(), '3.10');
    await playground.declareQueue({ name: 'work' });
    const frames = await playground.openDock('Frames');
    await frames.locator('.frame-words').filter({ hasText: /version=.3\.10\.8./ }).waitFor();
  });
});

test('the form of a queue offers every argument with help, says what a type does not take, and an expired message tells its x-death', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareExchange({ name: 'dlx', type: 'fanout' });
    await playground.declareQueue({ name: 'dead' });
    await playground.drag(playground.exchange('dlx'), playground.queue('dead'));
    await playground.bind('');
    await playground.add(
      'Add a new queue',
      async (form) => {
        await form.getByLabel('Name', { exact: true }).fill('work');
        await form.getByRole('combobox', { name: 'Type', exact: true }).selectOption('quorum');
        for (const [name, value] of [['Message TTL', '1000'], ['Dead letter exchange', 'dlx'], ['Maximum priority', '5']]) {
          if (name === 'Maximum priority') await form.getByRole('combobox', { name: 'Type', exact: true }).selectOption('classic');
          await form.getByRole('button', { name, exact: true }).click();
          await form.getByLabel('Value', { exact: true }).last().fill(value);
        }
        await form.getByText('Milliseconds a message may wait in the queue').waitFor();
        await form.getByRole('link', { name: 'RabbitMQ docs' }).first().waitFor();
        await form.getByRole('combobox', { name: 'Type', exact: true }).selectOption('quorum');
        await form.getByText('A queue of type quorum does not take x-max-priority').waitFor();
        await form.getByRole('combobox', { name: 'Type', exact: true }).selectOption('classic');
      },
      'Add queue',
    );
    for (const badge of ['D', 'TTL', 'DLX', 'Pri', 'Type']) {
      await playground.canvas.getByText(badge, { exact: true }).first().waitFor();
    }
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ payload: 'late' });
    await playground.side.getByText(/expires at/).first().waitFor();
    await playground.expectQueue('dead', { ready: 1, unacked: 0 });
    await playground.line(/waits in queue dead/).getByRole('button').click();
    const deaths = playground.side.getByRole('table');
    await deaths.getByText('its time to live ran out').waitFor();
    await deaths.getByRole('cell', { name: 'work', exact: true }).first().waitFor();
  });
});

test('admin and frames are there on a phone', async () => {
  await visit({ viewport: PHONE, isMobile: true, hasTouch: true }, async (playground) => {
    const admin = await playground.openAdmin('Overview');
    await admin.getByLabel('Disk alarm: low on disk').check();
    await playground.button('Disk alarm').waitFor();
    await playground.button('Close panel').click();
    await playground.openDock('Frames');
  });
});
