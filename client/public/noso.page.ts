// What a NoSo's page does where scripts run: it says the hours where its reader is, and by itself that
// the doors are open. It stands without.
import type { NosoNotes } from '../../src/protocol/nosoNotes.js';
import type { Noso } from '../../src/protocol/wire.js';
import { hourInProse, say } from '../../src/service/words.js';
import { fetchInTime } from '../shared/fetchInTime.js';

const MINUTE = 60_000;
/** While people wait for the doors it is asked this often, … */
const OFTEN = 10_000;
/** … from so long before the start on; before that, this often. */
const NEAR = 3 * 60 * MINUTE;
const SELDOM = 10 * MINUTE;
const PATIENCE = 8000;

const notes = JSON.parse(document.getElementById('notes')?.textContent ?? 'null') as NosoNotes;

/** Minutes that this browser is east of UTC at `at`. */
const offsetHere = (at: number) => -new Date(at).getTimezoneOffset();

function sayHoursHere(): void {
  const { startsAt, endsAt, offsets, language, zone, words } = notes;
  const there = offsets[0] ?? null;
  const line = document.querySelector('.zone');
  if (!line || there === null) return;
  if (there === offsetHere(startsAt) && offsets[1] === offsetHere(endsAt)) return;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const hour = (at: number) => hourInProse(words.time, { timeZone, utcOffset: offsetHere(at) }, at);
  const dayOf = (offset: number) => new Date(startsAt + offset * MINUTE).getUTCDate();
  const sameDay = dayOf(there) === dayOf(offsetHere(startsAt));
  const parts = new Intl.DateTimeFormat(language, {
    ...{ weekday: 'long', day: 'numeric', month: 'long' },
  }).formatToParts(startsAt);
  const day = say(language, words.day, Object.fromEntries(parts.map((p) => [p.type, p.value])));
  line.textContent = say(language, sameDay ? words.yours : words.yoursOn, {
    ...{ zone, day, from: hour(startsAt), to: hour(endsAt) },
  });
}

/** True once there is nothing more to look for. */
async function look(): Promise<boolean> {
  const answer = await fetchInTime('GET', `/api/nosos/${notes.id}`, { patience: PATIENCE });
  if (!answer?.ok) return false; // no network, say: what stands here was true, and says when
  const noso = answer.body as Noso;
  const moved = Date.parse(noso.startsAt) !== notes.startsAt;
  if (noso.state === notes.state && !moved) return false;
  const status = document.querySelector('[role=status]');
  if (noso.state !== 'open' || moved || !status) {
    location.reload();
    return true;
  }
  status.textContent = notes.words.open;
  for (const each of document.querySelectorAll('[data-before]')) each.remove();
  return true;
}

/** Asks as long as somebody looks at the page. */
function keepLooking(): void {
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    clearTimeout(timer);
    const wait = Date.now() > notes.startsAt - NEAR ? OFTEN : SELDOM;
    timer = setTimeout(now, wait * (0.8 + 0.4 * Math.random()));
  };
  const now = async () => {
    clearTimeout(timer);
    if (document.hidden) return;
    if (!(await look())) next();
  };
  document.addEventListener('visibilitychange', () => void now());
  next();
}

sayHoursHere();
if (notes.state === 'scheduled') keepLooking();
