import init from './pkg/mq_playground.js';

await init();
performance.mark('mq-interactive');
