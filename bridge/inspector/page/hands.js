/**
 * What can be done in a world by hand: as anybody, to networks and sessions. Each says what came of it.
 * @module
 */
import { h } from './dom.js';
import { t } from './texts.js';

/** As the plugin's envelopes say no; some calls say it beside each of what they were asked for. */
const MUST_AGREE = 30539;
const HEARD_MS = 150;

export class Hands {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
  }

  /**
   * Make a channel call as somebody.
   * @param {string} user
   * @param {string} method
   * @param {Record<string, any>} args
   * @returns {Promise<any>} the reply's data
   */
  async as(user, method, args) {
    const reply = await this.app.api.ask('user.call', { user, method, arguments: args });
    if (reply && typeof reply === 'object' && reply.code) throw new Error(`${method}: ${reply.code} ${reply.desc ?? ''}`);
    const data = reply?.data;
    for (const item of Array.isArray(data) ? data : [data]) {
      if (item?.resultCode && item.resultCode !== MUST_AGREE) throw new Error(`${method}: ${item.resultCode} ${item.resultInfo ?? ''}`);
    }
    return data;
  }

  /**
   * Do something, and say at the foot of the page who heard of it.
   * @param {string} what
   * @param {() => Promise<any>} act
   * @returns {Promise<boolean>} whether it was done
   */
  async did(what, act) {
    const { journal } = this.app;
    const before = journal.last;
    try {
      await act();
    } catch (error) {
      this.app.say(t('hands.refused', { what, why: /** @type {Error} */ (error).message }), 'bad');
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
    const fresh = journal.entries.filter((entry) => entry.seq > before);
    const heard = fresh.filter((entry) => entry.kind === 'event').length;
    const unheard = fresh.filter((entry) => entry.kind === 'dropped');
    const last = fresh.find((entry) => entry.cause === undefined) ?? fresh[0];
    this.app.say([
      h('span', { class: 'good' }, t('hands.done', { what })), ' ', t('hands.heard', { n: heard }),
      unheard.length ? [' ', h('button', { type: 'button', class: 'link', onclick: () => this.app.go(unheard[0].seq) }, t('hands.unheard', { n: unheard.length }))] : null,
      last ? [' ', h('button', { type: 'button', class: 'link', onclick: () => this.app.go(last.seq) }, `#${last.seq}`)] : null,
    ]);
    return true;
  }

  // --- messages

  /**
   * @param {string} user
   * @param {string[]} channel
   * @param {string} text
   */
  write(user, channel, text) {
    return this.app.api.ask('user.say', { user, text, ...target(user, channel) }).then((message) => {
      if (message?.code) throw new Error(`sendMessage: ${message.code} ${message.desc ?? ''}`);
    });
  }

  /**
   * @param {string} user
   * @param {string[]} channel
   * @param {string} data
   * @param {boolean} [online] only for those who are online, and kept nowhere
   */
  async custom(user, channel, data, online = false) {
    const to = target(user, channel);
    const created = await this.as(user, 'createCustomMessage', { data, desc: '', extension: '' });
    await this.as(user, 'sendMessage', { id: created.id, receiver: to.to ?? '', groupID: to.group ?? '', onlineUserOnly: online });
  }

  /**
   * Type, as the vendor's UI kits tell each other.
   * @param {string} user
   * @param {string[]} channel
   */
  type(user, channel) {
    const said = { businessID: 'user_typing_status', typingStatus: 1, userAction: 14, version: 0, actionParam: 'EIMAMSG_InputStatus_Ing' };
    return this.custom(user, channel, JSON.stringify(said), true);
  }

  /**
   * Read everything.
   * @param {string} user
   * @param {string[]} channel
   */
  read(user, channel) {
    const { to, group } = target(user, channel);
    return group ? this.as(user, 'markGroupMessageAsRead', { groupID: group }) : this.as(user, 'markC2CMessageAsRead', { userID: to });
  }

  /**
   * Ring the other one, or everybody else in a group.
   * @param {string} user
   * @param {string[]} channel
   * @param {string[]} others
   */
  ring(user, channel, others) {
    const { to, group } = target(user, channel);
    const how = { data: '', timeout: 30, onlineUserOnly: false };
    return group ? this.as(user, 'inviteInGroup', { groupID: group, inviteeList: others, ...how }) : this.as(user, 'invite', { invitee: to, ...how });
  }

  // --- devices

  /**
   * @param {'connectionLost' | 'connectionRestored' | 'kick' | 'expireUserSig'} what
   * @param {string} device
   */
  service(what, device) {
    return this.app.api.ask(`service.${what}`, { device });
  }
}

/**
 * Return whom a message of somebody in a chat is for.
 * @param {string} user
 * @param {string[]} channel
 * @returns {{to?: string, group?: string}}
 */
export function target(user, channel) {
  if (channel[0] !== 'c2c') return { group: channel[1] };
  const [, one, other] = channel;
  return { to: one === user ? other : one };
}
