import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { createMetrics } from '../../src/service/metrics.js';
import { suite } from '../support/suite.js';

const test = suite('metrics');

/** How often the event loop's lag is measured, each time that somebody has it measured. */
const resolutions: (number | undefined)[] = [];
const hooks = createRequire(import.meta.url)('node:perf_hooks') as typeof import('perf_hooks');
const { monitorEventLoopDelay } = hooks;
hooks.monitorEventLoopDelay = (options) => {
  resolutions.push(options?.resolution);
  return monitorEventLoopDelay(options);
};

/** Every figure of ours, with its labels. A new one is thought about before it stands here. */
const OURS: Record<string, string[]> = {
  noso_phones_connected: [],
  noso_walls_connected: [],
  noso_consoles_connected: [],
  noso_doors_connected: [],
  noso_nosos_open: [],
  noso_seats_acknowledged_total: [],
  noso_refusals_total: ['code'],
  noso_errors_total: [],
  noso_clicks_total: ['result'],
  noso_take_seconds_bucket: ['le'],
  noso_take_seconds_sum: [],
  noso_take_seconds_count: [],
};
/** Of the process: sizes, times, and kinds of what is open. */
const PROCESS: Record<string, string[]> = {
  process_cpu_user_seconds_total: [],
  process_cpu_system_seconds_total: [],
  process_cpu_seconds_total: [],
  process_start_time_seconds: [],
  process_resident_memory_bytes: [],
  process_virtual_memory_bytes: [],
  process_heap_bytes: [],
  process_open_fds: [],
  process_max_fds: [],
  nodejs_active_resources: ['type'],
  nodejs_active_resources_total: [],
  nodejs_active_handles: ['type'],
  nodejs_active_handles_total: [],
  nodejs_active_requests: ['type'],
  nodejs_active_requests_total: [],
  nodejs_heap_size_total_bytes: [],
  nodejs_heap_size_used_bytes: [],
  nodejs_external_memory_bytes: [],
  nodejs_heap_space_size_total_bytes: ['space'],
  nodejs_heap_space_size_used_bytes: ['space'],
  nodejs_heap_space_size_available_bytes: ['space'],
  nodejs_version_info: ['version', 'major', 'minor', 'patch'],
  nodejs_gc_duration_seconds_bucket: ['le', 'kind'],
  nodejs_gc_duration_seconds_sum: ['kind'],
  nodejs_gc_duration_seconds_count: ['kind'],
  nodejs_eventloop_utilization: [],
};
/** What a label may say: a code of the table, a bound, a word of Node's own. */
const SAYS: Record<string, RegExp> = {
  code: new RegExp(`^(${Object.keys(ERRORS).join('|')})$`),
  result: new RegExp(`^(ok|${Object.keys(ERRORS).join('|')})$`),
  le: /^(\+Inf|[\d.]+)$/,
  type: /^[A-Za-z]+$/,
  space: /^[a-z_]+$/,
  kind: /^(minor|major|incremental|weakcb)$/,
  version: /^v[\d.]+$/,
  major: /^\d+$/,
  minor: /^\d+$/,
  patch: /^\d+$/,
};

const lines = (text: string) =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('A1 A5 S2 every figure and every label is one of those that are allowed', async () => {
  const metrics = createMetrics();
  const counts = { phones: () => 1, walls: () => 2, consoles: () => 3, doors: () => 5 };
  metrics.watch({ ...counts, openNosos: () => 4 });
  for (const code of Object.keys(ERRORS)) metrics.refused(code);
  for (const result of ['ok', ...Object.keys(ERRORS)]) metrics.clicked(result);
  metrics.tookSeat(0.01);
  metrics.seated();
  metrics.error();
  const all = lines(await metrics.registry.metrics());
  assert.ok(all.length > 50);
  const allowed: Record<string, string[]> = { ...OURS, ...PROCESS };
  const found: Record<string, string[]> = {};
  for (const line of all) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    assert.ok(Object.hasOwn(allowed, name), `the figure ${line}`);
    if (Object.hasOwn(OURS, name)) found[name] ??= [];
    for (const [, label = '', said = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
      assert.ok(allowed[name]?.includes(label), `the label ${label} of ${name}`);
      assert.match(said, SAYS[label] as RegExp, line);
      if (found[name]?.includes(label) === false) found[name].push(label);
    }
  }
  assert.equal(Object.entries(found).sort(), Object.entries(OURS).sort(), 'each of them is shown');
});

test('A1 what a refusal is counted by is a code of the table', async () => {
  const metrics = createMetrics();
  metrics.refused('full');
  const text = await metrics.registry.metrics();
  const codes = [...text.matchAll(/noso_refusals_total\{code="([^"]*)"\}/g)].map(
    ([, code]) => code,
  );
  assert.equal(codes, ['full']);
  assert.ok('full' in ERRORS);
});

test('A6 S2 seats are told in tens: one more or less is told by no figure', async () => {
  const shownFor = async (seats: number) => {
    const metrics = createMetrics();
    for (let k = 0; k < seats; k += 1) {
      metrics.seated();
      metrics.tookSeat(0.002);
    }
    const all = lines(await metrics.registry.metrics());
    return all.filter((line) => /^noso_(seats|take)/.test(line)).join('\n');
  };
  const none = await shownFor(0);
  assert.match(none, 'noso_seats_acknowledged_total 0');
  for (let seats = 1; seats < 10; seats += 1) assert.is(await shownFor(seats), none, `${seats}`);
  const some = await shownFor(16);
  assert.match(some, 'noso_seats_acknowledged_total 20');
  assert.match(some, 'noso_take_seconds_count 20');
  assert.match(some, 'noso_take_seconds_bucket{le="0.003"} 20');
  for (const seats of [15, 17, 24]) assert.is(await shownFor(seats), some, `${seats}`);
});

test('what there is is shown as it is at the moment, and nothing before anybody tells', async () => {
  const metrics = createMetrics();
  const shown = async () =>
    lines(await metrics.registry.metrics()).filter((line) =>
      /^noso_\w+_(connected|open) /.test(line),
    );
  assert.equal(await shown(), [
    ...['noso_phones_connected 0', 'noso_walls_connected 0', 'noso_consoles_connected 0'],
    ...['noso_doors_connected 0', 'noso_nosos_open 0'],
  ]);
  let phones = 7;
  metrics.watch({
    ...{ phones: () => phones, walls: () => 2, consoles: () => 3, doors: () => 4 },
    openNosos: () => 5,
  });
  assert.is((await shown())[0], 'noso_phones_connected 7');
  phones = 8;
  assert.equal(await shown(), [
    ...['noso_phones_connected 8', 'noso_walls_connected 2', 'noso_consoles_connected 3'],
    ...['noso_doors_connected 4', 'noso_nosos_open 5'],
  ]);
  const all = await metrics.registry.metrics();
  assert.match(all, 'noso_clicks_total{result="ok"} 0');
  assert.match(all, 'noso_errors_total 0');
});

test('A6 how long seats took is told in tens, by bounds that are fixed, and by tenths of a second', async () => {
  const metrics = createMetrics();
  for (let k = 0; k < 20; k += 1) metrics.tookSeat(0.9);
  for (let k = 0; k < 20; k += 1) metrics.tookSeat(1.512);
  const all = lines(await metrics.registry.metrics());
  const take = all.filter((line) => line.startsWith('noso_take_seconds'));
  assert.equal(take, [
    ...[0.001, 0.003, 0.01, 0.03, 0.1, 0.3].map(
      (bound) => `noso_take_seconds_bucket{le="${bound}"} 0`,
    ),
    'noso_take_seconds_bucket{le="1"} 20',
    'noso_take_seconds_bucket{le="2"} 40',
    'noso_take_seconds_bucket{le="+Inf"} 40',
    'noso_take_seconds_sum 48.2',
    'noso_take_seconds_count 40',
  ]);
});

test('a process is measured once, wakes for it never, and says how busy it was since it was asked last', async () => {
  for (let k = 0; k < 3; k += 1) createMetrics();
  assert.equal(resolutions, [2 ** 31 - 1], 'the longest that a timer can be set to');
  const metrics = createMetrics();
  const { eventLoopUtilization } = performance;
  const looks: unknown[] = [];
  let look = 0;
  // Each look is a number; how busy it was between two is the one with the other behind it.
  performance.eventLoopUtilization = ((now?: { active: number }, before?: { active: number }) => {
    if (now === undefined || before === undefined) {
      look += 1;
      return { idle: 0, active: look, utilization: 0 };
    }
    looks.push([now.active, before.active]);
    return { idle: 0, active: 0, utilization: now.active / 10 };
  }) as typeof eventLoopUtilization;
  try {
    await metrics.registry.metrics(); // whatever was looked at before
    const first = look;
    looks.length = 0;
    const text = await metrics.registry.metrics();
    await metrics.registry.metrics();
    assert.equal(looks, [
      [first + 1, first],
      [first + 2, first + 1],
    ]);
    assert.match(text, `nodejs_eventloop_utilization ${(first + 1) / 10}\n`);
  } finally {
    performance.eventLoopUtilization = eventLoopUtilization;
  }
});
