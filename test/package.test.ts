import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('the lock file');

type Package = {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/** The lock file beside the packages that are installed. */
async function readLock(): Promise<{ text: string; packages: Record<string, Package> }> {
  const [root] = import.meta.resolve('uvu').split('node_modules/');
  const text = await readFile(new URL('package-lock.json', root), 'utf8');
  return { text, packages: JSON.parse(text).packages };
}

test('holds no download addresses', async () => {
  const { text } = await readLock();
  assert.not.match(text, '"resolved"');
  assert.not.match(text, /"(?:version|integrity)": "https?:/);
});

/**
 * `npm ci` refuses a lock file that lacks any, those of other platforms included; and npm leaves
 * out what the registry at hand does not have.
 */
test('has every dependency of every package, those of other platforms too', async () => {
  const { packages } = await readLock();
  const found = (from: string, name: string): boolean => {
    for (let at = from; ; at = at.slice(0, at.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
      if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
      if (at === '') return false;
    }
  };
  const missing = Object.entries(packages).flatMap(([from, each]) =>
    Object.keys({ ...each.dependencies, ...each.optionalDependencies })
      .filter((name) => !found(from, name))
      .map((name) => `${name} of ${from}`),
  );
  assert.equal(missing, []);
});
