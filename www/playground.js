// What stands behind <mq-playground>: it fetches the code and the looks, starts one world per element, follows the
// page around it, and makes the scripting API. Fetched by element.js when an element nears the viewport.
import { part } from './element.js';

const assets = globalThis.mqPlaygroundAssets;

// Where these files are; the package for bundlers writes each address out (xtask/src/pack.mjs).
const HERE = import.meta.url.replace(/[^/]*$/, '');
const SHEETS = [
  'tokens.css',
  'components.css',
  'canvas.css',
  'layout.css',
  'table.css',
  'embed.css',
  'panels.css',
  'inspect.css',
  'commands.css',
  'restore.css',
  'dock.css',
  'time.css',
  'frames.css',
  'programs.css',
  'admin.css',
  'editing.css',
  'narrow.css',
];
/** So many of them, from the beginning, are for the first view; the others come with the rest of the code. */
const FIRST_SHEETS = 6;
const address = (name) => (assets ? assets[name] : HERE + name);

const once = (make) => {
  let made;
  return () => (made ??= make().catch((error) => {
    made = undefined;
    throw error;
  }));
};

// One instance of the code serves every playground on the page.
export const code = once(async () => {
  const module = await part('pkg/mq_playground.js', () => import('./pkg/mq_playground.js'));
  await module.default(assets && { module_or_path: assets['pkg/mq_playground_bg.wasm'] });
  return module;
});

const fetchSheets = (names) => once(() => Promise.all(names.map(async (name) => {
  const answer = await fetch(address(name));
  if (!answer.ok) throw failure('network', `${name} could not be fetched: ${answer.status}`);
  const sheet = new CSSStyleSheet();
  await sheet.replace(await answer.text());
  return sheet;
})));
const sheets = fetchSheets(SHEETS.slice(0, FIRST_SHEETS));
const laterSheets = fetchSheets(SHEETS.slice(FIRST_SHEETS));

/** The looks of what the rest of the code draws, once they are there, and who puts them on. */
let later = [];
const wearers = new Set();
const dress = once(async () => {
  later = await laterSheets();
  for (const wear of wearers) wear();
});

// The wasm comes in two parts: the other one is fetched when the first view stands, and with it the looks of what it
// draws. Code in one piece has no `rest`.
const restOf = (module) => module.rest?.(dress()) ?? dress();
const fetchRest = (module) => restOf(module).catch((error) => {
  console.warn('mq-playground: the rest of the code did not come yet:', error);
});

/** Whether a step is to be one event: `{ by: 'event' }`. */
function byEvent({ by = 'command' } = {}) {
  if (by !== 'command' && by !== 'event') throw failure('option', `by: 'command' or 'event', not '${by}'.`);
  return by === 'event';
}

const failure = (code, message) => Object.assign(new Error(message), { name: 'MqError', code });

/** Behind the next frame; a page that nobody looks at paints none. */
const afterPaint = () => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(done));
  setTimeout(done, 300);
});

/** Below this width, in CSS pixels, the tables come first. */
const NARROW = 600;

/** Below this height, in CSS pixels, the log is folded: the drawing comes first. */
const LOW = 480;

/** The largest scenario that is fetched, in bytes. */
const MAX_BYTES = 1 << 20;

async function fetched(url) {
  const answer = await fetch(url, { credentials: 'omit' }).catch(() => null);
  if (!answer?.ok) throw failure('network', `The scenario could not be fetched: ${url} ${answer?.status ?? ''}`);
  const declared = Number(answer.headers.get('content-length'));
  const tooLarge = () => failure('too-large', `The scenario at ${url} is larger than ${MAX_BYTES} bytes.`);
  if (declared > MAX_BYTES) throw tooLarge();
  const reader = answer.body.getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return new Blob(chunks).text();
}

// ---- The page around

const DARK = /(^|[\s_-])(dark|night|slate|coal|navy|ayu|black)($|[\s_-])/i;
const LIGHT = /(^|[\s_-])(light|day|default|rust|white)($|[\s_-])/i;
const SIGNALS = ['class', 'data-theme', 'data-md-color-scheme', 'data-jp-theme-light', 'data-bs-theme', 'data-mode',
  'data-color-mode', 'theme', 'style'];

/** Day or night as the page around has it; `auto` when it does not say. */
export function hostTheme(element) {
  for (const node of [document.body, document.documentElement]) {
    if (!node) continue;
    const jupyter = node.getAttribute('data-jp-theme-light');
    if (jupyter) return jupyter === 'false' ? 'dark' : 'light';
    for (const name of SIGNALS) {
      const value = name === 'style' ? '' : node.getAttribute(name) ?? '';
      if (DARK.test(value)) return 'dark';
      if (name !== 'class' && LIGHT.test(value)) return 'light';
      if (name === 'class' && /(^|\s)(light|rust)(\s|$)/.test(value)) return 'light';
    }
  }
  // The element's own may be of our making.
  const around = element.parentElement ?? element.getRootNode().host ?? document.documentElement;
  const scheme = getComputedStyle(around).colorScheme;
  return scheme === 'dark' || scheme === 'light' ? scheme : 'auto';
}

const themeOf = (element) => {
  const asked = element.getAttribute('theme');
  return asked === 'light' || asked === 'dark' ? asked : hostTheme(element);
};

const langOf = (element) => {
  const asked = element.getAttribute('lang');
  if (asked && asked !== 'auto') return asked;
  const around = element.parentElement?.closest('[lang]');
  const isPage = around === document.documentElement && element.hasAttribute('page');
  return (!isPage && around?.lang) || navigator.language;
};

// ---- Colours of the host: public names to those inside

const PUBLIC = {
  '--mq-bg': '--mq-paper',
  '--mq-fg': '--mq-ink',
  '--mq-panel': '--mq-surface',
  '--mq-subtle': '--mq-muted',
  '--mq-line': '--mq-lines',
  '--mq-link': '--mq-accent',
  '--mq-font-family': '--mq-font',
  '--mq-mono-family': '--mq-mono',
  '--mq-corner': '--mq-radius',
};

function hostColours(element) {
  const style = getComputedStyle(element);
  const rules = Object.entries(PUBLIC)
    .filter(([name]) => style.getPropertyValue(name).trim())
    .map(([name, inside]) => `${inside}:var(${name});`);
  return rules.length ? `.mq-root.mq-root.mq-root.mq-root{${rules.join('')}}` : '';
}

// ---- A world

/** What decides about the run, as the attributes have it. */
const RUN = ['scenario', 'src', 'state', 'seed', 'until'];
const wishOf = (element) => RUN.map((name) => element.getAttribute(name)).join('\n');

const inline = (element) => {
  if (typeof element.text === 'string') return element.text;
  const script = [...element.children].find((child) => child.localName === 'script'
    && /^(application\/(mq\+)?json|text\/(x-)?mq(-playground)?|application\/mq)/.test(child.type));
  return script?.textContent;
};

async function optionsOf(element) {
  const attribute = (name) => element.getAttribute(name) ?? undefined;
  const options = {
    lang: langOf(element),
    theme: themeOf(element),
    mode: attribute('mode'),
    seed: attribute('seed'),
    speed: attribute('speed'),
    until: attribute('until'),
  };
  const text = inline(element);
  if (attribute('state')) options.state = attribute('state');
  else if (text?.trim()) options.text = text;
  else if (attribute('src')) options.text = await fetched(new URL(attribute('src'), document.baseURI));
  else if (attribute('scenario')) options.scenario = attribute('scenario');
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/**
 * Whether somebody may hear of messages. Those of a busy run are many, and on the playground's own page nobody does until
 * a script listens to the element itself; in another page anything around it may.
 */
function whoListens(element) {
  let isHeard = !element.hasAttribute('page');
  const listen = element.addEventListener;
  if (!isHeard) {
    element.addEventListener = (name, ...more) => {
      isHeard ||= name === 'mq-message';
      listen.call(element, name, ...more);
    };
  }
  return () => isHeard;
}

/** Starts a world for `element`; `show` puts nodes into its shadow root. */
export async function mount(element, show) {
  const wish = wishOf(element);
  const [module, styles, options] = await Promise.all([code(), sheets(), optionsOf(element)]);
  const colours = new CSSStyleSheet();
  colours.replaceSync(hostColours(element));
  const root = element.shadowRoot;
  const inside = document.createElement('div');
  inside.className = 'mq-host';
  if (element.hasAttribute('save')) inside.dataset.save = '';
  if (element.hasAttribute('page')) inside.dataset.alone = '';
  const isSized = element.hasAttribute('height') || element.hasAttribute('fills');
  if (isSized) inside.dataset.sized = '';
  const { width, height } = element.getBoundingClientRect();
  // Whoever names the drawing among the panes wants to see it, however narrow.
  const named = (element.getAttribute('panes') ?? '').split(/\s+/).includes('graph');
  if (width > 0 && width < NARROW && !named) inside.dataset.narrow = '';
  if (isSized && height < LOW) inside.dataset.low = '';
  const look = () => {
    for (const [name, usual] of [['panes', ''], ['controls', 'full'], ['mode', 'edit']]) {
      inside.setAttribute(`data-${name}`, element.getAttribute(name) ?? usual);
    }
  };
  look();
  if (isFar(element)) inside.dataset.rests = '';
  if (options.mode === 'static') return still(element, module, options, inside, show, [...styles, element.sheet, colours]);
  const cleanUp = [];
  const heard = whoListens(element);
  let playground;
  let frame = 0;
  let started;
  const isStarted = new Promise((resolve) => {
    started = resolve;
  });
  const drain = () => {
    frame = 0;
    if (!playground) return;
    const { messages, changes, errors, missed, rewritten } = playground.drain(heard());
    if (messages.length) element.tell('mq-message', { messages, missed });
    if (changes.length || rewritten) element.tell('mq-change', { changes, rewritten, state: playground.state() });
    if (errors.length) element.tell('mq-error', { code: 'broker', message: errors[0].replyText ?? errors[0].kind, errors });
  };
  const notify = (what) => {
    if (what === 'ready') started();
    else frame ||= requestAnimationFrame(drain);
  };
  if (!module.rest) await dress();
  // The first part has what a page of its own begins with, and nothing for other scenarios and other pages.
  else if (!element.hasAttribute('page') || options.state || options.text || options.scenario) await fetchRest(module);
  const wear = () => {
    root.adoptedStyleSheets = [...styles, ...later, element.sheet, colours];
  };
  wear();
  wearers.add(wear);
  playground = module.start(inside, options, notify);
  // In another page it is seen when its drawing stands: what comes in a frame too early would move in the next.
  const isGuest = !element.hasAttribute('page');
  if (isGuest) inside.style.visibility = 'hidden';
  show(inside);
  await isStarted;
  if (isGuest) {
    await afterPaint();
    await afterPaint();
    inside.style.removeProperty('visibility');
  }
  cleanUp.push(follow(element, playground, colours, options), onView(element, inside, playground), onPrint(inside, playground, element));
  cleanUp.push(onShare(element, inside, module, () => api), onCrash(element, inside, module));
  const api = makeApi(element, playground, module);
  // An attribute that changed while the code was on its way counts too.
  look();
  playground.look();
  if (wishOf(element) !== wish) await again(element, playground);
  await afterPaint();
  performance.mark('mq-interactive');
  return {
    api,
    started: fetchRest(module),
    changed(name) {
      if (name === 'lang') playground.setLang(langOf(element));
      else if (name === 'theme') playground.setTheme(themeOf(element));
      else if (name === 'speed') playground.setSpeed(Number(element.getAttribute('speed')) || 1);
      else if (['panes', 'controls', 'mode'].includes(name)) {
        look();
        playground.look();
      }
      else if (RUN.includes(name)) again(element, playground);
    },
    destroy() {
      cancelAnimationFrame(frame);
      for (const undo of cleanUp) undo();
      wearers.delete(wear);
      root.replaceChildren();
      root.adoptedStyleSheets = [];
      playground.destroy();
      playground.free();
      playground = undefined;
    },
  };
}

/** Code that stopped without the card that a panic leaves (it ran out of stack, or of memory) leaves it too. */
function onCrash(element, inside, module) {
  const look = ({ error, reason }) => {
    const trouble = error ?? reason;
    if (!(trouble instanceof WebAssembly.RuntimeError) || !inside.isConnected || inside.querySelector('.panic')) return;
    try {
      module.stopped(String(trouble.stack ?? trouble));
    } catch {
      // Not even that: the loader's card needs no code of ours.
      element.fail(failure('crash', String(trouble)));
    }
  };
  addEventListener('error', look);
  addEventListener('unhandledrejection', look);
  return () => {
    removeEventListener('error', look);
    removeEventListener('unhandledrejection', look);
  };
}

/** The attributes name another scenario now. */
async function again(element, playground) {
  try {
    playground.again(await optionsOf(element));
  } catch (error) {
    element.tell('mq-error', { code: error.code ?? 'internal', message: error.message, line: error.line, column: error.column });
  }
}

/** mode="static": a picture and nothing that runs. */
async function still(element, module, options, inside, show, styles) {
  // Pictures are drawn by the other part of the code.
  await restOf(module);
  const draw = () => {
    const theme = themeOf(element);
    const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
    const { svg } = module.picture({ ...options, lang: langOf(element), theme: dark ? 'dark' : 'light' });
    const drawing = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    drawing.setAttribute('class', 'mq-still');
    inside.replaceChildren(drawing);
    return svg;
  };
  draw();
  element.shadowRoot.adoptedStyleSheets = styles;
  show(inside);
  const observer = watch(draw);
  performance.mark('mq-interactive');
  const refuse = () => {
    throw failure('static', 'This playground is a picture: mode="static".');
  };
  const names = ['run', 'pause', 'step', 'back', 'seek', 'reset', 'submit', 'load', 'snapshot', 'transcript', 'shareURL'];
  const api = Object.freeze({
    version: 1,
    ...Object.fromEntries(names.map((name) => [name, refuse])),
    toSVG: draw,
  });
  return {
    api,
    started: Promise.resolve(),
    changed: draw,
    destroy() {
      observer();
      inside.remove();
    },
  };
}

/** Calls back when the page around says day or night in another way; gives what ends it. */
function watch(changed) {
  const observer = new MutationObserver(changed);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true, attributeFilter: [...SIGNALS, 'lang'] });
  }
  return () => observer.disconnect();
}

function follow(element, playground, colours, { theme, lang }) {
  const look = () => {
    colours.replaceSync(hostColours(element));
    const [nowTheme, nowLang] = [themeOf(element), langOf(element)];
    if (nowTheme !== theme) playground.setTheme(theme = nowTheme);
    if (nowLang !== lang) playground.setLang(lang = nowLang);
  };
  // The page around may have changed while the code was on its way.
  look();
  return watch(look);
}

/** So near to the window, in CSS pixels, a playground is drawn. */
const NEAR = 150;

function isFar(element) {
  if (element.hasAttribute('page') || !globalThis.IntersectionObserver) return false;
  const { top, bottom } = element.getBoundingClientRect();
  return top > innerHeight + NEAR || bottom < -NEAR;
}

/**
 * Off-screen it does not work at all; with start="visible" it begins when it is seen. Far from the window it is not even
 * drawn, unless somebody has worked with it: what was opened and typed stays.
 */
function onView(element, inside, playground) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const begins = ['visible', 'auto'].includes(element.getAttribute('start')) && !still;
  let begun = false;
  let isUsed = element.hasAttribute('page');
  const use = ({ type, ctrlKey }) => {
    isUsed ||= type !== 'wheel' || ctrlKey;
  };
  const uses = ['pointerdown', 'keydown', 'drop', 'wheel'];
  const how = { capture: true, passive: true };
  for (const name of uses) inside.addEventListener(name, use, how);
  const seen = new IntersectionObserver((entries) => {
    const { isIntersecting } = entries[entries.length - 1];
    playground.setHidden(!isIntersecting);
    if (isIntersecting && begins && !begun) {
      begun = true;
      playground.run();
    }
  });
  const near = new IntersectionObserver((entries) => {
    const { isIntersecting, boundingClientRect } = entries[entries.length - 1];
    const rests = 'rests' in inside.dataset;
    if (rests !== isIntersecting || (!rests && isUsed)) return;
    // Its place stays as high as it was.
    if (!rests) inside.style.minHeight = `${boundingClientRect.height}px`;
    inside.toggleAttribute('data-rests', !rests);
    playground.look();
    if (rests) requestAnimationFrame(() => inside.style.removeProperty('min-height'));
  }, { rootMargin: `${NEAR}px` });
  seen.observe(element);
  near.observe(element);
  return () => {
    seen.disconnect();
    near.disconnect();
    for (const name of uses) inside.removeEventListener(name, use, how);
  };
}

/** So many lines of the log are printed, the last ones. */
const LINES_ON_PAPER = 200;

/** On paper: the picture by day, the charts when they are open, and what the log tells. */
function onPrint(inside, playground, element) {
  const paper = document.createElement('div');
  paper.className = 'mq-paper-copy mq-root';
  paper.dataset.theme = 'light';
  const before = () => {
    const svg = playground.toSVG('light');
    const list = document.createElement('ol');
    const told = playground.story(LINES_ON_PAPER);
    for (let i = 0; i < told.length; i += 2) {
      const line = list.appendChild(document.createElement('li'));
      line.appendChild(document.createElement('time')).textContent = told[i];
      line.append(' ', told[i + 1]);
    }
    paper.replaceChildren(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement);
    const charts = inside.querySelector('.charts');
    if (charts) paper.append(charts.cloneNode(true));
    paper.append(list);
    element.shadowRoot.append(paper);
  };
  const after = () => paper.remove();
  addEventListener('beforeprint', before);
  addEventListener('afterprint', after);
  return () => {
    removeEventListener('beforeprint', before);
    removeEventListener('afterprint', after);
    after();
  };
}

/** The bar asks for the share dialog by an event; it is fetched when it is asked for. */
function onShare(element, inside, module, api) {
  const open = async () => {
    const { openShare } = await part('share.js', () => import('./share.js'));
    openShare(element, inside, module, api());
  };
  inside.addEventListener('mq-share', open);
  return () => inside.removeEventListener('mq-share', open);
}

// ---- The API

/** Where links lead: what `home` says, else the page that comes with these files, else the page one is on. */
export function homeOf(element) {
  const home = element.getAttribute('home');
  if (home) return new URL(home, document.baseURI).href;
  if (assets || !HERE || element.hasAttribute('page')) return location.href.split('#')[0];
  return new URL('../index.html', HERE).href;
}

const bytesToNumbers = (command) => {
  if (!(command?.body instanceof Uint8Array)) return command;
  return { ...command, body: [...command.body] };
};

function makeApi(element, playground, module) {
  const text = (scenario) => (typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  const picture = ({ theme, title, description } = {}) => playground.toSVG(theme ?? 'light', title, description);
  return Object.freeze({
    version: 1,
    get scenario() {
      return JSON.parse(playground.scenarioJson());
    },
    set scenario(scenario) {
      playground.load(text(scenario));
    },
    get state() {
      return playground.state();
    },
    load(scenario) {
      playground.load(text(scenario));
    },
    open(token) {
      playground.open(String(token));
    },
    text: () => playground.scenarioText() ?? playground.scenarioJson(),
    run: () => playground.run(),
    pause: () => playground.pause(),
    step: (times = 1, options) => (byEvent(options) ? playground.stepEvents(times) : playground.step(times)),
    back: (options) => (byEvent(options) ? playground.backEvent() : playground.back()),
    seek: (ms) => playground.seek(Number(ms)),
    reset: () => playground.reset(),
    setSpeed: (speed) => playground.setSpeed(speed),
    submit: (command) => playground.submit(bytesToNumbers(command)),
    snapshot: () => playground.snapshot(),
    transcript: () => playground.transcript(),
    toSVG: picture,
    async toPNG(options = {}) {
      return toPNG(picture(options), options.scale ?? 2);
    },
    shareURL({ run = false, home } = {}) {
      const base = home ? new URL(home, document.baseURI).href : homeOf(element);
      return `${base.split('#')[0]}#s=${playground.link(run)}`;
    },
    lang: () => playground.lang(),
    words: () => module.words(playground.lang()),
  });
}

/** An SVG text as a PNG blob. */
export async function toPNG(svg, scale) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const most = 8000;
  const fits = Math.min(scale, most / image.width, most / image.height);
  canvas.width = Math.max(1, Math.round(image.width * fits));
  canvas.height = Math.max(1, Math.round(image.height * fits));
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw failure('internal', 'The picture could not be made.');
  return blob;
}
