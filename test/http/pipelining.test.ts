import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import { boundPipelining } from '../../src/http/pipelining.js';
import { listens } from '../support/listens.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('pipelining');

const one = 'POST /api/passes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde';

/** A server that answers when told to, and what Node made of what came. */
async function listening(isHasty: () => boolean) {
  const heard: ServerResponse[] = [];
  const http: Server = createServer(
    boundPipelining(isHasty, (_, response) => heard.push(response)),
  );
  let made = 0;
  http.on('request', () => {
    made += 1;
  });
  const port = await listens(http);
  const send = async (text: string) => {
    const socket = connect(port, '127.0.0.1');
    let closed = false;
    socket.on('error', () => {}).on('close', () => (closed = true));
    socket.write(text);
    return { socket, isClosed: () => closed };
  };
  return { http, heard, send, made: () => made };
}

test('F4 F6 a hundred requests under way are served, and one more is hung up on', async () => {
  const { http, heard, send } = await listening(() => false);
  const some = await send(one.repeat(100));
  await until(() => heard.length === 100, { what: 'all hundred' });
  assert.not.ok(some.isClosed());
  some.socket.write(one);
  await until(some.isClosed, { what: 'it to be hung up on' });
  assert.is(heard.length, 100);
  http.close();
});

test('F4 F6 who guesses is hung up on at the second, and nothing is made of the rest', async () => {
  const { http, heard, send, made } = await listening(() => true);
  const alone = await send(one);
  await until(() => heard.length === 1, { what: 'the first' });
  heard[0]?.end();
  await until(() => alone.socket.bytesRead > 0, { what: 'the answer' });
  alone.socket.write(one);
  await until(() => heard.length === 2, { what: 'the next, once the first was answered' });
  const many = await send(one.repeat(500));
  await until(many.isClosed, { what: 'it to be hung up on' });
  assert.is(heard.length, 3, 'the first of them');
  assert.is(made(), 4, 'Node makes a request of the second, and of no more');
  alone.socket.destroy();
  http.close();
});
