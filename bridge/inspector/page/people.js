/**
 * Who and what is in the world: users with their devices, groups, and everything else.
 * @module
 */
import { h } from './dom.js';
import { few } from './few.js';
import { deviceName } from './journal.js';
import { t } from './texts.js';

/** @typedef {import('./worldview.js').WorldView} WorldView */

/**
 * @param {WorldView} view
 * @returns {any[]}
 */
export function nav(view) {
  const { model } = view;
  const groups = [...model.groups.values()].filter((group) => !group.dismissed);
  return [
    h('h2', { class: 'listhead' }, t('world.users'), h('span', { class: 'n' }, model.users.size)),
    model.users.size ? h('ul', null, few(view, 'users', model.userIds, (user) => person(view, user), (user) => view.place.kind === 'user' && view.place.id === user)) : h('p', { class: 'empty' }, t('world.empty')),
    view.keep('newcomer', () => newcomer(view)),
    groups.length ? [h('h2', { class: 'listhead' }, t('world.groups'), h('span', { class: 'n' }, groups.length)), h('ul', null, few(view, 'groups', groups, (group) => groupItem(view, group), (group) => view.place.kind === 'group' && view.place.id === group.group_id))] : null,
    h('h2', { class: 'listhead' }, t('world.more')),
    h('ul', null, other(view, 'relations', t('world.relations')), other(view, 'facts', t('world.facts'))),
  ];
}

/**
 * @param {WorldView} view
 * @param {string} user
 */
function person(view, user) {
  const { model, place, changes } = view;
  const unread = model.unreadOf(user);
  const name = model.name(user);
  const chosen = place.kind === 'user' && place.id === user;
  return h(
    'li',
    { class: changes.has('users', model.users.get(user)) ? 'changed' : null },
    h(
      'button',
      { type: 'button', class: 'item', 'aria-current': chosen ? 'true' : null, data: { key: `user ${user}` }, onclick: () => view.go({ kind: 'user', id: user }) },
      h('span', { class: 'name' }, name, name === user ? null : h('span', { class: 'id' }, user)),
      model.devicesOf(user).filter((device) => !device.closed).map((device) => h('span', { class: `chip ${device.network === false ? 'off' : 'on'}`, title: device.network === false ? t('device.noNetwork') : t('device.online') }, deviceName(device.device, t('device.own')))),
      unread ? h('span', { class: 'unread', title: t('world.unread', { n: unread }) }, unread) : null,
    ),
  );
}

/** @param {WorldView} view */
function newcomer(view) {
  const input = h('input', { type: 'text', placeholder: t('world.newUser'), 'aria-label': t('world.newUser'), spellcheck: 'false', data: { key: 'newcomer' } });
  return h(
    'form',
    {
      class: 'newcomer',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const user = input.value.trim();
        if (!user) return;
        view.app.hands.did(t('hands.comes', { user }), () => view.app.hands.as(user, 'getLoginUser', {})).then((done) => done && view.go({ kind: 'user', id: user }));
      },
    },
    input,
    h('button', { type: 'submit', class: 'quiet', 'aria-label': t('world.addUser'), title: t('world.addUser') }, '+'),
  );
}

/**
 * @param {WorldView} view
 * @param {Record<string, any>} group
 */
function groupItem(view, group) {
  const { place, changes, model } = view;
  const chosen = place.kind === 'group' && place.id === group.group_id;
  return h(
    'li',
    { class: changes.has('groups', group) ? 'changed' : null },
    h(
      'button',
      { type: 'button', class: 'item', 'aria-current': chosen ? 'true' : null, data: { key: `group ${group.group_id}` }, onclick: () => view.go({ kind: 'group', id: group.group_id }) },
      h('span', { class: 'name' }, group.name || group.group_id, h('span', { class: 'id' }, group.group_id)),
      h('span', { class: 'chip' }, group.group_type ?? 'Public'),
      h('span', { class: 'n' }, model.membersOf(group.group_id).length),
    ),
  );
}

/**
 * @param {WorldView} view
 * @param {'relations' | 'facts'} kind
 * @param {string} label
 */
function other(view, kind, label) {
  return h('li', null, h('button', { type: 'button', class: 'item', 'aria-current': view.place.kind === kind ? 'true' : null, data: { key: kind }, onclick: () => view.go({ kind, id: '' }) }, h('span', { class: 'name' }, label)));
}
