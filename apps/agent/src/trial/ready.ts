import { type Family, familySchema } from '@moru/types';
import { commitCommand } from '../firewall/backend.ts';
import { otherSave } from '../firewall/other-backend.ts';
import { dumpCommand } from '../firewall/rules.ts';
import type { Tools } from '../firewall/tools.ts';
import { log, messageOf } from '../log.ts';
import { type Command, keepReady } from '../process/standby.ts';
import { routingCommands } from '../routing/read.ts';
import { testCommand } from './read-changes.ts';

/** The programs of one trial of this family's rules, in the order in which it starts them. */
async function trialCommands(tools: Tools, family: Family): Promise<Command[]> {
  const iptables = await tools.of(family);
  const others = await Promise.all(
    familySchema.options.filter((each) => each !== family).map((each) => tools.of(each).catch(() => null)),
  );
  const other = otherSave(iptables);
  return [
    dumpCommand(iptables),
    ...routingCommands(family),
    ...others.flatMap((each) => (each ? [dumpCommand(each)] : [])),
    ...(other ? [[other] as const] : []),
    testCommand(iptables),
    commitCommand(iptables),
    // before the COMMIT and after it
    dumpCommand(iptables),
    dumpCommand(iptables),
  ];
}

/** Whoever has just read the rules of a family may be about to change them. Never throws. */
export async function readyForTrial(tools: Tools, family: Family): Promise<void> {
  try {
    keepReady(await trialCommands(tools, family));
  } catch (error) {
    // a trial starts what is not ready
    log.error('nothing could be made ready for a trial', { reason: messageOf(error) });
  }
}
