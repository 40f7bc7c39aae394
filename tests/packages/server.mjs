// A plain static host for the tests: with the headers that a test asks for, and none that it does not.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/**
 * Serves `root` below `base`; `pages` are made up on the spot: path to HTML; `slow` says how long an answer takes.
 * @param {{ base?: string, headers?: Record<string, string>, pages?: Record<string, string>, slow?: (path: string) => number }} options
 */
export async function host(root, { base = '/', headers = {}, pages = {}, slow = () => 0 } = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    asked.push(path);
    const wait = slow(path);
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    if (pages[path] !== undefined) {
      response.writeHead(200, { 'content-type': TYPES['.html'], ...headers });
      response.end(pages[path]);
      return;
    }
    try {
      if (!path.startsWith(base)) throw new Error('outside');
      let file = join(root, normalize(path.slice(base.length)));
      if (file.endsWith('/') || path === base) file = join(file, 'index.html');
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers });
      response.end(body);
    } catch {
      response.writeHead(404, headers);
      response.end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  return { url: `http://127.0.0.1:${port}${base}`, origin: `http://127.0.0.1:${port}`, asked, stop: () => server.close() };
}
