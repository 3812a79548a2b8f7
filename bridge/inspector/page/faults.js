/**
 * Faults: those that are set, and a form to set one.
 * @module
 */
import { button, fill, h, select } from './dom.js';
import { brief } from './summary.js';
import { t } from './texts.js';

const EFFECTS = ['code', 'delayMs', 'noReply', 'platformException', 'disconnect', 'kick', 'expireUserSig'];

/**
 * Show the faults that are set.
 * @param {import('./app.js').App} app
 * @param {HTMLElement} element
 * @param {{fault: number, match: any, effect: any, seen: number, taken: number}[]} faults
 * @param {() => void} changed
 */
export function faultList(app, element, faults, changed) {
  const clear = (/** @type {any} */ params) => app.attempt(() => app.api.ask('fault.clear', params), t('fault.cleared')).then(changed);
  fill(
    element,
    faults.length
      ? h('ul', { class: 'lines' }, faults.map((one) => h('li', null, h('span', { class: 'mono' }, brief(one.match) || t('fault.any')), h('span', { class: 'mono bad' }, brief(one.effect)), h('span', { class: 'calm' }, t('fault.met', { seen: one.seen, taken: one.taken })), h('span', { class: 'spring' }), button('×', () => clear({ fault: one.fault }), { class: 'quiet', 'aria-label': t('fault.clear') }))))
      : h('p', { class: 'calm' }, t('fault.none')),
    faults.length > 1 ? button(t('fault.clearAll'), () => clear({}), { class: 'quiet' }) : null,
  );
}

/**
 * A form that sets a fault.
 * @param {import('./app.js').App} app
 * @param {() => void} changed
 */
export function faultForm(app, changed) {
  const input = (/** @type {string} */ key, /** @type {any} */ props = {}) => h('input', { type: 'text', spellcheck: 'false', 'aria-label': t(`fault.${key}`), placeholder: t(`fault.${key}`), ...props });
  const number = { type: 'number', min: '1', class: 'short' };
  const fields = { method: input('method', { list: 'methods' }), user: input('user'), device: input('device'), nth: input('nth', number), times: input('times', number) };
  const value = input('value', { value: '9508' });
  const desc = input('desc');
  const effect = select(EFFECTS.map((one) => /** @type {[string, string]} */ ([one, t(`effect.${one}`)])), 'code', () => refresh(), { 'aria-label': t('fault.effect') });
  const refresh = () => {
    value.hidden = !['code', 'delayMs', 'platformException'].includes(effect.value);
    desc.hidden = !['code', 'platformException'].includes(effect.value);
    if (effect.value === 'delayMs') value.value = '2000';
    else if (effect.value === 'code') value.value = '9508';
    else value.value = 'error';
  };
  refresh();
  const made = () => {
    switch (effect.value) {
      case 'code': return { code: Number(value.value), ...(desc.value ? { desc: desc.value } : {}) };
      case 'delayMs': return { delayMs: Number(value.value) };
      case 'platformException': return { platformException: { code: value.value, message: desc.value || null } };
      default: return { [effect.value]: true };
    }
  };
  const match = () => Object.fromEntries(Object.entries(fields).filter(([, field]) => field.value.trim()).map(([key, field]) => [key, field.type === 'number' ? Number(field.value) : field.value.trim()]));
  return h(
    'form',
    { class: 'faultform', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); app.attempt(() => app.api.ask('fault.set', { match: match(), effect: made() }), t('fault.done')).then(changed); } },
    h('p', { class: 'acts' }, fields.method, fields.user, fields.device, fields.nth, fields.times),
    h('p', { class: 'acts' }, effect, value, desc, h('button', { type: 'submit', class: 'first' }, t('fault.set'))),
  );
}
