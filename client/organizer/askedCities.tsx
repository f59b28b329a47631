import { usePolled } from './attempt.js';
import { useDesk } from './consoleDesk.js';

const POLL = 60_000;

/** Cities where somebody would like a NoSo, and how often they said so; nothing before the third. */
export function AskedCities() {
  const { w, t, api, figure } = useDesk();
  const { known } = usePolled(POLL, () => api.askedCities());
  const asked = known?.value.asked ?? [];
  if (asked.length === 0) return null;
  return (
    <section class="apart">
      <h2 class="day">{w.asked.title}</h2>
      <ul class="walls">
        {asked.map(({ city, country, count }) => (
          <li key={`${city} ${country ?? ''}`}>
            <span dir="auto">{[city, country].filter(Boolean).join(', ')}</span>
            <span class="said">{t(w.asked.times, { n: count, figure: figure(count) })}</span>
          </li>
        ))}
      </ul>
      <p class="note">{w.asked.note}</p>
    </section>
  );
}
