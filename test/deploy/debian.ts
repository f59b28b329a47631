// The Pi's script in a Debian of its own, a folder that debootstrap fills:
//
//   npm run debian                 deploy/pi/setup.sh, twice; exit 1 where it leaves what it should not
//   npm run debian -- --keep DIR   in that folder, which stays (and is used again)
//
// Real are the packages, npm's installation of the tarball, the users, the files, the server on port 80
// and a page of the wall in that Debian's Chromium. Nothing boots there, so that systemctl and nmcli are
// played: the server is started as its unit says. Root, debootstrap and a mirror are needed; where one
// lacks it says which, and ends with 0.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { mirror } from '../stores/unpack.js';

const RELEASE = 'trixie';
const { values } = parseArgs({ options: { keep: { type: 'string' } } });

const run = (command: string, args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });

/** What keeps this from being tried here; null if nothing does. */
async function lacks(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'root';
  for (const program of ['debootstrap', 'unshare', 'chroot']) {
    try {
      run('sh', ['-c', `command -v ${program}`]);
    } catch {
      return program;
    }
  }
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(80, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return free ? null : 'port 80, where something else listens';
}

/** Says what it was asked, and starts the server as its unit and the drop-in have it. */
const SYSTEMCTL = `#!/bin/sh
echo "systemctl $*" >>/root/asked
[ "$*" = 'restart noso.service' ] || exit 0
units=/etc/systemd/system
set -a
DATA_DIR=/var/lib/noso
eval "$(sed -n 's/^Environment=\\(PORT=.*\\)/\\1/p' $units/noso.service.d/port.conf)"
[ ! -f /etc/noso.env ] || . /etc/noso.env
mkdir -p -m 700 $DATA_DIR
setsid $(sed -n 's/^ExecStart=//p' $units/noso.service) </dev/null >>/root/noso.log 2>&1 &
`;
/** A connection that was added is there from then on. */
const NMCLI = `#!/bin/sh
echo "nmcli $*" >>/root/asked
case "$*" in
  *'connection show') cat /root/connections 2>/dev/null ;;
  *'connection add'*) echo noso-hotspot >>/root/connections ;;
esac
exit 0
`;

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** A Debian without anything of ours, and with what stands for a machine that was booted. */
async function prepare(root: string): Promise<void> {
  // The root of everybody there, who are others than us: a temporary folder is nobody else's.
  await chmod(root, 0o755).catch(() => {}); // debootstrap makes one that is not there yet
  if (!existsSync(join(root, 'usr', 'bin', 'apt-get'))) {
    execFileSync('debootstrap', ['--variant=minbase', RELEASE, root, mirror()], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  // A power cut is not what this is about.
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/rehearsal'), 'force-unsafe-io\n');
  await cp('/etc/resolv.conf', join(root, 'etc/resolv.conf'), { dereference: true });
  // Whom this machine trusts, for npm.
  if (existsSync(CERTIFICATES)) {
    await cp(CERTIFICATES, join(root, 'root/trusted.crt'), { dereference: true });
  }
  const played = { systemctl: SYSTEMCTL, nmcli: NMCLI };
  for (const [name, text] of Object.entries(played)) {
    await writeFile(join(root, 'usr/local/sbin', name), text, { mode: 0o755 });
  }
  await cp('deploy/pi/setup.sh', join(root, 'root/setup.sh'));
  run(process.execPath, ['deploy/pack.mjs', '--as-built', '--to', join(root, 'root')]);
}

/** Runs something there; what it started ends with it. */
function within(root: string, command: string): string {
  const inside = `mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && exec chroot "$1" /bin/sh -c "$2"`;
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...{ HOME: '/root', LC_ALL: 'C.UTF-8', NODE_EXTRA_CA_CERTS: '/root/trusted.crt' },
  };
  const args = ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', inside, 'sh'];
  return execFileSync('unshare', [...args, root, command], {
    ...{ env, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  });
}

/** What the script wrote: names, modes, owners and what is in it. */
async function written(root: string): Promise<Record<string, string>> {
  const at = 'etc/systemd/system';
  const units = (await readdir(join(root, at), { recursive: true }))
    .filter((name) => name.startsWith('noso'))
    .map((name) => join(at, name));
  const all: Record<string, string> = {};
  for (const name of [...units, 'etc/noso.env', 'etc/noso-wall/page', 'etc/passwd', 'etc/group']) {
    const { mode, uid, gid } = await stat(join(root, name));
    const text = await readFile(join(root, name)).catch(() => '');
    const sum = createHash('sha256').update(text).digest('hex').slice(0, 12);
    all[name] = `${(mode & 0o7777).toString(8)} ${uid}:${gid} ${sum}`;
  }
  return all;
}

const SETUP = `HOTSPOT=NoSo sh /root/setup.sh /root/noso-*.tgz 'Café du Port' Brest Europe/Paris fr`;
/** As the wall's user, whose page it is; one wall, of one venue. */
const CHECKS = `set -e
systemd-analyze verify /etc/systemd/system/noso.service /etc/systemd/system/noso-wall.service
id -nG noso-wall
token=$(DATA_DIR=/var/lib/noso noso token organizer)
TOKEN=$token node -e '
  const ask = async (path) => (await fetch("http://localhost" + path, {
    headers: { authorization: "Bearer " + process.env.TOKEN } })).json();
  ask("/api/venues").then(async ({ venues }) => {
    const walls = await Promise.all(venues.map(({ id }) => ask("/api/venues/" + id + "/walls")));
    console.log(venues.length, "venue,", walls.flatMap((each) => each.walls).length, "wall");
  })'
page=$(setpriv --reuid=noso-wall --clear-groups cat /etc/noso-wall/page)
setpriv --reuid=noso-wall --regid=noso-wall --init-groups env HOME=/home/noso-wall \
  chromium --headless --no-sandbox --disable-gpu --window-size=1920,1080 --hide-scrollbars \
  --virtual-time-budget=5000 --screenshot=/home/noso-wall/wall.png "$page" 2>/dev/null
test -s /home/noso-wall/wall.png && echo 'the wall was drawn'
`;

async function rehearse(root: string): Promise<boolean> {
  await prepare(root);
  const said: string[] = [];
  const states: Record<string, string>[] = [];
  for (const time of ['the first time', 'and again']) {
    const began = performance.now();
    said.push(within(root, `${SETUP} && ${CHECKS}`));
    states.push(await written(root));
    console.log(`== ${time}: ${Math.round((performance.now() - began) / 1000)} s`);
    console.log(said.at(-1)?.split('\n').slice(-6).join('\n'));
  }
  const same = isDeepStrictEqual(states[0], states[1]);
  if (!same) console.log('the second time it left something else:', states);
  const wanted = ['1 venue, 1 wall', 'the wall was drawn', 'video', '\nhttp://10.42.0.1/organize#'];
  const missing = wanted.filter((what) => !said.every((text) => text.includes(what)));
  if (missing.length > 0) console.log('missing:', missing);
  return same && missing.length === 0;
}

const missing = await lacks();
if (missing !== null) {
  console.log(`not tried here: there is no ${missing}`);
} else {
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'noso-debian-')));
  try {
    process.exitCode = (await rehearse(folder)) ? 0 : 1;
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}
