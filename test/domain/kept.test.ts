import * as assert from 'uvu/assert';
import { KEPT, type Kept, type KeptName } from '../../src/domain/kept.js';
import { suite } from '../support/suite.js';

const test = suite('what is kept, and how long');

/** A copy from the contract, in seconds: whoever changes the table changes a promise. */
const PROMISED: Partial<Record<KeptName, number>> = {
  presence: 60,
  hands: 60,
  deleted: 7 * 24 * 3600,
  links: 15 * 60,
  sessions: 12 * 3600,
  drawers: 3600,
  pairings: 10 * 60,
  pairers: 10 * 60,
  wishers: 2 * 3600,
  rations: 62,
  ways: 30,
  entry: 10 * 60,
  pass: 25 * 3600,
  passing: 25 * 3600,
  token: 365 * 24 * 3600,
  intents: 60,
  wishes: 365 * 24 * 3600,
  restored: 365 * 24 * 3600,
  language: 365 * 24 * 3600,
  organizer: 365 * 24 * 3600,
};

test('A5 L4 what is promised to be gone in time has that time in the table', () => {
  for (const [name, seconds] of Object.entries(PROMISED)) {
    const { until }: Kept = KEPT[name as KeptName];
    assert.is('within' in until ? until.within : null, seconds * 1000, name);
  }
  const timed = Object.entries(KEPT).filter(([, { until }]) => 'within' in until);
  assert.equal(timed.map(([name]) => name).sort(), Object.keys(PROMISED).sort());
  const never = Object.entries(KEPT).filter(([, { until }]) => until.is === 'never');
  assert.equal(
    never.map(([name]) => name),
    ['drawn', 'secrets', 'installation'],
  );
});
