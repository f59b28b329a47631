import { useEffect } from 'preact/hooks';
import type { Evening, Noso, Series, Venue } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt, usePolled } from './attempt.js';
import { Problem } from './consoleApi.js';
import { useDesk } from './consoleDesk.js';
import { type EveningRow, EveningRows } from './eveningRows.js';
import { go, hrefOf } from './routes.js';
import { SeriesSheet } from './seriesSheet.js';
import { movedFrom } from './seriesWords.js';

const POLL = 10_000;
const MINUTE = 60_000;

type Read = Series & { evenings: Evening[] };

function gone(error: unknown): null {
  if (error instanceof Problem && error.code === 'not_found') return null;
  throw error;
}

/** One series: its evenings of the 60 days to come, and what those that nobody changed are to be. */
export function SeriesPane({ id }: { id: string }) {
  const { w, store, api } = useDesk();
  const { known, refresh } = usePolled(POLL, () => api.oneSeries(id).catch(gone));
  const { trouble, attempt } = useAttempt();
  useEffect(() => {
    if (store.venues() === null) void attempt(store.loadVenues);
  }, []);
  const series = known?.value;
  const venues = store.venues();
  const venue = venues?.find((each) => each.id === series?.venue);
  const act = (work: () => Promise<unknown>) =>
    attempt(async () => {
      await work();
      await refresh();
    });
  return (
    <article class="pane">
      <p class="back">
        <a class="link" href={hrefOf('programme')}>
          {w.back.programme}
        </a>
      </p>
      <h2 class="title" tabIndex={-1}>
        {series?.title ?? w.series.one}
      </h2>
      <p class="about">{w.series.note}</p>
      <p class="trouble" role="alert">
        {trouble || (series === null && w.problems.codes.not_found)}
      </p>
      {series && venue && venues && (
        <>
          <Coming {...{ series, venue, act }} />
          <SeriesSheet {...{ series, venue, venues, refresh }} />
          <p class="deletion">
            <Act
              style="link"
              label={w.series.end}
              question={w.series.endQuestion}
              act={() =>
                attempt(async () => {
                  await api.endSeries(id);
                  go(hrefOf('programme'), true);
                })
              }
            />
          </p>
        </>
      )}
    </article>
  );
}

type ComingProps = {
  series: Read;
  venue: Venue;
  act(work: () => Promise<unknown>): Promise<unknown>;
};

function Coming({ series, venue, act }: ComingProps) {
  const desk = useDesk();
  const { w, store, api } = desk;

  function rowOf({ date, startsAt, noso: id, follows }: Evening): EveningRow {
    const planned = Date.parse(startsAt);
    const noso = id === undefined ? undefined : store.noso(id);
    const at = noso ? Date.parse(noso.startsAt) : planned;
    const off = (id === undefined && !follows) || noso?.state === 'cancelled';
    const mayChange = noso?.state === 'scheduled';
    return {
      ...{ date, at, off },
      said: saidOf(noso, planned, at, off, follows),
      href: id && hrefOf('programme', id),
      move: mayChange && follows ? (to) => void act(() => moveTo(noso, to)) : undefined,
      skip: mayChange ? () => act(async () => store.put(await api.cancel(noso.id))) : undefined,
      skipQuestion: w.series.skipQuestion,
      putBack:
        !follows && (off || mayChange)
          ? () => void act(() => api.putBack(series.id, date))
          : undefined,
    };
  }
  async function moveTo(noso: Noso, to: number): Promise<void> {
    const length = Date.parse(noso.endsAt) - Date.parse(noso.startsAt);
    const at = (ms: number) => new Date(ms).toISOString();
    store.put(await api.amend(noso.id, { startsAt: at(to), endsAt: at(to + length) }));
  }
  function saidOf(
    noso: Noso | undefined,
    planned: number,
    at: number,
    off: boolean,
    follows: boolean,
  ): string {
    if (off) return w.series.skipped;
    if (!noso) return w.series.toPlan;
    if (Math.abs(at - planned) >= MINUTE) return movedFrom(desk, venue, planned, at);
    return follows || noso.state !== 'scheduled' ? w.states[noso.state] : w.series.changed;
  }
  return <EveningRows rows={series.evenings.map(rowOf)} venue={venue} />;
}
