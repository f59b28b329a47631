import type { Noso, Venue } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/protocol/words.js';
import type { NosoFields } from './api.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';
import { type Field, input, radios, select } from './fields.js';
import { type Faults, form } from './form.js';
import { go, hrefOf, NEW } from './router.js';
import { browserZone, instantIn, lengthInWords, localIn, nextHalfHour } from './time.js';

const MINUTE = 60_000;
/** In minutes: the longest a NoSo may last, and the shortest pocket. */
const LONGEST = 24 * 60;
const SHORTEST_POCKET = 5;
const SLOWEST_VEIL = 60;
const TITLE = 120;

/** Whole numbers only: "12" and not "1e1"; null for anything else. */
export const whole = (typed: string): number | null =>
  /^\d{1,7}$/.test(typed) ? Number(typed) : null;

type Draft = Omit<Noso, 'id' | 'venue' | 'state' | 'count'> & { venue: Venue };

/** What a new NoSo starts from: an hour, by hand, at the next half hour. */
function blank(desk: Desk, venue: Venue): Draft {
  const { date, time } = nextHalfHour(venue.timeZone, desk.store.now());
  const start = instantIn(venue.timeZone, date, time) ?? desk.store.now();
  return {
    venue,
    title: '',
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + 60 * MINUTE).toISOString(),
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 5,
    opens: 'organizer',
  };
}

/** The same NoSo once more: a week after it was, or as many weeks as make it a day to come. */
function again(desk: Desk, noso: Noso): Draft {
  const week = 7 * 24 * 60 * MINUTE;
  const zone = noso.venue.timeZone;
  const length = Date.parse(noso.endsAt) - Date.parse(noso.startsAt);
  const { time } = localIn(zone, Date.parse(noso.startsAt));
  let day = Date.parse(noso.startsAt) + week;
  while (day < desk.store.now()) day += week;
  const start = instantIn(zone, localIn(zone, day).date, time) ?? day;
  return {
    ...noso,
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + length).toISOString(),
  };
}

/** The form that plans a NoSo or changes one; while it is open, only what may still change. */
export function plan(desk: Desk, of: Noso | null, doing: 'edit' | 'again' | null): Part {
  const { w, t } = desk;
  const editing = of !== null && doing === 'edit' ? of : null;
  const title = editing ? w.plan.edit : w.plan.title;
  const heading = h('h2', { class: 'title', tabindex: '-1' }, title);
  const body = h('div', {});
  const node = h('section', { class: 'pane' }, heading, body);
  let made: { form: HTMLFormElement; update: () => void } | null = null;

  function update(): void {
    const venues = desk.store.venues();
    if (made === null && venues !== null) {
      const venue = of?.venue ?? venues[0];
      if (venue) {
        const draft = of === null ? blank(desk, venue) : editing ? of : again(desk, of);
        made = sheet(desk, venues, draft, editing);
      }
      const first = h('a', { class: 'link', href: hrefOf('venues', NEW) }, w.venues.add);
      const none = h('p', { class: 'note' }, w.plan.noVenue, ' ', first);
      fill(body, [made?.form ?? none]);
    }
    made?.update();
  }
  set(node, 'aria-label', t(title));
  return { node, update };
}

function sheet(desk: Desk, venues: Venue[], draft: Draft, editing: Noso | null) {
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
      disabled: open,
      changed: hints,
    }),
    startsAt: input({
      label: w.plan.day,
      type: 'date',
      value: start.date,
      disabled: open,
      attributes: { placeholder: w.plan.dayShape },
      changed: hints,
    }),
    hour: input({
      label: w.plan.hour,
      type: 'time',
      value: start.time,
      disabled: open,
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
      hint: w.plan.capacityHint,
      attributes: { inputmode: 'numeric' },
    }),
    opens: radios({
      label: w.plan.opens,
      value: draft.opens,
      choices: [
        { value: 'organizer', label: w.plan.byHand },
        { value: 'schedule', label: w.plan.bySchedule },
      ],
      disabled: open,
    }),
    entry: radios({
      label: w.plan.entry,
      value: draft.entry,
      choices: [
        { value: 'code', label: w.plan.byCode },
        { value: 'link', label: w.plan.byLink },
      ],
      disabled: open,
    }),
    show: radios({
      label: w.plan.show,
      value: draft.show,
      choices: [
        { value: 'numbers', label: w.plan.numbers },
        { value: 'count', label: w.plan.countOnly },
      ],
      disabled: open,
    }),
    pocket: input({
      label: w.plan.pocket,
      value: draft.pocket === null ? '' : String(draft.pocket / 60),
      unit: w.plan.minutes,
      hint: w.plan.pocketHint,
      disabled: open,
      attributes: { inputmode: 'numeric' },
    }),
    veil: input({
      label: w.plan.veil,
      value: String(draft.veil),
      unit: w.plan.seconds,
      hint: w.plan.veilHint,
      disabled: open,
      attributes: { inputmode: 'numeric' },
    }),
  } satisfies Record<string, Field>;

  function hints(): void {
    const venue = where();
    const foreign = venue.timeZone !== browserZone();
    text(zoneHint, foreign ? t(w.plan.zone, { city: venue.city }) : '');
    const from = starting();
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

  /** What changed, or all of it for a new one. */
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
    const { title, endsAt, capacity } = all;
    const changes = open ? { title, endsAt, capacity } : all;
    const noso = editing ? await api.amend(editing.id, changes) : await api.plan(all);
    store.put(noso);
    go(hrefOf('programme', noso.id), true);
  }

  const more = h(
    'details',
    { class: 'more' },
    h('summary', {}, w.plan.more),
    h('div', { class: 'pair' }, fields.entry.node, fields.show.node),
    h('div', { class: 'pair' }, fields.pocket.node, fields.veil.node),
  );
  hints();
  return {
    form: form(desk, {
      fields,
      rows: [
        h('div', { class: 'pair' }, fields.title.node, fields.venue.node),
        h('div', { class: 'triple' }, fields.startsAt.node, fields.hour.node, fields.endsAt.node),
        h('div', { class: 'pair' }, fields.capacity.node, fields.opens.node),
        more,
      ],
      button: editing ? w.plan.save : w.plan.send,
      cancel: { label: w.plan.back, href: hrefOf('programme', editing?.id) },
      check: () => {
        const faults = check();
        if (faults['pocket'] || faults['veil']) more.open = true;
        return faults;
      },
      submit,
    }),
    update: () => {},
  };
}
