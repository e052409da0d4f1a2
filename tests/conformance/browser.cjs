// What a page does in a browser, measured: node browser.cjs CHROMIUM PAGE…
// Writes a JSON object: for each page a list of [what was tried, what went wrong].
'use strict';

const path = require('path');
const { pathToFileURL } = require('url');

const { launch, openPage } = require('./chromium.cjs');
const probe = require('./probe.cjs');

const [chromium, ...pages] = process.argv.slice(2);

// WCAG 2.2 SC 1.4.12.
const SPACING = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-block-end: 2em !important; }`;

// A reading system at night: the book leaves colors to it.
const NIGHT = ':root { color-scheme: dark; background: #121212; color: #e6e6e6; }';

// `zoom` is the browser's own: the window is that much narrower in CSS px (SC 1.4.10, 1.4.4).
const VIEWS = [
  { name: 'wide', width: 1280 },
  { name: '320 px', width: 320 },
  { name: '400 % zoom', width: 1280, zoom: 4 },
  { name: 'text spacing', width: 1280, css: SPACING },
  { name: 'text spacing at 320 px', width: 320, css: SPACING },
  { name: 'text of 200 %', width: 1280, css: 'html { font-size: 200% !important; }' },
  { name: 'text of 200 % and spacing at 320 px', width: 320, css: `html { font-size: 200% !important; } ${SPACING}` },
  { name: 'dark', width: 1280, features: { 'prefers-color-scheme': 'dark' } },
  { name: 'forced colors', width: 1280, features: { 'forced-colors': 'active' } },
  { name: 'forced dark colors', width: 1280, features: { 'forced-colors': 'active', 'prefers-color-scheme': 'dark' } },
  { name: 'print', width: 1280, media: 'print' },
];

const BOOK_VIEWS = VIEWS.filter((view) => view.media !== 'print').map((view) => ({
  ...view,
  css: (view.css || '') + (view.name === 'dark' ? NIGHT : ''),
}));

/** Show the open page in a view; what an earlier view added to its style is gone. */
async function show({ page, session }, view) {
  const zoom = view.zoom || 1;
  const width = Math.round(view.width / zoom);
  await page.setViewport({ width, height: Math.round(1024 / zoom), deviceScaleFactor: zoom });
  // Puppeteer's own call knows no forced colors.
  const wanted = { 'prefers-color-scheme': 'light', 'forced-colors': 'none', 'prefers-reduced-motion': 'reduce', ...view.features };
  const features = Object.entries(wanted).map(([name, value]) => ({ name, value }));
  await session.send('Emulation.setEmulatedMedia', { media: view.media || 'screen', features });
  await page.evaluate((css) => {
    document.getElementById('added_')?.remove();
    if (css) {
      const style = document.createElementNS('http://www.w3.org/1999/xhtml', 'style');
      style.id = 'added_';
      style.textContent = css;
      document.head.append(style);
    }
    return document.fonts.ready.then(() => null);
  }, view.css || '');
}

/** Load the page anew, as a reader would who has just come. */
async function open(shown, url) {
  await show(shown, VIEWS[0]);
  await shown.page.goto(url, { waitUntil: 'load' });
}

async function tryView(shown, view) {
  await show(shown, view);
  const settings = { print: view.media === 'print', forced: view.name.startsWith('forced') };
  const found = await shown.page.evaluate(probe.faults, settings);
  return found.map((fault) => [view.name, fault]);
}

/** Walk through the page with Tab; every stop must come in the page's order, show its focus and be in sight. */
async function tryKeyboard(shown, url) {
  const { page } = shown;
  await open(shown, url);
  const expected = await page.evaluate(probe.stops);
  const found = [];
  const seen = [];
  for (const _ of expected) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(probe.focused);
    seen.push(stop.path);
    if (!stop.outlined) found.push(['keyboard', `no focus to be seen on ${stop.path}`]);
    if (!stop.inSight) found.push(['keyboard', `out of sight with the focus: ${stop.path}`]);
  }
  if (seen.join('\n') !== expected.join('\n')) found.push(['keyboard', `other order than the page's: ${seen.slice(0, 5)}`]);
  return found;
}

/** The first Tab stop leads to the content. */
async function trySkipLink(shown, url) {
  const { page } = shown;
  await open(shown, url);
  if (!(await page.$('body'))) return [['skip link', 'no body']];
  await page.keyboard.press('Tab');
  const first = await page.evaluate(probe.focused);
  if (!first.skips) return [['skip link', `the first stop is ${first.path}`]];
  await page.keyboard.press('Enter');
  const inMain = await page.evaluate(() => document.activeElement.matches('main'));
  return inMain ? [] : [['skip link', 'Enter does not move the focus to the content']];
}

async function tryPrint(shown, url) {
  const { page } = shown;
  await open(shown, url);
  const data = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  return data.length > 1000 ? [] : [['print', 'no pages']];
}

async function judge(browser, file, settings) {
  const { page, refused } = await openPage(browser);
  const shown = { page, session: await page.createCDPSession() };
  const noise = [];
  // The address of a style that we add is refused by the page's own policy: the tests must bypass it.
  await page.setBypassCSP(true);
  page.on('console', (said) => ['error', 'warn'].includes(said.type()) && noise.push(said.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  const url = pathToFileURL(path.resolve(file)).href;
  const found = [];
  await page.goto(url, { waitUntil: 'load' });
  for (const view of settings.book ? BOOK_VIEWS : VIEWS) found.push(...(await tryView(shown, view)));
  if (!settings.book) {
    found.push(...(await tryKeyboard(shown, url)), ...(await trySkipLink(shown, url)), ...(await tryPrint(shown, url)));
  }
  await page.setBypassCSP(false);
  await page.setJavaScriptEnabled(false);
  await page.goto(url, { waitUntil: 'load' });
  await page.close();
  found.push(...noise.map((line) => ['console', line]), ...refused.map((address) => ['request', address]));
  return found;
}

(async () => {
  const browser = await launch(chromium);
  const results = {};
  try {
    for (const file of pages) results[file] = await judge(browser, file, { book: file.endsWith('.xhtml') });
  } finally {
    await browser.close();
  }
  process.stdout.write(JSON.stringify(results));
})().catch((error) => {
  process.stderr.write(`${error.stack || error}\n`);
  process.exit(1);
});
