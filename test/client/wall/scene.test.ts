import * as assert from 'uvu/assert';
import { compose } from '../../../client/wall/layout/compose.js';
import type { Slot } from '../../../client/wall/layout/mark.js';
import { type Held, NOTHING_HELD, onSnapshot } from '../../../client/wall/model/held.js';
import {
  countdown,
  darkness,
  instants,
  isIdle,
  sceneAt,
} from '../../../client/wall/model/scene.js';
import type { Noso, Snapshot } from '../../../src/protocol/wire.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';
import { HD, marksOf, PLAIN, PORTRAIT, type Size, settingFor, textIn } from './settings.js';
import { snapshotAt } from './snapshot.js';

const test = suite('what a wall shows');
/** 14:00 in Paris. */
const NOW = Date.UTC(2026, 10, 12, 13, 0, 0);
const MINUTE = 60_000;

const holding = (change: Partial<Snapshot> = {}, noso: Partial<Noso> = {}): Held =>
  onSnapshot(NOTHING_HELD, snapshotAt(NOW, change, noso), NOW);

/** The texts on a wall at `at`, in `language`. */
function texts(held: Held, at: number, language = 'fr', size: Size = HD) {
  const marks = marksOf(held, at, language, size);
  return (slot: Slot) => textIn(marks, slot);
}

const SCHEDULED: Partial<Noso> = {
  state: 'scheduled',
  startsAt: new Date(NOW + 5 * MINUTE).toISOString(),
};
const CODE = { code: 'HJK-749-CDM', url: 'https://noso.example/j/HJK-749-CDM', validUntil: '' };

test('the countdown is m:ss, h:mm:ss from an hour on, and the hour alone above 12 h', () => {
  assert.is(countdown(0), '0:00');
  assert.is(countdown(1), '0:01');
  assert.is(countdown(258_000), '4:18');
  assert.is(countdown(3_599_000), '59:59');
  assert.is(countdown(3_600_000), '1:00:00');
  assert.is(countdown(12 * 3_600_000), '12:00:00');
  assert.is(countdown(12 * 3_600_000 + 1), null);
});

test('during: the count, singular at 1, nobody at 0; what is left', () => {
  const shown = (count: number, language?: string) => {
    const text = texts(holding({ count }), NOW + 1, language);
    return [text('figure'), text('label')];
  };
  assert.equal(shown(0), ['0', 'personne, pour l’instant']);
  assert.equal(shown(1), ['1', 'personne, en silence']);
  assert.equal(shown(2), ['2', 'personnes, en silence']);
  assert.equal(shown(0, 'en'), ['0', 'nobody, so far']);
  assert.equal(shown(1, 'en'), ['1', 'person, in silence']);
  assert.equal(shown(2, 'en'), ['2', 'people, in silence']);
  const text = texts(holding(), NOW + 13 * MINUTE + 1);
  assert.is(text('remaining'), 'l’heure, elle, est sûre', 'nothing was heard for 13 minutes');
  assert.is(texts(holding(), NOW + 1)('remaining'), 'encore 50 minutes');
  assert.is(texts(holding(), NOW + 1, 'en')('remaining'), '50 minutes left');
});

test('full: one word instead of the code', () => {
  const text = texts(holding({ count: 60, code: CODE }, { capacity: 60 }), NOW + 1);
  assert.equal(
    [text('end'), text('endUnder'), text('code')],
    ['Complet', 'dehors, c’est libre', null],
  );
});

test('W4 five seconds without a beat: the count is of the last beat, and said to be', () => {
  const held = holding({ count: 180, code: CODE });
  assert.is(texts(held, NOW + 5000)('end'), null);
  const text = texts(held, NOW + 5001);
  assert.equal(
    [text('figure'), text('label'), text('end'), text('code')],
    ['180', 'à 14 h', 'liaison coupée', null],
  );
  const { figure } = marksOf(held, NOW + 5001, 'fr', HD, { digits: 3 });
  assert.ok(figure?.kind === 'text' && figure.tone === 'amber' && figure.outline > 4);
});

test('W7 W9 a wall that is cut off acts on the schedule that it knows', () => {
  const before = holding({ code: CODE }, SCHEDULED);
  const start = NOW + 5 * MINUTE;
  assert.is(texts(before, start - 60_000)('figure'), '1:00', 'the clock is known');
  assert.is(texts(before, start - 60_000)('code'), null);
  // W9: it begins, ends and thanks by what it knows, though nobody told it that it was opened.
  const begun = texts(before, start + 1);
  assert.equal(
    [begun('figure'), begun('label'), begun('hour'), begun('end'), begun('endUnder')],
    ['–', 'à 14 h', 'jusqu’à 14 h 50', 'liaison coupée', 'le silence continue'],
  );
  const ended = texts(before, NOW + 50 * MINUTE);
  assert.equal([ended('figure'), ended('title')], [null, 'Merci.']);
  const scene = sceneAt(before, NOW + 52 * MINUTE);
  assert.is(darkness(scene, NOW + 52 * MINUTE), 1, 'and goes black');

  const during = holding({ count: 12 });
  const end = NOW + 50 * MINUTE;
  assert.is(sceneAt(during, end - 1).kind, 'during');
  const text = texts(during, end);
  assert.equal(
    [text('figure'), text('label'), text('title')],
    ['12', 'personnes, à 14 h', 'Merci.'],
  );
});

test('after: the last count that this wall saw live, or thanks without a figure', () => {
  const open = holding({ count: 12 });
  const closed = snapshotAt(NOW, { count: 0, effectiveAt: NOW + 1000 }, { state: 'closed' });
  const seen = onSnapshot(open, closed, NOW);
  const text = texts(seen, NOW + 1000);
  assert.equal(
    [text('figure'), text('label'), text('title'), text('hour')],
    ['12', 'personnes, pas un mot', 'Merci.', '13 h 50 – 14 h'],
  );
  const late = texts(onSnapshot(NOTHING_HELD, closed, NOW + 2000), NOW + 2000);
  assert.equal([late('figure'), late('label'), late('title')], [null, null, 'Merci.']);
});

test('W7 a minute after the end all is held, a quarter of a minute later all is black', () => {
  const held = holding({ effectiveAt: NOW }, { state: 'closed' });
  const at = (ms: number) => darkness(sceneAt(held, NOW + ms), NOW + ms);
  assert.equal([at(60_000), at(67_500), at(75_000), at(290_000)], [0, 0.5, 1, 1]);
});

test('W9 a new version is taken in the black or long before, and never amidst a NoSo', () => {
  const idle = (held: Held, at: number) => isIdle(sceneAt(held, at), at);
  const open = holding({ code: CODE });
  const gathers = holding({ code: CODE }, { startsAt: new Date(NOW + MINUTE).toISOString() });
  for (const at of [1, 10 * MINUTE, 49 * MINUTE]) assert.is(idle(open, NOW + at), false, `${at}`);
  assert.is(idle(gathers, NOW + 1), false);
  assert.is(idle(holding({}, SCHEDULED), NOW + 1), false, 'people are about to come');
  const closed = holding({ effectiveAt: NOW }, { state: 'closed' });
  assert.is(idle(closed, NOW + 70_000), false, 'it still fades');
  assert.is(idle(closed, NOW + 76_000), true);
});

test('the wall knows when it will have to look again', () => {
  const held = holding({}, SCHEDULED);
  assert.equal(instants(held, NOW).slice(0, 2), [NOW + 5001, NOW + 5 * MINUTE]);
});

test('nothing planned: the venue, and what comes later', () => {
  const held = holding({}, {});
  const none: Held = { ...held, now: held.now && { ...held.now, noso: null } };
  const text = texts(none, NOW);
  assert.equal(
    [text('title'), text('head')],
    ['Bibliothèque des Quais', 'rien de prévu, et c’est déjà bien'],
  );
  const next = {
    title: 'Minuit moins le quart',
    startsAt: new Date(NOW + 3 * 86_400_000).toISOString(),
    endsAt: new Date(NOW + 3 * 86_400_000 + 15 * MINUTE).toISOString(),
  };
  const marks = compose(settingFor('fr'), sceneAt(none, NOW, next), PLAIN);
  assert.is(marks.hour?.kind === 'text' && marks.hour.text, 'dimanche 15 novembre');
});

test('a code whose letters reach below the line leaves the sentence below it alone', () => {
  const offer = { code: 'J3Q-7VJ', url: 'https://noso.example/organize', left: 1, lasts: 2 };
  for (const size of [HD, [1280, 720], [1024, 600], PORTRAIT] as const)
    for (const deep of [0, 0.06, 0.25]) {
      const plain = settingFor('fr', size);
      const setting = { ...plain, type: typeface({ deep }) };
      const scene = { kind: 'pairing', offer, address: 'noso.example/organize' } as const;
      const { figure, label, page, head } = compose(setting, scene, PLAIN);
      if (figure?.kind !== 'text' || label?.kind !== 'text') throw new Error('no text');
      const ink = figure.y + deep * figure.size;
      const top = label.y - setting.type.cap * label.size;
      assert.ok(top - ink > 1.9 * plain.frame.unit, `${size}, ${deep} em: ${top - ink}`);
      if (page?.kind !== 'text' || head?.kind !== 'text') throw new Error('no text');
      assert.ok(page.y < plain.frame.hairline - plain.frame.unit, `${size}: ${page.y}`);
    }
});

test('no text leaves the margins, whatever the titles, in any form of the wall', () => {
  const long = 'Une heure pour rien, ou presque rien, avec tous ceux qui passent par là un jeudi';
  const venue = { ...snapshotAt(NOW).venue, name: `Médiathèque ${long}`, address: long };
  const gathers = { startsAt: new Date(NOW + 5 * MINUTE).toISOString() };
  for (const size of [
    [1920, 1080],
    [1280, 800],
    [1024, 768],
    [1024, 600],
    [1080, 1920],
    [1200, 1600],
  ] as const)
    for (const noso of [{}, SCHEDULED, gathers, { capacity: 0 }])
      for (const hanging of [54, 0] as const) {
        const page = 'https://noso.example/n/1';
        const held = holding({ code: CODE, page, count: 9 }, { ...noso, title: long, venue });
        const setting = settingFor('fr', size);
        const marks = marksOf(held, NOW + 1, 'fr', size, { digits: 3, hanging });
        for (const [slot, mark] of Object.entries(marks)) {
          if (mark.kind !== 'text' || slot === 'figure') continue;
          const em = setting.type.width(mark.text) + mark.tracking * (mark.text.length - 1);
          const [from, to] = mark.end
            ? [mark.x - em * mark.size, mark.x]
            : [mark.x, mark.x + em * mark.size];
          const slack = 0.1 * mark.size;
          assert.ok(from > setting.frame.left - slack, `${slot} at ${size}: ${mark.text}`);
          assert.ok(to < setting.frame.right + slack, `${slot} at ${size}: ${mark.text}`);
        }
      }
});
