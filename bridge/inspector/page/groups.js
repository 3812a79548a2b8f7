/**
 * A group: what it is, who is in it, who wants in; and members come and go by hand.
 * @module
 */
import { button, h } from './dom.js';
import { FEW, few } from './few.js';
import { back } from './conversations.js';
import { t } from './texts.js';
import { tree } from './values.js';

const ROLES = /** @type {Record<number, string>} */ ({ 400: 'owner', 300: 'admin' });

/**
 * @param {import('./worldview.js').WorldView} view
 * @param {string} id
 */
export function groupPanel(view, id) {
  const { model, changes, app } = view;
  const group = model.groups.get(id) ?? {};
  const members = model.membersOf(id);
  const applications = model.rows('applications').filter((row) => row.group_id === id && row.handler === undefined);
  const topics = [...model.topics.values()].filter((row) => row.community_id === id);
  const acts = app.hands;
  const owner = group.owner || members[0]?.user_id || '';
  return [
    h('header', { class: 'head' }, h('div', { class: 'headline' }, back(view), h('h2', null, group.name || id), h('span', { class: 'calm mono' }, id)), h('p', { class: 'acts' }, h('span', { class: 'chip' }, group.group_type ?? 'Public'), group.all_muted ? h('span', { class: 'chip off' }, t('group.muted')) : null), group.notification ? h('p', { class: 'calm' }, group.notification) : null),
    applications.length ? [h('h3', { class: 'listhead' }, t('group.applications')), h('ul', { class: 'members' }, applications.map((row) => application(view, row, owner)))] : null,
    h('h3', { class: 'listhead' }, t('group.members'), h('span', { class: 'n' }, members.length)),
    h('ul', { class: 'members' }, few(view, `members ${id}`, members, (row) =>
      h(
        'li',
        { class: changes.has('members', row) ? 'changed' : null },
        h('button', { type: 'button', class: 'link', onclick: () => view.go({ kind: 'user', id: row.user_id }, `group_${id}`) }, model.name(row.user_id)),
        row.name_card ? h('span', { class: 'calm' }, row.name_card) : null,
        ROLES[row.role] ? h('span', { class: 'chip' }, t(`role.${ROLES[row.role]}`)) : null,
        row.muted_until_ms > model.ms ? h('span', { class: 'chip off' }, t('group.muted')) : null,
        h('span', { class: 'spring' }),
        row.user_id === owner ? null : button(t('group.kick'), () => acts.did(t('did.kick', { user: owner, other: row.user_id }), () => acts.as(owner, 'kickGroupMember', { groupID: id, memberList: [row.user_id], reason: '' })), { class: 'quiet', title: t('group.kickHow', { user: owner }) }),
        row.user_id === owner ? null : button(t('group.leave'), () => acts.did(t('did.leave', { user: row.user_id }), () => acts.as(row.user_id, 'quitGroup', { groupID: id })), { class: 'quiet' }),
      ))),
    view.keep(`join ${id}`, () => join(view, id)),
    topics.length ? [h('h3', { class: 'listhead' }, t('group.topics')), h('ul', { class: 'members' }, topics.map((row) => h('li', null, row.name || row.topic_id, ' ', h('span', { class: 'calm mono' }, row.topic_id))))] : null,
    h('details', { class: 'more' }, h('summary', null, t('world.row')), tree(group)),
  ];
}

/**
 * @param {import('./worldview.js').WorldView} view
 * @param {string} id
 */
function join(view, id) {
  const input = h('input', { type: 'text', list: 'known-users', placeholder: t('group.who'), 'aria-label': t('group.who'), spellcheck: 'false', data: { key: 'joiner' } });
  const act = (/** @type {Event} */ event) => {
    event.preventDefault();
    const user = input.value.trim();
    if (user) view.app.hands.did(t('did.join', { user }), () => view.app.hands.as(user, 'joinGroup', { groupID: id, message: '' }));
  };
  return h('form', { class: 'newcomer', onsubmit: act }, input, h('button', { type: 'submit' }, t('group.join')), h('datalist', { id: 'known-users' }, view.model.userIds.slice(0, FEW).map((value) => h('option', { value }))));
}

/**
 * @param {import('./worldview.js').WorldView} view
 * @param {Record<string, any>} row
 * @param {string} owner
 */
function application(view, row, owner) {
  const { hands } = view.app;
  const answer = (/** @type {string} */ method) => () => hands.did(`${owner}: ${method}`, async () => {
    const { groupApplicationList } = await hands.as(owner, 'getGroupApplicationList', {});
    const asked = groupApplicationList.find((/** @type {any} */ one) => one.fromUser === row.from_user && one.groupID === row.group_id);
    await hands.as(owner, method, { groupID: row.group_id, reason: '', fromUser: row.from_user, toUser: asked?.toUser ?? '', addTime: asked?.addTime, type: asked?.type });
  });
  return h('li', null, h('span', null, view.model.name(row.from_user)), h('span', { class: 'calm' }, row.text ?? ''), h('span', { class: 'spring' }), button(t('accept'), answer('acceptGroupApplication')), button(t('refuse'), answer('refuseGroupApplication'), { class: 'quiet' }));
}
