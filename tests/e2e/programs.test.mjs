// Programs: made with a form, written as a script, broken on purpose, and a load peak that a queue levels.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

const EMPTY = 'Empty canvas';
const PEAK = 'Levelling a load peak';

withBrowser();

test('a producer at a rate is made with a form, shows its script, and publishes by itself', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.add(
      'Add a producer',
      async (form) => {
        await form.getByLabel('Connection name').fill('shop');
        await form.getByLabel('Publishes to').selectOption({ label: '(AMQP default)' });
        await form.getByLabel('Routing key').fill('work');
        await form.getByLabel('Publishes', { exact: true }).selectOption({ label: 'At a rate' });
        // Too much is refused, and the limit is named.
        await form.getByLabel('Messages per second').fill('1000000');
        await form.getByText(/up to 10000/).waitFor();
        await form.getByLabel('Messages per second').fill('50');
        await form.getByLabel('Stop after so many messages').fill('5');
        await form.getByText('Script', { exact: true }).click();
        await form.getByText('rate 50 times=5').waitFor();
      },
      'Add producer',
    );
    await playground.expectQueue('work', { ready: 5, unacked: 0 });
    await playground.producer('shop').click();
    await playground.side.getByText('5 of 5').waitFor();
    await playground.side.getByText('rate 50 times=5').waitFor();
    // Edited, it begins again.
    await playground.side.getByRole('button', { name: 'Edit', exact: true }).click();
    const form = playground.form('Edit producer');
    await form.getByLabel('Stop after so many messages').fill('2');
    await form.getByRole('button', { name: 'Save and begin again' }).click();
    await playground.expectQueue('work', { ready: 7, unacked: 0 });
  });
});

test('a script with a fault is refused at its line, mended with one press, and runs line by line', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.addScript({ name: 'sender', script: 'queue work\npulbish "" key=work "one"\n' });
    const form = playground.form('Add a program');
    await form.getByRole('status').getByText(/Line 2, column 1: There is no statement `pulbish`/).waitFor();
    await form.getByRole('button', { name: 'Use publish' }).click();
    await form.getByRole('button', { name: 'Add program' }).click();
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await playground.program('sender').click();
    const line = playground.side.getByRole('listitem').filter({ hasText: 'publish' });
    await assert.doesNotReject(line.and(playground.page.locator('[aria-current="step"]')).waitFor());

    // A broken script does not replace the one that is there.
    await playground.side.getByRole('button', { name: 'Edit', exact: true }).click();
    const edit = playground.form('Edit script');
    await edit.getByRole('textbox', { name: 'Script' }).fill('queue work\nrepeat 3\n');
    await edit.getByRole('button', { name: 'Save and begin again' }).click();
    await edit.getByRole('alert').getByText(/Line 2, column 1/).waitFor();
    await edit.getByRole('button', { name: 'Cancel' }).click();
    await playground.side.getByText('publish "" key=work "one"').waitFor();
  });
});

test("the tutorial's two programs stand side by side, each at its line", async () => {
  await visit({}, async (playground) => {
    await playground.choose('Logs: the message nobody prints');
    await playground.page.getByRole('tab', { name: 'Programs', exact: true }).click();
    const script = (name) => playground.page.getByRole('tabpanel').getByRole('region', { name, exact: true });
    const lit = (name) => script(name).locator('[aria-current="step"]').first();
    const seen = { sender: new Set(), receiver: new Set() };
    for (let steps = 0; steps < 40; steps += 1) {
      await playground.step();
      for (const name of ['sender', 'receiver']) {
        if ((await lit(name).count()) > 0) seen[name].add(await lit(name).innerText());
      }
    }
    for (const name of ['sender', 'receiver']) {
      assert.ok(seen[name].size >= 3, `${name} was seen at ${[...seen[name]].join(' | ')}`);
    }
    await script('sender').getByRole('button', { name: 'sender' }).click();
    await playground.side.getByRole('heading', { name: 'sender' }).waitFor();
  });
});

test('faults are one click each: a worker hangs, goes on, and loses its connection before the ack', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.add(
      'Add a consumer',
      async (form) => {
        await form.getByLabel('Connection name').fill('clerk');
        await form.getByLabel('Queue', { exact: true }).selectOption('work');
        await form.getByLabel('Ack mode').selectOption({ label: 'Manual ack after work' });
        await form.getByLabel('Time', { exact: true }).fill('300ms');
      },
      'Add consumer',
    );
    await playground.fault('clerk', 'Hang');
    await playground.expectLine('Fault: clerk hangs. What it holds stays unacked.');
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ exchange: '(AMQP default)', routingKey: 'work', payload: 'one' });
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    await playground.fault('clerk', 'Let it go on');
    await playground.expectQueue('work', { ready: 0, unacked: 0 });
    await playground.fault('clerk', 'Lose the connection before the next ack');
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ exchange: '(AMQP default)', routingKey: 'work', payload: 'two' });
    await playground.expectLine('Connection clerk was lost.');
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
  });
});

test('every fault is one click, and the log says what it does', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.addScript({ name: 'clerk', script: 'qos 1\nconsume work work=100ms\n' });
    const faults = [
      ['Slow down 5×', 'Fault: clerk takes 5 times as long for everything.'],
      ['Back to its own pace', 'clerk is back at its own pace.'],
      ['Hang', 'Fault: clerk hangs. What it holds stays unacked.'],
      ['Let it go on', 'clerk goes on where it hung.'],
      ['Lose the connection before the next ack', 'Fault: the connection of clerk will be lost just before its next ack.'],
      ['Close its channel with an error', /closed channel 1 of clerk: 406 PRECONDITION_FAILED - unknown delivery tag/],
      ['Drop connection', 'Fault: the connection of clerk is cut.'],
      ['Kill the program', 'Fault: program clerk is killed.'],
    ];
    for (const [name, line] of faults) {
      await playground.fault('clerk', name);
      await playground.expectLine(line);
      // What ended it is followed by a new beginning.
      if (/channel|Drop/.test(name)) {
        await playground.side.getByRole('button', { name: 'Start again', exact: true }).click();
        await playground.side.getByRole('button', { name: 'Hang', exact: true }).waitFor();
      }
    }
    await playground.button('Restart broker').click();
    await playground.expectLine('The broker stopped.');
  });
});

test('faults by keyboard, from the menu of a program', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.addScript({ name: 'p', script: 'connect\nchannel\n' });
    await playground.program('p').click();
    await playground.canvas.focus();
    await playground.page.keyboard.press('Home');
    await playground.page.keyboard.press('m');
    const kill = playground.page.getByRole('menuitem', { name: 'Kill the program' });
    await kill.waitFor();
    await kill.focus();
    await playground.page.keyboard.press('Enter');
    await playground.expectLine('Fault: program p is killed.');
  });
});

test('a memory alarm blocks who publishes, and lets it go on', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.addScript({
      name: 'shop',
      script: 'queue work\non blocked wait\nevery 100ms times=20\n  publish "" key=work "{n}"\nend\n',
    });
    await playground.button('Memory alarm').click();
    await playground.expectLine(/Connection shop is blocked|shop.*blocked/i);
    await playground.button('Clear memory alarm').click();
    await playground.expectQueue('work', { ready: 20, unacked: 0 });
  });
});

test('levelling a load peak: the queue rises quickly, falls slowly, and nothing is lost', async () => {
  await visit({}, async (playground) => {
    await playground.choose(PEAK);
    await playground.page.getByRole('combobox', { name: 'Speed' }).selectOption('10');
    await playground.page.getByRole('group', { name: 'Play' }).getByRole('button', { name: 'Play' }).click();
    const ready = async () => {
      const name = await playground.queue('work').getAttribute('aria-label');
      return Number(/(\d+) ready/.exec(name)[1]);
    };
    let top = 0;
    let fell = false;
    for (let looks = 0; looks < 400 && !fell; looks += 1) {
      const now = await ready();
      top = Math.max(top, now);
      fell = top >= 30 && now === 0;
      await playground.drawn();
    }
    assert.ok(top >= 30, `at most ${top} waited`);
    assert.ok(fell, 'the peak was worked off');
  });
});
