import * as assert from 'uvu/assert';
import type { Marks, Slot } from '../../../client/wall/layout/mark.js';
import { hangingOf, silenceRoom } from '../../../client/wall/layout/rooms.js';
import { type Held, NOTHING_HELD, onSnapshot } from '../../../client/wall/model/held.js';
import { type Scene, sceneAt } from '../../../client/wall/model/scene.js';
import type { Noso, Snapshot } from '../../../src/protocol/wire.js';
import { suite } from '../../support/suite.js';
import { HD, marksOf, PORTRAIT, settingFor, textIn } from './settings.js';
import { snapshotAt } from './snapshot.js';

const test = suite('from the planning to the silence');
/** 14:00 in Paris. */
const NOW = Date.UTC(2026, 10, 12, 13, 0, 0);
const MINUTE = 60_000;
const CODE = { code: 'HJK-749-CDM', url: 'https://noso.example/j/HJK-749-CDM', validUntil: '' };
const PAGE = 'https://noso.example/n/5f0c2a7d9b1e';

/** Starts in half an hour, doors a quarter of an hour before, lasts an hour. */
const PLANNED: Partial<Noso> = {
  state: 'scheduled',
  gather: 15,
  startsAt: new Date(NOW + 30 * MINUTE).toISOString(),
  endsAt: new Date(NOW + 90 * MINUTE).toISOString(),
};
const holding = (noso: Partial<Noso>, change: Partial<Snapshot> = {}): Held =>
  onSnapshot(NOTHING_HELD, snapshotAt(NOW, { page: PAGE, ...change }, noso), NOW);
/** The same with a beat just before `at`. */
const alive = (held: Held, at: number): Held => ({ ...held, beatAt: at - 1000 });
const said = (marks: Marks, ...slots: Slot[]) => slots.map((slot) => textIn(marks, slot));

test('L6 before the doors a wall shows the way to the page, from when one comes in, and no code', () => {
  for (const size of [HD, PORTRAIT]) {
    const marks = marksOf(holding(PLANNED), NOW, 'fr', size);
    assert.equal(said(marks, 'figure', 'label', size === HD ? 'title' : 'title2', 'code'), [
      '30:00',
      'avant le silence',
      size === HD ? 'Une heure pour rien' : 'rien',
      'on entre à 14 h 15',
    ]);
    assert.is(marks.qr?.kind === 'qr' && marks.qr.text, PAGE);
    assert.equal(said(marks, 'end', 'endUnder'), [
      'la page de ce NoSo',
      'le code viendra ici même',
    ]);
  }
  assert.is(textIn(marksOf(holding(PLANNED), NOW, 'en'), 'code'), 'come in from 14:15');
});

test('overdue says "soon", with no hour that is over', () => {
  const doors = NOW + 16 * MINUTE;
  const late = marksOf(alive(holding(PLANNED), doors), doors);
  assert.equal(said(late, 'figure', 'code', 'hour'), ['14:00', 'bientôt', '14 h 30']);
  const start = NOW + 31 * MINUTE;
  for (const [language, words] of [
    ['fr', ['bientôt', 'd’un instant à l’autre', 'jusqu’à 15 h 30', null]],
    ['en', ['soon', 'any moment now', 'until 15:30', null]],
  ] as const) {
    const overdue = marksOf(alive(holding(PLANNED), start), start, language);
    assert.equal(said(overdue, 'figure', 'label', 'hour', 'code'), words);
    for (const mark of Object.values(overdue))
      assert.not.match(mark.kind === 'text' ? mark.text : '', /14.{0,3}(30|15)/);
  }
});

const OPEN: Partial<Noso> = { ...PLANNED, state: 'open' };
const gathers = (count: number, change: Partial<Snapshot> = {}, noso: Partial<Noso> = {}) =>
  holding({ ...OPEN, ...noso }, { count, code: CODE, ...change });

test('L6 while it gathers the countdown and the code stay, and who is here stands on the hairline', () => {
  const marks = marksOf(gathers(38), NOW + 1);
  assert.equal(said(marks, 'figure', 'label', 'title', 'code', 'head', 'under'), [
    '30:00',
    'avant le silence',
    '38 personnes sont là',
    'HJK-749-CDM',
    'Une heure pour rien',
    'Bibliothèque des Quais, Lyon',
  ]);
  assert.equal(said(marks, 'hour', 'remaining', 'end', 'endUnder'), [
    '14 h 30',
    'jusqu’à 15 h 30',
    'noso.example/j',
    'ou tapez le code',
  ]);
  const line = (count: number, language: string) =>
    textIn(marksOf(gathers(count), NOW + 1, language), 'title');
  assert.is(line(1, 'fr'), '1 personne est là');
  assert.is(line(0, 'fr'), 'Une heure pour rien', 'at nobody the title stays');
  assert.is(line(1, 'en'), '1 person is here');
  assert.is(line(2, 'en'), '2 people are here');
  assert.is(line(2400, 'fr'), '2 400 personnes sont là');
  const { title } = marks;
  assert.ok(title?.kind === 'text' && Math.abs(title.size - 97.2) < 0.1, '9 U');
});

test('the code does not move when the doors open, and the hairline is all white until the silence', () => {
  for (const size of [HD, PORTRAIT]) {
    const before = marksOf(holding(PLANNED), NOW, 'fr', size);
    const after = marksOf(gathers(0), NOW + 1, 'fr', size);
    const place = ({ qr }: Marks) => qr?.kind === 'qr' && [qr.x, qr.side];
    assert.equal(place(after), place(before));
    assert.not.ok(after.past);
  }
});

test('W4 while it gathers and the line is cut: the countdown goes on, who was here is as of then', () => {
  const at = NOW + 2 * MINUTE;
  const marks = marksOf(gathers(38), at);
  assert.equal(said(marks, 'figure', 'title', 'code', 'end'), [
    '28:00',
    '38 personnes, à 14 h',
    null,
    'liaison coupée',
  ]);
  assert.not.ok(marks.qr);
  assert.ok(marks.title?.kind === 'text' && marks.title.tone === 'amber');
  assert.ok(marks.figure?.kind === 'text' && marks.figure.tone === 'paper', 'the clock is known');
});

test('full while it gathers: code and QR give way', () => {
  const marks = marksOf(gathers(38, {}, { capacity: 38 }), NOW + 1);
  assert.equal(said(marks, 'title', 'code', 'end'), ['38 personnes sont là', null, 'Complet']);
});

test('W7 L6 the silence begins at its hour by itself, cut off or not', () => {
  const start = NOW + 30 * MINUTE;
  const held = gathers(38);
  assert.is(sceneAt(alive(held, start), start - 1).kind, 'gathering');
  assert.is(sceneAt(alive(held, start), start).kind, 'during');
  assert.is(sceneAt(held, start).kind, 'during', 'cut off');
  assert.equal(said(marksOf(held, start), 'figure', 'label'), ['38', 'à 14 h']);
  assert.is(sceneAt(held, NOW + 90 * MINUTE).kind, 'after');
  // A start that is moved while it gathers takes effect when it says.
  const moved = snapshotAt(
    NOW + 1000,
    { code: CODE },
    { ...OPEN, startsAt: new Date(NOW + 2000).toISOString() },
  );
  const now = onSnapshot(held, moved, NOW + 1000);
  assert.is(sceneAt(now, NOW + 1999).kind, 'gathering');
  assert.is(sceneAt(now, NOW + 2000).kind, 'during');
});

const stageOf = (scene: Scene) => (scene.kind === 'during' ? scene.stage : null);

test('the code shrinks twice: after five minutes, and for the last third; the larger one wins', () => {
  const at = (minutes: number, lasts: number, openedAt?: number) => {
    const noso = {
      ...OPEN,
      startsAt: new Date(NOW).toISOString(),
      endsAt: new Date(NOW + lasts * MINUTE).toISOString(),
    };
    const held = holding(noso, { effectiveAt: openedAt ?? 0 });
    return stageOf(sceneAt(alive(held, NOW), NOW + minutes * MINUTE));
  };
  assert.equal(
    [0, 4.99, 5, 39, 41].map((m) => at(m, 60)),
    ['first', 'first', 'middle', 'middle', 'last'],
  );
  assert.equal(
    [4.9, 5.1, 11].map((m) => at(m, 15)),
    ['first', 'middle', 'last'],
  );
  assert.equal(
    [4.5, 5.1].map((m) => at(m, 6)),
    ['first', 'last'],
    'where they overlap',
  );
  assert.is(at(24, 60, NOW + 20 * MINUTE), 'first', 'opened late, its first minutes are later');
});

test('54 U as long as the field keeps its least size, else 30 U; it never grows again', () => {
  const setting = settingFor('fr');
  const some = (n: number) => ({
    numbers: new Set(Array.from({ length: n }, (_, k) => String(100_000 + k))),
    least: 21.6,
  });
  assert.is(hangingOf(setting, 'first', null, 2, some(12)), 54);
  assert.is(hangingOf(setting, 'first', 54, 3, some(600)), 30);
  assert.is(hangingOf(setting, 'first', 30, 2, some(12)), 30);
  assert.is(hangingOf(setting, 'middle', 54, 2, some(12)), 20);
  assert.is(hangingOf(setting, 'last', 20, 2, some(12)), 0);
  for (const stage of ['first', 'middle'] as const)
    assert.is(hangingOf(setting, stage, 0, 2, some(12)), 0, 'after an extension');
  assert.is(hangingOf(setting, 'first', null, 3, { numbers: null, least: 21.6 }), 54);
});

test('in the first minutes the code hangs in the top right corner, a second clearing', () => {
  const began = { ...OPEN, startsAt: new Date(NOW - 2 * MINUTE).toISOString() };
  const held = holding(began, { count: 143, code: CODE });
  for (const [hanging, side] of [
    [54, 592],
    [30, 333],
    [20, 222],
  ] as const) {
    const marks = marksOf(held, NOW + 1, 'fr', HD, { digits: 3, hanging });
    assert.ok(marks.qr?.kind === 'qr');
    assert.equal([marks.qr.side, marks.qr.x + side, marks.qr.y], [side, 1855, 59]);
    assert.equal(said(marks, 'label', 'code', 'end', 'endUnder'), [
      'personnes, en silence',
      'HJK-749-CDM',
      'noso.example/j',
      'entrez sans bruit',
    ]);
    const [, corner] = silenceRoom(settingFor('fr'), hanging, 3, 160, false).clear;
    assert.equal([corner?.left, corner?.right, corner?.top], [1855 - side, 1855, 59]);
  }
  const full = holding({ ...began, capacity: 143 }, { count: 143, code: CODE });
  const marks = marksOf(full, NOW + 1, 'fr', HD, { digits: 3, hanging: 30 });
  assert.equal(said(marks, 'code', 'end'), [null, 'Complet']);
});

test('a room is named where the venue has several walls', () => {
  const wall = { name: 'Grande salle', diagonal: null, distance: null };
  const under = (walls: number, noso = PLANNED) =>
    textIn(marksOf(holding(noso, { wall: { ...wall, walls } }), NOW), 'under');
  assert.is(under(1), 'Lyon');
  assert.is(under(2), 'Grande salle, Lyon');
  assert.is(
    under(2, { ...OPEN, startsAt: new Date(NOW - MINUTE).toISOString() }),
    'Bibliothèque des Quais, Grande salle',
  );
});
