import * as assert from 'uvu/assert';
import { minutesOf } from '../../../client/organizer/model/recordRows.js';
import type { Noso, NosoRecord } from '../../../src/protocol/wire.js';
import { suite } from '../../support/suite.js';

const test = suite('a record as a table');

test('L5 a row a minute by the venue’s clock, and one for each time that people were counted by eye', () => {
  const at = (time: string) => `2026-11-22T${time}.000Z`;
  const noso = { title: 'Rien', venue: { timeZone: 'Europe/Paris' } } as Noso;
  const record = {
    series: [
      { at: at('13:30:00'), count: 0 },
      { at: at('13:31:00'), count: 3 },
      { at: at('13:31:40'), count: 2 },
    ],
    headcounts: [
      { at: at('13:30:20'), count: 5 },
      { at: at('13:50:00'), count: 1 },
    ],
  } as NosoRecord;
  assert.equal(minutesOf({ noso, record }), [
    ['time_utc', 'time_local', 'count', 'counted_by_eye'],
    [at('13:30:00'), '2026-11-22 14:30:00', 0, ''],
    [at('13:30:20'), '2026-11-22 14:30:20', '', 5],
    [at('13:31:00'), '2026-11-22 14:31:00', 3, ''],
    [at('13:31:40'), '2026-11-22 14:31:40', 2, ''],
    [at('13:50:00'), '2026-11-22 14:50:00', '', 1],
  ]);
});
