// The page object: what a person can do on the page and see there, found by role and name as a person finds it.
// Journeys speak through it only, so that a change of the page changes this file and not every journey.
import assert from 'node:assert/strict';

/** More steps than any scenario takes; reaching it means that what was waited for never happens. */
const MOST_STEPS = 400;
/** More stops than a page should have. */
const MOST_TABS = 60;

export class Playground {
  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.canvas = page.getByRole('application');
    this.log = page.getByRole('region', { name: 'Log' });
    this.side = page.getByRole('complementary', { name: 'Inspector' });
    this.notices = page.getByRole('region', { name: 'Notices' });
  }

  /** Milliseconds from the start of the navigation until one can work with the page. */
  async timeToInteractive() {
    return this.page.evaluate(() => Math.round(performance.getEntriesByName('mq-interactive')[0].startTime));
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  // The bar

  async choose(scenario) {
    await this.page.getByRole('combobox', { name: 'Scenario' }).selectOption({ label: scenario });
  }

  /** Waits until also what comes behind the first view is there. */
  async whole() {
    await this.page.locator('.dock-head').waitFor();
  }

  /** One step of the run. */
  async step() {
    await this.button('One step').click();
    await this.drawn();
  }

  /** Steps until the log has a line with these words. */
  async stepTo(words) {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      if ((await this.line(words).count()) > 0) return;
      await this.step();
    }
    assert.fail(`no line of the log says ${words}; the last ones:\n${(await this.lines()).slice(-8).join('\n')}`);
  }

  /** Steps until nothing happens any more. */
  async stepToEnd() {
    await this.showAll();
    let before = -1;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const now = (await this.lines()).length;
      if (now === before) return;
      before = now;
      await this.step();
    }
    assert.fail('the run does not end');
  }

  /** Lets the page draw what it has been told: two animation frames, however long they take. */
  async drawn() {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  // The log

  /** Lines of the log with these words (a text or a pattern). */
  line(words) {
    return this.log.getByRole('listitem').filter({ hasText: words });
  }

  async lines() {
    return this.log.getByRole('listitem').allInnerTexts();
  }

  /** Shows every kind of line, not only the story. */
  async showAll() {
    await this.log.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Everything' });
  }

  async expectLine(words) {
    await this.line(words).first().waitFor();
  }

  /** Shows a tab of the dock and gives its panel. */
  async openDock(tab) {
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
    const panel = this.page.getByRole('region', { name: tab, exact: true });
    await panel.waitFor();
    return panel;
  }

  /** Opens the Admin panel at one of its tabs. */
  async openAdmin(tab) {
    const panel = this.page.getByRole('region', { name: 'Admin', exact: true });
    if ((await panel.count()) === 0) await this.button('Admin').click();
    await panel.getByRole('tab', { name: tab, exact: true }).click();
    return panel;
  }

  /** Fills one of the two forms of policies and sends it. */
  async setPolicy(title, { name, pattern, key, value }) {
    const form = this.form(title);
    await form.getByLabel('Name', { exact: true }).fill(name);
    await form.getByLabel('Pattern').fill(pattern);
    await form.getByRole('button', { name: key === 'max-length' ? 'Max length' : key, exact: true }).click();
    await form.getByLabel('Value').last().fill(value);
    await form.getByRole('button', { name: title.replace('a policy', 'policy').replace('an operator', 'operator') }).click();
  }

  /** Goes on with Tab until something has the focus. */
  async tabTo(target) {
    await target.waitFor();
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      // Inside a shadow root the document only knows the host; the element's own root knows better.
      if (await target.evaluate((element) => element.getRootNode().activeElement === element)) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`Tab never reaches ${target}`);
  }

  // Things on the canvas

  exchange(name) {
    return this.canvas.getByRole('button', { name: startingWith(`Exchange ${name},`) });
  }

  queue(name) {
    return this.canvas.getByRole('button', { name: startingWith(`Queue ${name},`) });
  }

  producer(name) {
    return this.canvas.getByRole('button', { name: startingWith(`Producer ${name},`) });
  }

  consumer(name) {
    return this.canvas.getByRole('button', { name: startingWith(`Consumer ${name} `) });
  }

  /** The edges of the bindings from an exchange to a queue or exchange. */
  edges(from, to) {
    return this.canvas.getByRole('button', { name: startingWith(`Binding from ${from} to ${to} `) });
  }

  /** Presses on the line of an edge, beside its label. */
  async pressEdge(from, to, options = {}) {
    const line = this.edges(from, to).first().locator('.edge-line');
    await line.waitFor({ state: 'attached' });
    const at = await line.evaluate((path) => {
      const place = path.getPointAtLength(path.getTotalLength() * 0.22);
      const { x, y } = new DOMPoint(place.x, place.y).matrixTransform(path.getScreenCTM());
      return { x, y };
    });
    await this.page.mouse.click(at.x, at.y, options);
    await this.drawn();
  }

  /** The middle of what a locator finds, in the window. */
  middleOf(locator) {
    return middle(locator);
  }

  /** Where the middle of the shape of a node is, from the left. */
  centerX(node) {
    return node.locator('.node-shape').evaluate((shape) => {
      const box = shape.getBoundingClientRect();
      return box.x + box.width / 2;
    });
  }

  /** The middle of the handle from which edges are drawn. */
  async handleOf(node) {
    await node.hover();
    return middle(node.locator('..').locator('[data-handle]'));
  }

  /** Drags from one place of the window to another. */
  async dragBetween(start, end) {
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Puts a note on the canvas, by the menu of empty space. */
  async addNote(text) {
    const box = await this.canvas.boundingBox();
    await this.page.mouse.click(box.x + 30, box.y + 60, { button: 'right' });
    await this.page.getByRole('menuitem', { name: 'Add a note here' }).click();
    const pen = this.page.getByRole('textbox', { name: 'Write' });
    await pen.fill(text);
    await this.page.keyboard.press('Control+Enter');
    await this.page.locator('.patch-note').getByText(text).waitFor();
  }

  /** The queue says so many Ready and Unacked. */
  async expectQueue(name, { ready, unacked }) {
    const says = new RegExp(`^Queue ${escaped(name)},.*: ${ready} ready, ${unacked} unacked`);
    await this.canvas.getByRole('button', { name: says }).waitFor();
  }

  /** Draws an edge by dragging from the handle of one node onto another. */
  async drag(from, to) {
    await from.hover();
    const start = await middle(from.locator('..').locator('[data-handle]'));
    const end = await middle(to);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Answers the question after an edge was drawn. */
  async bind(routingKey) {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Routing key').fill(routingKey);
    await dialog.getByRole('button', { name: 'Bind' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  // Forms

  form(title) {
    return this.page.getByRole('form', { name: title });
  }

  /** Opens a form from the palette, fills it, and sends it; it closes when the broker agreed. */
  async add(what, fill, submit) {
    await this.page.getByRole('navigation').getByRole('button', { name: what }).click();
    const form = this.form(what);
    await fill(form);
    await form.getByRole('button', { name: submit }).click();
  }

  async declareExchange({ name, type = 'direct' }) {
    await this.add(
      'Add a new exchange',
      async (form) => {
        await form.getByLabel('Name').fill(name);
        await form.getByLabel('Type', { exact: true }).selectOption(type);
      },
      'Add exchange',
    );
  }

  async declareQueue({ name, durability = 'Durable', exclusive = false }) {
    await this.add(
      'Add a new queue',
      async (form) => {
        await form.getByLabel('Name').fill(name);
        await form.getByLabel('Durability').selectOption({ label: durability });
        await form.getByLabel('Exclusive').setChecked(exclusive);
      },
      'Add queue',
    );
  }

  async addProducer({ name, exchange, routingKey = '' }) {
    await this.add(
      'Add a producer',
      async (form) => {
        await form.getByLabel('Connection name').fill(name);
        await form.getByLabel('Publishes to').selectOption({ label: exchange });
        await form.getByLabel('Routing key').fill(routingKey);
      },
      'Add producer',
    );
  }

  async addConsumer({ name, queue, prefetch = '1' }) {
    await this.add(
      'Add a consumer',
      async (form) => {
        await form.getByLabel('Connection name').fill(name);
        await form.getByLabel('Queue', { exact: true }).selectOption(queue);
        await form.getByLabel('Prefetch count').fill(prefetch);
      },
      'Add consumer',
    );
  }

  /** A section of the inspector, opened if it was folded. */
  async unfold(title) {
    const section = this.section(title);
    await section.waitFor();
    if (!(await section.evaluate((element) => element.open))) await section.locator('summary').click();
    return section;
  }

  section(title) {
    return this.side.locator('details').filter({ has: this.page.getByRole('heading', { name: startingWith(title), level: 3 }) });
  }

  /** A program by its name, whatever it does. */
  program(name) {
    return this.canvas.getByRole('button', { name: new RegExp(`^(Producer|Consumer|Program) ${escaped(name)}[, ]`) });
  }

  /** Adds a program with a script. */
  async addScript({ name, script }) {
    await this.add(
      'Add a program',
      async (form) => {
        await form.getByLabel('Connection name').fill(name);
        await form.getByRole('textbox', { name: 'Script' }).fill(script);
      },
      'Add program',
    );
  }

  /** Selects a node. */
  async select(node) {
    await node.click();
    await this.canvas.locator('.node.is-selected').first().waitFor();
  }

  /** Selects a program and lets something go wrong with it. */
  async fault(name, fault) {
    await this.select(this.program(name));
    await this.side.getByRole('region', { name: 'Faults' }).getByRole('button', { name: fault, exact: true }).click();
  }

  /** Opens the form "Publish message" from the details of an exchange or a queue. */
  async openPublish(node) {
    await this.select(node);
    await this.unfold('Publish message');
  }

  /** Fills the form "Publish message", which must be open, and sends it; it stays open. */
  async publish({ exchange, routingKey, payload, mandatory = false, persistent = false }) {
    const form = this.form('Publish message');
    // From the details of a thing the form knows where to: an exchange asks for the key, a queue for neither.
    const choice = form.getByLabel('Exchange', { exact: true });
    if ((await choice.count()) > 0) await choice.selectOption({ label: exchange });
    const key = form.getByLabel('Routing key');
    if ((await key.count()) > 0) await key.fill(routingKey);
    await form.getByLabel('Payload').fill(payload);
    await form.getByLabel('Delivery mode').selectOption(persistent ? '2' : '1');
    await form.getByLabel('Mandatory').setChecked(mandatory);
    await form.getByRole('button', { name: 'Publish message' }).click();
  }

  /** Selects a program and presses one of the buttons with which a delivery is settled. */
  async settle(program, how) {
    await program.click();
    await this.side.getByRole('button', { name: how, exact: true }).first().click();
  }
}

function startingWith(text) {
  return new RegExp(`^${escaped(text)}`);
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

async function middle(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, `${locator} is not on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
