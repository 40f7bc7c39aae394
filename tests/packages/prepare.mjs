// Builds the examples with the fresh packages: what npm and PyPI give is kept in the cache, so that it is fetched once.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('./', import.meta.url));
export const DIST = process.env.MQ_DIST;
export const CACHE = process.env.MQ_CACHE;
export const WORK = join(CACHE, 'packages');

const run = (program, args, cwd) => execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

/** The tarball, and what is in it. */
export function tarball() {
  const file = run('ls', [join(DIST, 'packages')]).trim().split('\n').find((name) => name.endsWith('.tgz'));
  const path = join(DIST, 'packages', file);
  const names = run('tar', ['-tzf', path]).trim().split('\n').map((name) => name.replace(/^package\//, ''));
  return { path, names };
}

async function fresh(name) {
  const folder = join(WORK, name);
  await mkdir(folder, { recursive: true });
  await cp(join(HERE, 'examples', name), folder, { recursive: true, force: true });
  return folder;
}

/** VitePress with the package from its tarball; gives the folder with the built site. */
export async function vitepress() {
  const folder = await fresh('vitepress');
  const { path } = tarball();
  await cp(path, join(folder, 'mq-playground.tgz'), { force: true });
  const wanted = await readFile(join(folder, 'package.json'), 'utf8');
  const mark = join(folder, 'node_modules/.made-for');
  if (!existsSync(mark) || (await readFile(mark, 'utf8')) !== wanted) {
    console.log('Fetching VitePress and TypeScript from npm (an example is built with them; once per user)');
    run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], folder);
    await writeFile(mark, wanted);
  }
  // The package itself is always the one that was just made.
  const ours = join(folder, 'node_modules/mq-playground');
  await rm(ours, { recursive: true, force: true });
  await mkdir(ours, { recursive: true });
  run('tar', ['-xzf', path, '--strip-components=1', '-C', ours]);
  await rm(join(folder, 'docs/.vitepress/dist'), { recursive: true, force: true });
  await rm(join(folder, 'docs/.vitepress/cache'), { recursive: true, force: true });
  run(process.execPath, ['node_modules/vitepress/bin/vitepress.js', 'build', 'docs'], folder);
  return { folder, built: join(folder, 'docs/.vitepress/dist') };
}

/** MkDocs Material from PyPI, with the static site beside the pages. */
export async function mkdocs() {
  const folder = await fresh('mkdocs');
  const python = join(folder, 'venv/bin/python');
  const wanted = await readFile(join(folder, 'requirements.txt'), 'utf8');
  const mark = join(folder, 'venv/.made-for');
  if (!existsSync(mark) || (await readFile(mark, 'utf8')) !== wanted) {
    console.log('Fetching MkDocs Material from PyPI (an example is built with it; once per user)');
    run('python3', ['-m', 'venv', 'venv'], folder);
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'], folder);
    await writeFile(mark, wanted);
  }
  await rm(join(folder, 'docs/mq'), { recursive: true, force: true });
  await cp(join(DIST, 'www'), join(folder, 'docs/mq/www'), { recursive: true });
  run(python, ['-m', 'mkdocs', 'build', '--quiet', '--clean'], folder);
  return join(folder, 'site');
}

/** A page as mdBook writes it, with the static site beside it. */
export async function mdbook() {
  const folder = await fresh('mdbook');
  await rm(join(folder, 'mq'), { recursive: true, force: true });
  await cp(join(DIST, 'www'), join(folder, 'mq/www'), { recursive: true });
  return folder;
}

/** tsc --noEmit over the examples of the documentation, against the types in the package. */
export async function typescript(folder) {
  await cp(join(HERE, 'examples/api.ts'), join(folder, 'api.ts'), { force: true });
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--moduleResolution', 'nodenext',
    '--lib', 'es2022,dom', '--skipLibCheck', 'false'];
  return run(process.execPath, ['node_modules/typescript/bin/tsc', ...options, 'api.ts'], folder);
}
