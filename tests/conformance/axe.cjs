// axe-core over many pages in one browser: node axe.cjs CHROMIUM PAGE…
// Writes a JSON object: for each page its violations, or {"error": …} if axe broke down over it.
// Each page is judged in light and dark, wide and at 320 CSS px: other colors and other boxes are other pages.
'use strict';

const path = require('path');
const { pathToFileURL } = require('url');
const { source } = require('axe-core');

const { launch, openPage } = require('./chromium.cjs');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const SETTINGS = ['light', 'dark'].flatMap((scheme) => [1280, 320].map((width) => ({ scheme, width })));

const [chromium, ...pages] = process.argv.slice(2);

async function look(page, { scheme, width }) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.setViewport({ width, height: 800 });
  const options = { runOnly: { type: 'tag', values: TAGS }, resultTypes: ['violations'] };
  const { violations, passes } = await page.evaluate((o) => window.axe.run(document, o), options);
  if (!passes.length) throw new Error('axe ran no rule');
  return violations.map((v) => ({
    rule: v.id,
    impact: v.impact,
    message: `${v.help} (${scheme}, ${width} px)`,
    count: v.nodes.length,
    place: v.nodes[0].target.join(' '),
  }));
}

async function judge(browser, file) {
  const { page } = await openPage(browser);
  try {
    await page.setBypassCSP(true); // axe is a script, which our pages forbid
    await page.goto(pathToFileURL(path.resolve(file)).href, { waitUntil: 'load' });
    await page.evaluate(source);
    const found = [];
    for (const setting of SETTINGS) found.push(...(await look(page, setting)));
    return found.filter((v, i) => found.findIndex((o) => o.rule === v.rule && o.place === v.place) === i);
  } catch (error) {
    return { error: String((error && error.message) || error) };
  } finally {
    await page.close();
  }
}

(async () => {
  const browser = await launch(chromium);
  const results = {};
  try {
    for (const file of pages) results[file] = await judge(browser, file);
  } finally {
    await browser.close();
  }
  process.stdout.write(JSON.stringify(results));
})().catch((error) => {
  process.stderr.write(`${error.stack || error}\n`);
  process.exit(1);
});
