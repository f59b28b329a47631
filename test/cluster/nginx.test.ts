import { behindProxy } from './behindProxy.js';

behindProxy('nginx');
