import { readFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { LogFields } from '../../src/log.js';
import type { OperatorNote } from '../../src/protocol/wire.js';
import { CAUSES, createTell } from '../../src/service/causes.js';
import { createNotes } from '../../src/service/notes.js';
import type { Words } from '../../src/service/words.js';
import { suite } from '../support/suite.js';

const test = suite('what consoles are told for whoever runs the server');

function scene() {
  const clock = manualClock(1_000_000);
  const shared: OperatorNote[] = [];
  const lines: LogFields[] = [];
  const write = (fields: LogFields) => void lines.push(fields);
  const notes = createNotes({ clock, share: (note) => shared.push(note) });
  const log = { debug: write, info: write, warn: write, error: write };
  const tell = createTell({ log, clock, notes });
  const changes = { count: 0 };
  notes.onChange(() => {
    changes.count += 1;
  });
  const causes = () => notes.all().map(({ cause }) => cause);
  return { clock, notes, tell, shared, lines, changes, causes };
}

test('F8 a cause stands for as long as it lasts, whatever the log leaves out, and is told of once', () => {
  const { clock, tell, notes, lines, changes, causes } = scene();
  for (let k = 0; k < 400; k += 1) {
    tell('OOM');
    clock.advance(250);
    assert.equal(causes(), ['OOM']);
  }
  assert.is(lines.length, 2, 'the log: once a minute');
  assert.is(changes.count, 1, 'consoles: when it begins');
  clock.advance(6000);
  assert.equal(causes(), [], 'and when it is over');
  assert.is(changes.count, 2);
  tell('ORIGIN', { url: 'https://noso.example', count: 3 });
  assert.equal(notes.all(), [{ cause: 'ORIGIN', url: 'https://noso.example' }]);
  clock.advance(60_000);
  assert.equal(causes(), ['ORIGIN'], 'nobody came for a moment: that mends nothing');
  tell('ORIGIN', { url: 'https://other.example', count: 3 });
  assert.equal(notes.all(), [{ cause: 'ORIGIN', url: 'https://other.example' }]);
  clock.advance(3 * 60_000);
  assert.equal(causes(), []);
});

test('F8 the log says it again after a minute, and each cause for itself', () => {
  const { clock, tell, lines } = scene();
  tell('OOM');
  clock.advance(59_999);
  tell('OOM');
  assert.is(lines.length, 1);
  tell('BUSY', { detail: 'BUSY: otherwise' });
  assert.equal(lines[1], { event: 'not ready', detail: 'BUSY: otherwise' });
  clock.advance(1);
  tell('OOM');
  assert.equal(lines[2], { event: 'not ready', detail: `OOM: ${CAUSES.OOM.means}` });
});

test('F8 what is set up otherwise stands until it is not, and all of them in the table’s order', () => {
  const { clock, notes, tell, causes } = scene();
  notes.raise('LOOPBACK');
  tell('MOVED', { url: 'http://10.0.0.7:3000' });
  tell('FORWARDED');
  clock.advance(3_600_000);
  assert.equal(causes(), ['FORWARDED', 'LOOPBACK', 'MOVED']);
  notes.drop('LOOPBACK');
  assert.equal(causes(), ['FORWARDED', 'MOVED']);
});

test('F8 what one node sees of the outside is told to the others once a minute, and no more than that', () => {
  const { clock, notes, tell, shared, causes } = scene();
  for (let k = 0; k < 110; k += 1) {
    tell('ORIGIN', { url: 'https://noso.example', count: 3 });
    tell('OOM');
    clock.advance(1000);
  }
  const note = { cause: 'ORIGIN', url: 'https://noso.example' };
  assert.equal(shared, [note, note]);
  const other = scene();
  other.notes.hear(note);
  assert.equal(other.notes.all(), [note]);
  assert.equal(other.shared, [], 'nobody passes it on');
  other.notes.hear({ cause: 'OOM' });
  other.notes.hear({ cause: 'constructor' });
  assert.equal(other.causes(), ['ORIGIN'], 'each looks at its store by itself');
  assert.equal(causes(), ['OOM', 'ORIGIN']);
  notes.stop();
});

test('F8 every cause has a sentence in every language, and says what it is about', async () => {
  for (const language of ['en', 'fr']) {
    const words = JSON.parse(await readFile(`client/words/${language}.json`, 'utf8')) as Words;
    const { foreign, ...said } = words.console.notes;
    assert.equal(Object.keys(said).sort(), Object.keys(CAUSES).sort(), language);
    for (const cause of ['ORIGIN', 'MOVED'] as const) assert.match(said[cause], '{url}');
    assert.match(foreign, '{own}');
  }
});

test('F8 how long a note stands after it was last raised, and that dropping what is not there is no news', () => {
  for (const [cause, ms] of [
    ['OOM', 5000],
    ['CLOCK', 5000],
    ['ORIGIN', 120_000],
    ['FORWARDED', 24 * 3_600_000],
  ] as const) {
    const { clock, notes, causes, changes } = scene();
    notes.raise(cause);
    notes.raise(cause);
    assert.is(changes.count, 1);
    clock.advance(ms - 1);
    assert.equal(causes(), [cause]);
    clock.advance(1);
    assert.equal(causes(), []);
    notes.drop(cause);
    assert.is(changes.count, 2);
    notes.stop();
  }
});

test('F8 another node is told again after a minute to the second, so that it never lapses there', () => {
  const { clock, notes, shared } = scene();
  for (const [ms, told] of [
    [0, 1],
    [59_999, 1],
    [1, 2],
  ] as const) {
    clock.advance(ms);
    notes.raise('FORWARDED');
    assert.is(shared.length, told);
  }
  notes.stop();
  clock.advance(48 * 3_600_000);
  assert.equal(notes.all(), [{ cause: 'FORWARDED' }], 'nobody looks after the stop');
});
