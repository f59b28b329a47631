import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { judgeNode } from '../../src/programs/nodeSupport.js';
import { freePort } from '../support/ports.js';
import { inFolder, program } from '../support/program.js';
import { suite } from '../support/suite.js';

const test = suite('the Node that runs this');

const NOVEMBER = Date.parse('2026-11-26');

test('what is too old does not run, what is out of support is told so, the rest is left alone', () => {
  for (const old of ['20.18.3', '18.20.8', '4.9.1']) {
    assert.is(judgeNode(old, NOVEMBER)?.runs, false, old);
    assert.match(judgeNode(old, NOVEMBER)?.line ?? '', `Node ${old} is too old`);
  }
  for (const past of ['20.19.2', '20.20.2', '21.7.3', '23.11.1', '25.9.0']) {
    assert.is(judgeNode(past, NOVEMBER)?.runs, true, past);
    assert.match(
      judgeNode(past, NOVEMBER)?.line ?? '',
      `Node ${past} has been out of support since`,
    );
  }
  for (const well of ['22.23.3', '24.21.0', '26.10.0', '28.0.0']) {
    assert.is(judgeNode(well, NOVEMBER), null, well);
  }
  assert.is(judgeNode('20.19.2', Date.parse('2026-04-29')), null);
  assert.is(judgeNode('22.23.3', Date.parse('2027-05-01'))?.runs, true);
});

test('the package, the README and the start say the same', async () => {
  const { engines, scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    engines: { node: string };
    scripts: Record<string, string>;
  };
  const oldest = engines.node.replace('>=', '');
  assert.is(judgeNode(`${oldest}.0`, 0), null);
  assert.match(judgeNode('1.0.0', 0)?.line ?? '', oldest);
  const readme = await readFile('README.md', 'utf8');
  for (const major of ['22', '24', '26']) {
    assert.match(scripts[`test:${major}`] ?? '', `node@${major} npm test --`);
    assert.match(readme, `test:${major}`);
  }
});

test('a start says it in one line, where there is something to say', () =>
  inFolder(async (DATA_DIR) => {
    const said = judgeNode(process.versions.node, Date.now());
    const env = { PORT: String(await freePort()), HOST: '127.0.0.1', DATA_DIR };
    const server = program('main', env);
    try {
      await server.says(/What is on/);
      const lines = server.stdout().split('\n');
      assert.equal(
        lines.filter((line) => line.includes('Node ')),
        said ? [`  ${said.line}`] : [],
      );
    } finally {
      await server.kill();
    }
  }));
