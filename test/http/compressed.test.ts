import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { ADDRESSES } from '../support/contract.js';
import { keysOf } from '../support/keys.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { exchange, memoryOf, upgradeRequest, wellAfterwards } from '../support/tcp.js';

const test = suite('hostile: what is compressed');

/** Routes that take no body. */
const BODYLESS = new Set([
  ...['PUT /api/nosos/:id/intent', 'POST /api/walls/pairing', 'POST /api/walls/:id/identify'],
  ...['open', 'close', 'cancel'].map((what) => `POST /api/nosos/:id/${what}`),
  ...['PUT /api/nosos/:id/paper/:number', 'PUT /api/series/:id/evenings/:date'],
]);

/** Every form of the pages. */
const FORMS = [
  ...['/', '/j', '/j/:code', '/j/:code/leave', '/me/leave', '/me/keep', '/me/forget', '/me/return'],
  ...['/n/:id', '/out'],
];
/** Forms of a button alone, whose body nobody reads. */
const UNREAD = new Set(['/j/:code/leave', '/me/leave', '/me/forget', '/out']);

/** Those that the pages' sources name. */
async function formsInPages(): Promise<string[]> {
  const folder = 'src/http/pages';
  const files = (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8'));
  const text = (await Promise.all(files)).join('\n');
  return [...text.matchAll(/router\.post\(\s*'([^']+)'/g)].map(([, path]) => path as string).sort();
}

test(
  'F4 F10 what is compressed is refused without being opened, on every route and in every form',
  served(async (server, api) => {
    const { valid } = await keysOf(api);
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, '{'), { level: 9 });
    const fits = bomb.subarray(0, 12_000);
    const say = async (method: string, path: string, more: Record<string, string>) => {
      const headers = { 'content-encoding': 'gzip', ...more };
      const answer = await fetch(server.url + path, {
        ...{ method, headers, body: fits, redirect: 'manual' },
      });
      return { status: answer.status, text: await answer.text() };
    };
    const memory = await memoryOf(server);
    for (const { route, method, path, needed } of ADDRESSES) {
      if (/^(GET|DELETE)$/.test(method)) continue;
      const bearer = valid[needed] === null ? {} : { authorization: `Bearer ${valid[needed]}` };
      const { status, text } = await say(method, path, bearer);
      // Those that read no body leave it unread.
      if (BODYLESS.has(route)) assert.ok(status === 404 || status < 300, `${route}: ${status}`);
      else assert.equal([route, status, /"encoding"/.test(text)], [route, 415, true]);
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const path of FORMS) {
      const filled = path.replace(':code', 'MMM-MMM-MMM').replace(':id', 'nothing');
      const { status } = await say('POST', filled, form);
      if (UNREAD.has(path)) assert.ok([303, 403, 404].includes(status), `${path}: ${status}`);
      else assert.is(status, 415, path);
    }
    assert.equal(await formsInPages(), [...FORMS].sort(), 'a form that is not tried here');
    assert.ok((await memoryOf(server)) - memory < 60e6, 'nothing was opened');
    // Nor is anything on a socket: whoever offers to compress is not taken up on it.
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n';
    const { answer } = await exchange(server.port, [upgradeRequest(undefined, offer)], {
      until: (text) => text.includes('\r\n\r\n'),
    });
    assert.match(answer, /^HTTP\/1\.1 101 /);
    assert.not.match(answer, /extensions/i);
    // A frame that says that it is compressed (RSV1) ends the connection.
    const squeezed = Buffer.from([0xc1, 0x82, 1, 2, 3, 4, 5, 6]);
    assert.ok((await exchange(server.port, [upgradeRequest(), squeezed])).closed);
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);
