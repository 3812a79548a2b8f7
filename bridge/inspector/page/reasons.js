/**
 * Why nobody heard an event: which listener was missing, and when it was there last.
 * @module
 */
import { t } from './texts.js';
import { title } from './summary.js';

/** @typedef {import('./journal.js').Entry} Entry */

/** Events' listener methods, and the calls that add such a listener where the name does not follow by itself. */
const ADDS = /** @type {Record<string, string>} */ ({ advancedMsgListener: 'addAdvancedMsgListener', initSDKListener: 'initSDK', groupListener: 'addGroupListener' });

/**
 * Return which call adds the listener that would have heard an event.
 * @param {string} method
 */
export function adder(method) {
  return ADDS[method] ?? `add${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/**
 * Say why nobody heard an event, in sentences; some name an entry.
 * @param {import('./journal.js').Journal} journal
 * @param {Entry} entry
 * @returns {{text: string, seq?: number}[]}
 */
export function unheard(journal, entry) {
  const add = adder(entry.method);
  const wanted = { adds: add.toLowerCase(), removes: add.replace(/^add/, 'remove').toLowerCase() };
  /** @type {Entry | undefined} */
  let added;
  /** @type {Entry | undefined} */
  let removed;
  /** @type {Entry | undefined} */
  let later;
  for (const one of journal.entries) {
    if (one.device !== entry.device || one.kind !== 'call') continue;
    const name = one.method.toLowerCase();
    if (name === wanted.adds && one.seq > entry.seq) later ??= one;
    else if (name === wanted.adds) [added, removed] = [one, undefined];
    else if (name === wanted.removes && one.seq < entry.seq) removed = one;
  }
  /** @type {{text: string, seq?: number}[]} */
  const said = [{ text: t('unheard.what', { type: title(entry), listener: entry.method }) }];
  if (removed) said.push({ text: t('unheard.removed', { method: removed.method }), seq: removed.seq });
  else if (later) said.push({ text: t('unheard.later', { method: later.method }), seq: later.seq });
  else if (!added) said.push({ text: t('unheard.never', { method: add }) });
  return said;
}
