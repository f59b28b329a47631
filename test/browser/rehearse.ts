// npm run rehearse: a whole day of a venue's screens, in a few minutes. Says what it does; 1 if a
// screen was not as promised. The tests have an evening of it: wall-rehearsal.
import { launch } from './chromium.js';
import { startHeldDay } from './rehearsal/heldDay.js';
import { wholeDay } from './rehearsal/wholeDay.js';

/** Six in the morning in Paris. */
const START = Date.UTC(2026, 10, 27, 5);

const browser = await launch();
const day = await startHeldDay(browser, START);
const hour = () => new Date(day.now() + 3_600_000).toISOString().slice(11, 19);
try {
  const restarts = await wholeDay(day, START, (act) => console.log(`${hour()}  ${act}`));
  console.log(`${hour()}  all as promised, through ${restarts} restarts`);
} catch (error) {
  console.error(`${hour()}  ${error instanceof Error ? error.stack : error}`);
  process.exitCode = 1;
} finally {
  await day.stop();
  await browser.close();
}
