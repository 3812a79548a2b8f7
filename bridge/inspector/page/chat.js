/**
 * The messages of one conversation as a chat, and a hand in it: write, type, read, ring, react and revoke as anybody.
 * @module
 */
import { button, fill, h, select } from './dom.js';
import { back } from './conversations.js';
import { channelOf, isRevoked, said } from './model.js';
import { t } from './texts.js';
import { fullTime, shortTime } from './time.js';
import { tree } from './values.js';

const PAGE = 200;

export class Chat {
  /**
   * @param {import('./app.js').App} app
   * @param {import('./worldview.js').WorldView} view
   */
  constructor(app, view) {
    this.app = app;
    this.view = view;
    this.user = '';
    this.conversation = '';
    /** @type {string[]} */
    this.channel = [];
    this.writer = '';
    this.opened = '';
    this.count = PAGE;
    this.head = h('header', { class: 'head' });
    this.list = h('ol', { class: 'messages', tabindex: '0', 'aria-label': t('chat.messages') });
    this.input = h('input', { type: 'text', placeholder: t('chat.write'), 'aria-label': t('chat.write'), autocomplete: 'off', data: { key: 'write' } });
    this.who = h('span', { class: 'slot' });
    this.writers = '';
    this.composer = h(
      'form',
      { class: 'composer', onsubmit: (/** @type {Event} */ event) => this._write(event) },
      this.who, this.input, h('button', { type: 'submit', class: 'first' }, t('chat.send')),
      h('span', { class: 'acts' }, button(t('chat.type'), () => this._do('type', (hands) => hands.type(this.writer, this.channel)), { class: 'quiet' }), button(t('chat.read'), () => this._do('read', (hands) => hands.read(this.writer, this.channel)), { class: 'quiet' }), button(t('chat.ring'), () => this._do('ring', (hands) => hands.ring(this.writer, this.channel, this._others())), { class: 'quiet' })),
    );
    this.element = h('section', { class: 'pane chat', 'aria-label': t('chat.heading') }, this.head, this.list, this.composer);
  }

  /**
   * @param {import('./model.js').Model} model
   * @param {string} user who looks; nobody sees everything
   * @param {string} conversation
   */
  show(model, user, conversation) {
    const other = conversation !== this.conversation || user !== this.user;
    const atEnd = other || this.list.scrollTop + this.list.clientHeight > this.list.scrollHeight - 40;
    Object.assign(this, { user, conversation });
    this.element.classList.toggle('none', !conversation);
    if (!conversation) {
      fill(this.head, '');
      fill(this.list, h('li', { class: 'empty' }, t('chat.none')));
      this.composer.hidden = true;
      return;
    }
    if (other) [this.count, this.opened] = [PAGE, ''];
    this.channel = channelOf(user, conversation);
    this.composer.hidden = this.view.at !== undefined;
    const messages = model.chat(this.channel, user);
    const peer = conversation.slice(conversation.indexOf('_') + 1);
    const isGroup = this.channel[0] === 'group';
    fill(this.head, h('div', { class: 'headline' }, back(this.view), h('h2', null, isGroup ? model.groupName(peer) : model.name(peer, user)), h('span', { class: 'calm' }, user ? t('chat.asSeen', { user: model.name(user) }) : t('chat.asIs'))));
    const shown = messages.slice(-this.count);
    fill(
      this.list,
      messages.length > shown.length ? h('li', null, button(t('chat.earlier', { n: messages.length - shown.length }), () => { this.count += PAGE; this.view.draw(); }, { class: 'quiet' })) : null,
      shown.length ? shown.map((message) => this._message(model, message)) : h('li', { class: 'empty' }, t('chat.empty')),
    );
    this._writers(model, other);
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /**
   * @param {import('./model.js').Model} model
   * @param {Record<string, any>} message
   */
  _message(model, message) {
    const id = message.msg_id;
    const own = message.sender === this.user;
    const open = this.opened === id;
    const reactions = model.reactions.get(id) ?? [];
    const changed = this.view.changes.has('messages', message) || reactions.some((row) => this.view.changes.has('reactions', row));
    return h(
      'li',
      { class: ['message', own ? 'own' : '', isRevoked(message) ? 'revoked' : '', changed ? 'changed' : ''].join(' ').trim() },
      h(
        'button',
        { type: 'button', class: 'bubble', 'aria-expanded': String(open), title: fullTime(message.time_ms), data: { key: `message ${id}` }, onclick: () => { this.opened = open ? '' : id; this.view.draw(); } },
        h('span', { class: 'by' }, model.name(message.sender, this.user), h('span', { class: 'calm mono' }, shortTime(message.time_ms))),
        h('span', { class: 'text' }, said(message, t)),
        reactions.length ? h('span', { class: 'chips' }, [...tally(reactions)].map(([what, n]) => h('span', { class: 'chip' }, n > 1 ? `${what} ${n}` : what))) : null,
        message.status === 3 ? h('span', { class: 'bad' }, t('message.failed')) : null,
        (model.receipts.get(id) ?? []).length ? h('span', { class: 'calm' }, t('message.readBy', { n: model.receipts.get(id)?.length ?? 0 })) : null,
      ),
      open ? this._opened(message) : null,
    );
  }

  /** @param {Record<string, any>} message */
  _opened(message) {
    const id = message.msg_id;
    const reaction = /** @type {HTMLInputElement} */ (this.view.keep(`reaction ${id}`, () => h('input', { type: 'text', value: '👍', size: '3', 'aria-label': t('chat.reaction'), data: { key: `reaction ${id}` } })));
    const past = this.view.at !== undefined;
    return h(
      'div',
      { class: 'opened' },
      past ? null : h(
        'p',
        { class: 'acts' },
        h('span', { class: 'acts' }, reaction, button(t('chat.react', { user: this.writer }), () => this._do('reaction', (hands) => hands.as(this.writer, 'addMessageReaction', { msgID: id, reactionID: reaction.value })))),
        isRevoked(message) ? null : button(t('chat.revoke', { user: message.sender }), () => this._do('revoke', (hands) => hands.as(message.sender, 'revokeMessage', { msgID: id }))),
        button(t('badge.timeline'), () => this.app.showText(id), { class: 'quiet' }),
      ),
      tree(message),
    );
  }

  /**
   * Offer who can write here; what was chosen stays.
   * @param {import('./model.js').Model} model
   * @param {boolean} other
   */
  _writers(model, other) {
    const all = this.channel[0] === 'c2c' ? [...new Set(this.channel.slice(1))] : model.membersOf(this.channel[1]).map((row) => row.user_id);
    const peers = all.filter((one) => one !== this.user);
    if (other || !all.includes(this.writer)) this.writer = peers[0] ?? all[0] ?? '';
    const key = JSON.stringify([all, this.writer]);
    if (key === this.writers) return;
    this.writers = key;
    fill(this.who, select(all.map((one) => /** @type {[string, string]} */ ([one, model.name(one)])), this.writer, (value) => { this.writer = value; this.view.draw(); }, { 'aria-label': t('chat.as'), data: { key: 'writer' } }));
  }

  _others() {
    return this.view.model.membersOf(this.channel[1]).map((row) => row.user_id).filter((one) => one !== this.writer);
  }

  /** @param {Event} event */
  async _write(event) {
    event.preventDefault();
    const text = this.input.value;
    if (!text.trim()) return;
    if (await this._do('wrote', (hands) => hands.write(this.writer, this.channel, text))) this.input.value = '';
  }

  /**
   * @param {string} what
   * @param {(hands: import('./hands.js').Hands) => Promise<any>} act
   */
  _do(what, act) {
    return this.app.hands.did(t(`did.${what}`, { user: this.writer }), () => act(this.app.hands));
  }
}

/** @param {Record<string, any>[]} reactions */
function tally(reactions) {
  const counts = new Map();
  for (const { reaction_id: what } of reactions) counts.set(what, (counts.get(what) ?? 0) + 1);
  return counts;
}
