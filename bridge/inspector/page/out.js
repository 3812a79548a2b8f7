/**
 * What becomes of a selection: a recording, a Dart test, a pytest test, or a report without secrets.
 * @module
 */
import { button, fill, h } from './dom.js';
import { download } from './keeping.js';
import { t } from './texts.js';

const FORMS = ['report', 'pytest', 'dart', 'recording'];

export class Out {
  /** @param {import('./app.js').App} app */
  constructor(app) {
    this.app = app;
    this.form = 'report';
    /** @type {number[]} */
    this.numbers = [];
    this.made = { name: '', text: '' };
    this.forms = h('div', { class: 'acts', role: 'group', 'aria-label': t('out.form') });
    this.text = h('textarea', { rows: '18', readonly: true, spellcheck: 'false', 'aria-label': t('out.text') });
    this.how = h('p', { class: 'calm' });
    this.dialog = h(
      'dialog',
      { class: 'out', 'aria-label': t('out.heading') },
      h('div', { class: 'headline' }, h('h2', null, t('out.heading')), button('×', () => this.dialog.close(), { class: 'quiet close', 'aria-label': t('close') })),
      this.forms, this.how, this.text,
      h('p', { class: 'acts' }, button(t('out.copy'), () => app.copy(this.made.text), { class: 'first' }), button(t('out.save'), () => download(this.made.name, this.made.text))),
    );
    document.body.append(this.dialog);
    app.out = (numbers) => this.open(numbers);
  }

  /** @param {number[]} numbers of the entries; all that are shown where none are chosen */
  async open(numbers) {
    this.numbers = numbers.length ? numbers : this.app.timeline.visible.map((entry) => entry.seq);
    if (!this.numbers.length) return;
    this.dialog.showModal();
    await this.write(this.form);
  }

  /** @param {string} form */
  async write(form) {
    this.form = form;
    fill(this.forms, FORMS.map((one) => button(t(`out.${one}`), () => this.write(one), { 'aria-pressed': String(one === form) })));
    fill(this.how, t(`out.${form}How`), ' ', t('out.of', { n: this.numbers.length }));
    this.text.value = '';
    try {
      this.made = await this.app.api.ask('journal.write', { entries: this.numbers, as: form });
    } catch (error) {
      this.made = { name: '', text: /** @type {Error} */ (error).message };
    }
    this.text.value = this.made.text;
  }
}
