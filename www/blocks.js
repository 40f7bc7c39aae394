// Fenced code blocks become playgrounds, in place. The block itself stays, hidden, so that nothing is lost when the
// playground cannot start, and whoever drew the block may take it away again.
const OPTIONS = ['lang', 'theme', 'mode', 'panes', 'start', 'loading', 'speed', 'seed', 'until', 'height', 'controls'];

/** The attributes in a first line `#! height=420 start=visible`. */
function optionsIn(text) {
  const line = text.match(/^\s*#!(.*)/)?.[1] ?? '';
  return [...line.matchAll(/([a-z]+)=("[^"]*"|\S+)/g)]
    .map(([, name, value]) => [name, value.replace(/^"|"$/g, '')])
    .filter(([name]) => OPTIONS.includes(name));
}

function sourceOf(block) {
  const code = block.matches('code') ? block : block.querySelector('code') ?? block;
  // A highlighter may have put each line into an element of its own.
  const lines = [...code.querySelectorAll(':scope > .line, :scope > .token-line')];
  if (lines.length > 1) return lines.map((line) => line.textContent.replace(/\n$/, '')).join('\n');
  // Jupyter's converter writes the word of the block once more, as its first line.
  return code.textContent.replace(/^mq-playground[^\n]*\n/, '');
}

/** Upgrades every block that was not yet. */
export function upgrade(selector) {
  for (const marked of document.querySelectorAll(`${selector}:not([data-mq])`)) {
    marked.setAttribute('data-mq', '');
    if (marked.closest('mq-playground') || marked.parentElement?.closest('[data-mq]')) continue;
    const block = marked.matches('code') ? marked.closest('pre') ?? marked : marked;
    const text = sourceOf(marked);
    const playground = document.createElement('mq-playground');
    playground.text = text;
    playground.setAttribute('height', '420');
    playground.style.marginBlock = '1em';
    for (const [name, value] of optionsIn(text)) playground.setAttribute(name, value);
    playground.addEventListener('mq-error', () => {
      if (!playground.shadowRoot?.querySelector('.mq-host')) block.hidden = false;
    });
    block.after(playground);
    block.hidden = true;
    const gone = new MutationObserver(() => {
      if (block.isConnected) return;
      playground.remove();
      gone.disconnect();
    });
    gone.observe(document.documentElement, { childList: true, subtree: true });
  }
}
