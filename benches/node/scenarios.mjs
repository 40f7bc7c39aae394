// Graphs for `cargo xtask bench ui`, as scenario files.

const WIDTH = 20;

function scenario({ exchanges, queues, bindings, producers, everyMs }) {
  const topology = {
    exchanges: Array.from({ length: exchanges }, (_, i) => ({ name: `x${i}`, type: 'fanout' })),
    queues: Array.from({ length: queues }, (_, i) => ({ name: `q${i}`, arguments: { 'x-max-length': 20 } })),
    bindings: Array.from({ length: bindings }, (_, i) => ({
      source: `x${i % exchanges}`,
      queue: `q${(i * 7 + Math.floor(i / exchanges)) % queues}`,
      routingKey: `k${Math.floor(i / exchanges)}`,
    })),
  };
  const programs = Array.from({ length: producers }, (_, i) => ({
    name: `p${i}`,
    kind: 'producer',
    paceMs: 1,
    script: [
      'repeat forever',
      ...Array.from({ length: 10 }, (__, k) => `publish x${(i * 10 + k) % exchanges} "body of ${i}"`),
      `sleep ${everyMs}ms`,
      'end',
    ],
  }));
  const layout = {};
  topology.exchanges.forEach(({ name }, i) => { layout[`exchange:${name}`] = [300 + (i % WIDTH) * 160, 100 + Math.floor(i / WIDTH) * 120]; });
  topology.queues.forEach(({ name }, i) => { layout[`queue:${name}`] = [4000 + (i % WIDTH) * 160, 100 + Math.floor(i / WIDTH) * 120]; });
  programs.forEach(({ name }, i) => { layout[`program:${name}`] = [80, 100 + i * 120]; });
  return { version: 1, title: 'Bench', topology, programs, layout };
}

/** 100 exchanges, 100 queues, 400 bindings; about 1,000 messages on their way. */
export const busyScenario = () => scenario({ exchanges: 100, queues: 100, bindings: 400, producers: 10, everyMs: 200 });

/** 1,000 nodes; as many messages on their way as are drawn. */
export const largeScenario = () => scenario({ exchanges: 500, queues: 500, bindings: 1_000, producers: 50, everyMs: 550 });
