import type { Noso, Venue } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/service/words.js';
import type { NosoFields } from './api.js';
import type { Desk } from './desk.js';
import { h, text } from './dom.js';
import { type Field, input, radios, select } from './fields.js';
import { type Faults, form } from './form.js';
import { whole } from './numbers.js';
import { go, hrefOf } from './router.js';
import { elsewhere, instantIn, lengthInWords, localIn } from './time.js';

const MINUTE = 60_000;
/** In minutes: the longest a NoSo may last, and the shortest pocket. */
const LONGEST = 24 * 60;
const SHORTEST_POCKET = 5;
const SLOWEST_VEIL = 60;
const TITLE = 120;

/** What the form is filled with at first. */
export type Draft = Omit<Noso, 'id' | 'venue' | 'state' | 'count'> & { venue: Venue };

/** What a NoSo is planned with; of one that is open it shows only what may still change. */
export function sheet(
  desk: Desk,
  venues: readonly Venue[],
  draft: Draft,
  editing: Noso | null,
): HTMLFormElement {
  const { w, t, store, api } = desk;
  const open = editing?.state === 'open';
  const start = localIn(draft.venue.timeZone, Date.parse(draft.startsAt));
  const minutes = (Date.parse(draft.endsAt) - Date.parse(draft.startsAt)) / MINUTE;
  const zoneHint = h('span', {});
  const endHint = h('span', {});
  const where = () => venues.find((v) => v.id === fields.venue.value()) ?? draft.venue;
  const starting = () => instantIn(where().timeZone, fields.startsAt.value(), fields.hour.value());

  const fields = {
    title: input({
      label: w.plan.name,
      value: draft.title,
      required: true,
      attributes: { maxlength: TITLE },
    }),
    venue: select({
      label: w.plan.venue,
      value: draft.venue.id,
      choices: venues.map((v) => ({ value: v.id, label: t(w.place, v) })),
      changed: hints,
    }),
    startsAt: input({
      label: w.plan.day,
      type: 'date',
      value: start.date,
      attributes: { placeholder: w.plan.dayShape },
      changed: hints,
    }),
    hour: input({
      label: w.plan.hour,
      type: 'time',
      value: start.time,
      hint: zoneHint,
      attributes: { placeholder: w.plan.hourShape },
      changed: hints,
    }),
    endsAt: input({
      label: w.plan.length,
      value: String(Math.round(minutes)),
      unit: w.plan.minutes,
      hint: endHint,
      attributes: { inputmode: 'numeric' },
      changed: hints,
    }),
    capacity: input({
      label: w.plan.capacity,
      value: draft.capacity === null ? '' : String(draft.capacity),
      attributes: { inputmode: 'numeric', placeholder: w.act.noLimit },
    }),
    opens: radios({
      label: w.plan.opens,
      value: draft.opens,
      choices: [
        { value: 'organizer', label: w.plan.byHand },
        { value: 'schedule', label: w.plan.bySchedule },
      ],
    }),
    entry: radios({
      label: w.plan.entry,
      value: draft.entry,
      choices: [
        { value: 'code', label: w.plan.byCode },
        { value: 'link', label: w.plan.byLink },
      ],
    }),
    show: radios({
      label: w.plan.show,
      value: draft.show,
      choices: [
        { value: 'numbers', label: w.plan.numbers },
        { value: 'count', label: w.plan.countOnly },
      ],
    }),
    pocket: input({
      label: w.plan.pocket,
      value: draft.pocket === null ? '' : String(draft.pocket / 60),
      unit: w.plan.minutes,
      hint: w.plan.pocketHint,
      attributes: { inputmode: 'numeric', placeholder: w.plan.pocketNone },
    }),
    veil: input({
      label: w.plan.veil,
      value: String(draft.veil),
      unit: w.plan.seconds,
      hint: w.plan.veilHint,
      attributes: { inputmode: 'numeric' },
    }),
  } satisfies Record<string, Field>;

  function hints(): void {
    const venue = where();
    const from = starting();
    const foreign = elsewhere(venue.timeZone, from ?? store.now());
    text(zoneHint, foreign ? t(w.plan.zone, { city: venue.city }) : '');
    const length = whole(fields.endsAt.value());
    const until = from === null || length === null ? null : from + length * MINUTE;
    text(
      endHint,
      until === null
        ? ''
        : t(w.plan.until, {
            hour: hourInColumn(venue.timeZone, until),
            length: lengthInWords(desk, (length ?? 0) * MINUTE),
          }),
    );
  }

  function check(): Faults {
    const { problems } = w;
    const length = whole(fields.endsAt.value());
    const day = fields.startsAt.value();
    const hour = fields.hour.value();
    const from = starting();
    const capacity = fields.capacity.value();
    const pocket = fields.pocket.value();
    const veil = whole(fields.veil.value());
    const tooShort = pocket !== '' && (whole(pocket) ?? 0) < SHORTEST_POCKET;
    const gone = from !== null && length !== null && from + length * MINUTE <= store.now();
    return {
      title: fields.title.value() ? null : problems.title,
      startsAt: /^\d{4}-\d\d-\d\d$/.test(day) ? null : problems.day,
      hour: !/^\d\d:\d\d/.test(hour) ? problems.hour : from === null ? problems.noSuchHour : null,
      endsAt:
        length === null || length < 1 || length > LONGEST
          ? problems.length
          : gone
            ? problems.endPast
            : null,
      capacity: capacity !== '' && (whole(capacity) ?? 0) < 1 ? problems.capacityShape : null,
      pocket: tooShort ? problems.pocket : null,
      veil: veil === null || veil > SLOWEST_VEIL ? problems.veil : null,
    };
  }

  function read(): NosoFields {
    const from = starting() ?? Date.parse(draft.startsAt);
    const capacity = fields.capacity.value();
    const pocket = fields.pocket.value();
    return {
      venue: fields.venue.value(),
      title: fields.title.value(),
      startsAt: new Date(from).toISOString(),
      endsAt: new Date(from + (whole(fields.endsAt.value()) ?? 0) * MINUTE).toISOString(),
      capacity: capacity === '' ? null : Number(capacity),
      entry: fields.entry.value() === 'link' ? 'link' : 'code',
      show: fields.show.value() === 'count' ? 'count' : 'numbers',
      pocket: pocket === '' ? null : Number(pocket) * 60,
      veil: Number(fields.veil.value()),
      opens: fields.opens.value() === 'schedule' ? 'schedule' : 'organizer',
    };
  }

  async function submit(): Promise<void> {
    const all = read();
    // A field left alone is not sent: it may have moved on meanwhile, or be finer than it shows.
    const changed = Object.entries(all).filter(
      ([name, v]) => v !== before[name as keyof NosoFields],
    );
    const changes = Object.fromEntries(changed) as Partial<NosoFields>;
    const noso = editing ? await api.amend(editing.id, changes) : await api.plan(all);
    store.put(noso);
    go(hrefOf('programme', noso.id), true);
  }

  const before = read();
  const more = h(
    'details',
    { class: 'more' },
    h('summary', {}, w.plan.more),
    h('div', { class: 'pair' }, fields.entry.node, fields.show.node),
    h('div', { class: 'pair' }, fields.pocket.node, fields.veil.node),
  );
  hints();
  return form(desk, {
    fields,
    rows: open
      ? [fields.title.node, h('div', { class: 'pair' }, fields.endsAt.node, fields.capacity.node)]
      : [
          h('div', { class: 'pair' }, fields.title.node, fields.venue.node),
          h('div', { class: 'triple' }, fields.startsAt.node, fields.hour.node, fields.endsAt.node),
          h('div', { class: 'pair' }, fields.capacity.node, fields.opens.node),
          more,
        ],
    button: editing ? w.plan.save : w.plan.send,
    cancel: { label: w.plan.back, href: hrefOf('programme', editing?.id) },
    check: () => {
      const faults = check();
      if (faults.pocket || faults.veil) more.open = true;
      return faults;
    },
    submit,
  });
}
