import { useEffect, useState } from 'preact/hooks';
import type { NosoRecord } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt } from './attempt.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { type CitySums, type Past, type Sum, sumOf, sumsByCity } from './model/yearSums.js';
import { saveYearCsv, saveYearJson } from './recordFiles.js';
import { hrefOf } from './routes.js';

/** What a year came to, by city and venue. */
export function YearPane({ year }: { year: string }) {
  const desk = useDesk();
  const { w } = desk;
  const { trouble, attempt } = useAttempt();
  const [records, setRecords] = useState<NosoRecord[] | null>(null);
  useEffect(() => void attempt(async () => setRecords(await allOf(desk, year))), []);
  const pasts = records?.flatMap((record): Past[] => {
    const noso = desk.store.noso(record.noso);
    return noso ? [{ noso, record }] : [];
  });
  const soon = async (save: () => void) => save();
  return (
    <article class="pane">
      <p class="back">
        <a class="link" href={hrefOf('records')}>
          {w.back.records}
        </a>
      </p>
      <h2 class="title" tabIndex={-1}>
        {year}
      </h2>
      <p class="about" role="status">
        {trouble || (pasts ? sentence(desk, sumOf(pasts)) : w.line.connecting)}
      </p>
      {pasts && pasts.length > 0 && (
        <>
          <Sums cities={sumsByCity(pasts, desk.code)} />
          <div class="columns ended">
            <section class="column acting">
              <h3>{w.act.title}</h3>
              <div class="acts">
                <Act label={w.records.csv} act={() => soon(() => saveYearCsv(desk, year, pasts))} />
                <Act label={w.records.json} act={() => soon(() => saveYearJson(year, pasts))} />
                <Act label={w.records.print} act={() => soon(print)} />
              </div>
            </section>
          </div>
        </>
      )}
    </article>
  );
}

/** Every page of a year's records, and the NoSos that they are of. */
async function allOf({ api, store }: Desk, year: string): Promise<NosoRecord[]> {
  const all: NosoRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.records({ year, cursor });
    all.push(...page.records);
    cursor = page.next;
  } while (cursor);
  if (all.some(({ noso }) => !store.noso(noso))) await store.loadClosed();
  return all;
}

function sentence({ w, t, figure }: Desk, sum: Sum): string {
  const nosos = t(w.records.nosos, { n: sum.nosos, figure: figure(sum.nosos) });
  const totals = t(w.records.totals, {
    n: sum.total,
    total: figure(sum.total),
    minutes: figure(sum.personMinutes),
  });
  return `${nosos}, ${totals}.`;
}

function Sums({ cities }: { cities: CitySums[] }) {
  const { w } = useDesk();
  const { columns } = w.records;
  return (
    <table class="sums">
      <thead>
        <tr>
          <th scope="col">{columns.venue}</th>
          <th scope="col">{columns.nosos}</th>
          <th scope="col">{columns.peak}</th>
          <th scope="col">{columns.total}</th>
          <th scope="col">{columns.personMinutes}</th>
        </tr>
      </thead>
      {cities.map(({ city, sum, venues }) => (
        <tbody key={city}>
          <SumRow name={city} sum={sum} of="city" />
          {venues.map(({ venue, sum: own }) => (
            <SumRow key={venue.id} name={venue.name} sum={own} of="venue" />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function SumRow({ name, sum, of }: { name: string; sum: Sum; of: 'city' | 'venue' }) {
  const { figure } = useDesk();
  return (
    <tr class={of}>
      <th scope="row">{name}</th>
      <td>{figure(sum.nosos)}</td>
      <td>{figure(sum.peak)}</td>
      <td>{figure(sum.total)}</td>
      <td>{figure(sum.personMinutes)}</td>
    </tr>
  );
}
