/**
 * What keys do, and the page that says so.
 * @module
 */
import { button, fill, h, isWriting } from './dom.js';
import { t } from './texts.js';

/**
 * @typedef {object} Binding
 * @property {string[]} keys as `KeyboardEvent.key` names them
 * @property {string} words key of the text that says what it does
 * @property {(event: KeyboardEvent) => void} act
 * @property {string} [view] where it holds; everywhere if left out
 */

export class Keys {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    /** @type {Binding[]} */
    this.bindings = [];
    this.help = h('dialog', { class: 'help', 'aria-label': t('help.heading') });
    document.body.append(this.help);
    document.addEventListener('keydown', (event) => this._pressed(event));
  }

  /** @param {KeyboardEvent} event */
  _pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWriting(event.target)) {
      if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur();
      return;
    }
    if (document.querySelector('dialog[open]')) return;
    const own = event.target instanceof Element && event.target.closest('button, summary, a');
    if (own && (event.key === 'Enter' || event.key === ' ')) return;
    const found = this.bindings.find((one) => one.keys.includes(event.key) && (!one.view || one.view === this.app.view));
    if (!found) return;
    event.preventDefault();
    found.act(event);
  }

  /** Show what keys do. */
  showHelp() {
    const groups = ['', ...new Set(this.bindings.flatMap((one) => one.view || []))];
    fill(
      this.help,
      h('div', { class: 'headline' }, h('h2', null, t('help.heading')), button('×', () => this.help.close(), { class: 'quiet close', 'aria-label': t('close') })),
      groups.map((view) => [
        h('h3', null, view ? t(`view.${view}`) : t('help.everywhere')),
        h('dl', null, this.bindings.filter((one) => (one.view || '') === view).map((one) => [
          h('dt', null, one.keys.map((key) => h('kbd', null, NAMES[key] ?? key))),
          h('dd', null, t(one.words)),
        ])),
      ]),
      h('p', { class: 'calm' }, t('help.more')),
    );
    this.help.showModal();
  }
}

const NAMES = /** @type {Record<string, string>} */ ({ ArrowDown: '↓', ArrowUp: '↑', ' ': 'Space', Escape: 'Esc', PageDown: 'PgDn', PageUp: 'PgUp' });

/**
 * The keys of the timeline, and those that hold everywhere.
 * @param {import('./app.js').App} app
 * @param {Keys} keys
 * @returns {Binding[]}
 */
export function commonKeys(app, keys) {
  const { timeline } = app;
  const page = () => Math.max(Math.floor(timeline.scroller.clientHeight / 26) - 1, 1);
  const chain = (/** @type {number} */ by) => {
    const entry = app.journal.bySeq.get(timeline.current);
    const call = entry && app.journal.callOf(entry);
    if (!entry || !call) return;
    const all = [call, ...app.journal.causedBy(call.seq)];
    const next = all[all.indexOf(entry) + by];
    if (next) app.go(next.seq);
  };
  return [
    { keys: ['?'], words: 'key.help', act: () => keys.showHelp() },
    ...app.views.map((view, at) => ({ keys: [String(at + 1)], words: `view.${view.name}`, act: () => app.turn(view.name) })),
    { view: 'timeline', keys: ['j', 'ArrowDown'], words: 'key.next', act: (event) => timeline.step(1, event.shiftKey) },
    { view: 'timeline', keys: ['k', 'ArrowUp'], words: 'key.previous', act: (event) => timeline.step(-1, event.shiftKey) },
    { view: 'timeline', keys: ['PageDown'], words: 'key.pageDown', act: (event) => timeline.step(page(), event.shiftKey) },
    { view: 'timeline', keys: ['PageUp'], words: 'key.pageUp', act: (event) => timeline.step(-page(), event.shiftKey) },
    { view: 'timeline', keys: ['Home', 'g'], words: 'key.first', act: () => timeline.step(-Infinity) },
    { view: 'timeline', keys: ['End', 'G'], words: 'key.last', act: () => timeline.step(Infinity) },
    { view: 'timeline', keys: ['['], words: 'key.cause', act: () => chain(-1) },
    { view: 'timeline', keys: [']'], words: 'key.effect', act: () => chain(1) },
    { view: 'timeline', keys: ['Enter'], words: 'key.detail', act: () => app.detail.element.focus() },
    { view: 'timeline', keys: [' ', 'x'], words: 'key.select', act: () => timeline.current && timeline.toggle(timeline.current) },
    { view: 'timeline', keys: ['d'], words: 'key.diff', act: () => app.selection.compare() },
    { view: 'timeline', keys: ['o'], words: 'key.out', act: () => app.out?.(app.selection.numbers) },
    { view: 'timeline', keys: ['b'], words: 'key.before', act: () => timeline.current && app.lookBefore(timeline.current) },
    { view: 'timeline', keys: ['/'], words: 'key.search', act: () => timeline.bar.search.focus() },
    { view: 'timeline', keys: ['c'], words: 'key.clear', act: () => timeline.bar.reset() },
    { view: 'timeline', keys: ['p'], words: 'key.pause', act: () => timeline.pause(!timeline.paused) },
    { view: 'timeline', keys: ['f'], words: 'key.follow', act: () => timeline.follow(!timeline.follows) },
    { view: 'timeline', keys: ['Escape'], words: 'key.close', act: () => app.closeDetail() },
  ];
}
