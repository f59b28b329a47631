// A load's own process; see remote.ts.
import { serveLoad } from './remote.js';

serveLoad();
