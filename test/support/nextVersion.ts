// The next minor version of this program, as far as one can be had before it is written: what was built
// here under another version, with another page for walls and, where it is asked for, a new layout.
import { appendFile, cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../', import.meta.url));

/** Puts it into an empty folder; resolves with the file that is started. */
export async function nextVersion(folder: string, newLayout = false): Promise<string> {
  const dist = join(folder, 'dist');
  for (const part of ['src', 'assets', join('client', 'words')]) {
    await cp(join(DIST, part), join(dist, part), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const manifest = JSON.parse(await readFile('package.json', 'utf8'));
  const [major, minor] = manifest.version.split('.').map(Number);
  const version = `${major}.${minor + 1}.0`;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, version }));

  const pages = join(dist, 'assets', 'wall');
  const script = (await readdir(pages)).find((name) => name.endsWith('.js'));
  if (!script) throw new Error('a wall has no script');
  await appendFile(join(pages, script), `\n// ${version}\n`);

  if (newLayout) {
    const file = join(dist, 'src', 'engine', 'layouts.js');
    const text = await readFile(file, 'utf8');
    const longer = text.replace(/(const CATALOGUE = \[[\s\S]*?)\n\];/, '$1,\n  {}\n];');
    if (longer === text) throw new Error('no steps were found');
    await writeFile(file, longer);
  }
  return join(dist, 'src', 'programs', 'main.js');
}
