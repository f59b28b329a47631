import { useDesk } from './consoleDesk.js';
import { SelectField, TextField } from './formFields.js';
import type { PlanValues } from './model/planValues.js';
import { repeatChoices } from './seriesWords.js';
import { weekdayOf } from './venueTime.js';

const DATE = /^\d{4}-\d\d-\d\d$/;

/** How often it comes again, and until when. `always`: it is a series already. */
export function RepeatFields({ values, always }: { values: PlanValues; always: boolean }) {
  const desk = useDesk();
  const { w, t } = desk;
  const { rule, until } = values;
  const date = DATE.test(values.startsAt) ? values.startsAt : null;
  const choices = date === null ? [] : repeatChoices(desk, date, rule);
  const never = { value: '', label: w.series.never };
  const byWeek = rule === 'weekly' || rule === 'fortnight';
  const onDay = byWeek && date ? t(w.series.onDay, { weekday: weekdayOf(desk.code, date) }) : '';
  return (
    <div class="pair">
      <SelectField
        name="rule"
        label={w.series.repeat}
        choices={always ? choices : [never, ...choices]}
        hint={onDay}
      />
      {rule !== '' && (
        <TextField
          name="until"
          label={w.series.until}
          type="date"
          placeholder={w.plan.dayShape}
          hint={until === '' ? w.series.endless : w.series.ahead}
        />
      )}
    </div>
  );
}
