import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { createMetrics } from '../../src/service/metrics.js';
import { suite } from '../support/suite.js';

const test = suite('metrics');

/** Every name of ours, and its labels: by none of them could two participants tell each other anything. */
const OURS: Record<string, string[]> = {
  noso_clicks_total: ['result'],
  noso_consoles_connected: [],
  noso_doors_connected: [],
  noso_errors_total: [],
  noso_nosos_open: [],
  noso_phones_connected: [],
  noso_refusals_total: ['code'],
  noso_seats_acknowledged_total: [],
  noso_take_seconds: ['le'],
  noso_walls_connected: [],
};
/** What Prometheus' users expect of any process, by how it begins. */
const OF_THE_PROCESS = /^(process_(cpu|start|resident|virtual|heap|open|max)_\w+|nodejs_\w+)$/;

test('A1 S2 what is measured is listed, name by name and label by label', async () => {
  const metrics = createMetrics();
  const counts = { phones: () => 1, walls: () => 2, consoles: () => 3, doors: () => 5 };
  metrics.watch({ ...counts, openNosos: () => 4 });
  metrics.seated();
  metrics.tookSeat(0.01);
  metrics.error();
  for (const code of Object.keys(ERRORS)) metrics.refused(code);
  for (const result of ['ok', ...Object.keys(ERRORS)]) metrics.clicked(result);
  const found: Record<string, string[]> = {};
  for (const { name, values } of await metrics.registry.getMetricsAsJSON()) {
    if (OF_THE_PROCESS.test(name)) continue;
    const labels = new Set<string>(values.flatMap((value) => Object.keys(value.labels)));
    found[name] = [...labels].sort();
  }
  assert.equal(Object.entries(found).sort(), Object.entries(OURS));
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
