import type { Engine } from '../../engine/engine.js';
import type { Codes } from '../../service/codes.js';
import type { Catalogue } from '../../service/mirror.js';
import type { Api } from './api.js';

/** What the organizers' routes share. */
export type Desk = {
  api: Api;
  engine: Engine;
  catalogue: Catalogue;
  codes: Codes;
  languages: readonly string[];
  publicUrl: () => string;
  /** After a write: brings the mirror here up to date, and tells the other nodes. */
  wrote: () => Promise<void>;
};
