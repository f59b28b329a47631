/** How many turns of the event loop are waited in a crowd. */
const TURNS = 8;

/**
 * Calls `work` once the present turn of the event loop is over or, where what is to be done together
 * is coming in a crowd, some turns later. Turns pass in no time when little happens and take some
 * milliseconds in a storm, where each commit, or script, costs as much as a join.
 */
export function inCompany(crowded: boolean, work: () => void): void {
  let turns = crowded ? TURNS : 1;
  const turn = () => {
    turns -= 1;
    if (turns > 0) setImmediate(turn);
    else work();
  };
  setImmediate(turn);
}
