// The machine's own Chromium, without a screen, a profile or a network: what it opens must be a file.
'use strict';

const puppeteer = require('puppeteer-core');

const FLAGS = [
  '--no-sandbox', // a container's root cannot have one; only files of our own are opened
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--hide-scrollbars',
];

const LOCAL = /^(file|data|blob|about):/;

/** Start the browser at `executablePath`. */
function launch(executablePath) {
  return puppeteer.launch({ executablePath, args: FLAGS, headless: true, timeout: 120000, protocolTimeout: 240000 });
}

/** Return a page that can reach files alone; what it asked for beyond them stands in `refused`. */
async function openPage(browser) {
  const page = await browser.newPage();
  const refused = [];
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (LOCAL.test(request.url())) return request.continue();
    refused.push(request.url());
    return request.abort();
  });
  return { page, refused };
}

module.exports = { FLAGS, launch, openPage };
