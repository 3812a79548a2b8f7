/**
 * The inspector: puts the parts of the page together.
 * @module
 */
import { App } from './app.js';
import { Clock } from './clock.js';
import { Control } from './control.js';
import { Header } from './header.js';
import { Keys, commonKeys } from './keys.js';
import { Out } from './out.js';
import { language } from './texts.js';
import { applyTheme } from './theme.js';
import { Worlds } from './worlds.js';
import { WorldView } from './worldview.js';

applyTheme();
document.documentElement.lang = language() === 'zh' ? 'zh-Hans' : 'en';

const app = new App(window.location);
const clock = new Clock(app);
app.addView(new WorldView(app));
app.addView(new Control(app, clock));
app.addView(new Worlds(app));
new Out(app);
const keys = new Keys(app);
keys.bindings = commonKeys(app, keys);
new Header(app, clock, () => keys.showHelp());
app.turn('timeline');
app.api.connection.open();
window.addEventListener('hashchange', () => window.location.reload());
