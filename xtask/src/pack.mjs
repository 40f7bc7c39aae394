// Makes the packages out of a built site: the loader without its comments, the folder of the npm package, and one HTML
// file with everything in it. Called by `cargo xtask dist`: node pack.mjs SITE WHOLE_PKG ENGINE_PKG OUT VERSION, where
// WHOLE_PKG is the page's code in one piece.
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const [site, whole, engine, out, version] = process.argv.slice(2);
const www = join(site, 'www');
const read = (...path) => readFile(join(...path), 'utf8');

/** Without comment lines and indentation: what is fetched first is as small as it can be read. */
export const slim = (text) => text
  .split('\n')
  .filter((line) => !/^\s*(\/\/|\/\*\*.*\*\/$)/.test(line))
  .map((line) => line.trimStart())
  .filter(Boolean)
  .join('\n')
  .concat('\n');

const loader = slim(await read(www, 'element.js'));
await writeFile(join(www, 'element.js'), loader);

// ---- The package for bundlers and Node.js

const npm = join(out, 'npm');
await rm(npm, { recursive: true, force: true });
await mkdir(npm, { recursive: true });
const scripts = ['element.js', 'element.classic.js', 'element.d.ts', 'playground.js', 'blocks.js', 'share.js', 'qr.js',
  'embed.html', 'embed.js', 'frame.js', 'page.css'];
const source = await read(www, 'playground.js');
const sheets = [...source.match(/const SHEETS = \[([^\]]*)\]/)[1].matchAll(/'([^']+)'/g)].map(([, name]) => name);
// As text: a bundler that knows style sheets would make a script out of what has their ending, wherever it is named.
const asText = (name) => `${name}.txt`;
const addresses = sheets.map((name) => `  '${name}': new URL('./${asText(name)}', import.meta.url),\n`).join('');
const bundled = source
  .replace(/const HERE = .*;\n/, 'const HERE = undefined;\n')
  .replace(/const address = .*;\n/, `const ADDRESSES = {\n${addresses}};\nconst address = (name) => (assets ? assets[name] : ADDRESSES[name]);\n`);
if (!bundled.includes('ADDRESSES[name]') || !bundled.includes('const HERE = undefined')) {
  throw new Error('www/playground.js no longer says where its files are as pack.mjs expects');
}
for (const name of scripts) await cp(join(www, name), join(npm, name));
for (const name of sheets) await cp(join(www, name), join(npm, asText(name)));
await writeFile(join(npm, 'playground.js'), bundled);
// Only the page in one file brings its code along; bundlers warn of an import that they cannot follow.
const followed = loader.replace('(assets ? import(/* @vite-ignore */ assets[name]) : usual())', 'usual()');
if (followed === loader) throw new Error('www/element.js no longer imports its parts as pack.mjs expects');
await writeFile(join(npm, 'element.js'), followed);
await cp(join(www, 'pkg'), join(npm, 'pkg'), { recursive: true, filter: (path) => !basename(path).startsWith('.') });
await cp(join(www, 'engine'), join(npm, 'engine'), { recursive: true, filter: (path) => !basename(path).startsWith('.') });
await cp(engine, join(npm, 'engine/pkg'), { recursive: true });
await cp(join(www, 'scenarios'), join(npm, 'scenarios'), { recursive: true });
await writeFile(join(npm, 'README.md'), await read(www, 'docs/npm.md'));
for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) await cp(join(site, licence), join(npm, licence)).catch(() => {});
await writeFile(join(npm, 'package.json'), `${JSON.stringify({
  name: 'mq-playground',
  version,
  description: 'A playground for message brokers: RabbitMQ\'s AMQP 0-9-1 as a custom element, and its engine for Node.js and browsers.',
  license: 'MIT OR Apache-2.0',
  type: 'module',
  main: './element.js',
  module: './element.js',
  types: './element.d.ts',
  exports: {
    '.': { types: './element.d.ts', default: './element.js' },
    './engine': { types: './engine/index.d.ts', node: './engine/node.js', default: './engine/web.js' },
    './frame': './frame.js',
    './package.json': './package.json',
    './*': './*',
  },
  sideEffects: ['./element.js', './engine/*.js', './embed.js'],
  engines: { node: '>=18' },
}, null, 2)}\n`);

// ---- One HTML file that opens from a disk

const data = (type, bytes) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const MODULES = ['element.js', 'playground.js', 'blocks.js', 'share.js', 'qr.js', 'page.js'];
const names = { './element.js': 'mq/element.js', './playground.js': 'mq/playground.js', './qr.js': 'mq/qr.js' };
const inline = (text) => Object.entries(names).reduce(
  (done, [from, to]) => done.replaceAll(`from '${from}'`, `from '${to}'`).replaceAll(`import '${from}'`, `import '${to}'`),
  text,
);
const imports = {};
const assets = {};
for (const name of MODULES) {
  const text = name === 'element.js' ? loader : await read(www, name);
  imports[`mq/${name}`] = data('text/javascript', inline(slim(text)));
  assets[name] = `mq/${name}`;
}
for (const name of await readdir(whole)) {
  if (name.endsWith('.js')) {
    imports[`mq/pkg/${name}`] = data('text/javascript', await readFile(join(whole, name)));
    assets[`pkg/${name}`] = `mq/pkg/${name}`;
  } else if (name.endsWith('.wasm')) {
    assets[`pkg/${name}`] = data('application/wasm', await readFile(join(whole, name)));
  }
}
for (const name of sheets) assets[name] = data('text/css', await readFile(join(www, name)));
const page = await read(site, 'index.html');
const css = await read(www, 'page.css');
const json = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
const single = page
  .replace(/<link rel="stylesheet"[^>]*>\n?/, () => `<style>\n${css}</style>\n`)
  .replace(/<link rel="(?:module)?preload"[^>]*>\n?/g, '')
  .replace(/<script type="module"[^>]*><\/script>\n?/, '')
  .replace('</body>', () => `<script>globalThis.mqPlaygroundAssets = ${json(assets)};</script>
<script type="importmap">${json({ imports })}</script>
<script type="module">import 'mq/page.js';</script>
</body>`);
if (single.includes('src="www') || single.includes('href="www')) {
  throw new Error('index.html loads something that pack.mjs does not put into the one file');
}
await writeFile(join(out, 'playground.html'), single);
