// The page under test: served by `cargo xtask test e2e` (which sets MQ_URL), or, for one file alone while developing
// (`node --test journeys.test.mjs`), by a server that this file starts on any free port and stops afterwards.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TOP = fileURLToPath(new URL('../../', import.meta.url));

/** The address of the page, and how to let go of it. */
export async function site() {
  const given = process.env.MQ_URL;
  if (given) return { url: given, stop() {} };
  const server = spawn('cargo', ['xtask', 'serve', '--no-build', '--port', '0'], {
    cwd: TOP,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = line.match(/http:\/\/\S+/)?.[0];
    // cargo and the server it runs are one process group, so that both stop.
    if (url) return { url, stop: () => process.kill(-server.pid) };
  }
  throw new Error('The server did not start - build the page first with: cargo xtask serve');
}
