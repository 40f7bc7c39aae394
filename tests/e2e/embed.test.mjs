// The playground inside other people's pages: elements, iframes, messages, themes, paper, and everything that can be
// wrong with a link, a host or a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOADER, OPEN, STRICT, card, document_, on, ready, token, withChromium } from './hosted.mjs';

withChromium();

test('many elements on one page are many worlds on one instance of the code, and leave nothing behind', async () => {
  const four = Array.from({ length: 4 }, (_, n) => `<mq-playground id="p${n}" loading="eager" scenario="empty" height="300"></mq-playground>`);
  await on(document_(LOADER + four.join('')), async (page, served) => {
    for (let n = 0; n < 4; n += 1) await ready(page, `#p${n}`);
    assert.equal(served.asked.filter((path) => path.endsWith('_bg.wasm')).length, 1);
    const queues = await page.evaluate(async () => {
      const apis = await Promise.all([0, 1].map((n) => document.getElementById(`p${n}`).api(1)));
      apis[0].submit({ method: 'queue.declare', queue: 'only-here' });
      return apis.map((api) => api.snapshot().queues.length);
    });
    assert.deepEqual(queues, [1, 0]);
    const left = await page.evaluate(async () => {
      const element = document.getElementById('p0');
      const api = await element.api(1);
      element.remove();
      await new Promise((done) => setTimeout(done));
      let code;
      try { api.run(); } catch (error) { code = error.code ?? 'gone'; }
      return { inside: element.shadowRoot.childNodes.length, sheets: element.shadowRoot.adoptedStyleSheets.length, code };
    });
    assert.equal(left.inside, 0);
    assert.equal(left.sheets, 0);
    assert.ok(left.code);
    // Back on the page it is another world; moved within it, it is the same.
    await page.evaluate(async () => {
      const element = document.getElementById('p1');
      const api = await element.api(1);
      api.submit({ method: 'queue.declare', queue: 'moved' });
      document.body.prepend(element);
      await new Promise((done) => setTimeout(done));
      if (!(await element.api(1)).snapshot().queues.some(({ name }) => name === 'moved')) throw new Error('another world');
    });
  });
});

test('events come typed, at most one of a kind per frame, and errors have codes that stay', async () => {
  await on(document_(`${LOADER}<mq-playground loading="eager" scenario="empty"></mq-playground>`), async (page) => {
    const seen = await page.evaluate(async () => {
      const element = document.querySelector('mq-playground');
      const api = await element.api(1);
      const heard = { message: [], change: [], error: [] };
      for (const kind of Object.keys(heard)) element.addEventListener(`mq-${kind}`, ({ detail }) => heard[kind].push(detail));
      api.submit({ method: 'queue.declare', queue: 'work' });
      for (let n = 0; n < 20; n += 1) api.submit({ method: 'basic.publish', routingKey: 'work', body: new Uint8Array([104, 105]) });
      const got = api.submit({ method: 'basic.get', queue: 'work' }).find(({ kind }) => kind === 'delivered');
      api.submit({ method: 'basic.ack', deliveryTag: got.deliveryTag });
      api.submit({ method: 'queue.declare', queue: 'work', durable: true });
      await new Promise((done) => setTimeout(done, 300));
      const codes = [];
      for (const act of [
        () => api.submit({ method: 'nothing' }), () => api.load('{ "version": 9 }'), () => api.load('{ oops'),
        () => api.load('que work'), () => api.open('1.abc'), () => api.open('nowhere'), () => api.load('producer p\n  pulbish x'),
      ]) {
        try { act(); codes.push('none'); } catch (error) { codes.push(`${error.name} ${error.code}`); }
      }
      return {
        body: got.content.body,
        batches: heard.message.length,
        kinds: [...new Set(heard.message.flatMap(({ messages }) => messages.map(({ kind }) => kind)))].sort(),
        declared: heard.change.flatMap(({ changes }) => changes.map(({ kind }) => kind)).includes('queue-declared'),
        refused: heard.error[0]?.errors[0]?.replyCode,
        plain: Object.getPrototypeOf(got.content.properties) === Object.prototype && typeof got.at === 'number',
        codes,
        still: api.snapshot().queues[0].ready,
      };
    });
    assert.equal(seen.body, 'hi');
    assert.ok(seen.batches <= 2, `${seen.batches} events for one frame's work`);
    assert.deepEqual(seen.kinds, ['acked', 'delivered', 'enqueued', 'published', 'routed']);
    assert.ok(seen.declared && seen.plain);
    assert.equal(seen.refused, 406);
    assert.deepEqual(seen.codes, ['command', 'newer', 'syntax', 'syntax', 'link', 'unknown-scenario', 'syntax'].map((code) => `MqError ${code}`));
    // What was on the canvas stays.
    assert.equal(seen.still, 19);
  });
});

test('it is fetched when it nears the viewport, on click, or not at all', async () => {
  const html = document_(`${LOADER}<p>above</p><mq-playground id="click" start="click" scenario="empty"><p>fallback</p></mq-playground>
    <mq-playground id="off" start="off"></mq-playground><div style="height:4000px"></div><mq-playground id="far" height="300"></mq-playground>`);
  await on(html, async (page, served) => {
    await page.waitForTimeout(300);
    const wasm = () => served.asked.filter((path) => path.endsWith('_bg.wasm')).length;
    assert.equal(wasm(), 0);
    assert.equal(await page.getByText('fallback').isVisible(), true);
    const before = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.locator('#click').getByRole('button', { name: 'Start the playground' }).click();
    await ready(page, '#click');
    assert.equal(wasm(), 1);
    await page.locator('#far').scrollIntoViewIfNeeded();
    await ready(page, '#far');
    // The height was reserved: what stands below did not jump because of it.
    const height = await page.locator('#far').evaluate((element) => element.getBoundingClientRect().height);
    assert.equal(height, 300);
    assert.ok(before > 4000);
    assert.equal(await page.evaluate(() => document.getElementById('off').shadowRoot.querySelector('.mq-host')), null);
  });
});

test('theme and language follow the page around it, and its own words win', async () => {
  const html = document_(`${LOADER}<mq-playground id="a" loading="eager" scenario="empty"></mq-playground><mq-playground id="b" loading="eager" scenario="empty" theme="light" lang="zh"></mq-playground>`);
  await on(html, async (page) => {
    await ready(page, '#a');
    await ready(page, '#b');
    const theme = (id) => page.evaluate((it) => document.getElementById(it).shadowRoot.querySelector('.page').dataset.theme ?? 'auto', id);
    const becomes = (id, wanted) => page.waitForFunction(([it, value]) => document.getElementById(it).shadowRoot.querySelector('.page').dataset.theme === value, [id, wanted]);
    const signals = [
      ['documentElement', 'class', 'dark'], ['documentElement', 'data-theme', 'dark'], ['body', 'data-md-color-scheme', 'slate'],
      ['body', 'data-jp-theme-light', 'false'], ['documentElement', 'class', 'coal'], ['documentElement', 'data-bs-theme', 'dark'],
    ];
    for (const [node, name, value] of signals) {
      await page.evaluate(([it, attribute, to]) => document[it].setAttribute(attribute, to), [node, name, value]);
      await becomes('a', 'dark');
      await page.evaluate(([it, attribute]) => document[it].removeAttribute(attribute), [node, name]);
      await page.waitForFunction(() => document.getElementById('a').shadowRoot.querySelector('.page').dataset.theme !== 'dark');
    }
    assert.equal(await theme('a'), 'auto');
    assert.equal(await theme('b'), 'light');
    await page.evaluate(() => { document.documentElement.lang = 'zh-CN'; });
    await page.waitForFunction(() => document.getElementById('a').shadowRoot.querySelector('.page').lang === 'zh-Hans');
    await page.evaluate(() => document.getElementById('a').setAttribute('theme', 'dark'));
    await becomes('a', 'dark');
    // A colour of the host's goes inside.
    await page.evaluate(() => {
      document.getElementById('a').style.setProperty('--mq-link', 'rgb(1, 2, 3)');
      document.documentElement.className = 'changed';
    });
    await page.waitForFunction(() => getComputedStyle(document.getElementById('a').shadowRoot.querySelector('.page')).getPropertyValue('--mq-accent').includes('1, 2, 3'));
  });
});

test('what changes on the page while the code is on its way counts too', () =>
  on(document_(`${LOADER}<mq-playground loading="eager" scenario="empty"></mq-playground>`), async (page) => {
    await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('_bg.wasm')));
    await page.evaluate(() => {
      document.documentElement.className = 'dark';
      document.documentElement.lang = 'zh';
      document.querySelector('mq-playground').setAttribute('scenario', 'work-queue');
      document.querySelector('mq-playground').setAttribute('controls', 'none');
    });
    await ready(page);
    const seen = await page.evaluate(async () => {
      const element = document.querySelector('mq-playground');
      const { dataset, lang } = element.shadowRoot.querySelector('.page');
      return [dataset.theme, lang, (await element.api(1)).snapshot().programs.length, element.shadowRoot.querySelector('.mq-host').dataset.controls];
    });
    assert.deepEqual(seen, ['dark', 'zh-Hans', 4, 'none']);
  }, { slow: (path) => (path.endsWith('_rest.wasm') ? 500 : 0) }));

test('panes, controls, demo and a picture: only what is asked for is there', async () => {
  const html = document_(`${LOADER}<mq-playground id="graph" loading="eager" panes="graph" controls="none" scenario="work-queue"></mq-playground>
    <mq-playground id="demo" loading="eager" mode="demo" scenario="work-queue"></mq-playground>
    <mq-playground id="still" loading="eager" mode="static" until="4000" scenario="work-queue"></mq-playground>`);
  await on(html, async (page) => {
    for (const id of ['#graph', '#demo', '#still']) await ready(page, id);
    const visible = (selector) => page.locator(selector).first().isVisible();
    for (const part of ['.bar', '.time', '.palette-side', '.side', '.drawer']) assert.equal(await visible(`#graph ${part}`), false, part);
    assert.equal(await visible('#graph .canvas-drawing'), true);
    assert.equal(await visible('#demo .palette'), false);
    await page.locator('#demo').getByRole('application').focus();
    await page.keyboard.press('q');
    assert.equal(await page.locator('#demo').getByRole('form', { name: 'Add a new queue' }).count(), 0);
    const still = page.locator('#still svg.mq-still');
    assert.equal(await still.isVisible(), true);
    assert.match(await still.evaluate((svg) => svg.outerHTML), /hello/);
    const code = await page.evaluate(async () => {
      const api = await document.getElementById('still').api(1);
      try { api.run(); } catch (error) { return error.code; }
    });
    assert.equal(code, 'static');
  });
});

test('a scenario comes from an address, a script inside, a text or a link, and the same seed gives the same run', async () => {
  const text = 'queue work durable\nproducer shop\n  publish "" key=work "one"\n';
  const html = document_(`${LOADER}
    <mq-playground id="src" loading="eager" src="orders.json"></mq-playground>
    <mq-playground id="script" loading="eager"><script type="application/mq+json">{"version":1,"topology":{"queues":[{"name":"inside"}]}}</script></mq-playground>
    <mq-playground id="link" loading="eager" state="${token(text)}"></mq-playground>
    <mq-playground id="until" loading="eager" start="manual" until="1 messages" state="${token(text)}"></mq-playground>`);
  const pages = { '/orders.json': '{"version":1,"topology":{"queues":[{"name":"fetched"}]}}' };
  await on(html, async (page) => {
    for (const id of ['#src', '#script', '#link', '#until']) await ready(page, id);
    const names = (id) => page.evaluate(async (it) => (await document.querySelector(it).api(1)).snapshot().queues.map(({ name }) => name), id);
    assert.deepEqual(await names('#src'), ['fetched']);
    assert.deepEqual(await names('#script'), ['inside']);
    assert.deepEqual(await names('#link'), ['work']);
    const run = await page.evaluate(async () => {
      const element = document.getElementById('until');
      const api = await element.api(1);
      // Off-screen it would not work.
      element.scrollIntoView();
      api.run();
      await new Promise((done) => setTimeout(done, 2500));
      return { playing: api.state.playing, ready: api.snapshot().queues[0].ready, again: api.shareURL({ run: true }) };
    });
    assert.equal(run.playing, false);
    assert.equal(run.ready, 1);
    assert.match(run.again, /#s=1r\./);
  }, { pages });
});

test('another seed is another run, from the beginning, and the same one the same again', async () => {
  await on(document_(`${LOADER}<mq-playground loading="eager" scenario="pipeline" seed="1"></mq-playground>`), async (page) => {
    await ready(page);
    const run = (seed) => page.evaluate(async (number) => {
      const element = document.querySelector('mq-playground');
      element.setAttribute('seed', number);
      const api = await element.api(1);
      // The attribute is read in a moment of its own.
      await new Promise((done) => setTimeout(done, 300));
      api.step(40);
      return api.transcript();
    }, seed);
    const [first, second, third] = [await run('2'), await run('3'), await run('2')];
    assert.notEqual(first, second);
    assert.equal(first, third);
  });
});

test('on paper stands the picture of the moment, and what the log tells', async () => {
  await on(document_(`${LOADER}<mq-playground loading="eager" height="300" scenario="work-queue"></mq-playground>`), async (page) => {
    await ready(page);
    await page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).step(6));
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('mq-playground .mq-paper-copy svg').isVisible(), true);
    const lines = await page.locator('mq-playground .mq-paper-copy li').allTextContents();
    assert.ok(lines.some((line) => /^\d+\.\d+ s .*`?hello/.test(line)), lines.join('\n'));
    assert.equal(await page.locator('mq-playground .mq-host').isVisible(), false);
    const ends = await page.evaluate(() => {
      const element = document.querySelector('mq-playground');
      return [element, element.shadowRoot.querySelector('.mq-paper-copy')].map((it) => Math.round(it.getBoundingClientRect().bottom));
    });
    assert.ok(ends[0] > 400 && ends[0] === ends[1], `it is as high as what it shows, not ${ends}`);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('mq-playground .mq-paper-copy').count(), 0);
  });
});

test('paused or off-screen it does no work at all', async () => {
  await on(document_(`${LOADER}<mq-playground loading="eager" scenario="work-queue"></mq-playground><div style="height:5000px"></div>`), async (page) => {
    await ready(page);
    // The rest of the code draws once more when it is there.
    await page.locator('.dock-head').waitFor();
    await page.waitForTimeout(300);
    const frames = () => page.evaluate(async () => {
      let asked = 0;
      const usual = globalThis.requestAnimationFrame;
      globalThis.requestAnimationFrame = (callback) => { asked += 1; return usual(callback); };
      await new Promise((done) => setTimeout(done, 1000));
      globalThis.requestAnimationFrame = usual;
      return asked;
    });
    assert.equal(await frames(), 0, 'paused');
    await page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).run());
    assert.ok(await frames() > 5, 'it plays');
    await page.evaluate(() => scrollTo(0, 4500));
    await page.waitForTimeout(700);
    assert.equal(await frames(), 0, 'off-screen');
    const now = () => page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).state.now);
    const stood = await now();
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(500);
    assert.ok(await now() > stood, 'it goes on where it was');
  });
});

// ---- iframes

const FRAME = (query = '', hash = '', sandbox = 'sandbox="allow-scripts"') => `<iframe src="/www/embed.html${query}${hash}" ${sandbox} title="t" width="800" height="300"></iframe>`;

test('an iframe in a sandbox, under a strict policy, answers over its port and asks for its height in both forms', async () => {
  const html = document_(FRAME('?scenario=work-queue&height=555&lang=en'));
  await on(html, async (page, served) => {
    const answers = await page.evaluate(async (origin) => {
      const heard = [];
      addEventListener('message', ({ data }) => heard.push(data));
      const { connect } = await import(`${origin}/www/frame.js`);
      const iframe = document.querySelector('iframe');
      const frame = await connect(iframe);
      const state = await frame.send('get', { what: 'state' });
      const step = await frame.send('step', { times: 2 });
      await frame.send('submit', { command: { method: 'queue.declare', queue: 'framed' } });
      const snapshot = await frame.send('get', { what: 'snapshot' });
      const events = new Promise((done) => frame.addEventListener('mq-message', ({ detail }) => done(detail.messages[0].kind)));
      await frame.send('submit', { command: { method: 'basic.publish', routingKey: 'framed', body: 'x' } });
      const codes = [];
      for (const [type, fields] of [['submit', { command: { method: 'no' } }], ['constructor', {}], ['get', { what: '__proto__' }], ['load', { scenario: 'x'.repeat(300_000) }]]) {
        try { await frame.send(type, fields); codes.push('none'); } catch (error) { codes.push(error.code); }
      }
      await new Promise((done) => setTimeout(done, 100));
      return {
        now: state.now,
        steps: step.length > 0,
        queue: snapshot.queues.some(({ name }) => name === 'framed'),
        kind: await events,
        codes,
        height: iframe.style.height,
        embedly: heard.some((data) => typeof data === 'string' && JSON.parse(data).context === 'iframe.resize' && JSON.parse(data).height === 555),
        svg: (await frame.send('get', { what: 'svg' })).startsWith('<svg'),
      };
    }, served.origin);
    assert.deepEqual(answers, {
      now: 0, steps: true, queue: true, kind: 'published', codes: ['command', 'unknown', 'unknown', 'too-large'],
      height: '555px', embedly: true, svg: true,
    });
  }, { headers: { ...STRICT, 'content-security-policy': `${STRICT['content-security-policy']} 'self'` } });
});

test('messages from the wrong window, of the wrong shape or to nobody are not obeyed', async () => {
  const html = document_(`${FRAME('?scenario=empty', '', '')}<iframe id="evil" src="/evil.html"></iframe>`);
  const pages = { '/evil.html': document_('<p>evil</p>') };
  await on(html, async (page) => {
    const frame = page.frames().find((it) => it.url().includes('embed.html'));
    await frame.waitForFunction(() => document.querySelector('mq-playground')?.shadowRoot?.querySelector('.page'));
    const evil = page.frames().find((it) => it.url().includes('evil.html'));
    const got = await evil.evaluate(async () => {
      let ports = 0;
      addEventListener('message', ({ ports: [port] }) => { if (port) ports += 1; });
      const target = parent.frames[0];
      for (const message of [{ mq: 1, type: 'connect' }, { mq: 1, type: 'reset' }, 'connect', null, { type: 'connect' }, [1], { mq: 1 }]) target.postMessage(message, '*');
      await new Promise((done) => setTimeout(done, 300));
      return ports;
    });
    assert.equal(got, 0);
    // The page around gets a port only for the one message that asks for it; the rest is ignored.
    const mine = await page.evaluate(async () => {
      let ports = 0;
      addEventListener('message', ({ ports: [port] }) => { if (port) ports += 1; });
      const target = document.querySelector('iframe').contentWindow;
      for (const message of [{ mq: 2, type: 'connect' }, { mq: 1, type: 'eval', code: 'alert(1)' }, { mq: 1, type: { toString: 'x' } }, undefined, 7]) target.postMessage(message, '*');
      await new Promise((done) => setTimeout(done, 200));
      const before = ports;
      target.postMessage({ mq: 1, type: 'connect' }, '*');
      await new Promise((done) => setTimeout(done, 300));
      return [before, ports];
    });
    assert.deepEqual(mine, [0, 1]);
  });
});

// ---- What can be wrong

const BAD = [
  ['a link that is cut', token('queue work\nqueue other').slice(0, -6), 'damaged'],
  ['a link of a newer playground', '7.abcdef', 'newer playground'],
  ['a bomb', token(' '.repeat(20_000_000)), 'larger than'],
  ['a link that is none', 'not.alink', 'no link of a playground'],
  ['a scenario with a fault', token('exchange a fanout\nbind a -> nowhere'), 'line 2, column 11'],
  ['a billion messages', token(JSON.stringify({ s: { version: 1, programs: [{ name: 'p', script: ['repeat forever', 'publish amq.fanout', 'end'] }] }, r: { m: [], t: 1_000_000_000, n: 1 } }), '1r.'), '200000'],
  ['a scenario that nobody knows', 'nothing-like-this', 'no link of a playground'],
];

for (const [what, state, expected] of BAD) {
  test(`${what} gives a card that says so, keeps the text, and leaves the fallback`, async () => {
    await on(document_(`${LOADER}<mq-playground loading="eager" state="${state}"><p>fallback</p></mq-playground>`), async (page) => {
      await card(page).getByText(expected).waitFor();
      assert.equal(await page.getByText('fallback').isVisible(), true);
      assert.ok((await card(page).locator('code').textContent()).startsWith(state.slice(0, 20)));
    });
  });
}

test('names and texts with HTML stay text, a payload of 10 MB is refused or shown short, cycles end', async () => {
  const html = '<img src=x onerror=globalThis.pwned=1>';
  const scenario = {
    version: 1,
    title: html,
    topology: {
      exchanges: [{ name: 'a', type: 'fanout' }, { name: 'b', type: 'fanout' }, { name: html, type: 'fanout' }],
      queues: [{ name: html }, { name: 'loop', arguments: { 'x-dead-letter-exchange': 'a', 'x-message-ttl': 1 } }],
      bindings: [{ source: 'a', exchange: 'b' }, { source: 'b', exchange: 'a' }, { source: 'b', queue: 'loop' }, { source: 'a', queue: html }],
    },
  };
  await on(document_(`${LOADER}<mq-playground loading="eager" state="${token(JSON.stringify(scenario))}"></mq-playground>`), async (page) => {
    await ready(page);
    const seen = await page.evaluate(async () => {
      const api = await document.querySelector('mq-playground').api(1);
      api.submit({ method: 'basic.publish', exchange: 'a', body: 'x'.repeat(10_000_000) });
      api.run();
      await new Promise((done) => setTimeout(done, 800));
      return { svg: api.toSVG().includes('<img'), imgs: document.querySelector('mq-playground').shadowRoot.querySelectorAll('img').length, pwned: globalThis.pwned, steps: api.state.steps };
    });
    assert.deepEqual([seen.svg, seen.imgs, seen.pwned], [false, 0, undefined]);
    assert.ok(seen.steps < 100_000);
  });
});

test('a host whose policy forbids wasm gets a card that names the word it needs', async () => {
  const headers = { ...OPEN, 'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:" };
  await on(document_(`${LOADER}<mq-playground loading="eager"><p>fallback</p></mq-playground>`), async (page) => {
    await card(page).getByText("'wasm-unsafe-eval'").waitFor();
    assert.equal(await page.getByText('fallback').isVisible(), true);
  }, { headers });
});

test('a browser without WebAssembly, and files that cannot be fetched, get a card each, in the language of the page', async () => {
  await on(document_('<mq-playground loading="eager" lang="zh"></mq-playground>'), async (page) => {
    await page.evaluate(() => { delete globalThis.WebAssembly; });
    await page.addScriptTag({ type: 'module', url: '/www/element.js' });
    await card(page).getByText('此浏览器不支持 WebAssembly').waitFor();
  });
  await on(document_('<mq-playground loading="eager"><p>fallback</p></mq-playground>'), async (page) => {
    await page.route('**/playground.js', (route) => route.abort());
    await page.addScriptTag({ type: 'module', url: '/www/element.js' });
    await card(page).getByText('could not be fetched').waitFor();
    assert.equal(await page.getByText('fallback').isVisible(), true);
    // Once the files are there again, it can be started again.
    await page.unroute('**/playground.js');
  });
});

test('blocked storage and a forbidden clipboard lose nothing: the text can be copied by hand', async () => {
  const script = `Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });`;
  await on(document_(`${LOADER}<mq-playground loading="eager" scenario="work-queue" save></mq-playground>`, `<script>${script}</script>`), async (page) => {
    await ready(page);
    await page.locator('mq-playground').getByRole('button', { name: 'Share' }).click();
    const dialog = page.locator('mq-playground').getByRole('dialog', { name: 'Share' });
    await dialog.getByRole('button', { name: 'Copy: Link to this playground' }).click();
    await dialog.getByText('The text is selected').waitFor();
    assert.match(await dialog.getByRole('textbox', { name: 'Link to this playground' }).inputValue(), /#s=work-queue$/);
  });
});

test('the share dialog gives link, run, code, picture and QR code', async () => {
  await on(document_(`${LOADER}<mq-playground loading="eager" scenario="work-queue"></mq-playground>`), async (page) => {
    await ready(page);
    await page.evaluate(async () => {
      const api = await document.querySelector('mq-playground').api(1);
      api.step(5);
      api.submit({ method: 'queue.declare', queue: 'mine' });
    });
    await page.locator('mq-playground').getByRole('button', { name: 'Share' }).click();
    const dialog = page.locator('mq-playground').getByRole('dialog', { name: 'Share' });
    const link = dialog.getByRole('textbox', { name: 'Link to this playground' });
    assert.match(await link.inputValue(), /#s=1\./);
    await dialog.getByRole('checkbox', { name: /Include the run/ }).check();
    assert.match(await link.inputValue(), /#s=1r\./);
    await dialog.getByRole('img', { name: 'QR code of the link' }).waitFor();
    const code = dialog.getByRole('textbox', { name: 'Put it into a page' });
    assert.match(await code.inputValue(), /^```mq-playground\n/);
    await dialog.getByRole('combobox', { name: 'Put it into a page' }).selectOption('as_iframe');
    assert.match(await code.inputValue(), /<iframe src="[^"]+embed\.html\?lang=en#s=1r\.[^"]+" title="[^"]+".* sandbox="allow-scripts"/);
    const [svg] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save SVG' }).click()]);
    assert.match(svg.suggestedFilename(), /\.svg$/);
    const [png] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save PNG' }).click()]);
    assert.match(png.suggestedFilename(), /\.png$/);
    // A picture to paste; where the browser forbids that, what to do instead.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialog.getByRole('button', { name: 'Copy PNG' }).click();
    await dialog.getByText('Copied.').waitFor();
    const kinds = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
    assert.deepEqual(kinds, ['image/png']);
    await dialog.getByRole('button', { name: 'Copy SVG' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('<svg'));
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }));
    await dialog.getByRole('button', { name: 'Copy SVG' }).click();
    await dialog.getByText('Save the file instead').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

test('the root page keeps its state in the address, and opens a link again', async () => {
  await on('<!doctype html>', async (page, served) => {
    await page.goto(served.url);
    await ready(page);
    await page.evaluate(async () => {
      (await document.querySelector('mq-playground').api(1)).submit({ method: 'queue.declare', queue: 'kept' });
    });
    await page.waitForFunction(() => location.hash.startsWith('#s=1.'));
    await page.reload();
    await ready(page);
    assert.ok(await page.evaluate(async () => (await document.querySelector('mq-playground').api(1)).snapshot().queues.some(({ name }) => name === 'kept')));
    await page.goto('about:blank');
    await page.goto(`${served.url}#s=1.broken`);
    await card(page).waitFor();
    assert.equal(new URL(page.url()).hash, '#s=1.broken');
    await page.getByRole('button', { name: 'Open without this link' }).click();
    await ready(page);
  });
});
