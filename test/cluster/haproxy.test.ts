import { behindProxy } from './behindProxy.js';

behindProxy('haproxy');
