import { useLayoutEffect, useRef } from 'preact/hooks';
import { TEXTS } from '../../src/protocol/bounds.js';
import type { Venue } from '../../src/protocol/wire.js';
import { useDesk } from './consoleDesk.js';
import { useField } from './form.js';
import { RadioField, SelectField, TextField } from './formFields.js';
import { type PlanValues, spanOf } from './model/planValues.js';
import { whole } from './model/whole.js';
import { elsewhere, hourIn } from './model/zoneTime.js';
import { RepeatFields } from './repeatFields.js';
import { lengthInWords } from './venueTime.js';

type Props = {
  values: PlanValues;
  venues: readonly Venue[];
  venue: Venue;
  /** Whether it may come again, or always does. */
  repeats?: 'may' | 'always';
};

/** All that a NoSo is planned with; what is seldom changed stands folded. */
export function PlanFields(props: Props) {
  const { w, t, store } = useDesk();
  const { values, venues, venue, repeats } = props;
  const { from } = spanOf(values, venue.timeZone);
  const foreign = elsewhere(venue.timeZone, from ?? store.now());
  return (
    <>
      <div class="pair">
        <Title />
        <SelectField
          name="venue"
          label={w.plan.venue}
          choices={venues.map((v) => ({ value: v.id, label: t(w.place, v) }))}
        />
      </div>
      <div class="triple">
        <TextField
          name="startsAt"
          label={values.rule === '' ? w.plan.day : w.series.first}
          type="date"
          placeholder={w.plan.dayShape}
        />
        <TextField
          name="hour"
          label={w.plan.hour}
          type="time"
          placeholder={w.plan.hourShape}
          hint={foreign ? t(w.plan.zone, { city: venue.city }) : ''}
        />
        <Length {...props} />
      </div>
      {repeats && <RepeatFields values={values} always={repeats === 'always'} />}
      <div class="pair">
        <Capacity />
        <Gather {...props} />
      </div>
      <div class="pair">
        <RadioField
          name="opens"
          label={w.plan.opens}
          choices={[
            { value: 'organizer', label: w.plan.byHand },
            { value: 'schedule', label: w.plan.bySchedule },
          ]}
        />
      </div>
      <More />
    </>
  );
}

/** What may still change of a NoSo that is open. */
export function OpenFields(props: Props) {
  return (
    <>
      <Title />
      <div class="pair">
        <Length {...props} />
        <Capacity />
      </div>
    </>
  );
}

function Title() {
  const { w } = useDesk();
  return <TextField name="title" label={w.plan.name} required maxLength={TEXTS.title} />;
}

function Capacity() {
  const { w } = useDesk();
  const limit = { inputMode: 'numeric', placeholder: w.act.noLimit } as const;
  return <TextField name="capacity" label={w.plan.capacity} {...limit} />;
}

/** For how long people come in before the silence, and from when on that is. */
function Gather({ values, venue }: Props) {
  const { w, t } = useDesk();
  const { from } = spanOf(values, venue.timeZone);
  const minutes = whole(values.gather.trim());
  const doors = from === null || minutes === null ? null : from - minutes * 60_000;
  return (
    <TextField
      name="gather"
      label={w.plan.gather}
      unit={w.plan.minutes}
      inputMode="numeric"
      hint={doors === null ? '' : t(w.plan.gatherFrom, { hour: hourIn(venue, doors) })}
    />
  );
}

function Length({ values, venue }: Props) {
  const desk = useDesk();
  const { w, t } = desk;
  const { from, to } = spanOf(values, venue.timeZone);
  const until = (start: number, end: number) => ({
    hour: hourIn(venue.timeZone, end),
    length: lengthInWords(desk, end - start),
  });
  return (
    <TextField
      name="endsAt"
      label={w.plan.length}
      unit={w.plan.minutes}
      inputMode="numeric"
      hint={from === null || to === null ? '' : t(w.plan.until, until(from, to))}
    />
  );
}

function More() {
  const { w } = useDesk();
  const node = useRef<HTMLDetailsElement>(null);
  const fault = useField('pocket').fault ?? useField('veil').fault;
  useLayoutEffect(() => {
    if (fault && node.current) node.current.open = true;
  }, [fault]);
  return (
    <details class="more" ref={node}>
      <summary>{w.plan.more}</summary>
      <div class="pair">
        <RadioField
          name="entry"
          label={w.plan.entry}
          choices={[
            { value: 'code', label: w.plan.byCode },
            { value: 'link', label: w.plan.byLink },
          ]}
        />
        <RadioField
          name="show"
          label={w.plan.show}
          choices={[
            { value: 'numbers', label: w.plan.numbers },
            { value: 'count', label: w.plan.countOnly },
          ]}
        />
      </div>
      <div class="pair">
        <TextField
          name="pocket"
          label={w.plan.pocket}
          unit={w.plan.minutes}
          hint={w.plan.pocketHint}
          inputMode="numeric"
          placeholder={w.plan.pocketNone}
        />
        <TextField
          name="veil"
          label={w.plan.veil}
          unit={w.plan.seconds}
          hint={w.plan.veilHint}
          inputMode="numeric"
        />
      </div>
    </details>
  );
}
