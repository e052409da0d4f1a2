// Ace by DAISY over many books in one browser: node ace.cjs CHROMIUM BOOK…
// Writes a JSON object: for each book its violations, or {"error": …} if Ace broke down over it.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const puppeteer = require('puppeteer');

const { launch } = require('./chromium.cjs');

const [chromium, ...books] = process.argv.slice(2);

// Ace starts Puppeteer with flags of its own and closes it after each book; here one browser does for all.
puppeteer.launch = () => launch(chromium);
const ace = require('@daisy/ace-core');
const original = require('@daisy/ace-axe-runner-puppeteer');
const runner = { ...original, launch: async () => {}, close: async () => {} };

function violations(report) {
  return report.assertions.flatMap((subject) =>
    subject.assertions.map(({ 'earl:test': test, 'earl:result': result }) => ({
      rule: test['dct:title'],
      impact: test['earl:impact'],
      message: result['dct:description'],
      place: subject['earl:testSubject'].url,
    })),
  );
}

async function judge(book, room) {
  const outdir = path.join(room, 'report');
  fs.rmSync(outdir, { recursive: true, force: true });
  const options = { cwd: room, outdir, initLogger: true, silent: true, fileName: path.join(room, 'ace.log'), lang: 'en' };
  try {
    const [, report] = await ace(book, options, runner);
    const found = violations(report);
    const failed = report['earl:result']['earl:outcome'] !== 'pass';
    return failed && !found.length ? { error: 'Ace says "fail" without a violation' } : found;
  } catch (error) {
    return { error: String((error && error.message) || error) };
  }
}

(async () => {
  const room = fs.mkdtempSync(path.join(os.tmpdir(), 'handout-ace-'));
  const answer = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true; // Ace talks there
  const results = {};
  await original.launch();
  try {
    for (const book of books) results[book] = await judge(book, room);
  } finally {
    await original.close();
    fs.rmSync(room, { recursive: true, force: true });
  }
  answer(JSON.stringify(results), () => process.exit(0));
})().catch((error) => {
  process.stderr.write(`${error.stack || error}\n`);
  process.exit(1);
});
