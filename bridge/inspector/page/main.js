/**
 * The inspector: puts the parts of the page together.
 * @module
 */
import { App } from './app.js';
import { Header } from './header.js';
import { Keys, commonKeys } from './keys.js';
import { language } from './texts.js';
import { applyTheme } from './theme.js';
import { WorldView } from './worldview.js';

applyTheme();
document.documentElement.lang = language() === 'zh' ? 'zh-Hans' : 'en';

const app = new App(window.location);
app.addView(new WorldView(app));
const keys = new Keys(app);
keys.bindings = commonKeys(app, keys);
new Header(app, () => keys.showHelp());
app.turn('timeline');
app.api.connection.open();
window.addEventListener('hashchange', () => window.location.reload());
