import type { RuleSet } from '@moru/netfilter';
import {
  agentPaths,
  type Family,
  type FirewallRevision,
  type FirewallState,
  familySchema,
  firewallChangeSchema,
  firewallOutputKindSchema,
  firewallSaveSchema,
  firewallZeroSchema,
} from '@moru/types';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Route } from '../http/router.ts';
import { log } from '../log.ts';
import { createGate } from '../process/gate.ts';
import { applyChange } from './apply.ts';
import { readOutput, rulesFileOf } from './outputs.ts';
import { saveRules } from './save.ts';
import { readRevision, readState } from './state.ts';
import type { Tools } from './tools.ts';
import { zeroCounters } from './zero.ts';

const stateQuerySchema = z.strictObject({ family: familySchema });
const outputQuerySchema = z.strictObject({ kind: firewallOutputKindSchema, family: familySchema });
const noQuerySchema = z.strictObject({});

/** What the firewall's routes share with whatever else changes the host. */
export interface Changing {
  /** one change at a time; who finds the queue full gets `host.busy` */
  gate: ReturnType<typeof createGate>;
  /** throws while a change may not be made, for a trial waits to be confirmed */
  assertFree(): Promise<void>;
  /** told of rules that somebody sees, and may make a draft from */
  shown(family: Family, revision: string, set: RuleSet): Promise<void>;
  /** told of rules that a change has left */
  made(family: Family, revision: string): Promise<void>;
  /** told of rules that were saved for the next boot */
  saved(family: Family, revision: string, requestId: string): Promise<void>;
  /** whether somebody else has made them */
  outside(family: Family, revision: string): Promise<FirewallState['outside']>;
}

/** The firewall of this host. Changes and saves go one at a time; who finds the queue full gets `host.busy`. */
export function firewallRoutes(tools: Tools, { rulesFile }: Config, changing: Changing): Route[] {
  // each read runs two or three programs, and 50,000 rules are some 10 MB of text in each
  const reading = createGate(4, 32);

  return [
    {
      method: 'GET',
      path: agentPaths.firewall,
      large: reading,
      handle: async ({ query }): Promise<FirewallState> => {
        const { family } = stateQuerySchema.parse(query);
        return reading(async () => {
          const iptables = await tools.of(family);
          const state = await readState(iptables, rulesFileOf(family, rulesFile), (revision, set) =>
            changing.shown(family, revision, set),
          );
          return { ...state, outside: await changing.outside(family, state.revision) };
        });
      },
    },
    {
      method: 'GET',
      path: agentPaths.revision,
      large: reading,
      handle: async ({ query }): Promise<FirewallRevision> => {
        const { family } = stateQuerySchema.parse(query);
        return reading(async () => readRevision(await tools.of(family), rulesFileOf(family, rulesFile)));
      },
    },
    {
      method: 'GET',
      path: agentPaths.output,
      handle: async ({ query }) => {
        const { kind, family } = outputQuerySchema.parse(query);
        return reading(() => readOutput(tools, kind, family, rulesFile));
      },
    },
    {
      method: 'POST',
      path: agentPaths.changes,
      large: changing.gate,
      handle: async ({ query, body, requestId }): Promise<FirewallState> => {
        noQuerySchema.parse(query);
        const change = firewallChangeSchema.parse(body);
        const state = await changing.gate(async () => {
          await changing.assertFree();
          const made = await applyChange(tools, change, rulesFileOf(change.family, rulesFile));
          await changing.made(change.family, made.revision);
          return { ...made, outside: null };
        });
        log.info('changed', { requestId, change, revision: state.revision });
        return state;
      },
    },
    {
      method: 'POST',
      path: agentPaths.save,
      large: changing.gate,
      handle: async ({ query, body, requestId }): Promise<FirewallState> => {
        noQuerySchema.parse(query);
        const save = firewallSaveSchema.parse(body);
        const state = await changing.gate(async () => {
          // what is on trial is not for the next boot
          await changing.assertFree();
          const saved = await saveRules(tools, save, rulesFileOf(save.family, rulesFile));
          await changing.saved(save.family, saved.revision, requestId);
          return { ...saved, outside: null };
        });
        log.info('saved', { requestId, save, path: state.saved.path });
        return state;
      },
    },
    {
      method: 'POST',
      path: agentPaths.zero,
      large: changing.gate,
      handle: async ({ query, body, requestId }): Promise<FirewallState> => {
        noQuerySchema.parse(query);
        const zero = firewallZeroSchema.parse(body);
        const state = await changing.gate(() =>
          zeroCounters(tools, zero, rulesFileOf(zero.family, rulesFile)),
        );
        log.info('counters zeroed', { requestId, zero });
        return { ...state, outside: await changing.outside(zero.family, state.revision) };
      },
    },
  ];
}
