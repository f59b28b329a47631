import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import * as assert from 'uvu/assert';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a process that may open no more files');

test(
  'F1 F8 connections that the system drops are told of, and it is ready again once there is room',
  async () => {
    const server = await startServer();
    execFileSync('prlimit', ['--pid', String(server.child().pid), '--nofile=64:64']);
    // One that is there already goes on being answered.
    const asker = connect(server.port, '127.0.0.1');
    let answers = '';
    asker.setEncoding('utf8').on('data', (data) => (answers += data));
    const status = async (): Promise<string> => {
      answers = '';
      asker.write('GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      await until(() => /^HTTP\/1.1 (\d+)/.test(answers), { what: 'an answer' });
      return answers.slice(9, 12);
    };
    const crowd: Socket[] = [];
    try {
      assert.is(await status(), '200');
      const come = () => void crowd.push(connect(server.port, '127.0.0.1').on('error', () => {}));
      for (let k = 0; k < 64; k += 1) come();
      const none = async () => {
        come(); // who says nothing is hung up on after a while
        return (await status()) === '503';
      };
      await until(none, { what: '503', deadline: 10_000 });
      const told = () =>
        server
          .output()
          .split('\n')
          .filter((line) => line.includes('"EMFILE: '));
      await until(() => told().length > 0, { what: `the cause: ${server.output()}` });
      assert.is(JSON.parse(told()[0] as string).event, 'not ready');
      for (const socket of crowd) socket.destroy();
      await until(async () => (await status()) === '200', {
        what: 'it to be ready',
        deadline: 10_000,
      });
    } finally {
      for (const socket of [asker, ...crowd]) socket.destroy();
      await server.stop();
    }
  },
  { deadline: 45_000 },
);
