// A static site on loopback, compressed as hosts do, and what a first visit to it weighs.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves a folder until it is stopped. */
export async function serve(folder) {
  const made = new Map();
  const compressed = async (path) => {
    if (!made.has(path)) {
      const bytes = await readFile(path);
      made.set(path, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    }
    return made.get(path);
  };
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = join(folder, normalize(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    try {
      const body = await compressed(path);
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      answer.writeHead(200, { 'content-type': type, 'content-encoding': 'br', 'content-length': body.length });
      answer.end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close(), compressed, folder };
}

/** Kilobytes of all that is asked for until a first visit can be used, compressed by brotli; what comes behind it is not. */
export async function weight(browser, site, usable) {
  const room = await browser.newContext();
  const page = await room.newPage();
  await page.goto(site.url);
  await usable(page);
  const paths = await page.evaluate(() => {
    const [{ startTime: usableAt }] = performance.getEntriesByName('mq-interactive');
    const before = performance.getEntriesByType('resource').filter((it) => it.startTime <= usableAt);
    return [...new Set([location.href, ...before.map((it) => it.name)])].map((url) => new URL(url).pathname);
  });
  await room.close();
  const sizes = paths.map(async (path) => {
    const file = path.endsWith('/') ? `${path}index.html` : path;
    return (await site.compressed(join(site.folder, file)).catch(() => [])).length;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1_000;
}
