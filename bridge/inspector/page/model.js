/**
 * A world as people see it, made from the rows of `bridge.world.export`, and from the devices that are open in it.
 * @module
 */

/** @typedef {Record<string, any>} Row */
/** @typedef {{device: string, user: string, dialect?: string, platform?: string, hidden?: boolean, network?: boolean, listeners?: string[]}} Device */
/** @typedef {{id: string, peer: string, isGroup: boolean, title: string, row: Row, last: Row | undefined, draft: string, channel: string[]}} Conversation */

const REVOKED = 6;

export class Model {
  /**
   * @param {Row} world the exported document
   * @param {Device[]} devices
   */
  constructor(world, devices) {
    this.world = world;
    this.devices = devices;
    /** @type {Map<string, Row>} */
    this.users = new Map(this.rows('users').map((row) => [row.user_id, row]));
    for (const id of this._mentioned()) if (!this.users.has(id)) this.users.set(id, { user_id: id });
    this.groups = new Map(this.rows('groups').map((row) => [row.group_id, row]));
    this.topics = new Map(this.rows('topics').map((row) => [row.topic_id, row]));
    this.messages = new Map(this.rows('messages').map((row) => [row.msg_id, row]));
    this.remarks = new Map(this.rows('friends').map((row) => [`${row.owner}\n${row.user_id}`, row.remark]));
    /** @type {Map<string, Row[]>} */
    this.conversations = groupedBy(this.rows('conversations'), (row) => row.user_id);
    this.channels = groupedBy(this.rows('messages'), (row) => row.channel.join('\n'));
    this.members = groupedBy(this.rows('members'), (row) => row.group_id);
    this.reactions = groupedBy(this.rows('reactions'), (row) => row.msg_id);
    this.receipts = groupedBy(this.rows('read_receipts'), (row) => row.msg_id);
    this.deleted = new Set(this.rows('message_marks').filter((row) => row.deleted).map((row) => `${row.user_id}\n${row.msg_id}`));
  }

  /** The time of the world's clock, in milliseconds since 1970. */
  get ms() {
    return this.world.now_ms ?? 0;
  }

  /**
   * @param {string} section
   * @returns {Row[]}
   */
  rows(section) {
    const rows = this.world[section];
    return Array.isArray(rows) ? rows : [];
  }

  /** Who is there without a row of their own. */
  _mentioned() {
    const found = new Set(this.devices.map((device) => device.user).filter(Boolean));
    for (const row of this.rows('messages')) if (row.sender) found.add(row.sender);
    for (const section of ['conversations', 'members']) for (const row of this.rows(section)) found.add(row.user_id);
    return found;
  }

  /** @returns {string[]} ids of all users, those with apps first */
  get userIds() {
    const active = new Set(this.devices.filter((device) => !device.hidden).map((device) => device.user));
    return [...this.users.keys()].sort((a, b) => Number(active.has(b)) - Number(active.has(a)) || (a < b ? -1 : 1));
  }

  /**
   * Return how somebody is called by somebody.
   * @param {string} user
   * @param {string} [by]
   */
  name(user, by = '') {
    return this.remarks.get(`${by}\n${user}`) || this.users.get(user)?.nick_name || user;
  }

  /**
   * Return a group's or topic's name.
   * @param {string} id
   */
  groupName(id) {
    return this.groups.get(id)?.name || this.topics.get(id)?.name || id;
  }

  /**
   * Return who can write where: the members of a group, or of a topic's community.
   * @param {string} id
   * @returns {Row[]}
   */
  membersOf(id) {
    return this.members.get(this.topics.get(id)?.community_id ?? id) ?? [];
  }

  /**
   * Return the conversations of a user in the order of their list: pinned ones first, then the latest.
   * @param {string} user
   * @returns {Conversation[]}
   */
  conversationsOf(user) {
    const drafts = new Map(this.rows('drafts').filter((row) => row.user_id === user).map((row) => [row.conversation_id, row]));
    const order = (/** @type {Row} */ row) => Math.max(row.active_order ?? 0, drafts.get(row.conversation_id)?.order ?? 0);
    return (this.conversations.get(user) ?? [])
      .filter((row) => row.listed)
      .sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || order(b) - order(a))
      .map((row) => this._conversation(user, row, drafts.get(row.conversation_id)?.text ?? ''));
  }

  /**
   * @param {string} user
   * @param {Row} row
   * @param {string} draft
   * @returns {Conversation}
   */
  _conversation(user, row, draft) {
    const id = row.conversation_id;
    const isGroup = id.startsWith('group_');
    const peer = id.slice(id.indexOf('_') + 1);
    return { id, peer, isGroup, row, draft, title: isGroup ? this.groupName(peer) : this.name(peer, user), last: this.messages.get(row.last_message ?? ''), channel: channelOf(user, id) };
  }

  /**
   * Return the messages of a chat as somebody sees them, the oldest first; all that are there for nobody.
   * @param {string[]} channel
   * @param {string} [user]
   * @returns {Row[]}
   */
  chat(channel, user = '') {
    const all = this.channels.get(channel.join('\n')) ?? [];
    if (!user) return all;
    const id = channel[0] === 'group' ? `group_${channel[1]}` : `c2c_${channel.slice(1).find((one) => one !== user) ?? user}`;
    const cleared = this.conversations.get(user)?.find((row) => row.conversation_id === id)?.cleared_order ?? -1;
    return all.filter((row) => row.order > cleared && (!row.owner || row.owner === user) && (!row.targets || row.targets.includes(user) || row.sender === user) && !this.deleted.has(`${user}\n${row.msg_id}`));
  }

  /**
   * Return how many messages wait for a user.
   * @param {string} user
   */
  unreadOf(user) {
    return (this.conversations.get(user) ?? []).reduce((sum, row) => sum + (row.listed && !(row.recv_opt === 2) ? row.unread ?? 0 : 0), 0);
  }

  /** @param {string} user */
  devicesOf(user) {
    return this.devices.filter((device) => device.user === user && !device.hidden);
  }
}

/**
 * Return where the messages of a conversation stand.
 * @param {string} user
 * @param {string} conversation
 * @returns {string[]}
 */
export function channelOf(user, conversation) {
  const peer = conversation.slice(conversation.indexOf('_') + 1);
  return conversation.startsWith('group_') ? ['group', peer] : ['c2c', ...[user, peer].sort(byCode)];
}

/**
 * @param {string} a
 * @param {string} b
 */
function byCode(a, b) {
  return a < b ? -1 : Number(a > b);
}

/**
 * Return what a message says, in a line.
 * @param {Row | undefined} message
 * @param {(key: string) => string} t
 */
export function said(message, t) {
  if (!message) return '';
  if (message.status === REVOKED) return t('message.revoked');
  return (message.elems || []).map((/** @type {any} */ elem) => elem.data?.text ?? `[${t(`elem.${elem.kind}`)}] ${elem.data?.desc || elem.data?.name || elem.data?.data || ''}`.trim()).join(' ');
}

/** @param {Row} message */
export function isRevoked(message) {
  return message.status === REVOKED;
}

/**
 * @template T
 * @param {T[]} rows
 * @param {(row: T) => string} key
 * @returns {Map<string, T[]>}
 */
export function groupedBy(rows, key) {
  const found = new Map();
  for (const row of rows) {
    const at = key(row);
    const list = found.get(at);
    if (list) list.push(row);
    else found.set(at, [row]);
  }
  return found;
}
