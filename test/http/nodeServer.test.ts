import * as assert from 'uvu/assert';
import { createNodeServer, listenOn } from '../../src/http/nodeServer.js';
import { suite } from '../support/suite.js';

const test = suite('a server that listens');

test('F1 connections that the system cannot hand over are told of, each time, and end nothing', async () => {
  const http = createNodeServer(null, (_, response) => void response.end('here'));
  const told: Error[] = [];
  const port = await listenOn(http, { host: '127.0.0.1', port: 0 }, (error) => told.push(error));
  try {
    const none = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' });
    for (let k = 0; k < 3; k += 1) http.emit('error', none);
    assert.equal(told, [none, none, none]);
    assert.is(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'here');
    const other = createNodeServer(null, () => {});
    const why = await listenOn(other, { host: '127.0.0.1', port }, (error) =>
      told.push(error),
    ).then(
      () => 'it listens',
      ({ code }) => code,
    );
    assert.is(why, 'EADDRINUSE');
    assert.is(told.length, 3, 'whoever cannot listen is told so once');
  } finally {
    http.closeAllConnections();
    http.close();
  }
});
