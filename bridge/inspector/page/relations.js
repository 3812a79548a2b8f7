/**
 * What people are to each other: friends, applications, blocked ones, and who rings whom; and a hand to change it.
 * @module
 */
import { button, h } from './dom.js';
import { back } from './conversations.js';
import { few } from './few.js';
import { t } from './texts.js';
import { fullTime } from './time.js';

/** @typedef {import('./worldview.js').WorldView} WorldView */
/** @typedef {Record<string, any>} Row */

const OPEN = 'open';

/** @param {WorldView} view */
export function relations(view) {
  const { model } = view;
  const open = model.rows('invitations').filter((row) => (row.invitees ?? []).some((/** @type {string} */ user) => row.states?.[user] === OPEN));
  return [
    h('header', { class: 'head' }, h('div', { class: 'headline' }, back(view), h('h2', null, t('world.relations')))),
    view.keep('befriend', () => befriend(view)),
    list(view, t('relations.ringing'), open, (row) => ringing(view, row)),
    list(view, t('relations.applications'), model.rows('friend_applications').filter((row) => row.kind === 1), (row) => application(view, row)),
    list(view, t('relations.friends'), model.rows('friends'), (row) => friend(view, row)),
    list(view, t('relations.blocked'), model.rows('blacklist'), (row) => [`${model.name(row.owner)} → ${model.name(row.user_id)}`]),
    list(view, t('relations.follows'), model.rows('follows'), (row) => [`${model.name(row.follower)} → ${model.name(row.user_id)}`]),
  ];
}

/**
 * @param {import('./worldview.js').WorldView} view
 * @param {string} heading
 * @param {Row[]} rows
 * @param {(row: Row) => any} show
 */
function list(view, heading, rows, show) {
  return [
    h('h3', { class: 'listhead' }, heading, h('span', { class: 'n' }, rows.length)),
    rows.length ? h('ul', { class: 'members' }, few(view, heading, rows, (row) => h('li', null, show(row)))) : h('p', { class: 'calm indent' }, t('none')),
  ];
}

/**
 * @param {WorldView} view
 * @param {Row} row
 */
function ringing(view, row) {
  const { hands } = view.app;
  const waiting = row.invitees.filter((/** @type {string} */ user) => row.states?.[user] === OPEN);
  const answer = (/** @type {string} */ user, /** @type {string} */ method) => button(`${user}: ${t(`ring.${method}`)}`, () => hands.did(`${user}: ${method}`, () => hands.as(user, method, { inviteID: row.invite_id, data: '' })), { class: 'quiet' });
  return [
    h('span', null, `${view.model.name(row.inviter)} → ${waiting.join(', ')}`),
    h('span', { class: 'calm' }, [row.group_id, row.timeout_s ? t('ring.until', { time: fullTime(row.sent_ms + row.timeout_s * 1000) }) : '', row.data].filter(Boolean).join(' · ')),
    h('span', { class: 'spring' }), waiting.slice(0, 3).flatMap((/** @type {string} */ user) => [answer(user, 'accept'), answer(user, 'reject')]), answer(row.inviter, 'cancel'),
  ];
}

/**
 * @param {WorldView} view
 * @param {Row} row
 */
function application(view, row) {
  const { hands } = view.app;
  return [
    h('span', null, `${view.model.name(row.user_id)} → ${view.model.name(row.owner)}`), h('span', { class: 'calm' }, row.wording ?? ''), h('span', { class: 'spring' }),
    button(t('accept'), () => hands.did(t('did.friends', { user: row.owner }), () => hands.as(row.owner, 'acceptFriendApplication', { userID: row.user_id, responseType: 1, type: 1 }))),
    button(t('refuse'), () => hands.did(t('did.refused', { user: row.owner }), () => hands.as(row.owner, 'refuseFriendApplication', { userID: row.user_id, type: 1 })), { class: 'quiet' }),
  ];
}

/**
 * @param {WorldView} view
 * @param {Row} row
 */
function friend(view, row) {
  const { hands } = view.app;
  return [
    h('span', null, `${view.model.name(row.owner)} → ${view.model.name(row.user_id)}`), row.remark ? h('span', { class: 'calm' }, row.remark) : null, (row.groups ?? []).map((/** @type {string} */ one) => h('span', { class: 'chip' }, one)), h('span', { class: 'spring' }),
    button(t('relations.unfriend'), () => hands.did(t('did.unfriend', { user: row.owner }), () => hands.as(row.owner, 'deleteFromFriendList', { userIDList: [row.user_id], deleteType: 2 })), { class: 'quiet' }),
  ];
}

/** @param {WorldView} view */
function befriend(view) {
  const { hands } = view.app;
  const one = h('input', { type: 'text', placeholder: t('relations.who'), 'aria-label': t('relations.who'), spellcheck: 'false', data: { key: 'asker' } });
  const other = h('input', { type: 'text', placeholder: t('relations.whom'), 'aria-label': t('relations.whom'), spellcheck: 'false', data: { key: 'asked' } });
  const act = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (one.value && other.value) hands.did(t('did.add', { user: one.value, other: other.value }), () => hands.as(one.value.trim(), 'addFriend', { userID: other.value.trim(), remark: '', addWording: '', addType: 2 }));
  };
  return h('form', { class: 'newcomer', onsubmit: act }, one, other, h('button', { type: 'submit' }, t('relations.add')));
}
