import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import type { Venue, WallInfo } from '../../src/protocol/wire.js';
import { inFolder } from '../support/program.js';
import { served } from '../support/served.js';
import { SECRET } from '../support/server.js';
import { suite } from '../support/suite.js';

const test = suite('a Pi at the venue');
const run = promisify(execFile);
const SETUP = 'deploy/pi/setup.sh';
const COMMAND = new URL('../../src/programs/command.js', import.meta.url).pathname;

test('shellcheck has nothing to say of the script', async () => {
  const { stdout } = await run('shellcheck', ['--severity=style', SETUP]);
  assert.is(stdout, '');
});

/** Programs that change a machine, which say what they were asked and do nothing. */
const STUBS = ['apt-get', 'npm', 'systemctl', 'nmcli', 'getent', 'useradd', 'chown'];

test(
  'run twice, it leaves one venue, one wall that reads its own, and the same files',
  served(async (server, api) =>
    inFolder(async (folder) => {
      const [bin, root, global] = ['bin', 'root', 'global'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await mkdir(bin);
      await mkdir(join(global, 'noso', 'deploy'), { recursive: true });
      await writeFile(
        join(global, 'noso', 'deploy', 'noso.service'),
        await readFile('deploy/noso.service'),
      );
      const asked = join(folder, 'asked');
      for (const name of STUBS) {
        const roots = name === 'npm' ? `[ "$1" = root ] && echo '${global}'\n` : '';
        const script = `#!/bin/sh\n${roots}echo "${name} $*" >>'${asked}'\n`;
        await writeFile(join(bin, name), script, { mode: 0o755 });
      }
      const noso = `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`;
      await writeFile(join(bin, 'noso'), noso, { mode: 0o755 });
      const env = {
        PATH: `${bin}:${process.env.PATH}`,
        ...{ ROOT: root, NOSO_URL: server.url, DATA_DIR: server.dataDir, NOSO_SECRET: SECRET },
        HOTSPOT: 'NoSo',
      };
      const args = [SETUP, 'noso.tgz', 'Café du Port', 'Brest', 'Europe/Paris', 'fr'];
      const setUp = async () => {
        await mkdir(join(root, 'etc'), { recursive: true });
        const { stdout } = await run('sh', args, { env });
        // What the service is told, the link is: another port, or another address, leads nowhere.
        assert.match(stdout, /\nhttp:\/\/10\.42\.0\.1\/organize#\S+\n$/);
        const names = (await readdir(root, { recursive: true })).sort();
        const files = await Promise.all(
          names.map(async (name) => {
            const path = join(root, name);
            const { mode, ino } = await stat(path);
            const text = await readFile(path, 'utf8').catch(() => '');
            return { name, mode, ino, text };
          }),
        );
        return files;
      };
      const first = await setUp();
      assert.equal(await setUp(), first);

      const page = first.find(({ name }) => name === 'etc/noso-wall/page');
      assert.is((page?.mode ?? 0) & 0o777, 0o600);
      const [, token] = /#(\S+)\n$/.exec(page?.text ?? '') ?? [];
      const me = await api.call('GET', '/api/walls/me', undefined, token as string);
      assert.is(me.status, 200);
      const { venues } = await api.own<{ venues: Venue[] }>('GET', '/api/venues');
      assert.equal(
        venues.map(({ name }) => name),
        ['Café du Port'],
      );
      const at = `/api/venues/${venues[0]?.id}/walls`;
      const { walls } = await api.own<{ walls: WallInfo[] }>('GET', at);
      assert.is(walls.length, 1);

      const settings = first.find(({ name }) => name === 'etc/noso.env')?.text;
      assert.is(settings, 'PUBLIC_URL=http://10.42.0.1\nWIFI="NoSo"\n');
      const unit = first.find(({ name }) => name === 'etc/systemd/system/noso.service')?.text;
      assert.match(unit as string, `ExecStart=${join(bin, 'noso')}\n`);
      const said = await readFile(asked, 'utf8');
      for (const what of [
        'apt-get install',
        'npm install -g',
        'systemctl enable --now noso.service',
        'systemctl enable --now noso-wall.service',
        'nmcli connection up noso-hotspot',
      ]) {
        assert.match(said, what);
      }
    }),
  ),
  { deadline: 60_000 },
);
