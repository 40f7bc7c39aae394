// The examples of www/docs/api.md, checked by tsc --noEmit: `cargo xtask test packages`.
import 'mq-playground';
import { Broker } from 'mq-playground/engine';
import type { MqApi, MqError } from 'mq-playground';

const element = document.querySelector('mq-playground')!;
const api: MqApi = await element.api(1);

api.load('queue work durable\nproducer shop\n  publish "" key=work "one"\n');
api.run();
api.pause();
for (const event of api.step(3)) console.log(event.kind, event.at);
api.back();
api.seek(1_500);
api.submit({ method: 'queue.declare', queue: 'orders', durable: true, arguments: { 'x-message-ttl': 60_000 } });
api.submit({ method: 'basic.publish', routingKey: 'orders', body: new TextEncoder().encode('one book') });
api.submit({ method: 'program.crash', by: 'shop' });

const orders = api.snapshot().queues.find((queue) => queue.name === 'orders');
console.log(orders?.ready, api.state.now, api.shareURL({ run: true }), api.toSVG({ theme: 'dark' }).length);

element.addEventListener('mq-message', ({ detail }) => {
  for (const message of detail.messages) {
    if (message.kind === 'delivered') console.log(message.queue, message.deliveryTag, message.content.body);
  }
});

try {
  // @ts-expect-error There is no such method.
  api.submit({ method: 'queue.declair', queue: 'orders' });
} catch (error) {
  console.log((error as MqError).code === 'command');
}

const broker = new Broker({ compatibility: '4' });
broker.declareExchange('orders', 'topic', { durable: true });
broker.declareQueue('work');
broker.bind('work', 'orders', 'order.*');
broker.consume('work', (delivery) => delivery.ack(), { prefetch: 10 });
const taken: number = broker.publish('orders', 'order.new', 'one book');
const { tags, ends } = broker.takeBatch(100);
console.log(taken, tags.length, ends.length, broker.get('work')?.text());
broker.advance(60_000);
broker.free();
