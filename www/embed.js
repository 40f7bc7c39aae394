// embed.html: one playground in an iframe. Options stand in the query, the state in the hash; the page around speaks
// with it by messages, described in docs/index.html.
import './element.js';

const OPTIONS = ['scenario', 'src', 'lang', 'theme', 'mode', 'panes', 'start', 'loading', 'speed', 'seed', 'until',
  'controls', 'home'];
/** The largest message that is looked at, in characters of JSON. */
const MAX_MESSAGE = 256 * 1024;

const query = new URLSearchParams(location.search);
const element = document.createElement('mq-playground');
for (const name of OPTIONS) {
  const value = query.get(name);
  if (value !== null) element.setAttribute(name, value.slice(0, 2000));
}
// Its height is that of the frame.
element.setAttribute('fills', '');
if (!query.has('loading')) element.setAttribute('loading', 'eager');
const token = location.hash.match(/^#s=(.+)$/)?.[1];
if (token) element.setAttribute('state', token);
document.body.append(element);

const isFramed = window.parent !== window;
let port;

const failure = (code, message) => Object.assign(new Error(message), { code });

const height = () => {
  if (element.getAttribute('mode') === 'static') return Math.ceil(element.getBoundingClientRect().height);
  return Math.min(Math.max(Number(query.get('height')) || 480, 120), 4000);
};

const post = (message) => port?.postMessage({ mq: 1, ...message });

/** Hands the page around a port of its own; whoever else listens hears only heights. */
function greet() {
  if (!isFramed) return;
  port?.close();
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = ({ data }) => obey(data);
  window.parent.postMessage({ mq: 1, type: 'ready', version: 1, height: height() }, '*', [channel.port2]);
  resized();
}

function resized() {
  if (!isFramed) return;
  window.parent.postMessage({ mq: 1, type: 'resize', height: height() }, '*');
  // The form that Embedly made known: Medium and Observable understand it.
  window.parent.postMessage(JSON.stringify({ src: location.href, context: 'iframe.resize', height: height() }), '*');
}

const ANSWERS = {
  run: (api) => api.run(),
  pause: (api) => api.pause(),
  step: (api, { times, by }) => api.step(Number.isInteger(times) ? times : 1, { by }),
  back: (api, { by }) => api.back({ by }),
  seek: (api, { ms }) => api.seek(Number(ms)),
  reset: (api) => api.reset(),
  speed: (api, { value }) => api.setSpeed(Number(value)),
  open: (api, { state }) => api.open(String(state)),
  load: (api, { scenario }) => api.load(scenario),
  submit: (api, { command }) => api.submit(command),
  theme: (_, { value }) => element.setAttribute('theme', String(value)),
  lang: (_, { value }) => element.setAttribute('lang', String(value)),
};

const GIVES = {
  scenario: (api) => api.scenario,
  text: (api) => api.text(),
  state: (api) => api.state,
  snapshot: (api) => api.snapshot(),
  transcript: (api) => api.transcript(),
  svg: (api, { theme }) => api.toSVG({ theme: theme === 'dark' ? 'dark' : 'light' }),
  url: (api, { run }) => api.shareURL({ run: run === true }),
};

async function obey(message) {
  if (typeof message !== 'object' || message === null || message.mq !== 1 || typeof message.type !== 'string') return;
  const id = typeof message.id === 'number' || typeof message.id === 'string' ? message.id : null;
  try {
    if (JSON.stringify(message).length > MAX_MESSAGE) {
      throw failure('too-large', `A message may have ${MAX_MESSAGE} characters.`);
    }
    const api = await element.ready;
    const answer = message.type === 'get' ? Object.hasOwn(GIVES, message.what) && GIVES[message.what]
      : Object.hasOwn(ANSWERS, message.type) && ANSWERS[message.type];
    if (!answer) throw failure('unknown', 'There is no such message.');
    const value = await answer(api, message);
    post({ type: 'result', id, value: value ?? null });
  } catch (error) {
    post({ type: 'error', id, code: error.code ?? 'internal', message: String(error.message ?? error) });
  }
}

addEventListener('message', ({ source, data }) => {
  // Only the page around may ask for a port, and only in this form.
  if (!isFramed || source !== window.parent) return;
  if (typeof data === 'object' && data !== null && data.mq === 1 && data.type === 'connect') greet();
});
addEventListener('hashchange', () => {
  const state = location.hash.match(/^#s=(.+)$/)?.[1];
  if (state) element.setAttribute('state', state);
});
for (const name of ['mq-message', 'mq-change', 'mq-error']) {
  element.addEventListener(name, ({ detail }) => post({ type: 'event', name, detail }));
}
element.addEventListener('mq-ready', greet);
new ResizeObserver(resized).observe(element);
