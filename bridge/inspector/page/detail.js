/**
 * All about one entry: what caused it, what it caused, what it carries, what it rests on; or how two entries differ.
 * @module
 */
import { button, fill, h } from './dom.js';
import { differences } from './diff.js';
import { evidence } from './evidence.js';
import { expectation } from './expecting.js';
import { kindOf } from './filters.js';
import { carried, deviceName, isHidden } from './journal.js';
import { unheard } from './reasons.js';
import { line, title } from './summary.js';
import { t } from './texts.js';
import { clockTime, fullTime } from './time.js';
import { diffTable, tree } from './values.js';

/** @typedef {import('./journal.js').Entry} Entry */

export class Detail {
  /**
   * @param {import('./app.js').App} app
   */
  constructor(app) {
    this.app = app;
    this.element = h('aside', { class: 'detail', 'aria-label': t('view.detail'), tabindex: '-1' });
    this.show(undefined);
  }

  /** @param {Entry | undefined} entry */
  show(entry) {
    this.element.scrollTop = 0;
    if (!entry) {
      fill(this.element, h('p', { class: 'calm hint' }, t('detail.none')));
      return;
    }
    fill(
      this.element,
      this._head(entry),
      this._why(entry),
      this._chain(entry),
      this._values(entry),
      entry.assumed ? this._assumed(entry) : null,
      entry.method ? evidence(this.app, entry) : null,
      entry.method ? expectation(this.app, entry) : null,
    );
  }

  /** @param {Entry} entry */
  _head(entry) {
    const { app } = this;
    const kind = kindOf(entry);
    return h(
      'header',
      { class: `head k-${kind}` },
      h('div', { class: 'headline' }, h('span', { class: 'badge' }, t(`kind.${kind}`)), h('h2', null, title(entry)), button('×', () => app.closeDetail(), { class: 'quiet close', 'aria-label': t('close') })),
      h(
        'p',
        { class: 'calm' },
        `#${entry.seq} · ${fullTime(entry.ms)} · `,
        deviceName(entry.device, t('device.own')),
        isHidden(entry.device) ? ` (${t('device.hidden')})` : entry.user ? ` · ${entry.user}` : '',
        title(entry) === entry.method ? '' : ` · ${entry.method}`,
      ),
      h(
        'p',
        { class: 'acts' },
        entry.kind === 'call' || entry.cause ? button(t('detail.before'), () => app.lookBefore(entry.cause || entry.seq), { title: t('detail.beforeHow') }) : null,
        button(t('detail.only'), () => app.timeline.only({ text: `seq:${entry.cause || entry.seq}` }), { title: t('detail.onlyHow') }),
        button(t('detail.copy'), () => app.copy(JSON.stringify(carried(entry), null, 2))),
      ),
    );
  }

  /** @param {Entry} entry */
  _why(entry) {
    if (entry.kind === 'dropped') return h('div', { class: 'note warn' }, unheard(this.app.journal, entry).map((one) => h('p', null, one.text, one.seq ? this._link(one.seq) : null)));
    if (entry.kind === 'warning' || entry.kind === 'fault') return h('div', { class: 'note warn' }, h('p', null, entry.text ?? ''));
    return null;
  }

  /** @param {Entry} entry */
  _chain(entry) {
    const { journal } = this.app;
    const call = journal.callOf(entry);
    const all = call ? [call, ...journal.causedBy(call.seq)] : entry.cause ? journal.causedBy(entry.cause) : [];
    if (all.length < 2) return call || !entry.cause ? null : h('p', { class: 'calm' }, t('detail.causeLost', { n: entry.cause }));
    const rows = all.map((one) =>
      h(
        'li',
        { class: `k-${kindOf(one)}${one === entry ? ' current' : ''}` },
        h('button', { type: 'button', class: 'chain', 'aria-current': one === entry ? 'true' : null, onclick: () => this.app.go(one.seq) },
          h('span', { class: 'seq' }, `#${one.seq}`), h('span', { class: 'badge' }, t(`kind.${kindOf(one)}`)),
          h('span', { class: 'who' }, deviceName(one.device, t('device.own'))), h('span', { class: 'title' }, title(one)), h('span', { class: 'line' }, line(one))),
      ),
    );
    return section(t('detail.chain'), h('ol', { class: 'chains' }, rows));
  }

  /** @param {Entry} entry */
  _values(entry) {
    const { journal } = this.app;
    if (entry.kind === 'warning' || entry.kind === 'fault') return null;
    const call = journal.callOf(entry);
    const reply = call && journal.causedBy(call.seq).find((one) => one.kind === 'reply' && one.device === call.device);
    if (entry.kind === 'call') return [section(t('detail.arguments'), tree(entry.arguments)), reply ? section(t('detail.reply'), tree(carried(reply))) : section(t('detail.reply'), h('p', { class: 'calm' }, t('detail.noReply')))];
    if (entry.kind === 'reply') return [section(t('detail.reply'), tree(carried(entry))), call ? section(t('detail.arguments'), tree(call.arguments)) : null];
    return [section(t('detail.data'), tree(entry.arguments)), entry.heardAs ? section(t('detail.heardAs'), h('p', null, entry.heardAs.join(', '))) : null];
  }

  /** @param {Entry} entry */
  _assumed(entry) {
    const names = Array.isArray(entry.assumed) ? entry.assumed : [entry.assumed];
    return section(t('detail.assumed'), h('p', { class: 'calm' }, t('detail.assumedHow')), h('ul', null, names.map((one) => h('li', null, typeof one === 'string' ? one : JSON.stringify(one)))));
  }

  /**
   * Show how two entries differ.
   * @param {Entry} before
   * @param {Entry} after
   */
  compare(before, after) {
    const heads = /** @type {[string, string]} */ ([before, after].map((one) => `#${one.seq} ${clockTime(one.ms)}`));
    fill(
      this.element,
      h('header', { class: 'head' }, h('div', { class: 'headline' }, h('h2', null, t('diff.of', { a: before.seq, b: after.seq })), button('×', () => this.app.closeDetail(), { class: 'quiet close', 'aria-label': t('close') }))),
      h('p', { class: 'calm' }, `${title(before)} · ${title(after)}`),
      diffTable(differences(carried(before), carried(after)), heads),
    );
  }

  /** @param {number} seq */
  _link(seq) {
    return h('button', { type: 'button', class: 'link', onclick: () => this.app.go(seq) }, `#${seq}`);
  }
}

/**
 * A part with a heading.
 * @param {string} heading
 * @param {...any} children
 */
export function section(heading, ...children) {
  return h('section', { class: 'part' }, h('h3', null, heading), children);
}
