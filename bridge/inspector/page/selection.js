/**
 * What is chosen in the timeline, and what can become of it.
 * @module
 */
import { button, fill, h } from './dom.js';
import { t } from './texts.js';

export class Selection {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.element = h('div', { class: 'selection', role: 'toolbar', 'aria-label': t('selection.what') });
    this.refresh();
  }

  /** @returns {number[]} the chosen numbers, in order */
  get numbers() {
    return [...this.app.timeline.selected].sort((a, b) => a - b);
  }

  /** Show how much is chosen. */
  refresh() {
    const { numbers } = this;
    this.element.hidden = !numbers.length;
    fill(
      this.element,
      h('span', { class: 'count' }, t('selection.count', { n: numbers.length })),
      numbers.length === 2 ? button(t('selection.diff'), () => this.compare()) : null,
      button(t('selection.out'), () => this.app.out?.(numbers), { class: 'first' }),
      button(t('selection.none'), () => this.app.timeline.unselect(), { class: 'quiet' }),
    );
  }

  /** Show how the two chosen entries differ. */
  compare() {
    const [before, after] = this.numbers.map((seq) => this.app.journal.bySeq.get(seq));
    if (!before || !after) return;
    this.app.detail.compare(before, after);
    this.app.detail.element.classList.add('open');
  }
}
