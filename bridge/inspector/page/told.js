/**
 * What an app was last told of a conversation: by an event, or by a reply. What it shows cannot be newer than that.
 * @module
 */

/** @typedef {import('./journal.js').Entry} Entry */
/** @typedef {{unread: number, entry: Entry}} Told */

/**
 * Return what a device was last told of a conversation's unread messages.
 * @param {import('./journal.js').Journal} journal
 * @param {string} device
 * @param {string} conversation
 * @returns {Told | undefined}
 */
export function lastTold(journal, device, conversation) {
  for (let at = journal.entries.length - 1; at >= 0; at -= 1) {
    const entry = journal.entries[at];
    if (entry.device !== device || (entry.kind !== 'event' && entry.kind !== 'reply')) continue;
    const unread = find(entry.kind === 'event' ? entry.arguments?.data : entry.result?.data, conversation, 0);
    if (unread !== undefined) return { unread, entry };
  }
  return undefined;
}

/**
 * @param {any} value
 * @param {string} conversation
 * @param {number} depth
 * @returns {number | undefined}
 */
function find(value, conversation, depth) {
  if (!value || typeof value !== 'object' || depth > 3) return undefined;
  if (value.conversationID === conversation && typeof value.unreadCount === 'number') return value.unreadCount;
  for (const one of Array.isArray(value) ? value : [value.conversationList]) {
    const found = find(one, conversation, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Return the news of a conversation that nobody on a device heard, after an entry, as far as can be told: what is dropped carries no data.
 * @param {import('./journal.js').Journal} journal
 * @param {string} device
 * @param {string} conversation
 * @param {number} since
 * @returns {Entry[]}
 */
export function missed(journal, device, conversation, since) {
  return journal.entries.filter(
    (entry) => entry.seq > since && entry.device === device && entry.kind === 'dropped' && /conversation/i.test(`${entry.method}${entry.arguments?.type}`) && isAbout(journal, entry, conversation),
  );
}

/**
 * Return whether what caused an entry has to do with a conversation: other devices heard of it, or the call names the other one.
 * @param {import('./journal.js').Journal} journal
 * @param {Entry} entry
 * @param {string} conversation
 */
function isAbout(journal, entry, conversation) {
  const heard = journal.causedBy(entry.cause || 0).filter((one) => one.kind === 'event').map((one) => JSON.stringify(one.arguments)).filter((text) => text.includes('"conversationID"'));
  if (heard.length) return heard.some((text) => text.includes(`"${conversation}"`));
  const call = journal.callOf(entry);
  const peer = conversation.slice(conversation.indexOf('_') + 1);
  return !call || call.user === peer || JSON.stringify(call.arguments ?? '').includes(`"${peer}"`);
}
