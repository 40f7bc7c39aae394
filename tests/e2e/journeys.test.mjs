// Journeys through the page, as a person makes them: the two stories it starts with, and the main job by mouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit, withBrowser } from './visit.mjs';

const LOGS = 'Logs: the message nobody prints';
const WORK = 'Work queue: a crash before the ack';
const EMPTY = 'Empty canvas';

withBrowser();

test('logs: the message reaches a queue that dies, and the second program never prints it', async () => {
  await visit({}, async (playground) => {
    await playground.choose(LOGS);
    await playground.stepTo('Exchange logs declared, type fanout.');
    await playground.stepTo(/Message #1 published to logs with an empty routing key/);
    await playground.stepTo(/Message #1 waits in queue amq\.gen-/);
    await playground.stepTo(/Queue amq\.gen-.* deleted with 1 messages: it was exclusive and its connection ended/);
    await playground.stepToEnd();
    await playground.expectQueue('hello', { ready: 0, unacked: 0 });
    assert.equal(await playground.line(/delivered from hello/).count(), 0);
    assert.equal(await playground.line(/receiver prints .*Hello World/).count(), 0);
  });
});

test('work queue: a crash gives the message to the other worker, and a different declare is refused', async () => {
  await visit({}, async (playground) => {
    await playground.choose(WORK);
    await playground.stepTo(/Message #1 delivered from hello to consumer .* of worker 1/);
    await playground.stepTo('Connection worker 1 was lost.');
    await playground.stepTo(/Message #1 went back to queue hello/);
    await playground.stepTo(/Message #1 delivered from hello .* of worker 2.*Redelivered/);
    await playground.stepTo(
      "PRECONDITION_FAILED - inequivalent arg 'durable' for queue 'hello' in vhost '/': received 'false' but current is 'true'",
    );
  });
});

test('the main job from an empty canvas, by mouse', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareExchange({ name: 'orders', type: 'topic' });
    await playground.declareQueue({ name: 'work' });
    await playground.drag(playground.exchange('orders'), playground.queue('work'));
    await playground.bind('order.*');
    await playground.expectLine('Bound orders to work with routing key order.*.');

    await playground.openPublish(playground.exchange('orders'));
    await playground.publish({ exchange: 'orders', routingKey: 'order.new', payload: 'one', persistent: true });
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await playground.publish({ exchange: 'orders', routingKey: 'invoice.new', payload: 'nobody', mandatory: true });
    await playground.expectLine(/came back to .*312 NO_ROUTE/);

    // A line of the log leads to the message's journey, and that says why the binding did not let it through.
    await playground.line(/came back to .*312 NO_ROUTE/).getByRole('button').click();
    await playground.side.getByText(/not, pattern order\.\* does not fit invoice\.new/).waitFor();

    await playground.addConsumer({ name: 'clerk', queue: 'work', prefetch: '1' });
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    await playground.settle(playground.consumer('clerk'), 'Nack (requeue)');
    await playground.expectLine(/Redelivered: it was out before/);
    await playground.settle(playground.consumer('clerk'), 'Ack');
    await playground.expectQueue('work', { ready: 0, unacked: 0 });

    await playground.openPublish(playground.queue('work'));
    await playground.publish({ exchange: '(AMQP default)', routingKey: 'work', payload: 'two', persistent: true });
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    await playground.button('Restart broker').click();
    await playground.expectLine('The broker started again.');
    await playground.queue('work').waitFor();
  });
});

test('the main job from an empty canvas, by keyboard alone', async () => {
  await visit({}, async (playground) => {
    const { page } = playground;
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await playground.choose(EMPTY);
    await playground.canvas.focus();
    await press('e');
    await playground.form('Add a new exchange').waitFor();
    await page.keyboard.type('orders');
    await press('Enter');
    await playground.exchange('orders').waitFor();
    await playground.canvas.focus();
    await press('q');
    await playground.form('Add a new queue').waitFor();
    await page.keyboard.type('work');
    await press('Enter');
    await playground.queue('work').waitFor();
    await playground.canvas.focus();
    // The first thing is the exchange; c starts the edge, the arrow finds the queue, Enter ends it there.
    await press('Home', 'c', 'ArrowRight', 'Enter');
    await playground.tabTo(page.getByRole('dialog').getByLabel('Routing key'));
    await page.keyboard.type('new');
    await press('Enter');
    await playground.expectLine('Bound orders to work with routing key new.');
    await playground.canvas.focus();
    await press('Home', 'p');
    await playground.tabTo(playground.form('Publish message').getByLabel('Routing key'));
    await page.keyboard.type('new');
    await press('Enter');
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
  });
});

test('names and payloads with HTML in them are text', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    const name = '<img src=x onerror=alert(1)>';
    await playground.declareQueue({ name });
    await playground.expectLine(`Queue ${name} declared.`);
    assert.equal(await playground.page.locator('img').count(), 0);
  });
});

test('undo takes back what a person did, and the log with it', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.queue('work').waitFor();
    await playground.button('Undo').click();
    await playground.queue('work').waitFor({ state: 'detached' });
    assert.equal(await playground.line('Queue work declared.').count(), 0);
  });
});

test('a lost connection gives its messages back, and its program can start again', async () => {
  await visit({}, async (playground) => {
    await playground.choose(EMPTY);
    await playground.declareQueue({ name: 'work' });
    await playground.addConsumer({ name: 'clerk', queue: 'work' });
    await playground.openPublish(playground.queue('work'));
    await playground.publish({ exchange: '(AMQP default)', routingKey: 'work', payload: 'one' });
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    await playground.settle(playground.consumer('clerk'), 'Drop connection');
    await playground.expectLine('Connection clerk was lost.');
    await playground.expectQueue('work', { ready: 1, unacked: 0 });
    await playground.side.getByRole('button', { name: 'Start again' }).click();
    await playground.expectQueue('work', { ready: 0, unacked: 1 });
    await playground.side.getByText('redelivered', { exact: true }).waitFor();
  });
});
