/**
 * What the server has told: entries by number, what caused them, and who was logged in where at that time.
 * @module
 */

/**
 * @typedef {object} Entry
 * @property {number} seq
 * @property {number} ms
 * @property {string} device
 * @property {'call' | 'reply' | 'event' | 'dropped' | 'warning' | 'fault'} kind
 * @property {string} method
 * @property {any} [arguments]
 * @property {any} [result]
 * @property {{code: number, message: string, data?: any}} [error]
 * @property {string} [text]
 * @property {number} [cause]
 * @property {string[]} [heardAs]
 * @property {any} [assumed]
 * @property {string} [user] who was logged in on the device; made here
 * @property {string} [line] the entry in a line; made when it is first shown
 * @property {string} [found] all that can be searched, in small letters; made when it is first searched
 */

/** How many entries the page keeps. */
export const MOST = 20000;
const SPARE = 2000;
const HIDDEN = /^~(.*)~[^~]*$/;

export class Journal {
  constructor() {
    this.clear();
    /** @type {((fresh: Entry[]) => void)[]} */
    this.watchers = [];
  }

  /** Forget everything. */
  clear() {
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Map<number, Entry>} */
    this.bySeq = new Map();
    /** @type {Map<number, number[]>} */
    this.effects = new Map();
    /** @type {Map<string, string>} */
    this.users = new Map();
    /** @type {Set<string>} */
    this.devices = new Set();
    this.cut = false;
  }

  /** The number of the newest entry. */
  get last() {
    return this.entries.length ? this.entries[this.entries.length - 1].seq : 0;
  }

  /**
   * Take new entries.
   * @param {Entry[]} entries
   * @param {boolean} [cut] whether some are missing before these
   */
  add(entries, cut = false) {
    this.cut = this.cut || cut;
    const last = this.last;
    const fresh = entries.filter((entry) => entry.seq > last);
    for (const entry of fresh) this._take(entry);
    if (this.entries.length > MOST + SPARE) this._trim();
    this.watchers.forEach((watcher) => watcher(fresh));
  }

  /** @param {Entry} entry */
  _take(entry) {
    this.entries.push(entry);
    this.bySeq.set(entry.seq, entry);
    this.devices.add(entry.device);
    if (entry.cause) {
      const effects = this.effects.get(entry.cause);
      if (effects) effects.push(entry.seq);
      else this.effects.set(entry.cause, [entry.seq]);
    }
    if (entry.kind === 'reply') this._session(entry);
    entry.user = this.userOf(entry.device);
    if (entry.kind === 'call' && entry.method === 'login') entry.user = entry.arguments?.userID ?? entry.user;
  }

  /**
   * Note who logs in and out.
   * @param {Entry} reply
   */
  _session(reply) {
    const done = reply.result && (reply.result.code === 0 || typeof reply.result === 'string');
    if (!done) return;
    if (reply.method === 'login') this.users.set(reply.device, this.bySeq.get(reply.cause || 0)?.arguments?.userID ?? '');
    else if (reply.method === 'logout' || reply.method === 'initSDK') this.users.delete(reply.device);
  }

  /**
   * Return who is logged in on a device, as far as the entries tell.
   * @param {string} device
   * @returns {string}
   */
  userOf(device) {
    return this.users.get(device) ?? HIDDEN.exec(device)?.[1] ?? '';
  }

  /**
   * Return the call that an entry belongs to: itself, or what caused it.
   * @param {Entry} entry
   * @returns {Entry | undefined}
   */
  callOf(entry) {
    return entry.kind === 'call' ? entry : this.bySeq.get(entry.cause || 0);
  }

  /**
   * Return what an entry has caused, oldest first.
   * @param {number} seq
   * @returns {Entry[]}
   */
  causedBy(seq) {
    return (this.effects.get(seq) || []).flatMap((one) => this.bySeq.get(one) || []);
  }

  _trim() {
    for (const entry of this.entries.splice(0, this.entries.length - MOST)) {
      this.bySeq.delete(entry.seq);
      this.effects.delete(entry.seq);
    }
    this.cut = true;
  }
}

/**
 * Return what an entry carries, whatever it is called.
 * @param {Entry} entry
 * @returns {any}
 */
export function carried(entry) {
  return entry.kind === 'reply' ? (entry.error ?? entry.result) : (entry.arguments ?? entry.text);
}

/**
 * Return whether a reply is a refusal.
 * @param {Entry} entry
 * @returns {boolean}
 */
export function isRefusal(entry) {
  return entry.kind === 'reply' && (entry.error !== undefined || Boolean(entry.result?.code));
}

/**
 * Return how a device is called where people read it: somebody's hidden one has its owner's name, the own one none.
 * @param {string} device
 * @param {string} own what to call the one without a name
 * @returns {string}
 */
export function deviceName(device, own) {
  if (!device) return own;
  return HIDDEN.exec(device)?.[1] ?? device;
}

/**
 * Return whether a device is one that nobody sees, played by the bridge for a user.
 * @param {string} device
 */
export function isHidden(device) {
  return HIDDEN.test(device);
}
