import { applyUnderAttack } from '@moru/agent/testing/safety/bans';
import { type CutName, type CutOffKind, surviveCutOffs } from '@moru/agent/testing/safety/cut-off';
import { confirmAtDeadline } from '@moru/agent/testing/safety/deadline';
import { surviveDeaths } from '@moru/agent/testing/safety/failpoints';
import { surviveHeldLock } from '@moru/agent/testing/safety/held-lock';
import { cutPowerWhileSaving } from '@moru/agent/testing/safety/power-cut';
import { shares, sum, type Tally } from '@moru/agent/testing/safety/rounds';
import { writeTogether } from '@moru/agent/testing/safety/two-writers';
import type { Figure } from './figures.ts';

type Backend = 'legacy' | 'nft';
const both: [Backend, Backend] = ['legacy', 'nft'];
const all: [CutName, ...CutName[]] = ['legacy', 'nft', 'route'];

/** Hosts at once: most of a round is waiting. Each takes some 150 MB. */
const hostsAtOnce = 8;

/** Share of rounds that held, on so many hosts at once; what did not is printed. */
async function heldShare<Way>(
  runs: number,
  ways: readonly [Way, ...Way[]],
  rounds: (way: Way, count: number) => Promise<Tally>,
  hosts = hostsAtOnce,
): Promise<number> {
  const tally = await sum(
    shares(runs, hosts).map((count, index) => rounds(ways[index % ways.length] ?? ways[0], count)),
  );
  for (const problem of tally.problems) console.error(problem);
  return tally.held / tally.runs;
}

const cutOff = (name: string, ways: readonly [CutName, ...CutName[]], kind: CutOffKind): Figure => ({
  name: `safety.${name}.recovered`,
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 100,
  measure: (runs) => heldShare(runs, ways, (way, count) => surviveCutOffs(way, kind, count)),
});

/**
 * Share of changes that cut everybody off after which the host is reached again within the wait and 5 s; after agent
 * and guard were killed within 5 s of the agent's start, after a reboot within 5 s of the boot.
 */
export const cutOffs: Figure[] = [
  cutOff('cutOff.legacy', ['legacy'], 'with nobody there to confirm'),
  cutOff('cutOff.nft', ['nft'], 'with nobody there to confirm'),
  cutOff('cutOff.route', ['route'], 'with nobody there to confirm'),
  cutOff('agentKilled', all, 'F2: with the agent killed right after the change'),
  cutOff('guardKilled', all, 'F3: with agent and guard killed, by the next agent'),
  cutOff('rebooted', all, 'F4: with the host started anew'),
];

/** Share of confirmations within 50 ms of the deadline whose answer, record and rules tell the same. */
export const decidedAtDeadline: Figure = {
  name: 'safety.deadline.decided',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 1000,
  measure: (runs) => heldShare(runs, both, confirmAtDeadline),
};

/** Share of SIGKILLs at the numbered failpoints after which rules, record and saved file are whole. */
export const failpointsWhole: Figure = {
  name: 'safety.failpoints.whole',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 200,
  measure: (runs) => heldShare(runs, both, surviveDeaths, 4),
};

/** Share of power cuts during a save after which the saved file is the old or the new one, and the boot loads it. */
export const powerCutsWhole: Figure = {
  name: 'safety.powerCut.whole',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 100,
  measure: (runs) => heldShare(runs, both, cutPowerWhileSaving, 4),
};

/** Share of changes that were over while another program held the lock for a minute, and reverted once it was free. */
export const lockHeld: Figure = {
  name: 'safety.lockHeld.recovered',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 8,
  measure: (runs) => heldShare(runs, ['legacy'], (_backend, count) => surviveHeldLock(60, count)),
};

/** Share of rounds of two writers and another program after which a rule was missing or nobody was told of one. */
export const twoWritersLost: Figure = {
  name: 'safety.twoWriters.lost',
  unit: 'share',
  limit: 0,
  runs: 1000,
  measure: async (runs) => 1 - (await heldShare(runs, both, writeTogether, 4)),
};

/** Share of changes during which a real SSHGUARD's ban was lost, or got into the saved file. */
export const bansLost: Figure = {
  name: 'safety.sshguard.bansLost',
  unit: 'share',
  limit: 0,
  runs: 200,
  measure: async (runs) => 1 - (await heldShare(runs, both, applyUnderAttack, 4)),
};
