/*
 * The phones speak through the client that pages speak through, which looks for a browser's
 * WebSocket as it is loaded. Node has one of its own from 22 on only.
 */
import { WebSocket } from 'ws';

Object.assign(globalThis, { WebSocket });
