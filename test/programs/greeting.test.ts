import { spawn } from 'node:child_process';
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { type Config, readConfig } from '../../src/config.js';
import { addressNotes, addressOf, watchAddress } from '../../src/programs/publicAddress.js';
import { type Grey, read } from '../browser/decode.js';
import { freePort } from '../support/ports.js';
import { inFolder } from '../support/program.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('the first minute, and the address');
const MAIN = fileURLToPath(new URL('../../src/programs/main.js', import.meta.url));

/** A code of half blocks, as a picture. */
function picture(lines: string[], scale = 4): Grey {
  const width = (lines[0]?.length ?? 0) * scale;
  const height = lines.length * 2 * scale;
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(y / scale);
    for (let x = 0; x < width; x += 1) {
      const sign = lines[Math.floor(row / 2)]?.[Math.floor(x / scale)];
      if (sign === '█' || sign === (row % 2 === 0 ? '▀' : '▄')) grey[y * width + x] = 255;
    }
  }
  return { width, height, grey };
}

test(
  'at a terminal the greeting comes first: addresses, a code that signs in, three steps, no JSON',
  () =>
    inFolder(async (folder) => {
      const port = await freePort();
      const child = spawn(
        'script',
        ['-qec', `stty cols 150 rows 60; exec ${process.execPath} ${MAIN}`, '/dev/null'],
        {
          env: { PATH: process.env.PATH, PORT: String(port), DATA_DIR: join(folder, 'data') },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let said = '';
      // A sign's bytes may come in two parts.
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (data) => (said += data));
      const gone = new Promise((resolve) => child.once('exit', resolve));
      try {
        await until(() => said.includes('Ctrl-C'), { what: 'the greeting', deadline: 20_000 });
        const lines = said.replaceAll('\r', '').split('\n');
        assert.is(lines.find((line) => line.trim() !== '')?.trim(), 'NoSo serves.');
        assert.not.match(said, '{"');
        assert.match(said, `http://localhost:${port}`);
        const link = lines.find((line) => /^ +http\S+\/organize#\S+$/.test(line))?.trim();
        const code = lines.map((line) => line.slice(2)).filter((line) => /[█▀▄]/.test(line));
        assert.equal(read(picture(code)), { zbar: link, jsqr: link });
        assert.is(lines.filter((line) => /^ {2}[123] {2}\S/.test(line)).length, 3);
        const key = link?.split('#')[1];
        const signedIn = await fetch(`http://127.0.0.1:${port}/api/sign-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ key }),
        });
        assert.is(signedIn.status, 204);
      } finally {
        child.kill('SIGTERM');
        await gone;
      }
    }),
  { deadline: 40_000 },
);

const config = (env: Record<string, string> = {}): Config => {
  const read = readConfig(env);
  if ('faults' in read) throw new Error(read.faults.join());
  return read.config;
};
const at = (address: string, internal = false) =>
  [{ address, family: 'IPv4', internal }] as NetworkInterfaceInfo[];

test('F8 an address that phones do not reach, or browsers warn of, is said in one line', () => {
  const notes = (env: Record<string, string>, addresses = {}, contained = false) =>
    addressNotes(config(env), addressOf(config(env), 3000, addresses), addresses, contained);
  const lan = { eth0: at('192.168.1.20') };
  assert.equal(notes({}, lan), []);
  assert.match(notes({}, {})[0] as string, 'loopback');
  assert.match(notes({ HOST: '127.0.0.1' }, lan)[0] as string, 'loopback');
  assert.match(notes({}, { docker0: at('172.17.0.1') })[0] as string, 'PUBLIC_URL');
  assert.match(notes({}, { eth0: at('172.17.0.2') }, true)[0] as string, 'PUBLIC_URL');
  assert.match(notes({ PUBLIC_URL: 'http://noso.example' }, lan)[0] as string, 'plain http://');
  for (const good of ['https://noso.example', 'http://noso.local', 'http://10.0.0.4:3000']) {
    assert.equal(notes({ PUBLIC_URL: good }, lan, true), [], good);
  }
  const both = { docker0: at('172.17.0.1'), wlan0: at('192.168.1.20') };
  assert.is(addressOf(config(), 3000, both), 'http://192.168.1.20:3000', 'no bridge before a LAN');
});

test('F8 a port that no browser opens is said in one line', async () => {
  for (const port of [22, 6000, 6667, 10_080]) {
    const url = `http://127.0.0.1:${port}`;
    const refused = await fetch(url).catch((error) => error.cause.message);
    assert.is(refused, 'bad port', 'nor does fetch');
    const notes = addressNotes(config({ HOST: '10.0.0.4', PORT: String(port) }), url);
    assert.match(notes.at(-1) as string, `port ${port}:`);
    assert.equal(
      addressNotes(config({ PUBLIC_URL: `http://10.0.0.4:${port}` }), `http://10.0.0.4:${port}`),
      [notes.at(-1)],
    );
  }
});

test('a new address is noticed within 10 s, and none while PUBLIC_URL says it', () => {
  const timers: [ms: number, work: () => void][] = [];
  const clock = {
    every(ms: number, work: () => void) {
      timers.push([ms, work]);
      return () => {};
    },
  };
  let addresses: NodeJS.Dict<NetworkInterfaceInfo[]> = { eth0: at('192.168.1.20') };
  const moves: string[] = [];
  const fixed: string[] = [];
  watchAddress(
    config(),
    3000,
    clock,
    (url) => moves.push(url),
    () => addresses,
  );
  const set = config({ PUBLIC_URL: 'https://noso.example' });
  watchAddress(
    set,
    3000,
    clock,
    (url) => fixed.push(url),
    () => addresses,
  );
  assert.ok(timers.every(([ms]) => ms <= 10_000));
  const look = () => {
    for (const [, work] of timers) work();
  };
  look();
  addresses = {};
  look();
  assert.equal(moves, [], 'between two networks what was said stays');
  addresses = { eth0: at('192.168.7.3') };
  look();
  look();
  assert.equal(moves, ['http://192.168.7.3:3000']);
  assert.equal(fixed, []);
});
