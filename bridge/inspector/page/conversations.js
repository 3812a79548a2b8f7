/**
 * A user: devices and what can be done to them, and the conversations as this user sees them, with what each app was told.
 * @module
 */
import { button, h } from './dom.js';
import { few } from './few.js';
import { doAnything } from './anything.js';
import { deviceName } from './journal.js';
import { said } from './model.js';
import { lastTold, missed } from './told.js';
import { t } from './texts.js';
import { shortTime } from './time.js';

/** @typedef {import('./worldview.js').WorldView} WorldView */
/** @typedef {import('./model.js').Conversation} Conversation */

const MARKS = ['star', 'unread', 'fold', 'hide'];

/**
 * @param {WorldView} view
 * @param {string} user
 */
export function conversationList(view, user) {
  const { model } = view;
  if (!user) return h('p', { class: 'empty' }, t('world.emptyLong'));
  const conversations = model.conversationsOf(user);
  const row = model.users.get(user);
  return [
    h(
      'header',
      { class: 'head' },
      h('div', { class: 'headline' }, back(view), h('h2', null, model.name(user)), h('span', { class: 'calm mono' }, user)),
      row?.signature || row?.custom_status ? h('p', { class: 'calm' }, row.custom_status ?? row.signature) : null,
      model.devicesOf(user).map((device) => deviceRow(view, device)),
      model.devicesOf(user).length ? null : h('p', { class: 'calm' }, t('world.noDevice')),
      h('p', { class: 'acts' }, button(t('hands.kickUser'), () => view.app.hands.did(t('hands.kickUser'), () => view.app.api.ask('service.kickUser', { user })), { class: 'quiet', title: t('hands.kickUserHow') }), button(t('world.timelineOf'), () => view.app.showUser(user), { class: 'quiet' })),
      view.keep(`anything ${user}`, () => doAnything(view.app, user)),
    ),
    h('h3', { class: 'listhead' }, t('world.conversations'), h('span', { class: 'n' }, conversations.length)),
    conversations.length ? h('ul', { class: 'conversations' }, few(view, `conversations ${user}`, conversations, (one) => item(view, user, one), (one) => one.id === view.conversation)) : h('p', { class: 'empty' }, t('world.noConversation')),
  ];
}

/** @param {WorldView} view */
export function back(view) {
  return button('‹', () => { view.panes.dataset.open = 'people'; }, { class: 'quiet back', 'aria-label': t('back') });
}

/**
 * @param {WorldView} view
 * @param {import('./model.js').Device} device
 */
function deviceRow(view, device) {
  const { hands } = view.app;
  const name = deviceName(device.device, t('device.own'));
  const act = (/** @type {any} */ what) => button(t(`hands.${what}`), () => hands.did(`${t(`hands.${what}`)} (${name})`, () => hands.service(what, device.device)), { class: 'quiet' });
  if (device.closed) return h('div', { class: 'device' }, h('span', { class: 'chip' }, name), h('span', { class: 'calm' }, t('device.closed')));
  const off = device.network === false;
  return h(
    'div',
    { class: 'device' },
    h('span', { class: `chip ${off ? 'off' : 'on'}` }, name),
    h('span', { class: 'calm' }, [device.dialect, device.platform, off ? t('device.noNetwork') : t('device.online')].filter(Boolean).join(' · ')),
    device.listeners ? h('span', { class: 'calm', title: device.listeners.join(', ') }, t('device.listeners', { n: device.listeners.length })) : null,
    h('span', { class: 'acts' }, act(off ? 'connectionRestored' : 'connectionLost'), act('kick'), act('expireUserSig')),
  );
}

/**
 * @param {WorldView} view
 * @param {string} user
 * @param {Conversation} one
 */
function item(view, user, one) {
  const { model, changes } = view;
  const chosen = view.conversation === one.id;
  const { row } = one;
  const sender = one.last && one.isGroup ? `${model.name(one.last.sender, user)}: ` : '';
  return h(
    'li',
    { class: [chosen ? 'open' : '', changes.has('conversations', row) ? 'changed' : ''].join(' ').trim() || null },
    h(
      'button',
      { type: 'button', class: 'item conversation', 'aria-current': chosen ? 'true' : null, data: { key: `conversation ${one.id}` }, onclick: () => view.open(one.id) },
      h('span', { class: 'top' }, h('span', { class: 'name' }, one.title), h('span', { class: 'calm mono' }, one.last ? shortTime(one.last.time_ms) : '')),
      h('span', { class: 'bottom' }, one.draft ? h('span', { class: 'bad' }, t('world.draft'), ' ') : null, h('span', { class: 'text' }, one.draft || `${sender}${said(one.last, t)}`), row.unread ? h('span', { class: row.recv_opt ? 'unread muted' : 'unread' }, row.unread) : null),
      h('span', { class: 'chips' }, h('span', { class: 'id' }, one.id), row.pinned ? chip(t('world.pinned')) : null, row.recv_opt ? chip(t(`world.recvOpt${row.recv_opt}`)) : null, MARKS.filter((_, bit) => (row.marks ?? 0) & (1 << bit)).map((mark) => chip(t(`mark.${mark}`))), (row.groups ?? []).map((/** @type {string} */ group) => chip(group)), (row.at_infos ?? []).length ? chip('@') : null),
    ),
    chosen ? whyBadge(view, user, one) : null,
  );
}

/** @param {string} text */
function chip(text) {
  return h('span', { class: 'chip' }, text);
}

/**
 * Say what each app of a user was told last, beside what is so; and what it did not hear.
 * @param {WorldView} view
 * @param {string} user
 * @param {Conversation} one
 */
function whyBadge(view, user, one) {
  const { journal } = view.app;
  const unread = one.row.unread ?? 0;
  const rows = view.at !== undefined ? [] : view.model.devicesOf(user).map((device) => {
    const name = deviceName(device.device, t('device.own'));
    const told = lastTold(journal, device.device, one.id);
    const lost = missed(journal, device.device, one.id, told?.entry.seq ?? 0);
    const link = (/** @type {number} */ seq) => h('button', { type: 'button', class: 'link', onclick: () => view.app.go(seq) }, `#${seq}`);
    const wrong = (told?.unread ?? -1) !== unread;
    return h(
      'p',
      { class: wrong && (told || unread) ? 'note warn' : 'note' },
      told ? [t(wrong ? 'badge.old' : 'badge.right', { name, n: told.unread, now: unread }), ' ', link(told.entry.seq)] : t('badge.never', { name, now: unread }),
      wrong && lost.length ? [' ', t('badge.missed'), ' ', lost.slice(-3).map((entry) => [link(entry.seq), ' ', entry.arguments?.type, ' '])] : null,
      wrong && !lost.length && device.network === false ? [' ', t('badge.noNetwork')] : null,
    );
  });
  return h('div', { class: 'why' }, rows, h('p', { class: 'acts' }, button(t('badge.timeline'), () => view.app.showText(one.id), { class: 'quiet' })));
}
