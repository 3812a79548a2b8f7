/**
 * Light, dark, or as the system has it.
 * @module
 */

const KEY = 'timbridge.theme';
const THEMES = ['system', 'light', 'dark'];

/** @returns {string} which one is chosen */
export function theme() {
  return read(KEY, THEMES) || 'system';
}

/** Use what is chosen. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** Choose the next one. */
export function nextTheme() {
  write(KEY, THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  applyTheme();
}

/**
 * Read a choice that was kept; browsers may forbid keeping.
 * @param {string} key
 * @param {string[]} choices
 */
export function read(key, choices) {
  try {
    const value = localStorage.getItem(key) ?? '';
    return choices.includes(value) ? value : '';
  } catch {
    return '';
  }
}

/**
 * Keep a choice.
 * @param {string} key
 * @param {string} value
 */
export function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a choice that cannot be kept holds until the page goes
  }
}
