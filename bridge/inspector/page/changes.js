/**
 * Which rows of a world differ from those of the look before.
 * @module
 */

/** @typedef {Record<string, any>} Row */

/** What names a row, by section, where it is not all texts whose names end in id, name or key. */
const KEYS = /** @type {Record<string, string[]>} */ ({
  messages: ['msg_id'],
  users: ['user_id'],
  groups: ['group_id'],
  topics: ['topic_id'],
  invitations: ['invite_id'],
  timers: ['number'],
  notices: ['number'],
  friend_applications: ['owner', 'user_id', 'kind'],
  applications: ['group_id', 'from_user', 'to_user', 'kind'],
  friends: ['owner', 'user_id'],
  members: ['group_id', 'user_id'],
  pins: ['group_id', 'msg_id'],
  conversations: ['user_id', 'conversation_id'],
  drafts: ['user_id', 'install', 'conversation_id'],
  local_copies: ['user_id', 'install', 'conversation_id'],
  past_members: ['group_id', 'user_id'],
});

/**
 * Return what names a row among those of its section.
 * @param {string} section
 * @param {Row} row
 * @param {number} [place] where it stands
 */
export function keyOf(section, row, place = 0) {
  const keys = KEYS[section] ?? Object.keys(row).filter((key) => /(_id|^owner|^name|^key|^follower|^install|^part)$/.test(key));
  return [section, ...(keys.length ? keys.map((key) => row[key]) : [place])].join('\n');
}

/**
 * @param {Row} world
 * @returns {Map<string, string>} rows as text, by their keys
 */
function taken(world) {
  const found = new Map();
  for (const [section, rows] of Object.entries(world)) {
    if (Array.isArray(rows)) rows.forEach((row, place) => found.set(keyOf(section, row, place), JSON.stringify(row)));
  }
  return found;
}

/** Remembers the look before, and says what is new since. */
export class Changes {
  constructor() {
    /** @type {Map<string, string> | undefined} */
    this.before = undefined;
    /** @type {Set<string>} */
    this.keys = new Set();
    /** @type {string[]} */
    this.gone = [];
  }

  /**
   * Take the next look.
   * @param {Row} world
   * @returns {boolean} whether anything differs
   */
  take(world) {
    const now = taken(world);
    const { before } = this;
    this.before = now;
    if (!before) return false;
    const keys = [...now].filter(([key, text]) => before.get(key) !== text).map(([key]) => key);
    const gone = [...before.keys()].filter((key) => !now.has(key));
    if (!keys.length && !gone.length) return false;
    this.keys = new Set(keys);
    this.gone = gone;
    return true;
  }

  /** Begin anew: it is another world. */
  forget() {
    this.before = undefined;
    this.keys = new Set();
    this.gone = [];
  }

  /**
   * Return whether a row is new or differs.
   * @param {string} section
   * @param {Row | undefined} row
   * @param {number} [place]
   */
  has(section, row, place) {
    return Boolean(row) && this.keys.has(keyOf(section, row ?? {}, place));
  }
}
