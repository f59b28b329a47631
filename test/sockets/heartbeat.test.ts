import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import { bareSockets } from '../support/bareDoors.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('one timer pings all');

const PING = 45_000;
const PONG = 20_000;
const UPGRADE =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** A text frame from a client, masked with zeros. */
const frame = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);

/** A server whose seconds go by as they are told to, and the connections to it. */
async function serve() {
  let turn = () => {};
  const every = (_ms: number, work: () => void) => {
    turn = work;
    return () => {};
  };
  const goOn = (ms: number) => {
    for (let gone = 0; gone < ms; gone += 1000) turn();
  };
  const { io, port, stopPings: stop } = await bareSockets(every);

  const peers: { leave: () => void }[] = [];
  async function come() {
    const socket = connect(port, '127.0.0.1');
    const peer = {
      said: '',
      closed: false,
      say: (text: string) => socket.write(frame(text)),
      leave: () => socket.destroy(),
    };
    peers.push(peer);
    socket.setEncoding('latin1');
    socket.on('data', (data) => (peer.said += data));
    socket.once('close', () => (peer.closed = true));
    socket.on('error', () => {});
    socket.write(UPGRADE);
    await until(() => peer.said.includes('"sid"'));
    return peer;
  }
  /** Whoever is connected says so, and is heard: what was said before was heard as well. */
  async function heard(peer: Awaited<ReturnType<typeof come>>) {
    const before = peer.said.length;
    peer.say(`40/${before},{}`);
    await until(() => peer.closed || peer.said.includes(`/${before},`, before), {
      what: 'an answer',
    });
  }
  const end = async () => {
    for (const { leave } of peers) leave();
    stop();
    await io.close();
  };
  return { io, goOn, come, heard, end };
}

const pings = (peer: { said: string }) => peer.said.split('\x81\x012').length - 1;

test('L5 who answers stays, who says nothing is closed after one wait, who does not answer after two', async () => {
  const { io, goOn, come, heard, end } = await serve();
  try {
    const [answers, silent, talks] = [await come(), await come(), await come()];
    await heard(answers);
    goOn(PING - 1000);
    await heard(answers);
    assert.is(pings(answers), 0, 'not before the interval that it was told');
    goOn(1000);
    for (const peer of [answers, silent, talks]) await until(() => pings(peer) === 1);
    answers.say('3');
    await heard(answers);
    await heard(talks);
    goOn(PONG);
    await until(() => silent.closed, { what: 'who says nothing to be closed' });
    await heard(answers);
    await heard(talks);
    assert.is(talks.closed, false);
    goOn(PONG);
    await until(() => talks.closed, { what: 'who never answers to be closed' });
    await heard(answers);
    assert.is(answers.closed, false);
    assert.is(io.engine.clientsCount, 1);
    goOn(PING);
    await until(() => pings(answers) === 2);
  } finally {
    await end();
  }
});

test('a connection that came later is pinged later, and one that went is forgotten', async () => {
  const { io, goOn, come, heard, end } = await serve();
  try {
    const early = await come();
    goOn(10_000);
    const late = await come();
    goOn(PING - 10_000);
    await until(() => pings(early) === 1);
    await heard(late);
    assert.is(pings(late), 0);
    early.say('3');
    await heard(early);
    goOn(10_000);
    await until(() => pings(late) === 1);
    early.leave();
    await until(() => io.engine.clientsCount === 1);
    late.say('3');
    await heard(late);
    goOn(PING);
    await until(() => pings(late) === 2);
  } finally {
    await end();
  }
});
