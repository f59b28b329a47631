import { usePolled } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Fence } from './fence.js';
import { hourIn, localIn } from './model/zoneTime.js';
import { hrefOf, type Route } from './routes.js';
import { ruleInWords } from './seriesWords.js';

const POLL = 30_000;

/** The ways to what comes again; nothing where nothing does. */
export function SeriesRows({ route }: { route: Route }) {
  const { w, store, api } = useDesk();
  const { known } = usePolled(POLL, async () => {
    const { series } = await api.series();
    if (series.length > 0 && store.venues() === null) await store.loadVenues();
    return series;
  });
  const all = known?.value ?? [];
  if (all.length === 0) return null;
  return (
    <section class="apart">
      <h2 class="day">{w.series.title}</h2>
      <ul class="rows">
        {all.map((series) => (
          <li key={series.id} class="row plain">
            <a
              href={hrefOf('programme', series.id, 'series')}
              aria-current={series.id === route.id ? 'true' : undefined}
            >
              <span class="name">{series.title}</span>
              <Fence of={series} otherwise={<span class="place">{w.undrawn.thing}</span>}>
                <Second series={series} />
              </Fence>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Read = Awaited<ReturnType<ReturnType<typeof useDesk>['api']['series']>>['series'][number];

function Second({ series }: { series: Read }) {
  const desk = useDesk();
  const { w, t, store } = desk;
  const venue = store.venues()?.find(({ id }) => id === series.venue);
  if (!venue) return null;
  const at = Date.parse(series.startsAt);
  return (
    <>
      <span class="place">
        {t(w.place, venue)}; {ruleInWords(desk, series.rule, localIn(venue, at).date)}
      </span>
      <span class="state">{hourIn(venue, at)}</span>
    </>
  );
}
