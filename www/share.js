// The share dialog: link, run, code for pages, picture, QR code. Made of the public API only, and fetched when somebody
// presses Share.
import { homeOf } from './playground.js';
import { qr } from './qr.js';

/** Many chats cut longer addresses. */
const LONG = 2000;

const make = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};

const fill = (template, ...values) => values.reduce((text, value, n) => text.replaceAll(`{${n}}`, value), template);

function download(name, blob) {
  const url = URL.createObjectURL(blob);
  make('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Writes to the clipboard; where that is forbidden, selects the text and says how to copy it. */
async function copy(field, said, words) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = words.copied;
  } catch {
    said.textContent = words.copy_by_hand;
  }
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** What an author pastes, by kind. */
function snippets(element, api, url, title) {
  const home = homeOf(element);
  const token = url.slice(url.indexOf('#s=') + 3);
  const folder = new URL('www/', home).href;
  const lang = api.lang().startsWith('zh') ? 'zh' : 'en';
  const text = api.text().trimEnd();
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return {
    as_markdown: `${fence}mq-playground\n${text}\n${fence}\n`,
    as_html: `<script type="module" src="${folder}element.js"></script>\n<mq-playground state="${token}" lang="${lang}" height="420" style="display: block; min-height: 420px">\n  <a href="${escaped(url)}">${escaped(title)}</a>\n</mq-playground>\n`,
    as_iframe: `<iframe src="${folder}embed.html?lang=${lang}#s=${token}" title="${escaped(title)}" loading="lazy" width="100%" height="420" sandbox="allow-scripts" allow="clipboard-write; fullscreen"></iframe>\n`,
    as_picture_link: `[![${title.replaceAll(/[[\]]/g, '')}](${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.svg)](${url})\n`,
    as_text: `${text}\n`,
    as_json: `${JSON.stringify(api.scenario, null, 2)}\n`,
  };
}

export function openShare(element, inside, module, api) {
  const words = api.words();
  const said = make('p', { role: 'status' });
  const link = make('input', { type: 'text', readOnly: true });
  const linkLabel = make('label', {}, make('h3', { textContent: words.link }), link);
  const length = make('span');
  const withRun = make('input', { type: 'checkbox' });
  const code = make('div');
  const copyButton = (field, name) => {
    const button = make('button', { type: 'button', className: 'button button-plain', textContent: words.copy });
    button.setAttribute('aria-label', `${words.copy}: ${name}`);
    button.onclick = () => copy(field, said, words);
    return button;
  };
  const kinds = make('select', { className: 'select' });
  for (const kind of ['as_markdown', 'as_html', 'as_iframe', 'as_picture_link', 'as_text', 'as_json']) {
    kinds.append(make('option', { value: kind, textContent: words[kind] }));
  }
  kinds.setAttribute('aria-label', words.embed);
  const snippet = make('textarea', { readOnly: true, spellcheck: false });
  snippet.setAttribute('aria-label', words.embed);
  const name = make('input', { type: 'text' });
  const about = make('input', { type: 'text' });
  const picture = make('img', { className: 'share-picture', alt: '' });
  const theme = () => (getComputedStyle(inside.firstElementChild).colorScheme === 'dark' ? 'dark' : 'light');
  const svg = () => api.toSVG({ theme: theme(), title: name.value, description: about.value });
  const png = () => api.toPNG({ theme: theme(), title: name.value, description: about.value });
  /** Copies a text, or a picture that is still being made. */
  const copyAs = async (what) => {
    try {
      if (typeof what === 'string') await navigator.clipboard.writeText(what);
      else await navigator.clipboard.write([new ClipboardItem({ 'image/png': what })]);
      said.textContent = words.copied;
    } catch {
      said.textContent = words.copy_refused;
    }
    said.scrollIntoView({ block: 'nearest' });
  };
  const titleOf = () => {
    const { title } = api.scenario;
    const said = typeof title === 'string' ? title : title?.[api.lang().startsWith('zh') ? 'zh' : 'en'];
    return name.value || said || 'mq-playground';
  };
  const file = (ending) => `${titleOf().replaceAll(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.${ending}`;

  const show = () => {
    let url;
    try {
      url = api.shareURL({ run: withRun.checked });
    } catch (error) {
      withRun.checked = false;
      said.textContent = fill(words.no_run, error.message);
      url = api.shareURL();
    }
    link.value = url;
    length.textContent = fill(url.length > LONG ? words.too_long : words.length, url.length);
    length.className = url.length > LONG ? 'share-warning' : 'muted';
    const drawing = qr(url);
    if (drawing) {
      const image = make('img', { className: 'share-qr', alt: words.qr, src: `data:image/svg+xml,${encodeURIComponent(drawing)}` });
      code.replaceChildren(image);
    } else {
      code.replaceChildren(make('p', { className: 'muted', textContent: words.qr_too_long }));
    }
    snippet.value = snippets(element, api, url, titleOf())[kinds.value];
    const text = svg();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    picture.alt = new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('desc')?.textContent || titleOf();
  };
  const action = (label, act) => {
    const button = make('button', { type: 'button', className: 'button button-plain', textContent: label });
    button.onclick = act;
    return button;
  };
  const close = action('', () => dialog.close());
  close.className = 'button button-quiet';
  close.textContent = words.close;
  const heading = make('h2', { id: 'mq-share-title', textContent: words.share });
  const dialog = make(
    'dialog',
    { className: 'dialog share' },
    make('div', { className: 'dialog-inside' },
      make('header', { className: 'dialog-head' }, heading, close),
      make('div', { className: 'dialog-body' },
        make('section', {},
          linkLabel,
          make('div', { className: 'share-row' }, copyButton(link, words.link), length),
          make('label', {}, withRun, ` ${words.with_run}`),
          said,
        ),
        make('section', {},
          make('h3', { textContent: words.embed }),
          make('div', { className: 'share-row' }, kinds, copyButton(snippet, words.embed)),
          snippet,
          make('div', { className: 'share-row' },
            action(words.download_scenario, () => download(file('json'), new Blob([JSON.stringify(api.scenario, null, 2)], { type: 'application/json' })))),
        ),
        make('section', {},
          make('h3', { textContent: words.picture }),
          make('label', {}, words.picture_title, name),
          make('label', {}, words.picture_alt, about),
          picture,
          make('div', { className: 'share-row' },
            action(words.copy_svg, () => copyAs(svg())),
            action(words.copy_png, () => copyAs(png())),
            action(words.download_svg, () => download(file('svg'), new Blob([svg()], { type: 'image/svg+xml' }))),
            action(words.download_png, async () => download(file('png'), await png()))),
        ),
        make('section', {}, make('h3', { textContent: words.qr }), code),
      ),
    ),
  );
  dialog.setAttribute('aria-labelledby', heading.id);
  withRun.onchange = show;
  kinds.onchange = show;
  name.onchange = show;
  about.onchange = show;
  dialog.onclose = () => dialog.remove();
  // Keys pressed here are not the page's.
  dialog.onkeydown = (event) => event.stopPropagation();
  inside.firstElementChild.append(dialog);
  show();
  dialog.showModal();
  link.focus();
  link.select();
}
