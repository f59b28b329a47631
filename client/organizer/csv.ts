import type { Noso, NosoRecord } from '../../src/protocol/wire.js';
import type { Desk } from './desk.js';
import { h, type Part, set } from './dom.js';
import { localIn } from './time.js';

/** The record as a table that spreadsheets read (RFC 4180): a row a minute, then the closing. */
export function csvOf(record: NosoRecord, zone: string): string {
  const rows = record.series.map(({ at, count }) => {
    const { date, clock } = localIn(zone, Date.parse(at));
    return [at, `${date} ${clock}`, count].join(',');
  });
  return `${['time_utc,time_local,count', ...rows].join('\r\n')}\r\n`;
}

const slug = (title: string) =>
  title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** "noso-2026-11-22-une-heure-pour-rien.csv" */
export const fileName = (noso: Noso, record: NosoRecord): string =>
  ['noso', localIn(noso.venue.timeZone, Date.parse(record.openedAt)).date, slug(noso.title)]
    .filter(Boolean)
    .join('-')
    .concat('.csv');

/** Makes the file here, in the browser, when it is asked for. */
export function csvLink(desk: Desk, noso: () => Noso | undefined): Part {
  const { w, store } = desk;
  const button = h('button', { class: 'button', type: 'button', onclick: save }, w.records.csv);
  function save(): void {
    const it = noso();
    const record = it && store.record(it.id);
    if (!record) return;
    const table = new Blob([csvOf(record, it.venue.timeZone)], { type: 'text/csv' });
    const href = URL.createObjectURL(table);
    h('a', { href, download: fileName(it, record) }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
  return {
    node: button,
    update: () => set(button, 'aria-disabled', store.record(noso()?.id ?? '') ? null : 'true'),
  };
}
