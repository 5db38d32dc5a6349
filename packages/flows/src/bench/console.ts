// What a person waits for in the console, in headless Chromium before installations with so many instances; as JSON, by
// their numbers. The visits take turns, so that what the machine does meanwhile is the same for all of them. What kept a
// page for longer than 50 ms is listed on the other output.
// console.ts RUNS INSTANCES...
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startInstallation } from '@moru/stack';
import { chromium } from '@playwright/test';
import { type Visit, visitList } from './list-visit.ts';

const [runs = 5, ...sizes] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL('../../../../.moru', import.meta.url));
/** the embedded cloud seeds these before any further ones */
const seeded = 4;

const start = (instances: number) =>
  startInstallation(
    {
      name: `bench-${process.pid}-${instances}`,
      port: 0,
      fresh: true,
      hosts: 'simulated',
      root,
      faults: false,
      attachMs: 700,
      instances: Math.max(0, instances - seeded),
    },
    () => {},
  );

/** The simulated hosts run in this process, and thousands take seconds to start: what is measured is the console. */
async function hostsHaveStarted(): Promise<void> {
  const windowMs = 500;
  for (let [quiet, windows] = [0, 0]; quiet < 2; windows += 1) {
    if (windows > 120) throw new Error('the hosts are not started in a minute');
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, windowMs));
    const { user, system } = process.cpuUsage(before);
    quiet = (user + system) / 1_000 < windowMs * 0.05 ? quiet + 1 : 0;
  }
}

const at = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;

const figuresOf = (visits: readonly Visit[]) => {
  const menu = visits.flatMap((visit) => visit.menu);
  const middle = (of: (visit: Visit) => number) => at(visits.map(of), 0.5);
  return {
    firstRowMs: middle(({ firstRow }) => firstRow),
    coldMs: middle(({ cold }) => cold),
    warmMs: middle(({ warm }) => warm),
    menuP95Ms: at(
      menu.map(({ fromClick }) => fromClick),
      0.95,
    ),
    menuPressP95Ms: at(
      menu.map(({ fromPress }) => fromPress),
      0.95,
    ),
    firstMenuMs: middle((visit) => visit.menu[0]?.fromClick ?? Number.NaN),
    filterP95Ms: at(
      visits.flatMap(({ filter }) => filter),
      0.95,
    ),
    worstFrameMs: middle(({ frame }) => frame),
  };
};

const installations: {
  instances: number;
  installation: Awaited<ReturnType<typeof start>>;
  visits: Visit[];
}[] = [];
const browser = await chromium.launch({
  executablePath: process.env.MORU_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
});
try {
  for (const instances of sizes) {
    installations.push({ instances, installation: await start(instances), visits: [] });
  }
  await hostsHaveStarted();
  for (let run = 1; run <= runs; run += 1) {
    for (const { instances, installation, visits } of installations) {
      const visit = await visitList(browser, installation.url);
      visits.push(visit);
      const told = visit.longTasks.map(([at, ms]) => `${ms} ms at ${at}`).join(', ') || 'none';
      process.stderr.write(`${instances} instances, visit ${run}: tasks longer than 50 ms: ${told}\n`);
    }
  }
  const figures = installations.map(({ instances, visits }) => [instances, figuresOf(visits)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(figures)));
} finally {
  await browser.close();
  for (const { installation } of installations) {
    await installation.close();
    await rm(installation.folders.base, { recursive: true, force: true });
  }
}
