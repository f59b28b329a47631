import { useState } from 'preact/hooks';
import type { Venue } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useDesk } from './consoleDesk.js';
import { hourIn, instantIn, localIn } from './model/zoneTime.js';
import { dateInProse } from './venueTime.js';

/** One evening of a series as a row has it. */
export type EveningRow = {
  date: string;
  /** When it is (ms); of one that is skipped, when it would have been. */
  at: number;
  /** How it stands, in words. */
  said: string;
  /** Whether it does not take place. */
  off: boolean;
  /** Leads to its NoSo, where there is one. */
  href?: string | undefined;
  /** What can be done with it: what is not here cannot. */
  move?: ((at: number) => void) | undefined;
  skip?: (() => Promise<unknown>) | undefined;
  /** What is asked before; nothing where it can be put back. */
  skipQuestion?: string;
  putBack?: (() => void) | undefined;
};

/** The evenings of the 60 days to come, each to move or to skip, and to put back. */
export function EveningRows({ rows, venue }: { rows: readonly EveningRow[]; venue: Venue }) {
  const { w } = useDesk();
  return (
    <section class="evenings">
      <h3 class="section">
        <span>{w.series.coming}</span>
        <span>{w.series.clock}</span>
      </h3>
      <ul>
        {rows.map((row) => (
          <Evening key={row.date} row={row} venue={venue} />
        ))}
      </ul>
      {rows.length === 0 && <p class="note">{w.series.none}</p>}
    </section>
  );
}

function Evening({ row, venue }: { row: EveningRow; venue: Venue }) {
  const desk = useDesk();
  const { w } = desk;
  const [moving, setMoving] = useState(false);
  const day = dateInProse(desk, venue, row.at);
  const { move, skip, putBack } = row;
  const action = (label: string, act: (() => void) | undefined) =>
    act && (
      <button class="link" type="button" aria-label={`${label}, ${day}`} onClick={act}>
        {label}
      </button>
    );
  if (moving && move) {
    return (
      <Moving
        {...{ row, venue, day }}
        done={(at) => {
          setMoving(false);
          if (at !== null) move(at);
        }}
      />
    );
  }
  return (
    <li class={row.off ? 'off' : undefined}>
      <span class="when">
        {row.href ? <a href={row.href}>{day}</a> : day}
        <span class="hour">{hourIn(venue, row.at)}</span>
      </span>
      <span class="said">{row.said}</span>
      <span class="doing">
        {action(w.series.move, move && (() => setMoving(true)))}
        {skip && (
          <Act
            style="link"
            label={w.series.skip}
            name={`${w.series.skip}, ${day}`}
            question={row.skipQuestion ?? null}
            act={skip}
          />
        )}
        {action(w.series.putBack, putBack)}
      </span>
    </li>
  );
}

type MovingProps = {
  row: EveningRow;
  venue: Venue;
  day: string;
  /** With the instant it moves to, or null. */
  done(at: number | null): void;
};

/** Another day, another hour. It may stand in a form, so it is none itself. */
function Moving({ row, venue, day, done }: MovingProps) {
  const { w } = useDesk();
  const [date, setDate] = useState(localIn(venue, row.at).date);
  const [hour, setHour] = useState(hourIn(venue, row.at));
  const [fault, setFault] = useState('');
  function set(): void {
    const at = instantIn(venue.timeZone, date, hour);
    if (at === null) setFault(w.problems.noSuchHour);
    else done(at);
  }
  const keyed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      set();
    }
    if (event.key === 'Escape') done(null);
  };
  return (
    <li class="moving">
      <span class="control">
        <input
          type="date"
          aria-label={`${w.plan.day}, ${day}`}
          value={date}
          ref={(node) => node?.focus()}
          onInput={(event) => setDate(event.currentTarget.value)}
          onKeyDown={keyed}
        />
      </span>
      <span class="control">
        <input
          type="time"
          aria-label={`${w.plan.hour}, ${day}`}
          value={hour}
          onInput={(event) => setHour(event.currentTarget.value)}
          onKeyDown={keyed}
        />
      </span>
      <span class="doing">
        <button class="link" type="button" onClick={set}>
          {w.act.set}
        </button>
        <button class="link" type="button" onClick={() => done(null)}>
          {w.plan.back}
        </button>
      </span>
      <span class="fault" role="alert">
        {fault}
      </span>
    </li>
  );
}
