/**
 * One JSON-RPC connection to the server that this page came from. It comes back by itself when the server does.
 * @module
 */
import { Press } from './press.js';

/** A server's refusal. */
export class RpcError extends Error {
  /** @param {{code: number, message: string, data?: any}} error */
  constructor(error) {
    super(error.message);
    this.code = error.code;
    this.data = error.data;
  }
}

const AGAIN_MS = 1000;

/** @typedef {'connecting' | 'open' | 'closed'} State */

export class Connection {
  /**
   * @param {string} address where the WebSocket is
   * @param {string[]} protocols how the token is shown, where one is needed
   * @param {(connection: Connection) => Promise<void>} greet what is said first, each time
   */
  constructor(address, protocols, greet) {
    this.address = address;
    this.protocols = protocols;
    this.greet = greet;
    /** @type {State} */
    this.state = 'connecting';
    /** @type {((state: State) => void)[]} */
    this.watchers = [];
    /** @type {Map<string, (params: any) => void>} */
    this.heard = new Map();
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    this.waiting = new Map();
    this.last = 0;
    this.press = new Press(window);
    /** Why the server would not have this page, "" if it has said nothing. */
    this.problem = '';
    /** @type {WebSocket | null} */
    this.socket = null;
  }

  /** Begin. */
  open() {
    const socket = this.protocols.length ? new WebSocket(this.address, this.protocols) : new WebSocket(this.address);
    this.socket = socket;
    this._become('connecting');
    socket.onopen = () => this.greet(this).then(() => this._greeted(), (error) => this._failed(error));
    socket.onmessage = (event) => this.press.after(() => this._take(JSON.parse(event.data)));
    socket.onclose = () => this._ended();
  }

  /**
   * Ask something.
   * @param {string} method
   * @param {Record<string, any>} [params]
   * @returns {Promise<any>}
   */
  ask(method, params = {}) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      if (!this.socket || this.socket.readyState !== WebSocket.OPEN) {
        reject(new RpcError({ code: 0, message: 'not connected' }));
        return;
      }
      this.waiting.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /**
   * Take what the server says unasked.
   * @param {string} method
   * @param {(params: any) => void} act
   */
  on(method, act) {
    this.heard.set(method, act);
  }

  /** @param {any} message */
  _take(message) {
    if (Array.isArray(message)) {
      message.forEach((one) => this._take(one));
    } else if ('method' in message) {
      this.heard.get(message.method)?.(message.params);
    } else {
      const waiting = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (!waiting) return;
      if ('error' in message) waiting.reject(new RpcError(message.error));
      else waiting.resolve(message.result);
    }
  }

  _greeted() {
    this.problem = '';
    this._become('open');
  }

  /** @param {Error} error */
  _failed(error) {
    this.problem = error.message;
    this.socket?.close();
  }

  _ended() {
    for (const { reject } of this.waiting.values()) reject(new RpcError({ code: 0, message: 'not connected' }));
    this.waiting.clear();
    this._become('closed');
    setTimeout(() => this.open(), AGAIN_MS);
  }

  /** @param {State} state */
  _become(state) {
    this.state = state;
    this.watchers.forEach((watcher) => watcher(state));
  }
}
