/**
 * The names of what the server can be asked, once.
 * @module
 */
import { Connection } from './connect.js';

/**
 * Read what the address behind the # says.
 * @param {string} hash
 * @returns {{token: string, world: string}}
 */
export function parseFragment(hash) {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  return { token: values.get('token') ?? '', world: values.get('world') ?? '' };
}

export class Api {
  /**
   * @param {Location} location
   * @param {(world: string) => Promise<void>} greeted the connection is there, again perhaps
   */
  constructor(location, greeted) {
    const { token, world } = parseFragment(location.hash);
    this.world = world;
    this.token = token;
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.connection = new Connection(`${scheme}//${location.host}/`, protocols(token), async () => {
      await this.attach(this.world);
      await greeted(this.world);
    });
  }

  /**
   * Look at a world without being in it.
   * @param {string} world
   */
  async attach(world) {
    await this.connection.ask('bridge.inspector.attach', { world });
    this.world = world;
  }

  /**
   * @param {string} method
   * @param {Record<string, any>} [params]
   * @returns {Promise<any>}
   */
  ask(method, params) {
    return this.connection.ask(`bridge.${method}`, params);
  }

  /** @param {number} since */
  watch(since) {
    return this.ask('journal.watch', { since, travel: true });
  }

  /** @param {(params: any) => void} act */
  onEntries(act) {
    this.connection.on('bridge.journal.entries', act);
  }

  /** @param {() => void} act the world is another, and no entry says so */
  onChanged(act) {
    this.connection.on('bridge.inspector.changed', act);
  }

  /**
   * Look at the world, or at how it was before a call.
   * @param {number | undefined} at
   */
  view(at) {
    return this.ask('world.view', at === undefined ? {} : { at });
  }

  /** @param {string} method */
  evidence(method) {
    return this.ask('evidence', { method });
  }

  /** @param {Record<string, any>} wanted */
  expect(wanted) {
    return this.ask('journal.expect', wanted);
  }
}

/**
 * How a token is shown where a page cannot set headers and an address would stand in logs.
 * @param {string} token
 * @returns {string[]}
 */
function protocols(token) {
  if (!token) return [];
  const bytes = String.fromCharCode(...new TextEncoder().encode(token));
  return ['timbridge', `token.${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`];
}
