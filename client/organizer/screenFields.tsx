import { TEXTS } from '../../src/protocol/bounds.js';
import { type Desk, useDesk } from './consoleDesk.js';
import type { Checks } from './form.js';
import { TextField } from './formFields.js';
import { fitDiagonal, fitDistance } from './model/measures.js';

/** A screen's name and how it stands: asked when it is tied, and when it is renamed. */
export function ScreenFields() {
  const { w } = useDesk();
  return (
    <>
      <TextField name="name" label={w.walls.called} maxLength={TEXTS.wall} />
      <div class="measures">
        <TextField
          name="diagonal"
          label={w.walls.diagonal}
          unit={w.walls.inches}
          inputMode="decimal"
        />
        <TextField
          name="distance"
          label={w.walls.distance}
          unit={w.walls.metres}
          inputMode="decimal"
        />
      </div>
    </>
  );
}

export const screenChecks = ({ w }: Desk): Checks<'diagonal' | 'distance'> => ({
  diagonal: ({ diagonal }) => (fitDiagonal(diagonal) ? null : w.problems.diagonal),
  distance: ({ distance }) => (fitDistance(distance) ? null : w.problems.distance),
});
