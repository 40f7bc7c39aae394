// <mq-playground>: a playground in a shadow root. This loader is small and safe to import on a server; the rest comes
// when the element nears the viewport. Files are found relative to this one. How to use it: docs/index.html.
const assets = globalThis.mqPlaygroundAssets;
// One place from which all other code comes.
export const part = (name, usual) => (assets ? import(/* @vite-ignore */ assets[name]) : usual());
const rest = () => part('playground.js', () => import('./playground.js'));

const WORDS = {
  en: {
    start: 'Start the playground',
    title: 'The playground could not start',
    network: 'Its files could not be fetched. Check the connection, then reload the page.',
    unsupported: 'This browser has no WebAssembly, or it is switched off. Use a current browser.',
    csp: "The security policy of this page forbids it. Its script-src needs 'wasm-unsafe-eval'.",
  },
  zh: {
    start: '启动演练场',
    title: '演练场无法启动',
    network: '无法获取所需文件。请检查网络后重新加载页面。',
    unsupported: '此浏览器不支持 WebAssembly，或已将其关闭。请使用新版浏览器。',
    csp: "本页的安全策略不允许运行。script-src 需要 'wasm-unsafe-eval'。",
  },
};

const kind = (error) => {
  if (error?.code) return error.code;
  const text = String(error);
  if (/unsafe-eval|Content Security/i.test(text)) return 'csp';
  if (typeof WebAssembly !== 'object') return 'unsupported';
  return /fetch|import|load|network/i.test(text) ? 'network' : 'internal';
};

// A page without a DOM (server-side rendering) may import this file too.
const Base = globalThis.HTMLElement ?? class {};

export class MqPlayground extends Base {
  static observedAttributes = ['scenario', 'src', 'state', 'lang', 'theme', 'mode', 'panes', 'speed', 'until', 'seed',
    'height', 'controls'];

  #near;
  #world;
  #starting;
  #give;
  #ready;

  /** Resolves to the scripting API when one can work with the playground. */
  get ready() {
    return (this.#ready ??= new Promise((resolve, reject) => {
      this.#give = { resolve, reject };
    }));
  }

  api(version) {
    if (version === 1) return this.ready;
    const error = Object.assign(new Error(`There is no version ${version} of the API, only 1.`), { code: 'version' });
    return Promise.reject(error);
  }

  connectedCallback() {
    if (this.#world) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    this.#reserve(root);
    this.#show(document.createElement('slot'));
    const start = this.getAttribute('start');
    if (start === 'off') return;
    if (start === 'click') {
      const button = document.createElement('button');
      button.type = 'button';
      button.part = 'start';
      button.textContent = `▶ ${this.words.start}`;
      button.onclick = () => this.start().then((api) => api.run(), () => {});
      root.prepend(button);
    } else if (this.getAttribute('loading') === 'eager' || !globalThis.IntersectionObserver) {
      this.start().catch(() => {});
    } else {
      this.#near = new IntersectionObserver((entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) this.start().catch(() => {});
      }, { rootMargin: '200px' });
      this.#near.observe(this);
    }
  }

  disconnectedCallback() {
    // Moving an element takes it off its page for a moment only.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#near?.disconnect();
      this.#world?.destroy();
      this.#world = this.#starting = this.#ready = this.#give = undefined;
    });
  }

  attributeChangedCallback(name, before, now) {
    if (before === now) return;
    if (name === 'height' && this.shadowRoot) this.#reserve(this.shadowRoot);
    else this.#world?.changed(name);
  }

  /** Fetches and starts the playground now, whatever `start` and `loading` say. */
  start() {
    const { ready } = this;
    ready.catch(() => {});
    this.#near?.disconnect();
    this.#starting ??= this.#begin();
    return ready;
  }

  async #begin() {
    const give = this.#give;
    try {
      if (typeof WebAssembly !== 'object') throw new Error('no WebAssembly');
      const { mount } = await rest();
      const world = await mount(this, (inside) => this.#show(inside));
      if (!this.isConnected) return world.destroy();
      this.#world = world;
      await world.started;
      give.resolve(world.api);
      this.tell('mq-ready', { version: 1 });
    } catch (error) {
      this.fail(error);
      this.#starting = this.#ready = undefined;
      give.reject(error);
    }
  }

  get words() {
    const lang = this.getAttribute('lang') ?? this.closest('[lang]')?.lang ?? navigator.language;
    return /^zh/i.test(lang) ? WORDS.zh : WORDS.en;
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** A card that says what happened; what stands inside the element stays below it. */
  fail(error) {
    const code = kind(error);
    const card = document.createElement('div');
    card.setAttribute('role', 'alert');
    card.part = 'error';
    const add = (name, text) => card.appendChild(Object.assign(document.createElement(name), { textContent: text }));
    add('strong', this.words.title);
    add('p', this.words[code] ?? error.message);
    const raw = this.getAttribute('state');
    if (raw) add('code', raw.slice(0, 4000));
    this.#show(card, document.createElement('slot'));
    this.tell('mq-error', { code, message: error.message ?? String(error), line: error.line, column: error.column });
  }

  #show(...inside) {
    this.shadowRoot.replaceChildren(...inside);
  }

  /** The height is there before the playground is: nothing jumps. */
  #reserve(root) {
    const height = this.getAttribute('height');
    const size = /^\d+$/.test(height) ? `${Math.min(height, 4000)}px` : height === 'auto' ? 'clamp(400px, 60vw, 640px)' : '';
    const sheet = (this.sheet ??= new CSSStyleSheet());
    sheet.replaceSync(`:host{display:block;overflow:auto;${size && `height:${size};min-height:0;`}}
[part=error]{border:1px solid #b42318;border-radius:6px;padding:12px 16px;font:14px/1.45 system-ui,sans-serif}
[part=error] code{overflow-wrap:anywhere}[part=start]{font:16px system-ui,sans-serif;padding:8px 16px;margin:8px}`);
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [sheet];
  }
}

if (globalThis.customElements && !customElements.get('mq-playground')) {
  customElements.define('mq-playground', MqPlayground);
  // Fenced code blocks become playgrounds too, also those that come later.
  const BLOCK = '[class*="language-mq-playground"]';
  const look = () => {
    if (document.querySelector(`${BLOCK}:not([data-mq])`)) {
      part('blocks.js', () => import('./blocks.js')).then(({ upgrade }) => upgrade(BLOCK), () => {});
    }
  };
  const begin = () => {
    look();
    new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin);
  else begin();
}
