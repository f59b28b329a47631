import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readRelease } from '../../src/service/release.js';
import { suite } from '../support/suite.js';

const test = suite('what a wall’s page is made of');

test('W9 another build of the page has another name, the same has the same', async () => {
  const assets = await mkdtemp(join(tmpdir(), 'noso-test-'));
  try {
    assert.throws(() => readRelease(assets));
    const wall = join(assets, 'wall');
    await mkdir(wall);
    const seen: string[] = [];
    const now = () => {
      const name = readRelease(assets);
      assert.match(name, /^[\w-]{12}$/);
      assert.is(readRelease(assets), name);
      seen.push(name);
    };
    await writeFile(join(wall, 'page.js'), 'one');
    now();
    await writeFile(join(wall, 'page.js'), 'two');
    now();
    await writeFile(join(wall, 'page.css'), 'one');
    now();
    await rename(join(wall, 'page.css'), join(wall, 'style.css'));
    now();
    assert.is(new Set(seen).size, seen.length);
    await rm(join(wall, 'style.css'));
    assert.is(readRelease(assets), seen[1]);
  } finally {
    await rm(assets, { recursive: true });
  }
});
