// Journeys through time: a step back, branches and how they differ, the timeline by pointer and keyboard, waiting,
// charts, and one message's life.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESKTOP, PHONE, visit, withBrowser } from './visit.mjs';

const WORK = 'Work queue: a crash before the ack';

withBrowser();

/** What belongs to time on the page. */
class Time {
  constructor(playground) {
    this.playground = playground;
    this.page = playground.page;
    this.bar = this.page.getByRole('region', { name: 'Time', exact: true });
    this.slider = this.page.getByRole('slider', { name: 'Timeline' });
    this.past = this.bar.getByRole('note');
  }

  async tab(name) {
    await this.page.getByRole('tab', { name, exact: true }).click();
  }

  /** Waits for something by the menu of the bar, until it has happened. */
  async until(what) {
    await this.bar.getByRole('button', { name: 'Until …' }).click();
    await this.page.getByRole('menuitem', { name: what, exact: true }).click();
    await this.page.getByText(/^Reached after \d+ steps/).last().waitFor();
  }

  /** Where one is: time and step. */
  async position() {
    const text = await this.slider.getAttribute('aria-valuetext');
    const [, now, end, step, steps] = text.match(/^([\d.]+) s of ([\d.]+) s, step (\d+) of (\d+)$/) ?? [];
    assert.ok(steps, text);
    return { now: Number(now), end: Number(end), step: Number(step), steps: Number(steps) };
  }

  async back() {
    await this.bar.getByRole('button', { name: 'One step back' }).click();
    await this.playground.drawn();
  }
}

async function begin(playground) {
  await playground.choose(WORK);
  return new Time(playground);
}

test('one step back shows the moment before, and nothing is lost', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.until('the first redelivery');
    await playground.expectLine(/Message #1 delivered from hello .* of worker 2.*Redelivered/);
    const there = await time.position();
    assert.equal(there.step, there.steps);
    await time.back();
    assert.equal(await playground.line(/Redelivered/).count(), 0);
    await time.past.getByText(/You are in the past/).waitFor();
    assert.deepEqual(await time.position().then(({ step, steps }) => [step, steps]), [there.step - 1, there.steps]);
    await playground.step();
    await playground.expectLine(/Message #1 delivered from hello .* of worker 2.*Redelivered/);
    assert.equal(await time.past.count(), 0);
  });
});

test('one goes event by event inside a command, forward and back, and finishes it', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await playground.stepTo(/Channel 1 opened on sender/);
    await time.bar.getByRole('combobox', { name: 'Size of a step' }).selectOption('Step: event');
    await playground.stepTo(/^[\d.]+ s\s*Message #1 published/);
    const inside = time.bar.getByRole('note');
    await inside.getByText(/You are inside a command at [\d.]+ s: 2 of 5 events have happened\./).waitFor();
    await playground.expectLine(/Still to come of this command: Message #1 went to queue hello/);
    const there = await time.position();
    await playground.step();
    await inside.getByText(/: 3 of 5 events have happened\./).waitFor();
    await playground.expectLine(/^[\d.]+ s\s*Message #1 went to queue hello/);
    await time.back();
    await inside.getByText(/: 2 of 5 events have happened\./).waitFor();
    assert.equal(await playground.line(/^[\d.]+ s\s*Message #1 went to queue hello/).count(), 0);
    assert.deepEqual(await time.position(), there, 'all of it is one step of the run');
    // By keys, whatever size is chosen.
    await playground.page.getByRole('tab', { name: 'Log', exact: true }).focus();
    await playground.page.keyboard.press('Shift+Period');
    await inside.getByText(/: 3 of 5 events have happened\./).waitFor();
    await playground.page.keyboard.press('Shift+Comma');
    await inside.getByText(/: 2 of 5 events have happened\./).waitFor();
    const api = await playground.page.evaluate(async () => {
      const api = await document.querySelector('mq-playground').api(1);
      const told = api.step(1, { by: 'event' });
      const within = api.state.within;
      return { told: told.map((it) => it.kind), within, back: api.back({ by: 'event' }), then: api.state.within };
    });
    assert.deepEqual(api, { told: ['routed'], within: { done: 3, of: 5 }, back: true, then: { done: 2, of: 5 } });
    await inside.getByRole('button', { name: 'Finish the command' }).click();
    await inside.waitFor({ state: 'detached' });
    await playground.expectLine(/worker 1 prints \[x\] Received First task/);
    assert.equal((await time.position()).step, there.step + 1);
    // What one does inside a command comes after it, and cuts nothing off.
    await time.back();
    await playground.page.getByRole('button', { name: 'Restart broker' }).click();
    await inside.waitFor({ state: 'detached' });
    await playground.expectLine(/worker 1 prints \[x\] Received First task/);
    assert.equal(await playground.page.getByText(/What came after is kept/).count(), 0);
  });
});

test('acting in the past begins a branch; one switches, compares, names and deletes', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    await time.slider.focus();
    while ((await time.position()).now > 5) await playground.page.keyboard.press('ArrowLeft');
    await playground.page.getByRole('button', { name: 'Restart broker' }).click();
    await playground.notices.getByText('What came after is kept as “Main”; you are now on “Branch 2”.').waitFor();
    await time.until('+60 s');
    await time.tab('History');
    const branches = playground.page.getByRole('region', { name: 'Branches', exact: true });
    await branches.getByText(/from Main at .* begins with: restarted the broker/).waitFor();
    await branches.getByRole('button', { name: 'Compare', exact: true }).click();
    const compared = playground.page.getByRole('region', { name: 'Which messages ended elsewhere' });
    await compared.getByRole('status').filter({ hasText: /“Branch 2” and “Main” part at [\d.]+ s\./ }).waitFor();
    await compared.getByRole('row').filter({ hasText: /#\d .*acknowledged by worker 2, from hello/ }).first().waitFor();
    await compared.getByRole('button', { name: 'Close the comparison' }).click();

    await branches.getByRole('listitem').filter({ hasText: 'Branch 2' }).getByRole('button', { name: 'Rename' }).click();
    await branches.getByRole('textbox', { name: 'Name of the branch' }).fill('with a restart');
    await playground.page.keyboard.press('Enter');
    await branches.getByText('with a restart', { exact: true }).waitFor();
    await branches.getByRole('button', { name: 'Switch to it' }).click();
    await time.tab('Log');
    await playground.expectLine(/PRECONDITION_FAILED - inequivalent arg 'durable'/);
    await time.tab('History');
    await branches.getByRole('button', { name: 'Delete' }).click();
    assert.equal(await branches.getByRole('listitem').count(), 1);
  });
});

test('what a person did stands in the history: undo, redo, and back to any of it', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.until('+10 s');
    await playground.page.getByRole('button', { name: 'Restart broker' }).click();
    await time.tab('History');
    const history = playground.page.getByRole('region', { name: 'History', exact: true });
    const entry = history.getByRole('listitem').filter({ hasText: 'restarted the broker' });
    await entry.waitFor();
    await history.getByRole('button', { name: 'Undo' }).click();
    await entry.getByText('yet to come').waitFor();
    await time.past.getByText(/What you took back is kept as a branch/).waitFor();
    await history.getByRole('button', { name: 'Redo' }).click();
    await entry.getByText('yet to come').waitFor({ state: 'detached' });
    await playground.page.keyboard.press('Control+z');
    await entry.getByText('yet to come').waitFor();
    await entry.getByRole('button').click();
    await entry.getByText('yet to come').waitFor({ state: 'detached' });
  });
});

test('the timeline is dragged by pointer, and works by keys everywhere', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    const box = await time.slider.boundingBox();
    const y = box.y + box.height / 2;
    await playground.page.mouse.move(box.x + box.width * 0.5, y);
    await playground.page.mouse.down();
    await playground.page.mouse.move(box.x + box.width * 0.3, y, { steps: 4 });
    await playground.page.mouse.move(box.x + box.width * 0.1, y, { steps: 4 });
    await playground.page.mouse.up();
    await playground.drawn();
    const dragged = await time.position();
    assert.ok(dragged.now > 2 && dragged.now < 12, `dragged to ${dragged.now} s`);
    await time.past.waitFor();
    await playground.page.keyboard.press('End');
    await time.past.waitFor({ state: 'detached' });
    await playground.page.keyboard.press('Home');
    await playground.drawn();
    assert.equal((await time.position()).now, 0);
    await playground.page.keyboard.press('.');
    await playground.page.keyboard.press('.');
    await playground.drawn();
    const { step } = await time.position();
    await playground.page.keyboard.press(',');
    await playground.drawn();
    assert.equal((await time.position()).step, step - 1);
    // On the canvas a key does one thing: a dot is one step, Home goes to the first node and not through time.
    await playground.canvas.focus();
    await playground.page.keyboard.press('.');
    await playground.drawn();
    await playground.page.keyboard.press('Home');
    await playground.drawn();
    assert.equal((await time.position()).step, step);
  });
});

test('by touch on a phone the timeline goes where one taps', async () => {
  await visit({ viewport: PHONE, hasTouch: true, isMobile: true }, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    const box = await time.slider.boundingBox();
    await playground.page.touchscreen.tap(box.x + box.width * 0.2, box.y + box.height / 2);
    await time.past.waitFor();
    const { now } = await time.position();
    assert.ok(now > 6 && now < 20, `tapped to ${now} s`);
  });
});

test('waiting for so many acks stops exactly there, and a wait can fail in words', async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.tab('History');
    const form = playground.page.getByRole('region', { name: 'As fast as it can until …' });
    await form.getByRole('combobox', { name: 'Until' }).selectOption('acked');
    await form.getByRole('textbox', { name: 'How many' }).or(form.getByRole('spinbutton')).first().fill('2');
    await playground.page.keyboard.press('Tab');
    await form.getByRole('button', { name: 'Run' }).click();
    await playground.notices.getByText(/^Reached after \d+ steps: 2 × ack/).waitFor();
    await time.tab('Log');
    assert.equal(await playground.line(/acknowledged|ack/i).filter({ hasText: /Message #/ }).count() >= 2, true);
    await time.bar.getByRole('button', { name: 'Until …' }).click();
    await playground.page.getByRole('menuitem', { name: 'the first unroutable message' }).click();
    await playground.notices.getByText(/^Nothing more is due, and this did not happen/).waitFor();
  });
});

test('charts read the moment one points at, and say their values in words', async () => {
  await visit({ viewport: DESKTOP }, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    await time.tab('Charts');
    const queue = playground.page.getByRole('region', { name: 'Queue hello' });
    await queue.getByRole('img', { name: /hello: at 60\.000 s 0 ready and 0 unacknowledged, at most \d+ ready so far/ }).waitFor();
    const picture = queue.getByRole('img').first();
    const box = await picture.boundingBox();
    await picture.hover({ position: { x: box.width * 0.1, y: 10 } });
    await playground.page.getByText(/^At [3-9]\.\d+ s$/).waitFor();
    const counts = playground.page.getByRole('region', { name: 'Counts since the beginning' });
    await playground.page.mouse.move(10, 10);
    const count = (name) => counts.locator('div').filter({ has: playground.page.getByText(name, { exact: true }) }).locator('dd');
    assert.equal(await count('published').innerText(), '4');
    assert.equal(await count('acknowledged').innerText(), '4');
    assert.equal(await count('redelivered').innerText(), '1');
    await picture.click({ position: { x: box.width * 0.1, y: 10 } });
    await time.past.waitFor();
  });
});

test('on paper the charts that are open stand under the drawing, by day also at night', async () => {
  await visit({ colorScheme: 'dark' }, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    await time.tab('Charts');
    await playground.page.emulateMedia({ media: 'print' });
    const paper = await playground.page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      const element = document.querySelector('mq-playground');
      const copy = element.shadowRoot.querySelector('.mq-paper-copy');
      const card = copy.querySelector('.chart-card h3');
      const seen = {
        drawing: copy.firstElementChild.tagName,
        charts: copy.querySelectorAll('.chart > svg').length,
        ink: getComputedStyle(card).color,
        whole: element.scrollHeight <= element.clientHeight + 1,
      };
      dispatchEvent(new Event('afterprint'));
      return { ...seen, gone: !element.shadowRoot.querySelector('.mq-paper-copy') };
    });
    assert.deepEqual(paper, { drawing: 'svg', charts: 3, ink: 'rgb(28, 36, 48)', whole: true, gone: true });
  });
});

test("one message's life: from the log to its end, with the times, and back to any moment of it", async () => {
  await visit({}, async (playground) => {
    const time = await begin(playground);
    await time.until('+60 s');
    await playground.line(/Message #1 delivered from hello .* of worker 2.*Redelivered/).getByRole('button').click();
    await playground.page.getByRole('button', { name: 'Its whole life, with times' }).click();
    const life = playground.page.getByRole('region', { name: 'The life of #1' });
    const events = life.getByRole('listitem');
    await events.filter({ hasText: /published/ }).first().waitFor();
    await events.filter({ hasText: /went back to queue hello/ }).filter({ hasText: /after [\d.]+ s/ }).waitFor();
    await life.getByText('It has come to its end.').waitFor();
    const stays = life.getByRole('region', { name: 'Where it was' });
    await stays.getByText(/unacknowledged at worker 1/).waitFor();
    await stays.getByText(/unacknowledged at worker 2/).waitFor();
    await events.filter({ hasText: /went back to queue hello/ }).getByRole('button', { name: 'Go to this moment' }).click();
    await time.past.waitFor();
    assert.equal(await life.getByText('It has come to its end.').count(), 0, 'in the past it does not know its end');
  });
});

test('how far a step goes is kept for the next visit', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    await playground.whole();
    const size = () => page.locator('.time-menus select').first();
    await size().selectOption('event');
    await page.waitForFunction(() => localStorage.getItem('mq-playground/choices/step') === 'event');
    await page.reload();
    await playground.whole();
    await page.waitForFunction(() => document.querySelector('mq-playground').shadowRoot
      .querySelector('.time-menus select').value === 'event');
  });
});
