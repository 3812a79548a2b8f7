/**
 * The timeline: everything that was called, answered and heard, with lines from each call to what came of it.
 * @module
 */
import { fill, h } from './dom.js';
import { FilterBar } from './filterbar.js';
import { isOpen, kindOf, test, unfiltered } from './filters.js';
import { deviceName, isHidden } from './journal.js';
import { lay } from './lanes.js';
import { drawing } from './rails.js';
import { line, title } from './summary.js';
import { t } from './texts.js';
import { clockTime } from './time.js';
import { VirtualList } from './virtual.js';

/** @typedef {import('./journal.js').Entry} Entry */

/** In pixels; the styles say the same. */
export const ROW = 26;
const SIGNS = /** @type {Record<string, string>} */ ({ call: '→', reply: '←', refusal: '⇠', event: '↓', dropped: '∅', warning: '!', fault: '×' });

export class Timeline {
  /**
   * @param {import('./journal.js').Journal} journal
   * @param {(entry: Entry | undefined) => void} onpick
   * @param {() => void} onselect
   */
  constructor(journal, onpick, onselect) {
    this.journal = journal;
    this.onpick = onpick;
    this.onselect = onselect;
    this.filter = unfiltered();
    /** @type {Entry[]} */
    this.visible = [];
    /** @type {import('./lanes.js').Row[]} */
    this.lanes = [];
    this.current = 0;
    /** @type {Set<number>} */
    this.selected = new Set();
    this.paused = false;
    this.follows = true;
    this.held = 0;
    this.top = 0;
    this.asked = false;
    this.bar = new FilterBar(this);
    this.scroller = h('div', {
      class: 'rows', role: 'listbox', tabindex: '0', 'aria-label': t('timeline.entries'), 'aria-multiselectable': 'true',
      onclick: (/** @type {MouseEvent} */ event) => this._clicked(event),
    });
    this.empty = h('div', { class: 'empty' });
    this.element = h('section', { class: 'timeline', 'aria-label': t('view.timeline') }, this.bar.element, this.scroller, this.empty);
    this.list = new VirtualList(this.scroller, ROW, makeRow, (row, index) => this._show(row, index));
    this.scroller.addEventListener('scroll', () => this._scrolled(), { passive: true });
    new ResizeObserver(() => this.follows && this.list.toEnd()).observe(this.scroller);
    journal.watchers.push((fresh) => this._arrived(fresh));
    this.update();
  }

  /** @param {Entry[]} fresh */
  _arrived(fresh) {
    if (this.paused) {
      this.held += fresh.length;
      this.bar.refresh();
    } else if (!this.asked) {
      this.asked = true;
      requestAnimationFrame(() => this.update());
    }
  }

  /** Choose anew what is shown. */
  update() {
    this.asked = false;
    const fits = test(this.filter);
    this.visible = isOpen(this.filter) ? this.journal.entries.slice() : this._chosen(fits);
    this.lanes = lay(this.visible);
    this.list.resize(this.visible.length);
    if (this.follows) this.list.toEnd();
    this.empty.hidden = this.visible.length > 0;
    fill(this.empty, this.journal.entries.length ? t('timeline.noneFit') : t('timeline.none'));
    this.bar.refresh();
  }

  /**
   * @param {(entry: Entry) => boolean} fits
   * @returns {Entry[]}
   */
  _chosen(fits) {
    const { entries } = this.journal;
    if (!this.filter.together) return entries.filter(fits);
    const calls = new Set(entries.filter(fits).map((entry) => entry.cause || entry.seq));
    return entries.filter((entry) => calls.has(entry.cause || entry.seq));
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.held = 0;
    this.update();
  }

  /** @param {boolean} follows */
  follow(follows) {
    this.follows = follows;
    if (follows) this.list.toEnd();
    this.bar.refresh();
  }

  /** @param {Partial<import('./filters.js').Filter>} change */
  narrow(change) {
    Object.assign(this.filter, change);
    this.update();
    if (this.current && !this.follows) this.go(this.current);
  }

  /**
   * Show this and nothing else.
   * @param {Partial<import('./filters.js').Filter>} change
   */
  only(change) {
    this.filter = { ...unfiltered(), ...change };
    this.bar.make();
    this.update();
  }

  /**
   * Make an entry the current one and bring it into sight; where a filter hides it, the filter goes.
   * @param {number} seq
   */
  go(seq) {
    let index = this._indexOf(seq);
    if (index < 0 && this.journal.bySeq.has(seq)) {
      this.filter = unfiltered();
      this.bar.rebuild();
      this.update();
      index = this._indexOf(seq);
    }
    if (index >= 0) this._pick(index);
  }

  /**
   * Go so many entries on.
   * @param {number} by
   * @param {boolean} [selecting] take what is passed into the selection
   */
  step(by, selecting = false) {
    if (!this.visible.length) return;
    const from = this._indexOf(this.current);
    const last = this.visible.length - 1;
    const start = from < 0 ? (by > 0 ? -1 : last + 1) : from;
    const index = Math.min(Math.max(start + by, 0), last);
    if (selecting && from >= 0) {
      for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) this.selected.add(this.visible[at].seq);
      this.onselect();
    }
    this._pick(index);
  }

  /** @param {number} seq */
  toggle(seq) {
    if (!this.selected.delete(seq)) this.selected.add(seq);
    this.list.refresh();
    this.onselect();
  }

  /** Empty the selection. */
  unselect() {
    this.selected.clear();
    this.list.refresh();
    this.onselect();
  }

  /** @param {number} seq */
  _indexOf(seq) {
    let low = 0;
    let high = this.visible.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.visible[middle].seq;
      if (found === seq) return middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** @param {number} index */
  _pick(index) {
    const entry = this.visible[index];
    this.current = entry.seq;
    this.follows = false;
    this.list.reveal(index);
    this.list.refresh();
    this.scroller.setAttribute('aria-activedescendant', `entry-${entry.seq}`);
    this.bar.refresh();
    this.onpick(entry);
  }

  /** @param {MouseEvent} event */
  _clicked(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('.row'));
    if (!row) return;
    const seq = Number(row.dataset.seq);
    const from = this._indexOf(this.current);
    const index = this._indexOf(seq);
    if (event.shiftKey && from >= 0) this.step(index - from, true);
    else if (event.ctrlKey || event.metaKey) this.toggle(seq);
    else this._pick(index);
  }

  /** Whoever scrolls back wants to stay there. */
  _scrolled() {
    const { scrollTop } = this.scroller;
    const isBack = scrollTop < this.top - 1;
    this.top = scrollTop;
    if (this.follows && isBack && !this.list.atEnd) {
      this.follows = false;
      this.bar.refresh();
    }
  }

  /**
   * @param {any} row
   * @param {number} index
   */
  _show(row, index) {
    const entry = this.visible[index];
    const kind = kindOf(entry);
    const parts = row.parts;
    row.id = `entry-${entry.seq}`;
    row.dataset.seq = String(entry.seq);
    row.className = `row k-${kind}${entry.seq === this.current ? ' current' : ''}${this.selected.has(entry.seq) ? ' chosen' : ''}${isHidden(entry.device) ? ' of-hidden' : ''}`;
    row.setAttribute('aria-selected', String(this.selected.has(entry.seq) || entry.seq === this.current));
    row.setAttribute('aria-setsize', String(this.visible.length));
    row.setAttribute('aria-posinset', String(index + 1));
    parts.seq.data = String(entry.seq);
    parts.time.data = clockTime(entry.ms);
    parts.rails.show(this.lanes[index]);
    parts.sign.data = SIGNS[kind] ?? '·';
    parts.kind.data = t(`kind.${kind}`);
    parts.who.data = deviceName(entry.device, t('device.own'));
    parts.whose.data = entry.user && !isHidden(entry.device) ? entry.user : '';
    parts.title.data = title(entry);
    parts.line.data = entry.line ??= line(entry);
  }
}

/** An empty row, with its texts at hand. */
function makeRow() {
  /** @type {any} */
  const parts = {};
  for (const key of ['seq', 'time', 'sign', 'kind', 'who', 'whose', 'title', 'line']) parts[key] = document.createTextNode('');
  parts.rails = drawing();
  const row = h(
    'div',
    { role: 'option' },
    h('span', { class: 'seq' }, parts.seq),
    h('span', { class: 'time' }, parts.time),
    parts.rails.element,
    h('span', { class: 'sign', 'aria-hidden': 'true' }, parts.sign),
    h('span', { class: 'unseen' }, parts.kind),
    h('span', { class: 'who' }, parts.who, h('span', { class: 'whose' }, parts.whose)),
    h('span', { class: 'title' }, parts.title),
    h('span', { class: 'line' }, parts.line),
  );
  row.parts = parts;
  return row;
}
