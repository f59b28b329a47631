import { EventEmitter } from 'node:events';
import * as assert from 'uvu/assert';
import { clusterControl } from '../../src/sockets/control.js';
import type { ControlMessage } from '../../src/sockets/io.js';
import { createSealing } from '../../src/sockets/sealing.js';
import { createSockets } from '../../src/sockets/sockets.js';
import { suite } from '../support/suite.js';

const test = suite('what nodes tell each other');

const ONE = 'a secret that is as long as a secret has to be';
const OTHER = 'another secret, which is as long as the first';
const left: ControlMessage = { say: 'left', noso: 'abc', seats: [[713_245, 1]] };

test('L4 A8 who left is not to be read on the channel, and twice the same is not the same', () => {
  const { seal, open } = createSealing([ONE]);
  const sealed = seal(left);
  assert.equal(open(sealed), left);
  for (const clear of ['713245', 'left', 'abc']) assert.not.match(JSON.stringify(sealed), clear);
  assert.not.match(Buffer.from(sealed.sealed, 'base64').toString('latin1'), '713245');
  assert.is.not(seal(left).sealed, sealed.sealed);
});

test('A8 amidst a rotation nodes understand each other; whoever has another secret does not', () => {
  const before = createSealing([ONE]);
  const amidst = createSealing([OTHER, ONE]);
  assert.equal(amidst.open(before.seal(left)), left);
  assert.equal(before.open(amidst.seal(left)), left);
  assert.equal(amidst.open(createSealing([OTHER]).seal(left)), left);
  assert.is(createSealing([OTHER]).open(before.seal(left)), null);
  assert.throws(() => createSealing([]));
});

test('F4 what was changed on the way, or is none of ours, is not heard', () => {
  const { seal, open } = createSealing([ONE]);
  const bytes = Buffer.from(seal(left).sealed, 'base64');
  for (let k = 0; k < bytes.length; k += 1) {
    const changed = Buffer.from(bytes);
    changed[k] = (changed[k] as number) ^ 1;
    assert.is(open({ sealed: changed.toString('base64') }), null, `byte ${k}`);
  }
  for (const odd of ['', 'x', '====', 'A'.repeat(1000)]) assert.is(open({ sealed: odd }), null);
  assert.is(open({} as { sealed: string }), null);
});

test('F1 a word that the store does not take is dropped, and told of; it is heard here all the same', async () => {
  const away = new Error('away');
  const said: string[] = [];
  const pub = Object.assign(new EventEmitter(), {
    async publish(_channel: string, message: string) {
      said.push(message);
      throw away;
    },
  });
  const sub = Object.assign(new EventEmitter(), {
    status: 'ready',
    ...{ subscribe: async () => {}, psubscribe: async () => {} },
    ...{ unsubscribe: async () => {}, punsubscribe: async () => {} },
  });
  const [errors, heard] = [[] as unknown[], [] as unknown[]];
  const clients = { pub, sub, prefix: 'noso' } as unknown as Parameters<typeof clusterControl>[1];
  const control = clusterControl(createSockets(), clients, createSealing(['a secret']), (e) =>
    errors.push(e),
  );
  control.listen((message, own) => heard.push([message, own]));
  control.tell({ say: 'left', noso: 'n', seats: [[123_456, 1]] });
  await new Promise(setImmediate); // whoever left its failure alone would be ended by now
  assert.equal(errors, [away]);
  assert.equal(heard, [[{ say: 'left', noso: 'n', seats: [[123_456, 1]] }, true]]);
  assert.is(said.length, 1);
  assert.not.match(said[0] ?? '', /123456|left/);
});

test('F1 F2 a subscription that goes with its connection is made on the next; one that is given up as all stops ends nothing', async () => {
  const away = new Error('Connection is closed.');
  const asked: string[] = [];
  let fails = true;
  const ask = (what: string) => async (channels: string | string[]) => {
    asked.push(`${what} ${[channels].flat().length}`);
    if (fails) throw away;
  };
  const sub = Object.assign(new EventEmitter(), {
    status: 'ready',
    ...{ subscribe: ask('+'), psubscribe: ask('+p') },
    ...{ unsubscribe: ask('-'), punsubscribe: ask('-p') },
  });
  const pub = Object.assign(new EventEmitter(), { publish: async () => 0 });
  const errors: unknown[] = [];
  const unhandled: unknown[] = [];
  const left = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', left);
  try {
    const io = createSockets();
    const clients = { pub, sub, prefix: 'noso' } as unknown as Parameters<typeof clusterControl>[1];
    clusterControl(io, clients, createSealing(['a secret']), (e) => errors.push(e));
    await new Promise(setImmediate);
    const first = asked.splice(0);
    assert.ok(first.includes('+p 1') && first.includes('+ 3'), first.join());
    assert.is(errors.splice(0).length, first.length, 'each is told of');
    fails = false;
    sub.emit('ready');
    await new Promise(setImmediate);
    assert.equal(asked.splice(0), first, 'what was wanted is wanted still');
    sub.emit('ready');
    assert.equal(asked, [], 'and stands');
    fails = true;
    await io.of('/organizer').adapter.close();
    await new Promise(setImmediate);
    assert.ok(asked.includes('-p 1') && asked.includes('- 3'), asked.join());
    sub.emit('ready');
    assert.ok(asked.every((each) => each.startsWith('-')));
    assert.equal([...new Set(errors)], [away]);
    assert.equal(unhandled, []);
  } finally {
    process.off('unhandledRejection', left);
  }
});
