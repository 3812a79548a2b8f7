/**
 * Which lines stand left of the entries: one from each call down to the last of what it caused.
 * @module
 */

/** @typedef {import('./journal.js').Entry} Entry */

/** How many lines have room beside each other. */
export const LANES = 4;

/**
 * @typedef {object} Row
 * @property {number} lane the entry's own line, -1 for none
 * @property {boolean} begins the line begins here: it is a call
 * @property {boolean} ends nothing more of it follows
 * @property {number} through lines of others that pass, as bits
 */

/**
 * Lay the lines of a list of entries.
 * @param {Entry[]} entries as they are shown
 * @returns {Row[]}
 */
export function lay(entries) {
  /** @type {Map<number, number>} */
  const lastOf = new Map();
  entries.forEach((entry, index) => {
    if (entry.cause) lastOf.set(entry.cause, index);
  });
  /** @type {Map<number, number>} */
  const laneOf = new Map();
  let busy = 0;
  return entries.map((entry, index) => {
    const key = entry.cause || entry.seq;
    const end = lastOf.get(key);
    let lane = laneOf.get(key) ?? -1;
    const begins = lane < 0 && end !== undefined && end >= index && (end > index || Boolean(entry.cause));
    if (begins) {
      lane = free(busy);
      laneOf.set(key, lane);
      if (lane >= 0) busy |= 1 << lane;
    }
    const ends = lane >= 0 && (end === undefined || end <= index);
    const through = lane >= 0 ? busy & ~(1 << lane) : busy;
    if (ends) {
      busy &= ~(1 << lane);
      laneOf.delete(key);
    }
    return { lane, begins, ends, through };
  });
}

/** @param {number} busy */
function free(busy) {
  for (let lane = 0; lane < LANES; lane += 1) if (!(busy & (1 << lane))) return lane;
  return -1;
}
