import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('bundles');

/** The pages' scripts that hold a line to the server. */
const LIVE = [
  'door/entrance.page.js',
  'organizer/line.page.js',
  'phone/socket.page.js',
  'wall/page.js',
];

test('no page carries a way to the server that it never takes', async () => {
  for (const name of LIVE) {
    const script = await readFile(new URL(`../assets/${name}`, import.meta.url), 'utf8');
    assert.match(script, /\bWebSocket\b/, name);
    assert.not.match(script, /WebTransport|pollComplete/, name);
  }
});
