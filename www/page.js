// The page of index.html: a playground as large as the window, whose state stands in the address. It uses nothing but
// the public API of <mq-playground>.
import './element.js';

const element = document.querySelector('mq-playground');
const tokenIn = (hash) => hash.match(/^#s=([A-Za-z0-9._-]+)$/)?.[1];

let written = location.hash;
let timer;

/** Keeps the address in step with what stands on the page, half a second behind. */
function keep(api) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    try {
      written = new URL(api.shareURL()).hash;
      history.replaceState(null, '', written);
    } catch {
      // A page without an address of its own (file://, a sandbox) works all the same.
    }
  }, 500);
}

function begin() {
  element.start().then((api) => {
    element.addEventListener('mq-change', () => keep(api));
  }, () => {
    // The card above says what is wrong; the address stays, so that it can be looked into.
    const again = document.createElement('button');
    again.type = 'button';
    again.textContent = document.documentElement.lang.startsWith('zh') ? '不用此链接打开' : 'Open without this link';
    again.onclick = () => {
      element.removeAttribute('state');
      element.replaceChildren();
      begin();
    };
    element.replaceChildren(...(element.hasAttribute('state') ? [again] : element.childNodes));
  });
}

const token = tokenIn(location.hash);
if (token) element.setAttribute('state', token);
begin();
addEventListener('hashchange', () => {
  const now = tokenIn(location.hash);
  if (now && location.hash !== written) element.setAttribute('state', now);
});
