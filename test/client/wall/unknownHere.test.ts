// What this browser does not know (a zone of after its time, a date that is none) stops nothing else.
import * as assert from 'uvu/assert';
import { compose } from '../../../client/wall/layout/compose.js';
import { type Held, NOTHING_HELD, onSnapshot } from '../../../client/wall/model/held.js';
import { type Scene, sceneAt } from '../../../client/wall/model/scene.js';
import type { Noso } from '../../../src/protocol/wire.js';
import { suite } from '../../support/suite.js';
import { HD, PLAIN, PORTRAIT, settingFor, textIn } from './settings.js';
import { snapshotAt, VENUE } from './snapshot.js';

const test = suite('a wall whose browser does not know');
const NOW = Date.UTC(2026, 10, 12, 14);
const MINUTE = 60_000;
const iso = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
/** Of after any browser's time; and a day that is none. */
const ZONES = ['Mars/Olympus', 'America/Coyhaique', ''];
const NEVER = 'some day';

function held(noso: Partial<Noso>, timeZone: string): Held {
  const venue = { ...VENUE, timeZone };
  const closed = noso.state === 'closed' ? { effectiveAt: NOW - 10_000 } : {};
  const seen = onSnapshot(NOTHING_HELD, snapshotAt(NOW, { venue, count: 7 }, { venue }), NOW - 1);
  return onSnapshot(seen, snapshotAt(NOW, { venue, count: 7, ...closed }, { venue, ...noso }), NOW);
}

/** Each scene that a NoSo makes, and what its figure says where the zone alone is unknown. */
const SCENES: [string, Partial<Noso>, number, RegExp][] = [
  ['before', { state: 'scheduled', startsAt: iso(40), endsAt: iso(100) }, NOW, /^40:00$/],
  [
    'before',
    { state: 'scheduled', startsAt: iso(900), endsAt: iso(960) },
    NOW,
    /^(\d\d:\d\d( UTC)?|–)$/,
  ],
  ['before', { state: 'scheduled', startsAt: iso(-3), endsAt: iso(57) }, NOW, /^(soon|bientôt)$/],
  ['during', { state: 'scheduled', startsAt: iso(-3), endsAt: iso(57) }, NOW + 6000, /^–$/],
  ['gathering', { startsAt: iso(5), endsAt: iso(65) }, NOW, /^5:00$/],
  ['during', {}, NOW, /^7$/],
  ['during', {}, NOW + 6000, /^7$/],
  ['after', { state: 'closed' }, NOW, /^7$/],
];

test('F9 W10 a zone: every figure is as ever, in both languages and shapes', () => {
  for (const timeZone of ZONES)
    for (const language of ['fr', 'en'])
      for (const size of [HD, PORTRAIT])
        for (const [kind, noso, at, figure] of SCENES) {
          const scene = sceneAt(held(noso, timeZone), at);
          assert.is(scene.kind, kind);
          const marks = compose(settingFor(language, size), scene, PLAIN);
          assert.match(
            textIn(marks, 'figure') ?? '',
            figure,
            `${kind} in ${timeZone}: ${textIn(marks, 'figure')} ${figure}`,
          );
        }
});

test('F9 W10 dates that are none, and what comes next on one: a picture all the same', () => {
  const dates = [
    { startsAt: NEVER },
    { endsAt: NEVER },
    { startsAt: NEVER, endsAt: NEVER, openedAt: NEVER },
  ];
  for (const state of ['scheduled', 'open', 'closed', 'cancelled'] as const)
    for (const noso of dates)
      for (const at of [NOW, NOW + 6000]) {
        const scene = sceneAt(held({ state, ...noso }, 'Mars/Olympus'), at);
        assert.type(compose(settingFor('fr'), scene, PLAIN), 'object', `${state} ${at - NOW}`);
      }
  const view = held({}, 'Mars/Olympus').now;
  if (!view) throw new Error('nothing held');
  const next = { title: 'Encore', startsAt: NEVER, endsAt: NEVER };
  const nothing: Scene = { kind: 'nothing', view, cut: null, next };
  assert.is(textIn(compose(settingFor('fr'), nothing, PLAIN), 'head'), 'Encore');
  const known = { name: 'Grande salle', timeZone: 'Mars/Olympus', since: NOW };
  const refused: Scene = { kind: 'refused', wall: known, offer: null, address: 'noso.example' };
  assert.is(textIn(compose(settingFor('fr'), refused, PLAIN), 'head'), 'Grande salle');
});
