// <mq-playground>: a playground in a shadow root. This loader is small; the wasm comes when the element comes near
// the viewport. Everything is found relative to this file, so any path on any static host will do.
//
// Attributes: lang, theme (light | dark | auto), scenario (the name of a built-in one, or "empty"), start (auto |
// manual), loading (lazy | eager), save (work is kept in the browser and offered back). What stands inside the element is shown until the playground is there.

const HERE = new URL('./', import.meta.url);
const SHEETS = [
  'tokens.css',
  'components.css',
  'canvas.css',
  'panels.css',
  'inspect.css',
  'table.css',
  'commands.css',
  'restore.css',
  'dock.css',
  'frames.css',
  'admin.css',
];

const once = (make) => {
  let made;
  return () => (made ??= make());
};

// One instance of the code serves every playground on the page.
const code = once(async () => {
  const module = await import(new URL('pkg/mq_playground.js', HERE).href);
  await module.default();
  return module;
});

const sheets = once(() => Promise.all(SHEETS.map(async (name) => {
  const answer = await fetch(new URL(name, HERE));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  const sheet = new CSSStyleSheet();
  await sheet.replace(await answer.text());
  return sheet;
})));

const afterPaint = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

// A page without a DOM (server-side rendering) may import this file too.
const Base = globalThis.HTMLElement ?? class {};

class MqPlayground extends Base {
  #playground;
  #near;

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.replaceChildren(document.createElement('slot'));
    if (this.getAttribute('loading') === 'eager' || !('IntersectionObserver' in globalThis)) {
      this.#start();
      return;
    }
    this.#near = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.#start();
    }, { rootMargin: '200px' });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    this.#near?.disconnect();
    this.#playground?.destroy();
    this.#playground = undefined;
  }

  async #start() {
    this.#near?.disconnect();
    try {
      const [module, styles] = await Promise.all([code(), sheets()]);
      if (!this.isConnected || this.#playground) return;
      const root = this.shadowRoot;
      root.adoptedStyleSheets = styles;
      const inside = document.createElement('div');
      inside.className = 'mq-host';
      if (this.hasAttribute('save')) inside.dataset.save = '';
      root.replaceChildren(inside);
      const lang = this.getAttribute('lang') ?? this.closest('[lang]:not(html)')?.lang ?? navigator.language;
      const attribute = (name) => this.getAttribute(name) ?? undefined;
      this.#playground = module.start(inside, lang, attribute('theme'), attribute('scenario'), attribute('start'));
      await afterPaint();
      performance.mark('mq-interactive');
    } catch (error) {
      // The page around stays whole: what stands inside the element is still there.
      console.error('mq-playground did not start:', error);
    }
  }
}

if (globalThis.customElements && !customElements.get('mq-playground')) {
  customElements.define('mq-playground', MqPlayground);
}
