// Lets the JavaScript that wasm-bindgen wrote know the module's other part.
//
//     node glue.mjs GLUE.js FIRST.wasm REST.wasm
//     node glue.mjs GLUE.js alone
//
// Adds `rest(before)` to what it exports: fetches the other part, puts it in place, and says so when the promise `before` is
// kept too. Whoever needs it earlier waits for it.
// What the modules import from the JavaScript gets short names, here and there: they are many, and nobody reads them.
// With `alone`, for the profile, the other part never comes: what runs is the first view and nothing else.

import { readFileSync, writeFileSync } from 'node:fs';
import { Reader, SECTION, assemble, parse, skipImport, u32, vector } from './bytecode.mjs';

const [path, ...wasm] = process.argv.slice(2);
const alone = wasm[0] === 'alone';
const glue = readFileSync(path, 'utf8');

const IMPORTS = 'const imports = __wbg_get_imports();';
const INSTANCE = 'return __wbg_finalize_init(instance, module);';
const EXPORTS = 'export { initSync, __wbg_init as default };';
if (glue.split(IMPORTS).length !== 3 || glue.split(INSTANCE).length !== 3 || !glue.includes(EXPORTS)) {
  throw new Error('wasm-bindgen writes its JavaScript in another way than before: see xtask/split/glue.mjs');
}

const REST = `
const restAddress = new URL('mq_playground_rest.wasm', import.meta.url);
let restImports;
let restIsThere = false;
let restOnItsWay;

function withRest(imports) {
    restImports = { ...imports, mq_rest: { load: restAtOnce } };
    return restImports;
}

function placeRest(module) {
    if (restIsThere) return;
    new WebAssembly.Instance(module, { ...restImports, first: wasm });
    restIsThere = true;
}

function held(exports) {
    exports.hold();
    return exports;
}

// Somebody was quicker than the network: the page waits, as it would for one file.
function restAtOnce() {
    if (restIsThere) return;
    const request = new XMLHttpRequest();
    request.open('GET', restAddress, false);
    request.overrideMimeType('text/plain; charset=x-user-defined');
    request.send();
    if (request.status >= 400) throw new Error(\`\${restAddress}: \${request.status}\`);
    placeRest(new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0))));
}

async function rest(before) {
    restOnItsWay ??= (async () => {
        if (!restIsThere) {
            const answer = await fetch(restAddress);
            if (!answer.ok) throw new Error(\`\${restAddress}: \${answer.status}\`);
            placeRest(await WebAssembly.compile(await answer.arrayBuffer()));
        }
        await before;
        wasm.complete();
    })();
    restOnItsWay.catch(() => { restOnItsWay = undefined; });
    return restOnItsWay;
}

export { initSync, rest, __wbg_init as default };`;

const NEVER = `
function held(exports) {
    exports.hold();
    return exports;
}

function withRest(imports) {
    return imports;
}

const rest = () => new Promise(() => {});

${EXPORTS.replace('initSync,', 'initSync, rest,')}`;

const patched = glue
  .replaceAll(IMPORTS, 'const imports = withRest(__wbg_get_imports());')
  .replaceAll(INSTANCE, 'return held(__wbg_finalize_init(instance, module));')
  .replace(EXPORTS, (alone ? NEVER : REST).trimStart());

/** Short names for the imports of the glue, by their long ones. */
const short = new Map();
const shortened = alone ? patched : patched.replace(/\b__wb(?:g|indgen)_\w+(?=: function)/g, (long) => {
  if (!short.has(long)) short.set(long, `_${short.size.toString(36)}`);
  return short.get(long);
});
const text = (name) => Buffer.concat([Buffer.from(u32(Buffer.byteLength(name))), Buffer.from(name)]);
const shortenIn = (file) => {
  const { sections } = parse(readFileSync(file));
  const imports = sections.find(({ id }) => id === SECTION.import);
  const r = new Reader(imports.body);
  const items = Array.from({ length: r.u32() }, () => {
    const [module, name, at] = [r.name(), r.name(), r.at];
    skipImport(r);
    return Buffer.concat([text(module), text(short.get(name) ?? name), imports.body.subarray(at, r.at)]);
  });
  imports.body = vector(items);
  writeFileSync(file, assemble(sections));
};
if (!alone) wasm.forEach(shortenIn);

// Comments and indentation are for readers of the source; nothing here spans lines but templates, which have none.
const small = shortened
  .replace(/^\s*\/\*\*[\s\S]*?\*\/\s*\n/gm, '')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('//'))
  .join('\n');
writeFileSync(path, `${small}\n`);
