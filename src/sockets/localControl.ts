import type { ControlMessage } from './io.js';

export type Hear = (message: ControlMessage, own: boolean) => void;

/** Cluster-wide control messages: to every node, this one included. */
export type Control = {
  tell: (message: ControlMessage) => void;
  /** `own`: it was told here. */
  listen: (hear: Hear) => void;
};

/** One process: what is told is heard here, at once. It needs no adapter, and loads none. */
export function localControl(): Control {
  const listeners: Hear[] = [];
  return {
    tell(message) {
      for (const hear of listeners) hear(message, true);
    },
    listen: (hear) => void listeners.push(hear),
  };
}
