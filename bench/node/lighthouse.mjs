// Lighthouse on some pages, signed in. Reads one JSON object from its standard input, prints one per page and run:
// { chromium, runs, cookies: [{name, value, url}], pages: {name: address}, reports: a folder for whole reports,
//   slowdown: how much slower than this machine the phone is, or nothing: as Lighthouse's calculator says }
import { readFileSync, writeFileSync } from "node:fs";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const TIMES = {
  fcp_ms: "first-contentful-paint",
  lcp_ms: "largest-contentful-paint",
  tbt_ms: "total-blocking-time",
  speed_index_ms: "speed-index",
  cls: "cumulative-layout-shift",
};

const asked = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({ executablePath: asked.chromium, args: ARGUMENTS });
try {
  const slowdown = asked.slowdown ?? suits(await power(Object.values(asked.pages)[0]));
  // In turns, so that a disturbance of a minute meets one run of each page and not all runs of one.
  for (let run = 0; run < asked.runs; run++)
    for (const [name, address] of Object.entries(asked.pages)) console.log(JSON.stringify({ name, slowdown, ...(await measure(name, address, slowdown)) }));
} finally {
  await browser.close();
}

/** Lighthouse's figure of this machine's power, the median of three looks at it. */
async function power(address) {
  const found = [];
  for (let look = 0; look < 3; look++) {
    const page = await browser.newPage();
    const { lhr } = await lighthouse(address, { logLevel: "error", onlyAudits: ["viewport"] }, undefined, page);
    await page.close();
    found.push(lhr.environment.benchmarkIndex);
  }
  return found.sort((one, other) => one - other)[1];
}

/**
 * The slowdown that makes of this machine the phone that Lighthouse has in mind. Its usual 4 is meant for a fast
 * desktop (an index above 1,500); for others its docs/throttling.md names a calculator, whose figures these are.
 */
function suits(index) {
  if (index >= 1300) return 3 + (index - 1300) / 233;
  if (index >= 800) return 2 + (index - 800) / 500;
  return 1 + Math.max(0, index - 150) / 650;
}

/** A busy machine sometimes spoils a trace: that run is done again. */
async function measure(name, address, slowdown, attempts = 3) {
  const page = await browser.newPage();
  await page.setCookie(...asked.cookies);
  // Cookies stay; caches and the service worker go, as on a first visit.
  const { lhr } = await lighthouse(address, { logLevel: "error", throttling: { cpuSlowdownMultiplier: slowdown } }, undefined, page);
  await page.close();
  if (lhr.runtimeError) {
    if (attempts > 1) return measure(name, address, slowdown, attempts - 1);
    throw new Error(`${address}: ${lhr.runtimeError.message}`);
  }
  if (asked.reports) writeFileSync(`${asked.reports}/${name}.json`, JSON.stringify(lhr));
  const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]);
  const times = Object.entries(TIMES).map(([key, audit]) => [key, lhr.audits[audit].numericValue]);
  return { address: lhr.finalDisplayedUrl, scores: Object.fromEntries(scores), ...Object.fromEntries(times), benchmark: lhr.environment.benchmarkIndex, ...weights(lhr), lacking: lacking(lhr) };
}

function weights(lhr) {
  const items = lhr.audits["network-requests"].details.items;
  const sum = (kinds) => items.filter((item) => kinds.includes(item.resourceType)).reduce((bytes, item) => bytes + item.transferSize, 0);
  return { code_bytes: sum(["Script", "Stylesheet"]), page_bytes: sum(["Document"]), all_bytes: sum([...new Set(items.map((item) => item.resourceType))]) };
}

function lacking(lhr) {
  const weighed = Object.values(lhr.categories).flatMap((category) => category.auditRefs.filter((ref) => ref.weight > 0));
  return weighed.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 0.9)
    .map(({ id, title, displayValue, details }) => ({ id, title, displayValue, where: (details?.items ?? []).slice(0, 5).map((item) => item.node?.snippet ?? item.url ?? item.description ?? "") }));
}
