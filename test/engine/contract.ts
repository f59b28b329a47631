import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { byHandStories } from './contract/byHand.js';
import { catalogueStories } from './contract/catalogue.js';
import { gatheringStories } from './contract/gathering.js';
import { historyStories } from './contract/history.js';
import { intentStories } from './contract/intents.js';
import { lifecycleStories } from './contract/lifecycle.js';
import { logStories } from './contract/log.js';
import { pocketStories } from './contract/pocket.js';
import { rationStories } from './contract/rations.js';
import { restartStories } from './contract/restart.js';
import { seatStories } from './contract/seats.js';

/** An engine that holds nothing yet, in real time. */
export type Opened = {
  engine: Engine;
  /** Closes the engine and opens it again over what it stored. */
  restart: () => Promise<Engine>;
  /** Closes it and removes what it stored. */
  stop: () => Promise<void>;
};

/**
 * What every engine guarantees, told as stories. A file that runs them for one engine says how to
 * open it, and no more.
 */
export function contract(name: string, open: () => Promise<Opened>): void {
  const test = suite(`${name}: contract`);
  /** Each story has an engine of its own. */
  const story: Story = (title, tell, options) => {
    const told = async () => {
      const opened = await open();
      try {
        await tell(opened.engine, opened.restart);
      } finally {
        await opened.stop();
      }
    };
    test(title, told, options);
  };
  catalogueStories(story);
  lifecycleStories(story);
  gatheringStories(story);
  intentStories(story);
  seatStories(story);
  byHandStories(story);
  rationStories(story);
  pocketStories(story);
  logStories(story);
  historyStories(story);
  restartStories(story);
}

export type Story = (
  title: string,
  tell: (engine: Engine, restart: () => Promise<Engine>) => Promise<void>,
  options?: { deadline?: number },
) => void;
