// The compose file and the Dockerfile, read as their programs read them: no engine for containers is here.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { inFolder } from '../support/program.js';
import { suite } from '../support/suite.js';

const test = suite('the files for containers');
const run = promisify(execFile);

type Service = {
  image?: string;
  build?: string;
  profiles?: string[];
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, unknown>;
  depends_on?: string[] | Record<string, { condition: string }>;
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
};
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

/** What compose-spec has at the top, in a service, and in a health check: an unknown key is a mistake. */
const TOP = words('name services networks volumes configs secrets include models');
const SERVICE = words(`
  annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name
  cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset
  credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname
  entrypoint env_file environment expose extends external_links extra_hosts gpus group_add healthcheck
  hostname image init ipc isolation label_file labels links logging mac_address mem_limit mem_reservation
  mem_swappiness memswap_limit models network_mode networks oom_kill_disable oom_score_adj pid pids_limit
  platform ports post_start pre_stop privileged profiles provider pull_policy read_only restart runtime
  scale secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs
  tty ulimits use_api_socket user userns_mode uts volumes volumes_from working_dir`);
const HEALTH = words('disable interval retries start_interval start_period test timeout');
const CONDITIONS = words('service_started service_healthy service_completed_successfully');

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}

const unknown = (thing: object, known: Set<string>): string[] =>
  Object.keys(thing).filter((key) => !known.has(key) && !key.startsWith('x-'));

const compose = async (): Promise<Compose> =>
  parse(await readFile('compose.yaml', 'utf8'), { merge: true, uniqueKeys: true }) as Compose;

const neededBy = ({ depends_on = [] }: Service): string[] =>
  Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);

test('compose.yaml has keys that there are, and what it names is there', async () => {
  const file = await compose();
  assert.equal(unknown(file, TOP), []);
  const published = new Set<string>();
  const used = new Set<string>();
  for (const [name, service] of Object.entries(file.services)) {
    assert.equal(unknown(service, SERVICE), [], name);
    assert.ok(service.image, `${name} has an image, by a name`);
    assert.not.match(service.image as string, /:latest$/);
    if (!service.build) assert.match(service.image as string, /:\d+/, `${name} is of a version`);
    const { healthcheck, depends_on } = service as { healthcheck?: object } & Service;
    if (healthcheck) assert.equal(unknown(healthcheck, HEALTH), [], name);
    for (const other of neededBy(service)) {
      const needed = file.services[other];
      assert.ok(needed, `${name} depends on ${other}`);
      // What is asked for by a profile starts only what that profile has, or what has none.
      const out = (needed?.profiles ?? []).filter((each) => !service.profiles?.includes(each));
      assert.equal(out, [], `${name} starts ${other}`);
      const { condition = 'service_started' } = Array.isArray(depends_on)
        ? {}
        : ((depends_on as Record<string, { condition: string }>)[other] ?? {});
      assert.ok(CONDITIONS.has(condition), condition);
      if (condition === 'service_healthy') assert.ok('healthcheck' in (needed as object), other);
    }
    for (const port of service.ports ?? []) {
      const [, from] = /^(\d+):\d+(?:\/(?:udp|tcp))?$/.exec(port) ?? [];
      const at = `${from}/${port.split('/')[1] ?? 'tcp'}`;
      assert.ok(from !== undefined && !published.has(at), `${name}: ${port}`);
      published.add(at);
    }
    for (const volume of service.volumes ?? []) {
      const [from = '', to, mode = 'rw'] = volume.split(':');
      assert.match(to as string, /^\//);
      assert.ok(['ro', 'rw'].includes(mode), volume);
      if (from.startsWith('.')) await readFile(from);
      else used.add(from);
    }
  }
  assert.equal([...used].sort(), Object.keys(file.volumes).sort(), 'each volume is there and used');
});

test('what runs our image may write to its volume alone, is told settings that there are, and has time to drain', async () => {
  const readme = await readFile('README.md', 'utf8');
  const ours = Object.entries((await compose()).services).filter(([, { build }]) => build);
  assert.is(ours.length, 4);
  for (const [name, service] of ours) {
    assert.is(service.read_only, true, name);
    assert.equal(service.tmpfs, ['/tmp'], name);
    assert.equal(service.cap_drop, ['ALL'], name);
    assert.equal(service.security_opt, ['no-new-privileges:true'], name);
    const { stop_grace_period } = service as { stop_grace_period?: string };
    assert.ok(Number.parseInt(stop_grace_period ?? '', 10) > 10, 'gone within 10 s (F2)');
    for (const setting of Object.keys(service.environment ?? {})) {
      assert.match(readme, new RegExp(`^\\| .*\`${setting}\`.*\\|`, 'm'), setting);
    }
    // A merge that is lost would leave a node of the cluster alone with its files.
    const clustered = service.profiles?.includes('cluster') ?? false;
    assert.is('REDIS_URL' in (service.environment ?? {}), clustered, name);
    assert.is(service.volumes?.some((each) => each.endsWith(':/data')) ?? false, !clustered, name);
  }
});

test('Caddy is told of the nodes by the names that they have, where they listen', async () => {
  const { services } = await compose();
  const nodes = String(services.caddy?.environment?.NODES).split(' ');
  const clustered = Object.keys(services).filter((name) => services[name]?.environment?.REDIS_URL);
  assert.equal(
    nodes,
    clustered.map((name) => `${name}:3000`),
  );
  const caddyfile = await readFile('deploy/Caddyfile', 'utf8');
  for (const name of Object.keys(services.caddy?.environment ?? {})) {
    assert.match(caddyfile, `{$${name}`, `${name} is read there`);
  }
});

/** Instructions with their lines joined, as the builder reads them. */
async function instructions(): Promise<{ word: string; rest: string }[]> {
  const text = (await readFile('Dockerfile', 'utf8')).replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest };
    });
}

const KNOWN = words(`
  ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR`);

test('the Dockerfile is as hadolint would have it', async () => {
  const lines = await instructions();
  const faults: string[] = [];
  const fault = (code: string, what: string) => void faults.push(`${code} ${what}`);
  const stages = new Set<string>();
  let last = new Map<string, string[]>();
  for (const { word, rest } of lines) {
    if (!KNOWN.has(word)) fault('unknown', word);
    if (word === 'FROM') {
      last = new Map();
      const [, image = '', as] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      if (!/^[\w./-]+:[\w.-]+$/.test(image) || image.endsWith(':latest'))
        fault('DL3006 DL3007', rest);
      if (as !== undefined && stages.has(as)) fault('DL3024', as);
      if (as !== undefined) stages.add(as);
    }
    last.set(word, [...(last.get(word) ?? []), rest]);
    if (word === 'ADD') fault('DL3020', rest);
    if (word === 'WORKDIR' && !rest.startsWith('/')) fault('DL3000', rest);
    if (word === 'COPY') {
      const [, from] = /--from=(\S+)/.exec(rest) ?? [];
      if (from !== undefined && !stages.has(from)) fault('DL3022', rest);
      const parts = rest.replace(/--\S+ /g, '').split(' ');
      if (parts.length > 2 && !parts.at(-1)?.endsWith('/')) fault('DL3021', rest);
    }
    if (word === 'EXPOSE' && !(Number(rest) > 0 && Number(rest) < 65_536)) fault('DL3011', rest);
    if (['CMD', 'ENTRYPOINT'].includes(word) && !rest.startsWith('[')) fault('DL3025', rest);
    if (word === 'ENV' && /SECRET|TOKEN|PASSWORD/.test(rest)) fault('secret', rest);
    if (word === 'RUN') {
      if (/^cd |&& cd /.test(rest)) fault('DL3003', rest);
      if (/\bsudo\b/.test(rest)) fault('DL3004', rest);
      if (/\bapt(-get)? /.test(rest) && !/--no-install-recommends/.test(rest))
        fault('DL3015', rest);
      if (/\bnpm (i|install) (?!-g)/.test(rest)) fault('npm ci', rest);
    }
  }
  for (const word of ['CMD', 'ENTRYPOINT', 'HEALTHCHECK']) {
    if (last.get(word)?.length !== 1) fault('DL4003 DL4004 DL3012', word);
  }
  if (['root', '0', undefined].includes(last.get('USER')?.at(-1))) fault('DL3002', 'USER');
  assert.equal(faults, []);
});

test('what it runs is a shell that shellcheck has nothing to say of', () =>
  inFolder(async (folder) => {
    const lines = (await instructions()).filter(({ word }) => word === 'RUN');
    assert.ok(lines.length > 3);
    const file = join(folder, 'run.sh');
    await writeFile(file, `#!/bin/sh\nset -e\n${lines.map(({ rest }) => rest).join('\n')}\n`);
    const { stdout } = await run('shellcheck', ['--severity=style', file]);
    assert.is(stdout, '');
  }));
