// A busy machine, on demand: makes the page's own callbacks stall at random, so that what usually comes first comes last.

/**
 * Runs before the page's own scripts. Frames, timers, observers and the clock stall for some milliseconds now and then,
 * as `seed` has it.
 * @param {number} seed
 */
export function unsettle(seed) {
  let state = seed + 1;
  const random = () => {
    // Park and Miller's minimal standard generator.
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const clock = performance.now.bind(performance);
  const stall = (chance) => {
    if (random() > chance) return;
    const end = clock() + random() * 40;
    while (clock() < end);
  };
  const stalling = (callback, chance) => function stalled(...given) {
    stall(chance);
    return callback.apply(this, given);
  };
  const { requestAnimationFrame: frame, setTimeout: timer, ResizeObserver: Observer } = globalThis;
  globalThis.requestAnimationFrame = (callback) => frame(stalling(callback, 0.3));
  globalThis.setTimeout = (callback, ...given) => timer(stalling(callback, 0.3), ...given);
  globalThis.ResizeObserver = class extends Observer {
    #isOver = false;
    constructor(callback) {
      super((...given) => {
        const late = random();
        if (late < 0.5) callback(...given);
        else timer(() => { if (!this.#isOver) callback(...given); }, late * 60);
      });
    }
    disconnect() {
      this.#isOver = true;
      super.disconnect();
    }
  };
  const now = Date.now.bind(Date);
  // Between two pieces of work the page asks how late it is.
  Date.now = () => {
    stall(0.1);
    return now();
  };
}
