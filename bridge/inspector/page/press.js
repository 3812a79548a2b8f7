/**
 * A click is a press and a release on the same element. Were an element made anew between the two, the click would go nowhere: so what the
 * server says waits while somebody presses.
 * @module
 */
import { isWriting } from './dom.js';

/** A release that nobody tells of (outside the window, on a scrollbar) holds nothing up for longer. */
const LONGEST_MS = 2000;

export class Press {
  /** @param {Window} window where presses are heard of */
  constructor(window) {
    this.isDown = false;
    this.giveUp = 0;
    /** @type {(() => void)[]} */
    this.waiting = [];
    const options = { capture: true, passive: true };
    const down = () => this._down();
    const up = () => this._up();
    window.addEventListener('pointerdown', down, options);
    for (const end of ['pointerup', 'pointercancel', 'dragend']) window.addEventListener(end, up, options);
    window.addEventListener('blur', up); // the window's own: those of elements do not bubble
    // The space bar presses a button, too, and lets it go.
    window.addEventListener('keydown', (event) => event.key === ' ' && !isWriting(event.target) && !this.isDown && down(), options);
    window.addEventListener('keyup', (event) => event.key === ' ' && up(), options);
  }

  /**
   * Do something now, or, while somebody presses, right after the click; in the order in which it was asked for.
   * @param {() => void} act
   */
  after(act) {
    if (this.isDown || this.waiting.length) this.waiting.push(act);
    else act();
  }

  _down() {
    this.isDown = true;
    window.clearTimeout(this.giveUp);
    this.giveUp = window.setTimeout(() => this._up(), LONGEST_MS);
  }

  _up() {
    if (!this.isDown) return;
    this.isDown = false;
    window.clearTimeout(this.giveUp);
    setTimeout(() => this._catchUp(), 0); // the click comes after the release
  }

  _catchUp() {
    while (this.waiting.length && !this.isDown) this.waiting.shift()?.();
  }
}
