import type { Venue } from '../../src/protocol/wire.js';
import type { VenueFields } from './api.js';
import { act } from './confirm.js';
import { givenOnce } from './copy.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, text } from './dom.js';
import { type Field, input, radios } from './fields.js';
import { form } from './form.js';
import { inWords } from './problems.js';
import { go, hrefOf } from './router.js';
import { browserZone, isZone, zones } from './time.js';
import { walls } from './walls.js';

/** One venue: its walls, and its particulars. A new one has only particulars. */
export function venuePane(desk: Desk, venue: Venue | null): Part {
  const { w } = desk;
  const heading = h('h2', { class: 'title', tabindex: '-1' }, venue?.name ?? w.venues.add);
  const hanging = venue ? wallsOf(desk, venue) : null;
  const node = h(
    'article',
    { class: 'pane' },
    h('p', { class: 'back' }, h('a', { class: 'link', href: hrefOf('venues') }, w.back.venues)),
    heading,
    h('p', { class: 'about' }, venue ? aboutOf(venue) : w.venues.newNote),
    hanging?.node ?? null,
    venue ? h('h3', { class: 'section' }, w.venues.particulars) : null,
    particulars(desk, venue),
    venue ? deletion(desk, venue) : null,
  );
  return { node, update: () => hanging?.update(), stop: () => hanging?.stop?.() };
}

const aboutOf = (venue: Venue) =>
  `${[venue.address, venue.city, venue.country].filter(Boolean).join(', ')}.`;

function wallsOf(desk: Desk, venue: Venue): Part {
  const { w, t, api } = desk;
  const listed = walls(desk, venue, {
    revoke: true,
    empty: document.createTextNode(w.walls.nowhere),
  });
  const given = h('div', {});
  const name = input({ label: w.walls.name, attributes: { maxlength: 60 } });
  const adding = form(desk, {
    class: 'form inline',
    fields: { name },
    rows: [name.node],
    button: w.walls.add,
    submit: async () => {
      const called = name.value();
      const wall = await api.addWall(venue.id, called);
      name.clear();
      const shown = givenOnce(desk, {
        title: t(w.walls.given, { name: called || w.walls.unnamed }),
        note: w.walls.once,
        values: [{ label: w.link, value: wall.url }],
      });
      fill(given, [shown]);
      await listed.refresh();
    },
  });
  const node = h(
    'section',
    { class: 'hanging' },
    h('h3', { class: 'section' }, w.walls.title),
    listed.node,
    given,
    adding,
  );
  return { node, update: listed.update, ...(listed.stop ? { stop: listed.stop } : {}) };
}

function particulars(desk: Desk, venue: Venue | null): HTMLElement {
  const { w, api, store } = desk;
  const text80 = { maxlength: 80 };
  const text60 = { maxlength: 60 };
  const fields = {
    name: input({
      label: w.venues.name,
      value: venue?.name ?? '',
      required: true,
      attributes: text80,
    }),
    city: input({
      label: w.venues.city,
      value: venue?.city ?? '',
      required: true,
      attributes: text60,
    }),
    country: input({
      label: w.venues.country,
      value: venue?.country ?? '',
      attributes: { ...text60, placeholder: w.venues.optional },
    }),
    address: input({
      label: w.venues.address,
      value: venue?.address ?? '',
      attributes: { maxlength: 160, placeholder: w.venues.optional },
    }),
    timeZone: input({
      label: w.venues.timeZone,
      value: venue?.timeZone ?? browserZone(),
      suggestions: zones(),
      attributes: {
        placeholder: w.venues.timeZoneHint,
        maxlength: 64,
        autocapitalize: 'off',
        spellcheck: 'false',
      },
    }),
    language: radios({
      label: w.venues.language,
      value: venue?.language ?? desk.code,
      choices: desk.languages.map((value) => ({ value, label: languageName(value) })),
      hint: w.venues.languageHint,
    }),
  } satisfies Record<string, Field>;

  async function submit(): Promise<void> {
    const optional = (field: Field) => field.value() || (venue ? null : undefined);
    const all = {
      name: fields.name.value(),
      city: fields.city.value(),
      country: optional(fields.country),
      address: optional(fields.address),
      timeZone: fields.timeZone.value(),
      language: fields.language.value(),
    } as Partial<VenueFields>;
    const kept = venue ? await api.amendVenue(venue.id, all) : await api.addVenue(all);
    await store.loadVenues();
    go(hrefOf('venues', kept.id), venue === null);
  }

  return form(desk, {
    fields,
    rows: [
      h('div', { class: 'pair' }, fields.name.node, fields.city.node),
      h('div', { class: 'pair' }, fields.address.node, fields.country.node),
      h('div', { class: 'pair' }, fields.timeZone.node, fields.language.node),
    ],
    button: venue ? w.venues.save : w.venues.send,
    ...(venue
      ? { saved: w.venues.saved }
      : { cancel: { label: w.plan.back, href: hrefOf('venues') } }),
    check: () => ({
      name: fields.name.value() ? null : w.problems.name,
      city: fields.city.value() ? null : w.problems.city,
      timeZone: isZone(fields.timeZone.value()) ? null : w.problems.timeZone,
    }),
    submit,
  });
}

/** A language by its own name; a browser too old to know it gets the code. */
function languageName(code: string): string {
  return Intl.DisplayNames
    ? (new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code)
    : code;
}

function deletion(desk: Desk, venue: Venue): HTMLElement {
  const { w, api, store } = desk;
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const forget = act(desk, {
    label: () => w.venues.delete,
    question: () => w.venues.deleteQuestion,
    class: 'link',
    act: async () => {
      try {
        await api.forgetVenue(venue.id);
        store.forgetVenue(venue.id);
        go(hrefOf('venues'), true);
      } catch (error) {
        text(trouble, inWords(desk, error));
      }
    },
  });
  return h('div', { class: 'deletion' }, forget.node, trouble);
}
