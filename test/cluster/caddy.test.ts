import { behindProxy } from './behindProxy.js';

behindProxy('caddy');
